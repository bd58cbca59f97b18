"""Quarters: every day is in one, and each closes once."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from surveys import quarters
from surveys.quarters import Quarter

days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
DAY = dt.timedelta(days=1)


@given(days)
def test_every_day_is_in_the_quarter_it_is_told(day: dt.date) -> None:
    found = quarters.of_day(day)

    assert found.first <= day <= found.last


@given(days)
def test_quarters_follow_each_other_without_a_gap(day: dt.date) -> None:
    found = quarters.of_day(day)

    assert found.next.first == found.last + DAY
    assert found.next.before == found
    assert found < found.next


@given(days)
def test_a_quarter_is_read_as_it_is_written(day: dt.date) -> None:
    assert quarters.read(str(quarters.of_day(day))) == quarters.of_day(day)


def test_what_is_no_quarter_is_none() -> None:
    for text in ("", "2026", "2026-Q5", "26-Q1", "2026-Q", "២០២៦-Q1x"):
        assert quarters.read(text) is None


def test_it_closes_fifteen_days_after_its_end() -> None:
    first = Quarter(2026, 1)

    assert first.closes_on == dt.date(2026, 4, 16)
    assert not quarters.is_closed(first, dt.date(2026, 4, 15))
    assert quarters.is_closed(first, dt.date(2026, 4, 16))


def test_what_comes_late_counts_in_the_next_open_one() -> None:
    first = Quarter(2026, 1)

    assert quarters.reported_in(first, dt.date(2026, 4, 15)) == first
    assert quarters.reported_in(first, dt.date(2026, 4, 16)) == Quarter(2026, 2)
    assert quarters.reported_in(first, dt.date(2026, 11, 2)) == Quarter(2026, 4)
