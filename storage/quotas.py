"""The quotas of waves: how many of each cell shall answer, have, and were lately asked to."""

import datetime as dt
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from storage.columns import UtcTime
from storage.outbox import PENDING, SENDING
from storage.slots import SENT, UNCERTAIN
from storage.store import Transaction
from storage.tables import interview, outbox, respondent, wave, wave_person, wave_quota
from storage.wave_audience import said_of
from storage.waves import CAST
from surveys.quota import DIMENSIONS, Filled, Quota

# Whoever hasn't begun so long after their invitation probably won't.
PATIENCE = dt.timedelta(days=3)
NOT_ASKED = "quota"

ADD = insert(wave_quota)
OF_WAVE = (
    select(wave_quota)
    .where(wave_quota.c.wave_id == bindparam("of"))
    .order_by(wave_quota.c.province, wave_quota.c.sex, wave_quota.c.age_group)
)
_cell = (respondent.c.province, said_of("sex"), said_of("age_group"))
CELL = select(*(part.label(name) for part, name in zip(_cell, DIMENSIONS, strict=True))).where(
    respondent.c.id == bindparam("at")
)
_names = [part.label(name) for part, name in zip(_cell, DIMENSIONS, strict=True)]
_of = bindparam("of", type_=Integer)
_done = and_(
    interview.c.completed_at.is_not(None),
    or_(wave.c.closed_at.is_(None), interview.c.completed_at < wave.c.closed_at),
)
# From those who answered, who are few beside all that are in the wave.
_answered = (
    select(*_names)
    .select_from(interview)
    .join(wave, wave.c.id == interview.c.wave_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(interview.c.wave_id == _of, _done)
)
_have_cast = (
    select(*_names)
    .select_from(wave_person)
    .join(respondent, respondent.c.id == wave_person.c.respondent_id)
    .where(wave_person.c.wave_id == _of, wave_person.c.ballot == CAST)
)
# Invited within these days, and not done with it.
_asked = (
    select(*_names)
    .select_from(outbox)
    .join(respondent, respondent.c.id == outbox.c.respondent_id)
    .where(
        outbox.c.wave_id == _of,
        outbox.c.status.in_((PENDING, SENDING, SENT, UNCERTAIN)),
        outbox.c.created_at > bindparam("asked_since", type_=UtcTime),
        ~exists().where(
            interview.c.wave_id == outbox.c.wave_id,
            interview.c.respondent_id == outbox.c.respondent_id,
            interview.c.completed_at.is_not(None),
        ),
        ~exists().where(
            wave_person.c.wave_id == outbox.c.wave_id,
            wave_person.c.respondent_id == outbox.c.respondent_id,
            wave_person.c.ballot == CAST,
        ),
    )
)


def _by_cell(people: Any) -> Any:
    found = people.subquery()
    cell = [found.c[name] for name in DIMENSIONS]
    return select(*cell, func.count().label("number")).group_by(*cell)


COMPLETE = _by_cell(union_all(_answered, _have_cast))
ASKED = _by_cell(_asked)
TURN_AWAY = (
    update(wave_person)
    .where(wave_person.c.wave_id == bindparam("of"), wave_person.c.respondent_id == bindparam("at"))
    .values(invitation=NOT_ASKED)
)


def add(tx: Transaction, wave_id: int, grid: tuple[Quota, ...]) -> None:
    """Give a wave its quotas."""
    rows = [
        {"wave_id": wave_id, "target": one.target, **dict(zip(DIMENSIONS, one.cell, strict=True))}
        for one in grid
    ]
    tx.change_many(ADD, rows)


def of_wave(tx: Transaction, wave_id: int) -> tuple[Quota, ...]:
    """Return the quotas of a wave; most have none."""
    rows = tx.rows(OF_WAVE, {"of": wave_id})
    return tuple(Quota(row.province, row.sex, row.age_group, row.target) for row in rows)


def cell(tx: Transaction, respondent_id: str) -> tuple[str, ...]:
    """Return the province, sex and age group that somebody gave; blank what they didn't."""
    row = tx.row(CELL, {"at": respondent_id})
    return tuple(part or "" for part in row) if row else ("", "", "")


def standing(tx: Transaction, wave_id: int) -> list[Filled]:
    """Return how each cell of a wave stands."""
    grid = of_wave(tx, wave_id)
    complete = _numbers(grid, tx.rows(COMPLETE, {"of": wave_id}))
    since = {"of": wave_id, "asked_since": tx.now - PATIENCE}
    asked = _numbers(grid, tx.rows(ASKED, since))
    return [Filled(one, complete.get(one, 0), asked.get(one, 0)) for one in grid]


def _numbers(grid: tuple[Quota, ...], rows: list[Any]) -> dict[Quota, int]:
    counts: dict[Quota, int] = {}
    for row in rows:
        said = tuple(part or "" for part in row[:-1])
        for one in grid:
            if one.holds(said):
                counts[one] = counts.get(one, 0) + int(row.number)
    return counts


def is_full(tx: Transaction, wave_id: int, respondent_id: str) -> bool:
    """Tell whether as many answered of somebody's cell as shall."""
    if not of_wave(tx, wave_id):
        return False
    said = cell(tx, respondent_id)
    return any(one.is_full for one in standing(tx, wave_id) if one.quota.holds(said))


def turn_away(tx: Transaction, wave_id: int, people: list[str]) -> None:
    """Note that people aren't asked, because enough of their cell answered."""
    tx.change_many(TURN_AWAY, [{"of": wave_id, "at": one} for one in people])
