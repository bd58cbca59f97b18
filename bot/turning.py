"""A clock that can be turned, for whoever tries the bot: by how much stands in a file.

The bot that is tried, the simulated Telegram and the page look at the same file.
"""

import datetime as dt
from contextlib import suppress
from pathlib import Path

AHEAD = "clock-ahead"


class Turned:
    """The machine's clock, turned by what stands in a file of a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / AHEAD

    def __call__(self) -> dt.datetime:
        """Return the time."""
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self._ahead())

    def seconds(self) -> float:
        """Return the time in seconds since 1970."""
        return self().timestamp()

    def turn(self, seconds: float) -> None:
        """Turn it, forward or back."""
        part = self._file.with_suffix(".part")
        part.write_text(str(self._ahead() + seconds))
        part.rename(self._file)

    def show(self, moment: dt.datetime) -> None:
        """Turn it so that it shows a moment, and goes on from there."""
        self.turn((moment - self()).total_seconds())

    def _ahead(self) -> float:
        with suppress(FileNotFoundError):
            return float(self._file.read_text())
        return 0.0
