"""PINs of members: kept as a keyed hash, good for five minutes, locked after five wrong ones."""

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import bindparam, select, update

from storage.store import Transaction
from storage.tables import member

GOOD_FOR = dt.timedelta(minutes=5)
MOST_WRONG = 5
LOCKED_FOR = dt.timedelta(hours=1)

OF = select(
    member.c.pin_hash,
    member.c.wrong_pins,
    member.c.locked_until,
    member.c.proved_until,
    member.c.awaits,
).where(member.c.respondent_id == bindparam("of"))
CHANGE = update(member).where(member.c.respondent_id == bindparam("of"))

Outcome = Literal["right", "wrong", "locked"]


@dataclass(frozen=True, slots=True)
class Pin:
    """How a member stands: whether they have a PIN, and what they asked for that waits for it."""

    hash: bytes | None
    wrong: int
    locked_until: dt.datetime | None
    proved_until: dt.datetime | None
    awaits: dict[str, Any] | None


def of(tx: Transaction, respondent_id: str) -> Pin | None:
    """Return how a member stands; None for whoever isn't one."""
    row = tx.row(OF, {"of": respondent_id})
    return Pin(*row) if row else None


def is_proved(tx: Transaction, respondent_id: str) -> bool:
    """Tell whether a member typed their PIN within the last five minutes."""
    pin = of(tx, respondent_id)
    return bool(pin and pin.proved_until and pin.proved_until > tx.now)


def is_locked(tx: Transaction, pin: Pin) -> bool:
    """Tell whether no PIN is taken just now."""
    return bool(pin.locked_until and pin.locked_until > tx.now)


def wait(tx: Transaction, respondent_id: str, awaits: dict[str, Any] | None) -> None:
    """Note what a member asked for until they have typed their PIN; None gives it up."""
    _change(tx, respondent_id, awaits=awaits)


def choose(tx: Transaction, respondent_id: str, pin: str) -> None:
    """Give a member their PIN, which counts as typed."""
    chosen = tx.keys.pin_hash(respondent_id, pin)
    _change(tx, respondent_id, pin_hash=chosen, wrong_pins=0, proved_until=tx.now + GOOD_FOR)


def try_(tx: Transaction, respondent_id: str, pin: str) -> Outcome:
    """Try a PIN; the fifth wrong one locks for an hour, and then none is taken."""
    known = of(tx, respondent_id)
    if known is None or known.hash is None or is_locked(tx, known):
        return "locked"
    if hmac.compare_digest(known.hash, tx.keys.pin_hash(respondent_id, pin)):
        _change(tx, respondent_id, wrong_pins=0, proved_until=tx.now + GOOD_FOR)
        return "right"
    wrong = known.wrong + 1
    if wrong < MOST_WRONG:
        _change(tx, respondent_id, wrong_pins=wrong)
        return "wrong"
    _change(tx, respondent_id, wrong_pins=0, locked_until=tx.now + LOCKED_FOR, awaits=None)
    return "locked"


def reset(tx: Transaction, respondent_id: str) -> None:
    """Take a member's PIN away; they choose a new one when they need it next."""
    _change(
        tx,
        respondent_id,
        pin_hash=None,
        wrong_pins=0,
        locked_until=None,
        proved_until=None,
        awaits=None,
    )


def _change(tx: Transaction, respondent_id: str, **values: Any) -> None:
    tx.change(CHANGE, {"of": respondent_id, **values})
