"""Members: whoever was invited as reporter, staff or owner, and for how long they are."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import member, respondent
from surveys.respondent import Role, Sector

# Whoever isn't confirmed by then loses their role by themselves.
TERM = dt.timedelta(days=90)
JOINING = 0x5A3108
# Sensitive reports are read by so many, whom an owner named.
MOST_READERS = 2

JOIN = (
    insert(member)
    .values(respondent_id=bindparam("of"), number=bindparam("as_number"), since=bindparam("now"))
    .on_conflict_do_nothing(index_elements=["respondent_id"])
)
HIGHEST = select(func.coalesce(func.max(member.c.number), 0))
GRANT = (
    update(respondent)
    .where(respondent.c.id == bindparam("of"))
    .values(role=bindparam("as_role"), role_until=bindparam("until"), bound_to=bindparam("binding"))
)
PROLONG = (
    update(respondent)
    .where(respondent.c.id == bindparam("of"))
    .values(role_until=bindparam("until"))
)
_listed: Select[Any] = select(
    member.c.respondent_id,
    member.c.number,
    respondent.c.role,
    respondent.c.sector,
    respondent.c.bound_to,
    respondent.c.role_until,
    respondent.c.language,
    respondent.c.unreachable_at,
).join(respondent, respondent.c.id == member.c.respondent_id)
_has_role = respondent.c.role != "respondent"
_lasts = or_(respondent.c.role_until.is_(None), respondent.c.role_until > bindparam("now"))
LISTED = _listed.where(_has_role, _lasts).order_by(member.c.number)
ENDED = _listed.where(_has_role, respondent.c.role_until <= bindparam("now")).order_by(
    member.c.number
)
BY_NUMBER = _listed.where(_has_role, member.c.number == bindparam("at"))
READER = select(member.c.reads_sensitive).where(member.c.respondent_id == bindparam("of"))
READERS = select(member.c.respondent_id).where(member.c.reads_sensitive.is_(True))
NAME_READER = (
    update(member)
    .where(member.c.respondent_id == bindparam("of"))
    .values(reads_sensitive=bindparam("may_read"))
)
NUMBER = select(member.c.number).where(member.c.respondent_id == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Member:
    """A member as lists show them: a number, a role and its end; never a name."""

    respondent_id: str
    number: int
    role: Role
    sector: Sector | None
    bound_to: str | None
    until: dt.datetime | None
    language: str | None
    unreachable_at: dt.datetime | None


def grant(tx: Transaction, respondent_id: str, role: Role, bound_to: str | None = None) -> None:
    """Give somebody a role for a term; whoever gets their first one becomes a member."""
    tx.alone(JOINING)
    number = tx.value(HIGHEST) + 1
    tx.change(JOIN, {"of": respondent_id, "as_number": number, "now": tx.now})
    until = None if role == "respondent" else tx.now + TERM
    given = {"of": respondent_id, "as_role": role, "until": until, "binding": bound_to}
    tx.change(GRANT, given)
    if role not in {"staff", "owner"}:
        tx.change(NAME_READER, {"of": respondent_id, "may_read": False})


def confirm(tx: Transaction, respondent_id: str) -> None:
    """Give somebody another term in their role, beginning now."""
    tx.change(PROLONG, {"of": respondent_id, "until": tx.now + TERM})


def listed(tx: Transaction) -> list[Member]:
    """Return whoever has a role now, by number."""
    return [Member(*row) for row in tx.rows(LISTED, {"now": tx.now})]


def ended(tx: Transaction) -> list[Member]:
    """Return whoever still has a role on paper whose time is over."""
    return [Member(*row) for row in tx.rows(ENDED, {"now": tx.now})]


def by_number(tx: Transaction, number: int) -> Member | None:
    """Return the member that lists show by a number, if they still have a role."""
    row = tx.row(BY_NUMBER, {"at": number})
    return Member(*row) if row else None


def number_of(tx: Transaction, respondent_id: str) -> int | None:
    """Return what a person is called in lists; None for whoever was never invited."""
    found: int | None = tx.value(NUMBER, {"of": respondent_id})
    return found


def reads_sensitive(tx: Transaction, respondent_id: str) -> bool:
    """Tell whether an owner named a member to read sensitive reports."""
    return bool(tx.value(READER, {"of": respondent_id}))


def name_reader(tx: Transaction, respondent_id: str, *, named: bool) -> bool:
    """Let a member read sensitive reports, or no more; False where enough others do."""
    tx.alone(JOINING)
    others = [one for one in tx.values(READERS) if one != respondent_id]
    if named and len(others) >= MOST_READERS:
        return False
    tx.change(NAME_READER, {"of": respondent_id, "may_read": named})
    return True


def owners(tx: Transaction) -> list[Member]:
    """Return whoever is an owner now."""
    return [one for one in listed(tx) if one.role == "owner"]


def is_last_owner(tx: Transaction, respondent_id: str) -> bool:
    """Tell whether nobody would be left to give roles, were this person gone."""
    return [one.respondent_id for one in owners(tx)] == [respondent_id]
