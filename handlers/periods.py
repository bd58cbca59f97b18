"""Quarters, as Cambodia's calendar has them. Pure."""

import datetime as dt

from handlers.quiet import PHNOM_PENH

MONTHS = 3


def this_quarter(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return when the quarter began and when the next one begins."""
    local = now.astimezone(PHNOM_PENH)
    begin = _month(local.year, (local.month - 1) // MONTHS * MONTHS)
    return begin, _month(begin.year, begin.month - 1 + MONTHS)


def last_quarter(now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return when the quarter before began, and when it ended."""
    end, _ = this_quarter(now)
    return _month(end.year, end.month - 1 - MONTHS), end


def _month(year: int, months: int) -> dt.datetime:
    """Return the first moment of a month, counted from January of a year as 0."""
    return dt.datetime(year + months // 12, months % 12 + 1, 1, tzinfo=PHNOM_PENH)
