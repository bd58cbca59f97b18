"""Outages: how long Telegram wasn't asked for updates, and whose questions were open meanwhile.

A tap lives 150 seconds at Telegram. Whoever tapped during a longer outage saw nothing happen, and
nothing on our side can know that they did.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import interview, meta, respondent

POLLED, OUTAGE = "last_poll_at", "outage"
LONGEST_HARMLESS = dt.timedelta(seconds=120)
# Whoever answered so shortly before it began was probably still answering.
BEFORE = dt.timedelta(hours=1)
AT_ONCE = 50
ASKING_AGAIN = 0x5A3104

_values = insert(meta).values(key=bindparam("name"), value=bindparam("text"))
WRITE = _values.on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("text")})
READ = select(meta.c.value).where(meta.c.key == bindparam("name"))
ERASE = delete(meta).where(meta.c.key == bindparam("name"))
WAITING = (
    select(interview.c.id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(
        interview.c.status == "active",
        interview.c.updated_at >= bindparam("since"),
        interview.c.updated_at < bindparam("until"),
        respondent.c.stopped_at.is_(None),
        respondent.c.unreachable_at.is_(None),
    )
    .order_by(interview.c.seq)
    .limit(AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Outage:
    """The time in which no update was fetched."""

    began_at: dt.datetime
    ended_at: dt.datetime


def polled(tx: Transaction) -> None:
    """Note that Telegram was asked; a long time since the last time was an outage."""
    before = tx.value(READ, {"name": POLLED})
    tx.change(WRITE, {"name": POLLED, "text": tx.now.isoformat()})
    if before is None or tx.now - dt.datetime.fromisoformat(before) <= LONGEST_HARMLESS:
        return
    earlier = latest(tx)
    began = earlier.began_at.isoformat() if earlier else before
    tx.change(WRITE, {"name": OUTAGE, "text": f"{began} {tx.now.isoformat()}"})


def latest(tx: Transaction) -> Outage | None:
    """Return the outage after which people are still to be asked again."""
    text = tx.value(READ, {"name": OUTAGE})
    return Outage(*map(dt.datetime.fromisoformat, text.split())) if text else None


def settled(tx: Transaction) -> None:
    """Note that everybody was asked again."""
    tx.change(ERASE, {"name": OUTAGE})


def waiting(tx: Transaction, outage: Outage) -> list[str]:
    """Return interviews that were going on when it began and stand as they did, oldest first."""
    times = {"since": outage.began_at - BEFORE, "until": outage.ended_at}
    return tx.values(WAITING, times)
