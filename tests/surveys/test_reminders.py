"""Who is reminded: nobody who finished, refused, can't be reached, or had enough this week."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.reminders import BUSY, LATEST, WEEKLY_CAP, Case, withheld

NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
DUE = Case(NOW, NOW - dt.timedelta(days=2))
MOMENTS = st.integers(0, 400 * 24).map(lambda hours: NOW - dt.timedelta(hours=hours))
CASES = st.builds(
    Case,
    due_at=MOMENTS,
    updated_at=MOMENTS,
    is_complete=st.booleans(),
    has_stopped=st.booleans(),
    is_blocked=st.booleans(),
    has_declined=st.booleans(),
    is_closed=st.booleans(),
    unasked=st.integers(0, 9),
)


def test_whoever_left_two_days_ago_is_reminded() -> None:
    assert withheld(DUE, NOW) is None


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"is_complete": True}, "finished"),
        ({"has_phone": False}, "no_phone"),
        ({"has_stopped": True}, "stopped"),
        ({"is_blocked": True}, "blocked"),
        ({"has_declined": True}, "declined"),
        ({"is_closed": True}, "closed"),
        ({"unasked": WEEKLY_CAP}, "cap"),
        ({"updated_at": NOW - BUSY + dt.timedelta(seconds=1)}, "busy"),
        ({"due_at": NOW - LATEST - dt.timedelta(seconds=1)}, "late"),
    ],
)
def test_each_reason_alone_withholds_and_has_its_name(known, reason) -> None:
    assert withheld(replace(DUE, **known), NOW) == reason


@given(CASES)
def test_who_is_reminded_gives_no_reason_against_it(case: Case) -> None:
    if withheld(case, NOW) is None:
        said = (case.is_complete, case.has_stopped, case.is_blocked, case.has_declined)
        assert not any(said)
        assert case.unasked < WEEKLY_CAP
        assert NOW - case.updated_at >= BUSY
