"""An act of the demonstration: when, and what is done then."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from bot.demonstration.chance import Chance
from handlers.quiet import PHNOM_PENH
from storage.store import Transaction

YEAR = 2022


@dataclass(frozen=True, slots=True)
class Act:
    """What is done at a moment."""

    at: dt.datetime
    do: Callable[[Transaction], None]


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    """Return a moment of the quarter, in Cambodia."""
    return dt.datetime(YEAR, month, day, hour, minute, tzinfo=PHNOM_PENH)


def by_day(chance: Chance, at: dt.datetime, days: int = 1) -> dt.datetime:
    """Return some moment between seven in the morning and eight in the evening of some days."""
    day = at.replace(hour=7, minute=0) + dt.timedelta(days=chance.below(days))
    return day + dt.timedelta(seconds=chance.below(13 * 3600))
