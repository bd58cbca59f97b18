"""Single-use invitations: only a hash of the token is kept, and it is good for 72 hours."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field

from sqlalchemy import bindparam, insert, select, update

from storage import audit
from storage.keys import random_id
from storage.store import Transaction
from storage.tables import invitation
from surveys.respondent import Role, Sector

LIFETIME = dt.timedelta(hours=72)

CREATE = insert(invitation)
_GRANTED = (
    invitation.c.role,
    invitation.c.sector,
    invitation.c.bound_to,
    invitation.c.organisation,
    invitation.c.id,
)
PEEK = select(*_GRANTED).where(
    invitation.c.token_hash == bindparam("token"),
    invitation.c.used_at.is_(None),
    invitation.c.expires_at > bindparam("now"),
)
REDEEM = (
    update(invitation)
    .where(
        invitation.c.token_hash == bindparam("token"),
        invitation.c.used_at.is_(None),
        invitation.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(*_GRANTED)
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation grants."""

    role: Role
    sector: Sector | None
    bound_to: str | None = None
    organisation: str | None = None
    id: str = field(default="", compare=False)


def create(
    tx: Transaction, role: Role, sector: Sector | None = None, bound_to: str | None = None,
    by: str = audit.CONSOLE, organisation: str | None = None,
) -> str:  # fmt: skip
    """Make an invitation; return its token, which is kept nowhere."""
    token, new_id = secrets.token_urlsafe(24), random_id()
    tx.change(
        CREATE,
        {
            "id": new_id,
            "token_hash": _hash(token),
            "role": role,
            "sector": sector,
            "bound_to": bound_to,
            "organisation": organisation,
            "expires_at": tx.now + LIFETIME,
            "created_at": tx.now,
        },
    )
    granted = {"role": role, "sector": sector, "province": bound_to}
    granted |= {"organisation": organisation} if organisation else {}
    audit.record(tx, by, "invite", new_id, **granted)
    return token


def peek(tx: Transaction, token: str) -> Invitation | None:
    """Return what an invitation would grant, without using it up."""
    row = tx.row(PEEK, {"token": _hash(token), "now": tx.now})
    return Invitation(*row) if row else None


def redeem(tx: Transaction, token: str) -> Invitation | None:
    """Use an invitation up; None alike for a wrong, used and expired one."""
    row = tx.row(REDEEM, {"token": _hash(token), "now": tx.now})
    return Invitation(*row) if row else None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
