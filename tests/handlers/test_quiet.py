"""When so many seconds of daytime will have passed: what is sent unasked waits at night."""

import datetime as dt

import pytest

from handlers.quiet import PHNOM_PENH, after

HOUR = 3600


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=PHNOM_PENH)


@pytest.mark.parametrize(
    ("now", "hours", "then"),
    [
        (at(24, 9), 1, at(24, 10)),
        (at(24, 9), 11, at(24, 20)),
        (at(24, 9), 12, at(25, 9)),
        (at(24, 19, 30), 1, at(25, 8, 30)),
        (at(24, 22), 1, at(25, 9)),
        (at(24, 3), 1, at(24, 9)),
        (at(24, 3), 0, at(24, 8)),
        (at(24, 22), 0, at(25, 8)),
        (at(24, 8), 36, at(26, 20)),
    ],
)
def test_only_the_day_counts(now: dt.datetime, hours: float, then: dt.datetime) -> None:
    assert after(now.astimezone(dt.UTC), hours * HOUR) == then
