"""`python -m bot.turned`: the bot that is tried, on whose clock the page turns days over.

The page writes by how many seconds into a file of the data folder. A real bot has no such lever:
`samleng run` knows only the machine's clock.
"""

import datetime as dt
from contextlib import suppress
from pathlib import Path

from bot import app, logs, settings
from storage.database import lock
from storage.store import utc_now

AHEAD = "clock-ahead"


class Turned:
    """The machine's clock, turned forward by what stands in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / AHEAD

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return utc_now() + dt.timedelta(seconds=self.ahead())

    def ahead(self) -> float:
        """Return by how many seconds it is turned."""
        with suppress(FileNotFoundError):
            return float(self._file.read_text())
        return 0.0

    def turn(self, seconds: float) -> None:
        """Turn it forward."""
        part = self._file.with_suffix(".part")
        part.write_text(str(self.ahead() + seconds))
        part.rename(self._file)


def main() -> None:
    """Run the bot on a clock that is turned; days that are skipped so are no outage."""
    read = settings.read()
    logs.configure(read.log_level)
    with lock(read.data_dir):
        app.run(read, Turned(read.data_dir), notes_outages=False)


if __name__ == "__main__":
    main()
