"""Looking after the outbox: what a crash leaves, what a week takes, and how many stand where."""

import datetime as dt
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
    update,
)

from storage.outbox import BROADCASTS, GONE, PENDING, REMINDERS, REPLIES, SEALED, SENDING
from storage.store import Transaction
from storage.tables import broadcast, interview, outbox, respondent

KEEP = dt.timedelta(days=7)
LANES = {REPLIES: "replies", REMINDERS: "reminders", BROADCASTS: "broadcasts"}

_on_the_way = and_(outbox.c.status.in_((PENDING, SENDING)), outbox.c.status == SENDING)
RECOVER_REPEATABLE = (
    update(outbox)
    .where(_on_the_way, outbox.c.policy != "once")
    # It was due when it was claimed, whatever the clock shows now.
    .values(status="pending", due_at=bindparam("now"))
)
RECOVER_ONCE = (
    update(outbox).where(_on_the_way, outbox.c.policy == "once").values(status="uncertain", **GONE)
)
_edited = outbox.alias("edited")
# The messages that an open interview or an edit on its way still names; their ids at Telegram
# would be lost with their rows.
NAMED = union(
    select(interview.c.message_outbox_id).where(
        interview.c.status != "complete", interview.c.message_outbox_id.is_not(None)
    ),
    select(_edited.c.target_outbox_id).where(
        _edited.c.status.in_((PENDING, SENDING)), _edited.c.target_outbox_id.is_not(None)
    ),
)
# Rows are as old as their ids, so that only what is purged is read.
_recent = outbox.alias("recent")
FIRST_RECENT = (
    select(_recent.c.id)
    .where(_recent.c.created_at >= bindparam("before"))
    .order_by(_recent.c.id)
    .limit(1)
    .scalar_subquery()
)
DONE = select(broadcast.c.id).where(broadcast.c.status == "done")
PURGE = delete(outbox).where(
    outbox.c.id < func.coalesce(FIRST_RECENT, sys.maxsize),
    outbox.c.status.not_in((PENDING, SENDING)),
    outbox.c.created_at < bindparam("before"),
    outbox.c.id.not_in(NAMED),
    # Until a broadcast is done, its messages say who got it.
    or_(outbox.c.broadcast_id.is_(None), outbox.c.broadcast_id.in_(DONE)),
)
# Written out, not bound, so that its partial index is used.
IS_SEALED = outbox.c.method == literal_column(f"'{SEALED}'")
# How many messages somebody got while they answered for a ballot box says how they answered.
_guest = respondent.alias("guest")
_names_it = and_(interview.c.status != "complete", interview.c.message_outbox_id == outbox.c.id)
# As NAMED, looked up for one message: by the interviews of its person, and of who has their phone.
_is_named = or_(
    exists().where(interview.c.respondent_id == outbox.c.respondent_id, _names_it),
    exists().where(
        _guest.c.host_id == outbox.c.respondent_id,
        interview.c.respondent_id == _guest.c.id,
        _names_it,
    ),
    exists().where(
        _edited.c.respondent_id == outbox.c.respondent_id,
        _edited.c.status.in_((PENDING, SENDING)),
        _edited.c.target_outbox_id == outbox.c.id,
    ),
)
_secret = and_(
    IS_SEALED,
    outbox.c.lane == REPLIES,
    outbox.c.status.not_in((PENDING, SENDING)),
    ~_is_named,
)
PURGE_SECRET = delete(outbox).where(_secret)
PURGE_SECRET_OF = PURGE_SECRET.where(outbox.c.respondent_id == bindparam("of"))
# What was to remind somebody of what they have submitted meanwhile.
LET_GO = (
    update(outbox)
    .where(
        outbox.c.respondent_id == bindparam("of"),
        outbox.c.lane == REMINDERS,
        IS_SEALED,
        outbox.c.status == PENDING,
    )
    .values(status="dead", error="submitted", **GONE)
)
STANDING = select(
    outbox.c.lane,
    outbox.c.status,
    func.count().label("number"),
    func.min(outbox.c.created_at).label("oldest"),
).group_by(outbox.c.lane, outbox.c.status)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many messages of a lane stand where, and since when the oldest waits."""

    lane: str
    waiting: int = 0
    sending: int = 0
    sent: int = 0
    uncertain: int = 0
    blocked: int = 0
    dead: int = 0
    oldest_waiting: dt.datetime | None = None


def recover(tx: Transaction) -> int:
    """After a crash: repeat what may be repeated, mark the rest uncertain; return how many are."""
    tx.change(RECOVER_REPEATABLE, {"now": tx.now})
    return tx.changed(RECOVER_ONCE)


def purge(tx: Transaction) -> int:
    """Forget messages sent or dropped a week ago that nothing names; return how many."""
    return tx.changed(PURGE, {"before": tx.now - KEEP})


def purge_secret(tx: Transaction, respondent_id: str | None = None) -> None:
    """Forget the settled messages of who answers for a ballot box, one person's or everybody's.

    One person's, when they submit: no reminder that waits is sent any more.
    """
    if respondent_id:
        tx.change(LET_GO, {"of": respondent_id})
        tx.change(PURGE_SECRET_OF, {"of": respondent_id})
    else:
        tx.change(PURGE_SECRET)


def standing(tx: Transaction) -> list[Standing]:
    """Return how each lane stands, of the messages that aren't forgotten yet."""
    rows = {(row.lane, row.status): row for row in tx.rows(STANDING)}
    return [_standing(name, lane, rows) for lane, name in LANES.items()]


def _standing(name: str, lane: int, rows: dict[tuple[int, str], Any]) -> Standing:
    waiting = rows.get((lane, "pending"))
    others = ("sending", "sent", "uncertain", "blocked", "dead")
    return Standing(
        name,
        waiting.number if waiting else 0,
        **{status: rows[lane, status].number for status in others if (lane, status) in rows},
        oldest_waiting=waiting.oldest if waiting else None,
    )
