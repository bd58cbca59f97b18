"""Quarters of a year, in which the project reports: which one a day is in, when it closes. Pure.

A quarter stays open for reports some days longer; what comes after that is for the next one. What
is closed never changes.
"""

import datetime as dt
from dataclasses import dataclass

# So many days after its end reports of a quarter are still taken, and can be withdrawn.
GRACE = dt.timedelta(days=15)
MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """The first to the fourth quarter of a year."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, MONTHS * (self.number - 1) + 1, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.next.first - dt.timedelta(days=1)

    @property
    def closes_on(self) -> dt.date:
        """The first day on which nothing of it can change any more."""
        return self.next.first + GRACE

    @property
    def next(self) -> "Quarter":
        """The quarter after it."""
        return of_day(self.first + dt.timedelta(days=31 * MONTHS))

    @property
    def before(self) -> "Quarter":
        """The quarter before it."""
        return of_day(self.first - dt.timedelta(days=1))


def of_day(day: dt.date) -> Quarter:
    """Return the quarter that a day is in."""
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def is_closed(quarter: Quarter, today: dt.date) -> bool:
    """Tell whether nothing of a quarter can change any more."""
    return today >= quarter.closes_on


def reported_in(quarter: Quarter, today: dt.date) -> Quarter:
    """Return the quarter that counts what comes today about an earlier one: the next open one."""
    return quarter if not is_closed(quarter, today) else max(quarter.next, of_day(today))


def read(text: str) -> Quarter | None:
    """Return the quarter that is written as in `2026-Q4`; None where it is none."""
    year, _, number = text.upper().partition("-Q")
    is_one = year.isdecimal() and len(year) == 4 and number in {"1", "2", "3", "4"}
    return Quarter(int(year), int(number)) if is_one else None
