"""What is due: a row for each reminder, planned long before or long after, promised once.

A slot is `due`, then `promised`, and then what became of its message; or `withheld`, with a reason.
Its key is who, by which schedule, and when: planning twice plans nothing twice.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage import facts
from storage.columns import UtcTime
from storage.outbox import CLAIMING, PENDING, REPLIES, SENDING
from storage.pausing import is_paused
from storage.store import Transaction
from storage.tables import form_version, interview, outbox, respondent, slot, wave
from surveys.instruments import PROFILE

REMIND = "remind"
# Each wave plans by schedules of its own: for those who began, and for those who were invited.
WAVE, INVITED = "wave:", "invited:"
# What is asked some time after another form: follow:FORM:DAYS.
FOLLOW = "follow:"
# Before the dialogue of a number: to those who reported commitments at that place.
DIALOGUE = "dialogue:"
# So many interviews are planned in one transaction, and so many slots promised.
PLANNED_AT_ONCE, PROMISED_AT_ONCE = 10_000, 50
PLANNING = 0x5A3109
WEEK = dt.timedelta(days=7)
IS_DUE: ColumnElement[str] = literal_column("'due'")
IS_PROMISED: ColumnElement[str] = literal_column("'promised'")
# Written out, not bound, as in storage/outbox.py.
SENT: ColumnElement[str] = literal_column("'sent'")
UNCERTAIN: ColumnElement[str] = literal_column("'uncertain'")
BLOCKED: ColumnElement[str] = literal_column("'blocked'")
DEAD: ColumnElement[str] = literal_column("'dead'")
ENDED = (SENT, UNCERTAIN, BLOCKED, DEAD)


class later(FunctionElement[str]):
    """A point in time, so many hours after another one; as text, like all times."""

    inherit_cache = True
    type = Text()


@compiles(later, "sqlite")
def _later_in_a_file(element: Any, compiler: Any, **kw: Any) -> str:
    at, hours = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"strftime('%Y-%m-%dT%H:%M:%f+00:00', {at}, {hours} || ' hours')"


@compiles(later, "postgresql")
def _later_on_a_server(element: Any, compiler: Any, **kw: Any) -> str:
    at, hours = (compiler.process(clause, **kw) for clause in element.clauses)
    moment = f"(({at})::timestamptz AT TIME ZONE 'UTC') + ({hours} || ' hours')::interval"
    return f'to_char({moment}, \'YYYY-MM-DD"T"HH24:MI:SS.MS"+00:00"\')'


_young = interview.alias("young")
# Interviews are as old as their numbers: the first that is too young ends what is planned now.
FIRST_YOUNG = (
    select(_young.c.seq)
    .where(
        _young.c.seq > bindparam("beyond"),
        _young.c.seq <= bindparam("until"),
        _young.c.started_at > bindparam("before"),
    )
    .order_by(_young.c.seq)
    .limit(1)
)
LAST = select(func.max(interview.c.seq))
_planned = {
    "schedule": literal(REMIND),
    "respondent_id": interview.c.respondent_id,
    "due_at": type_coerce(later(interview.c.started_at, bindparam("hours", type_=Text)), Text),
    "interview_seq": interview.c.seq,
    "status": literal("due"),
}
# Nothing of the person is looked at: among a million, each look would cost more than the slot. What
# keeps them from being reminded is asked when it is due.
PLAN = (
    insert(slot)
    .from_select(
        list(_planned),
        select(*_planned.values())
        .join(form_version, form_version.c.id == interview.c.form_version_id)
        .where(
            interview.c.seq > bindparam("beyond"),
            interview.c.seq <= bindparam("until"),
            interview.c.status != "complete",
            form_version.c.form_id != PROFILE,
            form_version.c.published_at.is_not(None),
            # Those of a wave follow its own policy.
            interview.c.wave_id.is_(None),
        )
        .order_by(interview.c.seq),
    )
    .on_conflict_do_nothing()
)

PLAN_BEFORE = (
    insert(slot)
    .values(
        schedule=bindparam("by_schedule"),
        respondent_id=bindparam("of"),
        due_at=bindparam("at"),
        interview_seq=None,
        status="due",
    )
    .on_conflict_do_nothing()
)


def _paused(schedule: str) -> Select[Any]:
    named = literal(schedule) + cast(wave.c.id, Text)
    return select(named).where(wave.c.status == "paused")


DUE = (
    select(slot.c.schedule, slot.c.respondent_id, slot.c.due_at, interview.c.id)
    .outerjoin(interview, interview.c.seq == slot.c.interview_seq)
    .where(
        slot.c.status == IS_DUE,
        slot.c.due_at <= bindparam("now"),
        # While a wave is paused, its reminders wait.
        *(slot.c.schedule.not_in(_paused(schedule)) for schedule in (WAVE, INVITED)),
        ~exists().where(
            respondent.c.id == slot.c.respondent_id,
            # What staff subscribed to they asked for.
            respondent.c.role != "staff",
            respondent.c.role != "owner",
            is_paused(respondent.c.province),
        ),
    )
    .order_by(slot.c.due_at, slot.c.schedule, slot.c.respondent_id)
    .limit(bindparam("most"))
)
_this = and_(
    slot.c.schedule == bindparam("of_schedule"),
    slot.c.respondent_id == bindparam("of"),
    slot.c.due_at == bindparam("at"),
    slot.c.status == IS_DUE,
)
SETTLE_ONE = (
    update(slot)
    .where(_this)
    .values(status=bindparam("as_status"), reason=bindparam("why"), outbox_id=bindparam("sent_as"))
)


def unasked_of(person: Any) -> Select[Any]:
    """Return the statement that counts what a person got unasked since a time."""
    return select(func.count(outbox.c.id)).where(
        outbox.c.respondent_id == person,
        outbox.c.lane > REPLIES,
        outbox.c.status.in_((PENDING, SENDING, SENT, UNCERTAIN)),
        outbox.c.created_at > bindparam("unasked_since", type_=UtcTime),
    )


UNASKED = unasked_of(bindparam("of"))
WAITING = (
    select(func.count())
    .select_from(slot)
    .join(outbox, outbox.c.id == slot.c.outbox_id)
    .where(slot.c.status == IS_PROMISED, outbox.c.status == PENDING)
)
_became = (
    select(outbox.c.status)
    .where(outbox.c.id == slot.c.outbox_id, outbox.c.status.in_(ENDED))
    .scalar_subquery()
)
SETTLE = (
    update(slot)
    .where(
        slot.c.status == IS_PROMISED,
        exists().where(outbox.c.id == slot.c.outbox_id, outbox.c.status.in_(ENDED)),
    )
    .values(status=_became)
)
_waits = exists().where(outbox.c.id == slot.c.outbox_id, outbox.c.status == PENDING)
WAITING_IDS = (
    select(slot.c.outbox_id)
    .join(outbox, outbox.c.id == slot.c.outbox_id)
    .where(slot.c.status == IS_PROMISED, outbox.c.status == PENDING)
)
TAKE_BACK = (
    update(slot).where(slot.c.status == IS_PROMISED, _waits).values(status="due", outbox_id=None)
)
ERASE = delete(outbox).where(outbox.c.id == bindparam("at"), outbox.c.status == PENDING)
FORGET = delete(slot).where(slot.c.respondent_id == bindparam("of"), slot.c.interview_seq.is_(None))
PLAN_FOLLOW = (
    insert(slot)
    .values(
        schedule=bindparam("by"),
        respondent_id=bindparam("of"),
        due_at=bindparam("at"),
        status="due",
    )
    .on_conflict_do_nothing()
)
DECLINE = (
    update(slot)
    .where(
        slot.c.respondent_id == bindparam("of"),
        slot.c.interview_seq.is_(None),
        slot.c.schedule.like(bindparam("by")),
        slot.c.status == IS_DUE,
    )
    .values(status="withheld", reason="declined")
)
STANDING = (
    select(slot.c.status, slot.c.reason, func.count().label("number"))
    .group_by(slot.c.status, slot.c.reason)
    .order_by(slot.c.status, slot.c.reason)
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A reminder that is due: by which schedule, to whom, of which interview if one was begun."""

    schedule: str
    respondent_id: str
    due_at: dt.datetime
    interview_id: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many slots stand where; of those withheld, why."""

    status: str
    reason: str | None
    number: int


def plan(tx: Transaction, after: dt.timedelta) -> bool:
    """Plan the reminders of interviews that were begun so long ago; False where none is left."""
    tx.alone(PLANNING)
    beyond = int(facts.read(tx, "reminded_to") or 0)
    until = min(beyond + PLANNED_AT_ONCE, int(tx.value(LAST) or 0))
    young = tx.value(FIRST_YOUNG, {"beyond": beyond, "until": until, "before": tx.now - after})
    until = until if young is None else young - 1
    if until <= beyond:
        return False
    hours = f"{after.total_seconds() / 3600:g}"
    tx.change(PLAN, {"beyond": beyond, "until": until, "hours": hours})
    facts.write(tx, "reminded_to", str(until))
    return True


def plan_before(
    tx: Transaction, dialogue_id: int, respondent_ids: Iterable[str], due_at: dt.datetime
) -> None:
    """Plan the reminders before a dialogue."""
    common = {"by_schedule": f"{DIALOGUE}{dialogue_id}", "at": due_at}
    tx.change_many(PLAN_BEFORE, [{**common, "of": one} for one in respondent_ids])


def due(tx: Transaction) -> list[Slot]:
    """Return the slots whose time has come, the oldest first."""
    tx.alone(PLANNING)
    rows = tx.rows(DUE, {"now": tx.now, "most": PROMISED_AT_ONCE})
    return [Slot(*row) for row in rows]


def promised(tx: Transaction, one: Slot, outbox_id: int) -> None:
    """Note which message a slot became."""
    _settle(tx, one, "promised", None, outbox_id)


def withhold(tx: Transaction, one: Slot, reason: str) -> None:
    """Note why a reminder isn't sent."""
    _settle(tx, one, "withheld", reason, None)


def _settle(
    tx: Transaction, one: Slot, status: str, reason: str | None, outbox_id: int | None
) -> None:
    key = {"of_schedule": one.schedule, "of": one.respondent_id, "at": one.due_at}
    tx.change(SETTLE_ONE, {**key, "as_status": status, "why": reason, "sent_as": outbox_id})


def unasked(tx: Transaction, respondent_id: str) -> int:
    """Count what a person got unasked in the last week: surveys, reminders, broadcasts."""
    found: int = tx.value(UNASKED, {"of": respondent_id, "unasked_since": tx.now - WEEK})
    return found


def waiting(tx: Transaction) -> int:
    """Count the reminders that are promised and not on their way yet."""
    found: int = tx.value(WAITING)
    return found


def settle(tx: Transaction) -> None:
    """Note what became of the messages of slots; their rows in the outbox are forgotten later."""
    tx.change(SETTLE)


def take_back(tx: Transaction) -> int:
    """Let what is promised and not on its way be due again; return how many."""
    tx.alone(PLANNING)
    # What is just being claimed must be seen as on its way: taken back, it would be sent twice.
    tx.alone(CLAIMING)
    ids = tx.values(WAITING_IDS)
    if ids:
        tx.change(TAKE_BACK)
        tx.change_many(ERASE, [{"at": one} for one in ids])
    return len(ids)


def follow(tx: Transaction, respondent_id: str, schedule: str, due_at: dt.datetime) -> None:
    """Plan that somebody is asked another form; nothing happens where that is planned already."""
    tx.change(PLAN_FOLLOW, {"by": schedule, "of": respondent_id, "at": due_at})


def decline(tx: Transaction, respondent_id: str, form_id: str) -> None:
    """Note that somebody doesn't want to be asked what is still due of a form."""
    tx.change(DECLINE, {"of": respondent_id, "by": f"{FOLLOW}{form_id}:%"})


def forget(tx: Transaction, respondent_id: str) -> None:
    """Erase what is due to somebody who hasn't begun; the rest goes with their interviews."""
    tx.change(FORGET, {"of": respondent_id})


def standings(tx: Transaction) -> list[Standing]:
    """Return how many slots stand where."""
    return [Standing(*row) for row in tx.rows(STANDING)]
