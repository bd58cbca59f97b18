"""Periods: each day is in one of each kind, and each is due once."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import periods
from surveys.periods import EVERY, Every

days = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))
every = st.sampled_from(EVERY)


@given(every, days)
def test_a_day_is_in_its_period_which_is_read_by_its_name(kind: Every, day: dt.date) -> None:
    found = periods.of_day(kind, day)

    assert found.first <= day <= found.last < found.due_on
    assert periods.read(found.name) == found


@given(every, days)
def test_periods_follow_each_other_without_a_gap(kind: Every, day: dt.date) -> None:
    found = periods.of_day(kind, day)

    assert periods.of_day(kind, found.last + periods.DAY).first == found.last + periods.DAY


@given(every, days)
def test_the_last_due_is_over_and_no_later_one_is_due(kind: Every, today: dt.date) -> None:
    found = periods.last_due(kind, today)

    assert found.due_on <= today
    assert periods.of_day(kind, found.last + periods.DAY).due_on > today


def test_a_quarter_is_due_when_it_closes_and_a_leap_february_has_29_days() -> None:
    assert periods.last_due("quarter", dt.date(2026, 10, 15)).name == "2026-Q2"
    assert periods.last_due("quarter", dt.date(2026, 10, 16)).name == "2026-Q3"
    assert periods.of_day("month", dt.date(2028, 2, 1)).last == dt.date(2028, 2, 29)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ever",
        "2026",
        "2026-13",
        "2026-W54",
        "2026-Q5",
        "2026-02-30",
        "٢٠٢٦-11",
        "all",
        "9999-Q4",
        "9999-12",
        "0000-Q1",
    ],
)
def test_what_names_no_period_is_none(name: str) -> None:
    assert periods.read(name) is None
