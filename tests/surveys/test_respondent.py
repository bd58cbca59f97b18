"""Who may do what: what isn't named nobody may do."""

import pytest

from surveys.respondent import INVITED_ROLES, ROLES, may


@pytest.mark.parametrize(
    ("act", "roles"),
    [
        ("ask", set(ROLES)),
        ("answer", {"respondent", "reporter"}),
        ("report", {"reporter"}),
        ("assist", {"reporter", "staff", "owner"}),
        ("count", {"reporter", "staff", "owner"}),
        ("export", {"staff", "owner"}),
        ("review", {"staff", "owner"}),
        ("no_such_act", set()),
    ],
)
def test_only_the_named_roles_may_act(act, roles):
    assert {role for role in ROLES if may(role, act)} == roles


def test_nobody_is_invited_to_be_a_respondent():
    assert set(INVITED_ROLES) == set(ROLES) - {"respondent"}
