"""Ballot boxes: what was answered, without who. Ballots wait sealed, and are counted together.

A ballot is put in by the transaction that marks its person in storage/wave_people.py, and from then
on nothing leads from one to the other: its id is random, it bears no time, and it waits in one size
with all others. They are counted together, shuffled, under new ids and the day alone.
"""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from storage import sealing
from storage.columns import UtcTime
from storage.keys import random_id
from storage.store import Transaction
from storage.tables import ballot, ballot_pending, interview, respondent, wave
from surveys.ballot import batch, shown

COUNTING = 0x5A310B
# From the operating system: nobody who knows what was drawn before can tell what comes next.
CHANCE = secrets.SystemRandom()
ERASED_AT_ONCE = 200

PUT = insert(ballot_pending)
ADD = insert(ballot)
_of = ballot_pending.c.wave_id == bindparam("of")
WAITING = select(func.count()).select_from(ballot_pending).where(_of)
# Their ids are random, so the first of them are anybody's.
NEXT = select(ballot_pending).where(_of).order_by(ballot_pending.c.id).limit(bindparam("most"))
TAKE_OUT = delete(ballot_pending).where(_of, ballot_pending.c.id == bindparam("at"))
NUMBER = select(func.count()).select_from(ballot).where(ballot.c.wave_id == bindparam("of"))
# Closing a box forgets when it was counted.
DUE = (
    select(wave.c.id, wave.c.status)
    .where(
        wave.c.ballot,
        or_(
            wave.c.counted_at.is_(None),
            and_(
                wave.c.status != "closed",
                wave.c.counted_at < bindparam("since", type_=UtcTime),
            ),
        ),
    )
    .order_by(wave.c.id)
)
COUNTED = update(wave).where(wave.c.id == bindparam("of")).values(counted_at=bindparam("now"))
CLOSED = select(wave.c.id).where(wave.c.ballot, wave.c.status == "closed")
# What was begun for one box.
UNFINISHED = (
    select(interview.c.id, interview.c.respondent_id)
    .where(interview.c.wave_id == bindparam("of"), interview.c.sealed_state.is_not(None))
    .limit(ERASED_AT_ONCE)
)
ERASE = delete(interview).where(interview.c.id == bindparam("at"))
AT_EASE = (
    update(respondent)
    .where(
        respondent.c.id == bindparam("at"),
        ~select(interview.c.seq)
        .where(interview.c.respondent_id == bindparam("at"), interview.c.sealed_state.is_not(None))
        .exists(),
    )
    .values(secret=False)
)


@dataclass(frozen=True, slots=True)
class Box:
    """A ballot box, and whether it is closed."""

    wave_id: int
    is_closed: bool


def put(tx: Transaction, wave_id: int, groups: dict[str, str], response: dict[str, str]) -> None:
    """Put a ballot into a box, sealed."""
    new_id = random_id()
    sealed = sealing.seal(tx.keys, [groups, response], _context(new_id))
    tx.change(PUT, {"wave_id": wave_id, "id": new_id, "sealed": sealed})


def due(tx: Transaction, since: dt.datetime) -> list[Box]:
    """Return the boxes that weren't counted since a time, or since they closed."""
    tx.alone(COUNTING)
    return [Box(row.id, row.status == "closed") for row in tx.rows(DUE, {"since": since})]


def count(tx: Transaction, box: Box, day: dt.date) -> int:
    """Count the next ballots of a box, on a day; return how many, 0 where none may be counted."""
    most = batch(waiting(tx, box.wave_id), is_closed=box.is_closed)
    if most:
        _count(tx, tx.rows(NEXT, {"of": box.wave_id, "most": most}), day)
    return most


def _count(tx: Transaction, rows: Sequence[Any], day: dt.date) -> None:
    opened = [sealing.unseal(tx.keys, row.sealed, _context(row.id)) for row in rows]
    CHANCE.shuffle(opened)
    columns = shown([groups for groups, _ in opened])
    tx.change_many(
        ADD,
        [
            {
                "wave_id": rows[0].wave_id,
                "id": random_id(),
                "day": day.isoformat(),
                "province": groups["province"] or None if "province" in columns else None,
                "sex": groups["sex"] or None if "sex" in columns else None,
                "response": response,
            }
            for groups, response in opened
        ],
    )
    tx.change_many(TAKE_OUT, [{"of": row.wave_id, "at": row.id} for row in rows])


def counted(tx: Transaction, wave_id: int) -> None:
    """Note that a box was counted as far as it may be now."""
    tx.change(COUNTED, {"of": wave_id, "now": tx.now})


def waiting(tx: Transaction, wave_id: int) -> int:
    """Return how many ballots of a box aren't counted."""
    return int(tx.value(WAITING, {"of": wave_id}))


def number(tx: Transaction, wave_id: int) -> int:
    """Return how many ballots of a box are counted."""
    return int(tx.value(NUMBER, {"of": wave_id}))


def erase_unfinished(tx: Transaction) -> int:
    """Erase some of what was begun for a box that is closed meanwhile; return how many."""
    rows = [row for box in tx.values(CLOSED) for row in tx.rows(UNFINISHED, {"of": box})]
    for row in rows:
        tx.change(ERASE, {"at": row.id})
        put_at_ease(tx, row.respondent_id)
    return len(rows)


def put_at_ease(tx: Transaction, respondent_id: str) -> None:
    """Let what is said to somebody stand in clear again, unless they answer for another box."""
    tx.change(AT_EASE, {"at": respondent_id})


def _context(ballot_id: str) -> str:
    return f"ballot|{ballot_id}"
