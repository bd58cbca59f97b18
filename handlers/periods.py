"""When a period begins and ends, as Cambodia's clocks have it. Pure."""

import datetime as dt

from handlers.quiet import PHNOM_PENH
from surveys.periods import DAY, Period


def moments(period: Period) -> tuple[dt.datetime, dt.datetime]:
    """Return when a period begins, and when it is over."""
    begin = dt.datetime.combine(period.first, dt.time(), PHNOM_PENH)
    return begin, dt.datetime.combine(period.last + DAY, dt.time(), PHNOM_PENH)
