"""Dialogues of government and civil society, as staff plan them or a report brings them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, literal_column, or_, select, update

from storage.store import Transaction
from storage.tables import dialogue
from surveys.dialogue import Level, Status

PLANNED: ColumnElement[str] = literal_column("'planned'")
CANCELLED: ColumnElement[str] = literal_column("'cancelled'")
NOWHERE, NOBODY = "", ""

CREATE = insert(dialogue).returning(dialogue.c.id)
CHANGE = update(dialogue).where(dialogue.c.id == bindparam("at"))
_columns = [column for column in dialogue.c if column.name != "created_at"]
BY_ID = select(*_columns).where(dialogue.c.id == bindparam("at"))
_day = func.coalesce(dialogue.c.held_on, dialogue.c.planned_on)
LISTED = select(*_columns).order_by(_day.desc(), dialogue.c.id.desc())
_here = func.coalesce(dialogue.c.province, NOWHERE) == bindparam("in_province")
ON_DAY = (
    select(*_columns)
    .where(
        dialogue.c.level == bindparam("of_level"),
        _here,
        or_(dialogue.c.held_on == bindparam("day"), dialogue.c.planned_on == bindparam("day")),
        dialogue.c.status != CANCELLED,
    )
    .order_by(dialogue.c.id)
)
TO_REMIND = (
    select(*_columns)
    .where(
        dialogue.c.status == PLANNED,
        dialogue.c.reminded_at.is_(None),
        dialogue.c.planned_on >= bindparam("since"),
        dialogue.c.planned_on <= bindparam("until"),
    )
    .order_by(dialogue.c.id)
    .limit(1)
)
CUT_LOOSE = (
    update(dialogue).where(dialogue.c.created_by == bindparam("of")).values(created_by=NOBODY)
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue: where and when, who takes part, for which line of the work plan."""

    id: int
    level: Level
    province: str | None
    place: str
    planned_on: dt.date
    held_on: dt.date | None
    organisations: tuple[str, ...]
    work_plan: str
    status: Status
    created_by: str
    reminded_at: dt.datetime | None

    @property
    def day(self) -> dt.date:
        """When it was held, or shall be."""
        return self.held_on or self.planned_on


def create(
    tx: Transaction,
    level: Level,
    province: str | None,
    place: str,
    planned_on: dt.date,
    by: str,
    *,
    held_on: dt.date | None = None,
    work_plan: str = "",
    organisations: tuple[str, ...] = (),
) -> Dialogue:
    """Make a dialogue: planned, or held where its day is given."""
    new_id = tx.value(
        CREATE,
        {
            "level": level,
            "province": province,
            "place": place,
            "planned_on": planned_on,
            "held_on": held_on,
            "organisations": list(organisations),
            "work_plan": work_plan,
            "status": "held" if held_on else "planned",
            "created_by": by,
            "created_at": tx.now,
        },
    )
    made = find(tx, new_id)
    assert made is not None
    return made


def find(tx: Transaction, number: int) -> Dialogue | None:
    """Return a dialogue by its number."""
    row = tx.row(BY_ID, {"at": number})
    return _dialogue(row) if row else None


def listed(tx: Transaction) -> list[Dialogue]:
    """Return all dialogues, the latest day first."""
    return [_dialogue(row) for row in tx.rows(LISTED)]


def on_day(tx: Transaction, level: Level, province: str | None, day: dt.date) -> list[Dialogue]:
    """Return the dialogues of a place on a day, planned or held then."""
    values = {"of_level": level, "in_province": province or NOWHERE, "day": day}
    return [_dialogue(row) for row in tx.rows(ON_DAY, values)]


def change(tx: Transaction, number: int, **values: Any) -> None:
    """Set columns of a dialogue."""
    tx.change(CHANGE, {"at": number, **values})


def to_remind(tx: Transaction, today: dt.date, until: dt.date) -> Dialogue | None:
    """Return a dialogue that is near and whose reminders aren't planned yet."""
    row = tx.row(TO_REMIND, {"since": today, "until": until})
    return _dialogue(row) if row else None


def cut_loose(tx: Transaction, by: str) -> None:
    """Let nothing lead from dialogues to the person who made them."""
    tx.change(CUT_LOOSE, {"of": by})


def _dialogue(row: Any) -> Dialogue:
    values = row._asdict()
    return Dialogue(**{**values, "organisations": tuple(values["organisations"])})
