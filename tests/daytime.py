"""Run the bot by day: its clock shows nine in the morning in Cambodia when it starts.

With a number of seconds, it is the machine's clock set by these.
"""

import datetime as dt
import sys
import time
from contextlib import nullcontext

from bot import app, logs, settings
from storage.database import lock
from storage.store import utc_now

MORNING = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


class Daytime:
    """A clock that begins in the morning, goes on by itself, and may be set."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.set_by = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return MORNING + self.set_by + dt.timedelta(seconds=time.monotonic() - self._began)


class Shifted:
    """The machine's clock, set by some time: several processes agree on it."""

    def __init__(self, seconds: float) -> None:
        self.by = dt.timedelta(seconds=seconds)

    def __call__(self) -> dt.datetime:
        return utc_now() + self.by


def until_morning() -> float:
    """Return by how many seconds the machine's clock is to be set to show the morning."""
    return (MORNING - utc_now()).total_seconds()


if __name__ == "__main__":
    read = settings.read()
    logs.configure(read.log_level)
    with nullcontext() if read.database else lock(read.data_dir):
        app.run(read, Shifted(float(sys.argv[1])) if len(sys.argv) > 1 else Daytime())
