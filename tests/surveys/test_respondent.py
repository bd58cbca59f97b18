"""Who may do what: what isn't named nobody may do."""

import pytest

from surveys.respondent import INVITED_ROLES, MAY, ROLES, may, rank

# Every act and every role: x may.
MATRIX = """
            respondent  reporter  staff  owner
ask         x           x         x      x
answer      x           x         -      -
report      -           x         -      -
promises    -           x         x      x
assist      -           x         x      x
count       -           x         x      x
export      -           -         x      x
review      -           -         x      x
numbers     -           -         x      x
inbox       -           -         x      x
invite      -           -         x      x
forms       -           -         x      x
release     -           -         x      x
waves       -           -         x      x
dialogues   -           -         x      x
roles       -           -         -      x
audit       -           -         -      x
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]


def test_the_matrix_names_every_act_and_every_role() -> None:
    assert tuple(HEAD) == ROLES
    assert {act for act, *_ in ROWS} == set(MAY)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(row, role):
    act, *marks = row

    assert may(role, act) == (marks[HEAD.index(role)] == "x")


@pytest.mark.parametrize("role", ROLES)
def test_what_has_no_name_nobody_may_do(role):
    assert not may(role, "no_such_act")
    assert not may(role, "")


def test_nobody_is_invited_to_be_a_respondent():
    assert set(INVITED_ROLES) == set(ROLES) - {"respondent"}


def test_an_owner_stands_above_staff_and_staff_above_reporters():
    assert sorted(ROLES, key=rank) == ["respondent", "reporter", "staff", "owner"]
