"""The reminders of waves: planned by each wave's own policy, then slots like all others.

Whoever was invited is reminded of the invitation until they begin; then of the question they left.
"""

import datetime as dt
from typing import Any

from sqlalchemy import Integer, Text, bindparam, cast, func, literal, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.columns import UtcTime
from storage.slots import INVITED, PLANNED_AT_ONCE, PLANNING, SENT, UNCERTAIN, WAVE, later
from storage.store import Transaction
from storage.tables import interview, outbox, slot, wave, wave_person
from storage.waves import OPEN, PROMISED
from surveys.wave import MOST_REMINDERS

HOUR = dt.timedelta(hours=1)

_of = interview.c.wave_id == bindparam("of")
_behind = interview.c.seq > bindparam("beyond")
REMINDING = (
    select(wave.c.id, wave.c.remind_after, wave.c.remind_most, wave.c.reminded_to)
    .where(wave.c.status == OPEN, wave.c.remind_most > 0)
    .order_by(wave.c.id)
)
_next = (
    select(interview.c.seq, interview.c.started_at)
    .where(_of, _behind)
    .order_by(interview.c.seq)
    .limit(PLANNED_AT_ONCE)
    .subquery()
)
LAST = select(func.max(_next.c.seq)).where(_next.c.started_at <= bindparam("before"))
_planned = {
    "schedule": bindparam("by", type_=Text),
    "respondent_id": interview.c.respondent_id,
    "due_at": type_coerce(later(interview.c.started_at, bindparam("hours", type_=Text)), Text),
    "interview_seq": interview.c.seq,
    "status": literal("due"),
}
PLAN = (
    insert(slot)
    .from_select(
        list(_planned),
        select(*_planned.values())
        .where(
            _of, _behind, interview.c.seq <= bindparam("until"), interview.c.status != "complete"
        )
        .order_by(interview.c.seq),
    )
    .on_conflict_do_nothing()
)
_nth: Any = bindparam("nth", type_=Integer)
_after = cast(wave.c.remind_after * _nth, Text)
_invited = {
    "schedule": literal(INVITED) + cast(wave.c.id, Text),
    "respondent_id": wave_person.c.respondent_id,
    "due_at": type_coerce(later(bindparam("from_now", type_=UtcTime), _after), Text),
    "status": literal("due"),
}
PLAN_INVITED = (
    insert(slot)
    .from_select(
        list(_invited),
        select(*_invited.values())
        .join(wave, wave.c.id == wave_person.c.wave_id)
        .join(outbox, outbox.c.id == wave_person.c.outbox_id)
        .where(
            wave_person.c.invitation == PROMISED,
            outbox.c.status.in_((SENT, UNCERTAIN)),
            wave.c.remind_most >= _nth,
        )
        .order_by(wave.c.id, wave_person.c.respondent_id),
    )
    .on_conflict_do_nothing()
)
PLANNED = update(wave).where(wave.c.id == bindparam("of")).values(reminded_to=bindparam("until"))


def plan(tx: Transaction) -> bool:
    """Plan the reminders of the open waves whose time has come; False where none is left."""
    tx.alone(PLANNING)
    planned = [_plan(tx, row) for row in tx.rows(REMINDING)]
    return any(planned)


def _plan(tx: Transaction, row: Any) -> bool:
    """Plan all reminders of a wave's next interviews, when the first is due."""
    from_here = {"of": row.id, "beyond": row.reminded_to}
    before = tx.now - row.remind_after * HOUR
    until = tx.value(LAST, {**from_here, "before": before})
    if until is None:
        return False
    for nth in range(1, row.remind_most + 1):
        hours = str(row.remind_after * nth)
        tx.change(PLAN, {**from_here, "until": until, "by": f"{WAVE}{row.id}", "hours": hours})
    tx.change(PLANNED, {"of": row.id, "until": until})
    return True


def plan_invited(tx: Transaction) -> None:
    """Plan the reminders of those whose invitation just went out; before that is noted."""
    for nth in range(1, MOST_REMINDERS + 1):
        tx.change(PLAN_INVITED, {"nth": nth, "from_now": tx.now})
