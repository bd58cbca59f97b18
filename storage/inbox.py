"""Updates received: each is handled once, and what couldn't be handled waits here, encrypted."""

import datetime as dt
import json
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import inbox

# Telegram keeps texts for 24 hours; a key kept twice as long still recognises a late duplicate.
KEEP = dt.timedelta(hours=48)
# So long somebody can look into what couldn't be handled; it is encrypted all the while.
KEEP_DEAD = dt.timedelta(days=7)
RETRY_AFTER = tuple(dt.timedelta(seconds=s) for s in (1, 5, 30, 300))

RECEIVE = (
    insert(inbox)
    .on_conflict_do_nothing()
    .values(
        bot_id=bindparam("bot_id"),
        update_id=bindparam("update_id"),
        status="done",
        received_at=bindparam("now"),
    )
    .returning(inbox.c.seq)
)
PARK = insert(inbox).on_conflict_do_nothing()
DUE = (
    select(inbox.c.seq, inbox.c.update_id, inbox.c.payload, inbox.c.attempts)
    .where(
        # Written out, not bound, so that its partial index is used.
        inbox.c.status == literal_column("'pending'"),
        inbox.c.next_try_at <= bindparam("now"),
    )
    .order_by(inbox.c.seq)
    .limit(50)
)
SETTLE = (
    update(inbox)
    .where(inbox.c.seq == bindparam("at"), inbox.c.status != "done")
    .values(status="done", payload=None, error=None, next_try_at=None)
)
FAIL = update(inbox).where(inbox.c.seq == bindparam("at"))
# Rows are as old as their numbers, so that only what is purged is read.
_recent = inbox.alias("recent")
FIRST_RECENT = (
    select(_recent.c.seq)
    .where(_recent.c.received_at >= bindparam("before"))
    .order_by(_recent.c.seq)
    .limit(1)
    .scalar_subquery()
)
PURGE = delete(inbox).where(
    inbox.c.seq < func.coalesce(FIRST_RECENT, sys.maxsize),
    or_(
        and_(inbox.c.status == "done", inbox.c.received_at < bindparam("before")),
        and_(inbox.c.status == "dead", inbox.c.received_at < bindparam("dead_before")),
    ),
)
OPEN = select(inbox).where(inbox.c.status != "done").order_by(inbox.c.seq)
RECEIVED = select(inbox).where(inbox.c.update_id == bindparam("of")).order_by(inbox.c.seq.desc())
TRY_AGAIN = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("of"), inbox.c.payload.is_not(None))
    .values(status="pending", attempts=1, next_try_at=bindparam("now"))
)
HURRY = (
    update(inbox)
    .where(inbox.c.status == literal_column("'pending'"), inbox.c.next_try_at > bindparam("now"))
    .values(next_try_at=bindparam("now"))
)
GIVE_UP = (
    update(inbox)
    .where(inbox.c.update_id == bindparam("of"), inbox.c.status != "done")
    .values(status="done", payload=None, next_try_at=None)
)
KEPT = select(inbox.c.seq, inbox.c.update_id, inbox.c.payload).where(inbox.c.payload.is_not(None))
COUNT = select(inbox.c.status, func.count().label("number")).group_by(inbox.c.status)


@dataclass(frozen=True, slots=True)
class Parked:
    """An update whose handling failed and that waits for another try."""

    seq: int
    update_id: int
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True, slots=True)
class Open:
    """An update as staff may see it: what kind it is and how it went, not what it says."""

    update_id: int
    status: str
    kind: str
    attempts: int
    error: str | None
    received_at: dt.datetime
    next_try_at: dt.datetime | None


def receive(tx: Transaction, bot_id: int, update_id: int) -> bool:
    """Note an update as handled in this transaction; False if it was received before."""
    row = tx.row(RECEIVE, {"bot_id": bot_id, "update_id": update_id, "now": tx.now})
    return row is not None


def park(tx: Transaction, bot_id: int, payload: dict[str, Any], error: str) -> None:
    """Keep an update whose handling failed, for another try in a second."""
    update_id = payload["update_id"]
    tx.change(
        PARK,
        {
            "bot_id": bot_id,
            "update_id": update_id,
            "status": "pending",
            "payload": _seal(tx, update_id, payload),
            "attempts": 1,
            "next_try_at": tx.now + RETRY_AFTER[0],
            "error": error,
            "received_at": tx.now,
        },
    )


def bury(tx: Transaction, bot_id: int, update_id: int, error: str) -> None:
    """Keep the id of an update that can't be read at all, so that it doesn't come again."""
    tx.change(
        PARK,
        {
            "bot_id": bot_id,
            "update_id": update_id,
            "status": "dead",
            "payload": None,
            "attempts": 1,
            "next_try_at": None,
            "error": error,
            "received_at": tx.now,
        },
    )


def due(tx: Transaction) -> list[Parked]:
    """Return the parked updates whose next try has come."""
    rows = tx.rows(DUE, {"now": tx.now})
    return [
        Parked(row.seq, row.update_id, _unseal(tx, row.update_id, row.payload), row.attempts)
        for row in rows
    ]


def settle(tx: Transaction, seq: int) -> bool:
    """Mark a parked update as handled and erase what it held; False where somebody did before."""
    return tx.changed(SETTLE, {"at": seq}) == 1


def fail(tx: Transaction, parked: Parked, error: str) -> bool:
    """Count a failed try; return True when it was the last and the update is dead."""
    dead = parked.attempts >= len(RETRY_AFTER)
    wait = dt.timedelta(0) if dead else RETRY_AFTER[parked.attempts]
    tx.change(
        FAIL,
        {
            "at": parked.seq,
            "status": "dead" if dead else "pending",
            "attempts": parked.attempts + 1,
            "next_try_at": tx.now + wait,
            "error": error,
        },
    )
    return dead


def erase_of(tx: Transaction, telegram_id: int) -> None:
    """Erase what a person sent and couldn't be handled; it isn't tried again."""
    for row in tx.rows(KEPT):
        if _sender(_unseal(tx, row.update_id, row.payload)) == telegram_id:
            settle(tx, row.seq)


def unhandled(tx: Transaction) -> list[Open]:
    """Return the updates that wait for another try, and those that were given up."""
    return [_open(tx, row) for row in tx.rows(OPEN)]


def received(tx: Transaction, update_id: int) -> Open | None:
    """Return what is known of an update, handled or not; None where it never came."""
    rows = tx.rows(RECEIVED, {"of": update_id})
    return _open(tx, rows[0]) if rows else None


def _open(tx: Transaction, row: Any) -> Open:
    """Return an update without what it says; of one that was handled even its kind is gone."""
    gone = "" if row.status == "done" else "unreadable"
    return Open(
        row.update_id,
        row.status,
        _kind(_unseal(tx, row.update_id, row.payload)) if row.payload else gone,
        row.attempts,
        row.error,
        row.received_at,
        row.next_try_at,
    )


def try_again(tx: Transaction, update_id: int) -> bool:
    """Have an update tried again now; False where nothing of it is kept."""
    return tx.changed(TRY_AGAIN, {"of": update_id, "now": tx.now}) > 0


def clock_went_back(tx: Transaction) -> None:
    """Have all that waits tried now: its time was set by a clock that was ahead."""
    tx.change(HURRY, {"now": tx.now})


def give_up(tx: Transaction, update_id: int) -> bool:
    """Erase an update that wasn't handled; False where there is none."""
    return tx.changed(GIVE_UP, {"of": update_id}) > 0


def purge(tx: Transaction) -> int:
    """Forget updates handled or given up long ago; return how many."""
    times = {"before": tx.now - KEEP, "dead_before": tx.now - KEEP_DEAD}
    return tx.changed(PURGE, times)


def counts(tx: Transaction) -> dict[str, int]:
    """Return how many updates are done, pending and dead."""
    return {row.status: row.number for row in tx.rows(COUNT)}


def _kind(payload: dict[str, Any]) -> str:
    """Name what an update is, and what a message holds: "message: text"."""
    name = next(name for name in payload if name != "update_id")
    held = [part for part in ("text", "voice", "content") if part in payload[name]]
    return ": ".join([name, *held])


def _sender(payload: dict[str, Any]) -> int | None:
    """Return who sent an update: it holds its number, and one event with its sender."""
    events = (value for value in payload.values() if isinstance(value, dict))
    return next((event["from"]["id"] for event in events if "from" in event), None)


def _seal(tx: Transaction, update_id: int, payload: dict[str, Any]) -> bytes:
    return tx.keys.seal(json.dumps(payload).encode(), f"inbox|{update_id}")


def _unseal(tx: Transaction, update_id: int, sealed: bytes) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(tx.keys.unseal(sealed, f"inbox|{update_id}"))
    return payload
