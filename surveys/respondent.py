"""The words for who a person is (sector) and what they may do (role)."""

from typing import Literal, get_args

Role = Literal["respondent", "reporter", "staff", "owner"]
Sector = Literal["citizen", "cso", "gov", "private"]
ROLES: tuple[Role, ...] = get_args(Role)
SECTORS: tuple[Sector, ...] = get_args(Sector)
INVITED_ROLES: tuple[Role, ...] = ("owner", "staff", "reporter")

# The acts and who may do them; what isn't here nobody may do.
MAY: dict[str, frozenset[Role]] = {
    "answer": frozenset(ROLES),
    "report": frozenset({"reporter"}),
    "export": frozenset({"staff", "owner"}),
    "review": frozenset({"staff", "owner"}),
}


def may(role: Role, act: str) -> bool:
    """Tell whether a role may do an act."""
    return role in MAY.get(act, frozenset())
