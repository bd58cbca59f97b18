"""Days, weeks, months and quarters that are over: what a regular export or card is about. Pure.

`2026-11-24` is a day, `2026-W48` a week from Monday to Sunday, `2026-11` a month, `2026-Q4` a
quarter. A period is due on the day after it, a quarter only when it closes: late reports come in.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args

from surveys import quarters

Every = Literal["day", "week", "month", "quarter"]
EVERY: tuple[Every, ...] = get_args(Every)
DAY = dt.timedelta(days=1)
WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
MONTH_NAME = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days: its name, its first and its last day, and the day on which it is due."""

    name: str
    first: dt.date
    last: dt.date
    due_on: dt.date


def of_day(every: Every, day: dt.date) -> Period:
    """Return the period that a day is in."""
    return OF_DAY[every](day)


def last_due(every: Every, today: dt.date) -> Period:
    """Return the newest period that is due today or was before."""
    found = of_day(every, today)
    while found.due_on > today:
        found = of_day(every, found.first - DAY)
    return found


def read(name: str) -> Period | None:
    """Return the period of a name; None where it names none."""
    try:
        return _read(name)
    except (ValueError, OverflowError):
        return None


def _read(name: str) -> Period | None:
    if quarter := quarters.read(name):
        return _quarter(quarter.first)
    if week := WEEK_NAME.fullmatch(name):
        return _week(dt.date.fromisocalendar(int(week[1]), int(week[2]), 1))
    if month := MONTH_NAME.fullmatch(name):
        return _month(dt.date(int(month[1]), int(month[2]), 1))
    return _day(dt.date.fromisoformat(name)) if name[:1].isdecimal() else None


def _day(day: dt.date) -> Period:
    return Period(day.isoformat(), day, day, day + DAY)


def _week(day: dt.date) -> Period:
    year, week, weekday = day.isocalendar()
    first = day - (weekday - 1) * DAY
    return Period(f"{year}-W{week:02}", first, first + 6 * DAY, first + 7 * DAY)


def _month(day: dt.date) -> Period:
    first = day.replace(day=1)
    following = (first + 31 * DAY).replace(day=1)
    return Period(f"{first:%Y-%m}", first, following - DAY, following)


def _quarter(day: dt.date) -> Period:
    found = quarters.of_day(day)
    return Period(str(found), found.first, found.last, found.closes_on)


OF_DAY = {"day": _day, "week": _week, "month": _month, "quarter": _quarter}
