"""What members get regularly: an export each week, month or quarter, a card each morning.

What is due is a row in `slot`, once for each subscription and time; of what was missed only the
last comes. Here stands who wants what.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import bindparam, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.slots import PLANNING
from storage.store import Transaction
from storage.tables import slot, subscription
from surveys.periods import Every

Kind = Literal["export", "card"]
SCHEDULE = "subscription:"
# Stands in place of a form where there is none: a key holds no blanks.
NO_FORM = ""

ADD = insert(subscription).on_conflict_do_nothing()
END = delete(subscription).where(
    subscription.c.respondent_id == bindparam("of"),
    subscription.c.kind == bindparam("as_kind"),
    subscription.c.form_id == bindparam("form"),
)
END_BY_NUMBER = delete(subscription).where(subscription.c.id == bindparam("at"))
LISTED = select(subscription).order_by(subscription.c.id)
OF = LISTED.where(subscription.c.respondent_id == bindparam("of"))
FIND = select(subscription).where(subscription.c.id == bindparam("at"))
PLAN = (
    insert(slot)
    .values(
        schedule=bindparam("by"),
        respondent_id=bindparam("of"),
        due_at=bindparam("at"),
        status=literal("due"),
    )
    .on_conflict_do_nothing()
)
LAST_TOLD = select(func.max(slot.c.due_at)).where(
    slot.c.schedule == bindparam("by"),
    slot.c.due_at < bindparam("before"),
    slot.c.status != "withheld",
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who gets what, how often, since when."""

    id: int
    respondent_id: str
    kind: Kind
    form_id: str
    every: Every
    created_at: dt.datetime


def add(
    tx: Transaction, respondent_id: str, kind: Kind, every: Every, form_id: str = NO_FORM
) -> None:
    """Let a member get something regularly; what they get already stays as it is."""
    values = {"respondent_id": respondent_id, "kind": kind, "form_id": form_id, "every": every}
    tx.change(ADD, {**values, "created_at": tx.now})


def end(tx: Transaction, respondent_id: str, kind: Kind, form_id: str = NO_FORM) -> None:
    """Let a member get something no more."""
    tx.change(END, {"of": respondent_id, "as_kind": kind, "form": form_id})


def end_by_number(tx: Transaction, number: int) -> bool:
    """Let a subscription end; False where there is none of that number."""
    return tx.changed(END_BY_NUMBER, {"at": number}) == 1


def listed(tx: Transaction, respondent_id: str | None = None) -> list[Subscription]:
    """Return all subscriptions, or those of a member."""
    rows = tx.rows(OF, {"of": respondent_id}) if respondent_id else tx.rows(LISTED)
    return [_read(row) for row in rows]


def find(tx: Transaction, number: int) -> Subscription | None:
    """Return a subscription."""
    row = tx.row(FIND, {"at": number})
    return _read(row) if row else None


def plan(tx: Transaction, one: Subscription, due_at: dt.datetime) -> None:
    """Plan what a subscription brings; once for each time."""
    tx.alone(PLANNING)
    tx.change(PLAN, {"by": f"{SCHEDULE}{one.id}", "of": one.respondent_id, "at": due_at})


def last_told(tx: Transaction, one: Subscription, before: dt.datetime) -> dt.datetime | None:
    """Return when a member got something of a subscription last, before a time."""
    found: dt.datetime | None = tx.value(LAST_TOLD, {"by": f"{SCHEDULE}{one.id}", "before": before})
    return found


def _read(row: Any) -> Subscription:
    return Subscription(
        row.id,
        row.respondent_id,
        cast("Kind", row.kind),
        row.form_id,
        cast("Every", row.every),
        row.created_at,
    )
