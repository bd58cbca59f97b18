"""Run the bot by day: its clock shows nine in the morning in Cambodia when it starts."""

import datetime as dt
import time

from bot import app, logs, settings
from storage.database import lock

MORNING = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


class Daytime:
    """A clock that begins in the morning, goes on by itself, and may be set."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.set_by = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return MORNING + self.set_by + dt.timedelta(seconds=time.monotonic() - self._began)


if __name__ == "__main__":
    read = settings.read()
    logs.configure(read.log_level)
    with lock(read.data_dir):
        app.run(read, Daytime())
