"""What may follow what in the life of a wave, and how much a form takes."""

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.wave import FOLLOWS, Status, half, is_span, may_follow

STATES = get_args(Status)
NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
# x: from the row to the column.
MATRIX = """
        draft  open  paused  closed
draft   -      x     -       x
open    -      -     x       x
paused  -      x     -       x
closed  -      -     -       -
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]


def test_every_state_is_known() -> None:
    assert tuple(HEAD) == STATES == tuple(FOLLOWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
@pytest.mark.parametrize("after", STATES)
def test_what_may_follow_is_what_the_matrix_says(row: list[str], after: Status) -> None:
    before, *marks = row

    assert may_follow(before, after) == (marks[HEAD.index(after)] == "x")  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(STATES)))
def test_a_closed_wave_never_opens_again(wanted: list[Status]) -> None:
    state: Status = "closed"
    for after in wanted:
        state = after if may_follow(state, after) else state

    assert state == "closed"


def test_a_wave_closes_after_it_opens_and_not_in_the_past() -> None:
    hour = dt.timedelta(hours=1)

    assert is_span(NOW, NOW + hour, NOW)
    assert not is_span(NOW, NOW, NOW)
    assert not is_span(NOW - 2 * hour, NOW - hour, NOW)


@pytest.mark.parametrize(("questions", "expected"), [(0, 1), (1, 1), (5, 3), (6, 3)])
def test_half_is_rounded_up(questions: int, expected: int) -> None:
    assert half(questions) == expected
