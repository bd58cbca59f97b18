"""How many answered: each form by day, and people by what they said of themselves. Never who."""

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from storage.columns import UtcTime
from storage.reports import IS_TOLD
from storage.store import Transaction
from storage.tables import form_version, interview, respondent
from surveys.instruments import PROFILE

# What people are counted by: columns of theirs, and questions of the profile.
COLUMNS = ("sector", "province", "mode")
ASKED = ("sex", "age_group")
EVERYWHERE = ""

_since = type_coerce(bindparam("since"), UtcTime)
_until = type_coerce(bindparam("until"), UtcTime)
_here = or_(
    literal(EVERYWHERE) == bindparam("in_province"),
    respondent.c.province == bindparam("in_province"),
)
# What is answered for a ballot box counts in its wave alone.
_is_survey = and_(
    form_version.c.form_id != PROFILE,
    form_version.c.published_at.is_not(None),
    interview.c.sealed_state.is_(None),
    IS_TOLD,
)


def _number_of(condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


STANDING = (
    select(
        form_version.c.form_id,
        _number_of(interview.c.started_at >= _since).label("begun"),
        _number_of(interview.c.completed_at >= _since).label("finished"),
    )
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(_is_survey, _here)
    .group_by(form_version.c.form_id)
    .order_by(form_version.c.form_id)
)
_finished = (
    exists()
    .where(
        interview.c.respondent_id == respondent.c.id,
        interview.c.form_version_id == form_version.c.id,
        interview.c.completed_at < _until,
        _is_survey,
    )
    .correlate(respondent)
)
_profile, _profile_form = interview.alias("profile"), form_version.alias("profile_form")


def _by(value: ColumnElement[Any]) -> Select[Any]:
    people = select(value.label("value")).where(_finished, _here).subquery()
    return select(people.c.value, func.count().label("number")).group_by(people.c.value)


BY_COLUMN = {name: _by(respondent.c[name]) for name in COLUMNS}


@functools.lru_cache(maxsize=8)
def _by_answer(path: str) -> Select[Any]:
    """Return the statement for a question of the profile; there are two."""
    said = (
        select(_profile.c.response[path].as_string())
        .join(_profile_form, _profile_form.c.id == _profile.c.form_version_id)
        .where(_profile.c.respondent_id == respondent.c.id, _profile_form.c.form_id == PROFILE)
        .order_by(_profile.c.seq.desc())
        .limit(1)
        .correlate(respondent)
    )
    return _by(said.scalar_subquery())


@dataclass(frozen=True, slots=True)
class Standing:
    """How often a form was begun and finished since a time."""

    form_id: str
    begun: int
    finished: int


def standing(tx: Transaction, since: dt.datetime, province: str | None = None) -> list[Standing]:
    """Count for each form that anybody began: begun and finished since a time."""
    values = {"since": since, "in_province": province or EVERYWHERE}
    return [Standing(*row) for row in tx.rows(STANDING, values)]


def people(
    tx: Transaction, by: str, until: dt.datetime, province: str | None = None, path: str = ""
) -> dict[str, int]:
    """Count whoever finished a survey before a time, by a column or by a question of the profile.

    `path` is where the profile asks it. Whoever didn't say stands under "".
    """
    values = {"until": until, "in_province": province or EVERYWHERE}
    rows = tx.rows(BY_COLUMN[by] if by in COLUMNS else _by_answer(path), values)
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.value or ""] = counts.get(row.value or "", 0) + int(row.number)
    return counts
