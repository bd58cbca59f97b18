"""Messages promised and not yet sent, with three policies for a crash in the middle of sending.

edit    repeatable: sending it again changes nothing
reply   at least once: a person would rather see an answer twice than never
once    at most once: an unknown outcome is "uncertain", counted, and never sent again

To somebody who answers for a ballot box all of a message lies sealed, its method too: that somebody
wrote, or ticked three boxes, would show through what is sent back.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from cryptography.exceptions import InvalidTag
from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from storage import sealing
from storage.store import Transaction
from storage.tables import contact_vault, outbox
from storage.vault import unseal_telegram_id

Policy = Literal["edit", "reply", "once"]
REPLIES, REMINDERS, BROADCASTS = 0, 1, 2
CLAIM_AT_MOST = 200
FAREWELL = "farewell"
# Stands for the method of a sealed message.
SEALED = "sealed"
# What becomes of a message's text when it is settled.
GONE: dict[str, Any] = {"body": None, "sealed_body": None}
CLAIMING = 0x5A3103

PUT = insert(outbox).values(status="pending", attempts=0).returning(outbox.c.id)
# Written out, not bound: a partial index is only used by a query that names its condition.
PENDING: ColumnElement[str] = literal_column("'pending'")
SENDING: ColumnElement[str] = literal_column("'sending'")
_ahead = outbox.alias("ahead")
# A person's messages keep their order: nothing is claimed while another message to them is on the
# way, nor before an earlier one of the same lane that waits for its next try, nor before an earlier
# one of a more urgent lane.
_must_go_first = or_(
    _ahead.c.status == SENDING,
    and_(
        _ahead.c.id < outbox.c.id,
        or_(
            _ahead.c.lane < outbox.c.lane,
            and_(_ahead.c.lane == outbox.c.lane, _ahead.c.due_at > bindparam("now")),
        ),
    ),
)
CLAIMABLE = (
    select(outbox, contact_vault.c.sealed)
    .outerjoin(contact_vault, contact_vault.c.respondent_id == outbox.c.respondent_id)
    .where(
        outbox.c.status == PENDING,
        outbox.c.lane == bindparam("in_lane"),
        outbox.c.due_at <= bindparam("now"),
        ~exists().where(
            _ahead.c.respondent_id == outbox.c.respondent_id,
            _ahead.c.status.in_((PENDING, SENDING)),
            _must_go_first,
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
CLAIM = update(outbox).where(outbox.c.id == bindparam("at")).values(status="sending")
MESSAGE_ID = select(outbox.c.message_id).where(outbox.c.id == bindparam("at"))
SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("at"))
    .values(status="sent", sealed_chat=None, message_id=bindparam("sent_as"), error=None, **GONE)
)
# One that was cancelled on its way has no text any more and stays as it is.
RETRY = (
    update(outbox)
    .where(outbox.c.id == bindparam("at"), outbox.c.status == SENDING)
    .values(
        status="pending",
        attempts=outbox.c.attempts + 1,
        due_at=bindparam("again_at"),
        error=bindparam("why"),
    )
)
RELEASE = (
    update(outbox)
    .where(outbox.c.id == bindparam("at"), outbox.c.status == "sending")
    .values(status="pending", due_at=bindparam("now"))
)
DROP = (
    update(outbox)
    .where(outbox.c.id == bindparam("at"))
    .values(status=bindparam("as_status"), sealed_chat=None, error=bindparam("why"), **GONE)
)
CANCEL = (
    update(outbox)
    .where(
        outbox.c.respondent_id == bindparam("of"),
        outbox.c.status.in_((PENDING, SENDING)),
        outbox.c.lane >= bindparam("from_lane"),
    )
    .values(status="blocked", error="unreachable", **GONE)
)
CANCEL_UNASKED = (
    update(outbox)
    .where(
        outbox.c.respondent_id == bindparam("of"),
        outbox.c.status == PENDING,
        outbox.c.lane > REPLIES,
    )
    .values(status="dead", error="stopped", **GONE)
)
# What is planned for a later time keeps it.
HURRY = (
    update(outbox)
    .where(
        outbox.c.status == PENDING,
        outbox.c.due_at > bindparam("now"),
        or_(outbox.c.attempts > 0, outbox.c.due_at == outbox.c.created_at),
    )
    .values(due_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A claimed message: what to call at Telegram, for whom, and how to treat a failure."""

    id: int
    respondent_id: str | None
    telegram_id: int
    lane: int
    policy: Policy
    method: str
    body: dict[str, Any]
    target_outbox_id: int | None
    attempts: int
    media_id: str | None = None


def put(
    tx: Transaction,
    respondent_id: str,
    method: str,
    body: dict[str, Any],
    *,
    policy: Policy = "reply",
    lane: int = REPLIES,
    target_outbox_id: int | None = None,
    due_at: dt.datetime | None = None,
    media_id: str | None = None,
    is_secret: bool = False,
) -> int:
    """Promise a message; it is sent after this transaction's commit. Returns its id.

    `target_outbox_id` names the earlier promise whose message this one edits, where the message's
    id isn't known yet. `media_id` names the sound that goes with it.
    """
    sealed = _seal(tx, respondent_id, method, body, policy) if is_secret else None
    new_id: int = tx.value(
        PUT,
        {
            "respondent_id": respondent_id,
            "method": SEALED if sealed else method,
            "body": None if sealed else body,
            "sealed_body": sealed,
            "policy": "reply" if sealed and policy == "edit" else policy,
            "lane": lane,
            "target_outbox_id": target_outbox_id,
            "due_at": due_at or tx.now,
            "created_at": tx.now,
            "media_id": media_id,
        },
    )
    return new_id


def _seal(
    tx: Transaction, respondent_id: str, method: str, body: dict[str, Any], policy: Policy
) -> bytes:
    return sealing.seal(tx.keys, [method, policy, body], f"outbox|{respondent_id}")


def claim(tx: Transaction, lane: int, most: int = CLAIM_AT_MOST) -> list[Promise]:
    """Take the messages that are due for people to whom nothing is being sent, oldest first."""
    tx.alone(CLAIMING)
    rows = tx.rows(CLAIMABLE, {"now": tx.now, "in_lane": lane, "most": most})
    promises = [promise for row in rows if (promise := _promise(tx, row))]
    if promises:
        tx.change_many(CLAIM, [{"at": promise.id} for promise in promises])
    return promises


def put_farewell(tx: Transaction, telegram_id: int, method: str, body: dict[str, Any]) -> None:
    """Promise a last message to somebody who is being forgotten in this transaction."""
    tx.value(
        PUT,
        {
            "respondent_id": None,
            "sealed_chat": tx.keys.seal(str(telegram_id).encode(), FAREWELL),
            "method": method,
            "body": body,
            "policy": "reply",
            "lane": REPLIES,
            "target_outbox_id": None,
            "due_at": tx.now,
            "created_at": tx.now,
        },
    )


def _promise(tx: Transaction, row: Any) -> Promise | None:
    """Return a row as a promise; one whose address is gone is dropped and holds up nobody."""
    chat = _chat(tx, row)
    if chat is None:
        drop(tx, row.id, "dead", "NoAddress")
        return None
    method, policy, body = row.method, row.policy, row.body
    if row.sealed_body:
        context = f"outbox|{row.respondent_id}"
        method, policy, body = sealing.unseal(tx.keys, row.sealed_body, context)
    return Promise(
        row.id,
        row.respondent_id,
        chat,
        row.lane,
        policy,
        method,
        body,
        row.target_outbox_id,
        row.attempts,
        row.media_id,
    )


def _chat(tx: Transaction, row: Any) -> int | None:
    """Return the Telegram id a message goes to; None where there is no seal or not its own."""
    try:
        if row.respondent_id is None:
            return int(tx.keys.unseal(row.sealed_chat, FAREWELL)) if row.sealed_chat else None
        return unseal_telegram_id(tx, row.respondent_id, row.sealed) if row.sealed else None
    except InvalidTag:
        return None


def message_id(tx: Transaction, outbox_id: int) -> int | None:
    """Return the id that Telegram gave to a sent message."""
    known: int | None = tx.value(MESSAGE_ID, {"at": outbox_id})
    return known


def sent(tx: Transaction, outbox_id: int, telegram_message_id: int | None) -> None:
    """Note that a message is at Telegram, and erase its text."""
    tx.change(SENT, {"at": outbox_id, "sent_as": telegram_message_id})


def retry(tx: Transaction, outbox_id: int, after: dt.timedelta, why: str) -> None:
    """Put a message that is on its way back, to be sent later."""
    tx.change(RETRY, {"at": outbox_id, "again_at": tx.now + after, "why": why})


def release(tx: Transaction, outbox_id: int) -> None:
    """Give a claimed message back untried; it waits behind the one before it."""
    tx.change(RELEASE, {"at": outbox_id, "now": tx.now})


def drop(tx: Transaction, outbox_id: int, status: str, why: str) -> None:
    """Give a message up: 'dead', 'uncertain', or 'blocked' where the person can't be reached."""
    tx.change(DROP, {"at": outbox_id, "as_status": status, "why": why})


def cancel(tx: Transaction, respondent_id: str, from_lane: int = REPLIES) -> None:
    """Drop everything promised to a person who can't be reached, or what nobody waits for."""
    tx.change(CANCEL, {"of": respondent_id, "from_lane": from_lane})


def cancel_unasked(tx: Transaction, respondent_id: str) -> None:
    """Drop reminders and broadcasts promised to a person who said stop."""
    tx.change(CANCEL_UNASKED, {"of": respondent_id})


def clock_went_back(tx: Transaction) -> None:
    """Let go what waits by a clock that was ahead: for its first or its next try."""
    tx.change(HURRY, {"now": tx.now})
