"""The reminders of waves: planned by each wave's own policy, then slots like all others."""

import datetime as dt
from typing import Any

from sqlalchemy import Text, bindparam, func, literal, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.slots import PLANNED_AT_ONCE, PLANNING, later
from storage.store import Transaction
from storage.tables import interview, slot, wave
from storage.waves import OPEN

# Each wave plans by a schedule of its own.
SCHEDULE = "wave:"
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
        tx.change(PLAN, {**from_here, "until": until, "by": f"{SCHEDULE}{row.id}", "hours": hours})
    tx.change(PLANNED, {"of": row.id, "until": until})
    return True
