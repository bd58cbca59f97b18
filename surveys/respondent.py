"""The words for who a person is (sector), what they may do (role) and how they answer (mode)."""

from typing import Literal, get_args

Role = Literal["respondent", "reporter", "staff", "owner"]
Sector = Literal["citizen", "cso", "gov", "private"]
# On their own phone; on a facilitator's, who reads and taps for them; on a phone of several people.
Mode = Literal["self", "assisted", "shared"]
ROLES: tuple[Role, ...] = get_args(Role)
SECTORS: tuple[Sector, ...] = get_args(Sector)
INVITED_ROLES: tuple[Role, ...] = ("owner", "staff", "reporter")

# The acts and who may do them; what isn't here nobody may do.
MAY: dict[str, frozenset[Role]] = {
    "ask": frozenset(ROLES),
    "answer": frozenset({"respondent", "reporter"}),
    "report": frozenset({"reporter"}),
    "promises": frozenset({"reporter", "staff", "owner"}),
    "assist": frozenset({"reporter", "staff", "owner"}),
    "count": frozenset({"reporter", "staff", "owner"}),
    "export": frozenset({"staff", "owner"}),
    "review": frozenset({"staff", "owner"}),
    "numbers": frozenset({"staff", "owner"}),
    "inbox": frozenset({"staff", "owner"}),
    "invite": frozenset({"staff", "owner"}),
    "roles": frozenset({"owner"}),
    "audit": frozenset({"owner"}),
    "forms": frozenset({"staff", "owner"}),
    "release": frozenset({"staff", "owner"}),
    "waves": frozenset({"staff", "owner"}),
    "dialogues": frozenset({"staff", "owner"}),
}


def may(role: Role, act: str) -> bool:
    """Tell whether a role may do an act."""
    return role in MAY.get(act, frozenset())


def rank(role: Role) -> int:
    """Return a role's place: the higher, the more one may see and give."""
    return ROLES.index(role)
