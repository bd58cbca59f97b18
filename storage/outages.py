"""Outages: how long Telegram wasn't asked for updates, and whose questions were open meanwhile.

A tap lives 150 seconds at Telegram. Whoever tapped during a longer outage saw nothing happen, and
nothing on our side can know that they did.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.pausing import is_paused
from storage.store import Transaction
from storage.tables import form_version, interview, meta, respondent

POLLED, OUTAGE = "last_poll_at", "outage"
LONGEST_HARMLESS = dt.timedelta(seconds=120)
# Whoever answered so shortly before it began was probably still answering.
BEFORE = dt.timedelta(hours=1)
AT_ONCE = 50
# The clocks of several machines differ by less.
SKEW = dt.timedelta(minutes=1)
ASKING_AGAIN = 0x5A3104

_values = insert(meta).values(key=bindparam("name"), value=bindparam("text"))
WRITE = _values.on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("text")})
READ = select(meta.c.value).where(meta.c.key == bindparam("name"))
ERASE = delete(meta).where(meta.c.key == bindparam("name"))
_phone = respondent.alias("phone")
WAITING = (
    select(interview.c.id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .join(_phone, _phone.c.id == func.coalesce(respondent.c.host_id, respondent.c.id))
    .where(
        # Nobody is written to who answers through a facilitator, or doesn't have the phone now.
        respondent.c.mode != "assisted",
        func.coalesce(_phone.c.answering_id, _phone.c.id) == respondent.c.id,
        interview.c.status == "active",
        # Whoever tries a draft needn't be asked again.
        form_version.c.published_at.is_not(None),
        interview.c.updated_at >= bindparam("since"),
        interview.c.updated_at < bindparam("until"),
        _phone.c.stopped_at.is_(None),
        _phone.c.unreachable_at.is_(None),
        ~is_paused(_phone.c.province),
    )
    .order_by(interview.c.seq)
    .limit(AT_ONCE)
)


@dataclass(frozen=True, slots=True)
class Outage:
    """The time in which no update was fetched."""

    began_at: dt.datetime
    ended_at: dt.datetime


def polled(tx: Transaction) -> bool:
    """Note that Telegram was asked; a long time since the last time was an outage.

    Returns True where the last time is still to come: the clock was ahead and went back.
    """
    before = tx.value(READ, {"name": POLLED})
    tx.change(WRITE, {"name": POLLED, "text": tx.now.isoformat()})
    since = tx.now - dt.datetime.fromisoformat(before) if before else dt.timedelta(0)
    if since > LONGEST_HARMLESS:
        earlier = _noted(tx)
        _note(tx, earlier.began_at if earlier else tx.now - since, tx.now)
    elif since < -SKEW and (outage := _noted(tx)):
        _note(tx, min(outage.began_at, tx.now), min(outage.ended_at, tx.now))
    return since < -SKEW


def latest(tx: Transaction) -> Outage | None:
    """Return the outage after which people are still to be asked again.

    One that ends later than now was noted by a clock that was ahead: it is set right by the next
    poll, and until then whoever is asked again would seem not to have been.
    """
    outage = _noted(tx)
    return outage if outage and outage.ended_at <= tx.now else None


def _noted(tx: Transaction) -> Outage | None:
    text = tx.value(READ, {"name": OUTAGE})
    return Outage(*map(dt.datetime.fromisoformat, text.split())) if text else None


def _note(tx: Transaction, began_at: dt.datetime, ended_at: dt.datetime) -> None:
    text = f"{began_at.isoformat()} {ended_at.isoformat()}"
    tx.change(WRITE, {"name": OUTAGE, "text": text})


def settled(tx: Transaction) -> None:
    """Note that everybody was asked again."""
    tx.change(ERASE, {"name": OUTAGE})


def waiting(tx: Transaction, outage: Outage) -> list[str]:
    """Return interviews that were going on when it began and stand as they did, oldest first."""
    times = {"since": outage.began_at - BEFORE, "until": outage.ended_at}
    return tx.values(WAITING, times)
