"""What happened in a day, by province and sex: for the card of the morning. Counts, never who.

What was said for a ballot box isn't here: nobody knows when it was.
"""

import datetime as dt
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
    union,
)

from storage.columns import UtcTime
from storage.reports import IS_TOLD
from storage.slots import SENT, UNCERTAIN
from storage.store import Transaction
from storage.subscriptions import SCHEDULE
from storage.tables import form_version, interview, outbox, respondent, slot, wave_person
from surveys.instruments import PROFILE

EVERYWHERE = ""
# So many responses are looked at for straight lines, the newest: a day seldom has more.
LOOKED_AT = 5000
# Up to here a time says the minute.
TO_THE_MINUTE = 16

_since = type_coerce(bindparam("since"), UtcTime)
_until = type_coerce(bindparam("until"), UtcTime)
_here = or_(
    literal(EVERYWHERE) == bindparam("in_province"),
    respondent.c.province == bindparam("in_province"),
)
_is_survey = and_(
    form_version.c.form_id != PROFILE, form_version.c.published_at.is_not(None), IS_TOLD
)
_profile, _profile_form = interview.alias("profile"), form_version.alias("profile_form")


def _in_day(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column >= _since, column < _until)


def _interviews(at: ColumnElement[Any]) -> Select[Any]:
    return (
        select(interview.c.respondent_id.label("who"))
        .join(form_version, form_version.c.id == interview.c.form_version_id)
        .where(_in_day(at), _is_survey)
    )


# Who did, or met, what on the day; a person may have begun two surveys, but refuses once.
EVENTS: dict[str, Any] = {
    "invited": select(outbox.c.respondent_id.label("who")).where(
        outbox.c.wave_id.is_not(None),
        outbox.c.status.in_((SENT, UNCERTAIN)),
        _in_day(outbox.c.created_at),
    ),
    "started": _interviews(interview.c.started_at),
    "finished": _interviews(interview.c.completed_at),
    "refused": union(
        select(wave_person.c.respondent_id.label("who")).where(_in_day(wave_person.c.declined_at)),
        select(interview.c.respondent_id).where(_in_day(interview.c.declined_at)),
        select(respondent.c.id).where(_in_day(respondent.c.stopped_at)),
    ),
    "blocked": select(respondent.c.id.label("who")).where(_in_day(respondent.c.unreachable_at)),
}


@functools.lru_cache(maxsize=8)
def _counted(event: str, sex_path: str) -> Select[Any]:
    """Return the statement that counts an event by province and sex."""
    happened = EVENTS[event].subquery()
    sex = (
        select(_profile.c.response[sex_path].as_string())
        .join(_profile_form, _profile_form.c.id == _profile.c.form_version_id)
        .where(_profile.c.respondent_id == respondent.c.id, _profile_form.c.form_id == PROFILE)
        .order_by(_profile.c.seq.desc())
        .limit(1)
        .correlate(respondent)
        .scalar_subquery()
    )
    people = (
        select(respondent.c.province.label("province"), sex.label("sex"))
        .join(happened, happened.c.who == respondent.c.id)
        .where(_here)
        .subquery()
    )
    return select(people.c.province, people.c.sex, func.count().label("number")).group_by(
        people.c.province, people.c.sex
    )


REMINDERS = (
    select(slot.c.status, slot.c.reason, func.count().label("number"))
    .join(respondent, respondent.c.id == slot.c.respondent_id)
    .where(_in_day(slot.c.due_at), slot.c.schedule.not_like(f"{SCHEDULE}%"), _here)
    .group_by(slot.c.status, slot.c.reason)
    .order_by(slot.c.status, slot.c.reason)
)
_finished = (
    select(interview.c.completed_at, respondent.c.province)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(_in_day(interview.c.completed_at), _is_survey, _here)
)
# Written out, not bound: a server takes two bound values for two expressions.
_minute = func.substr(
    type_coerce(interview.c.completed_at, UtcTime.impl),
    literal_column("1"),
    literal_column(str(TO_THE_MINUTE)),
)
BY_MINUTE = (
    _finished.with_only_columns(respondent.c.province, _minute, func.count().label("number"))
    .where(interview.c.wave_id.is_(None))
    .group_by(respondent.c.province, _minute)
)
RESPONSES = (
    _finished.with_only_columns(interview.c.form_version_id, interview.c.response)
    .where(interview.c.sealed_state.is_(None))
    .order_by(interview.c.seq.desc())
    .limit(LOOKED_AT)
)
BY_PROVINCE = _finished.with_only_columns(
    respondent.c.province, func.count().label("number")
).group_by(respondent.c.province)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, and of which province; all where it is blank."""

    since: dt.datetime
    until: dt.datetime
    province: str = EVERYWHERE

    @property
    def values(self) -> dict[str, Any]:
        """What the statements are asked with."""
        return {"since": self.since, "until": self.until, "in_province": self.province}


def counted(tx: Transaction, event: str, span: Span, sex_path: str) -> dict[tuple[str, str], int]:
    """Count an event by province and sex, each blank where it wasn't said."""
    rows = tx.rows(_counted(event, sex_path), span.values)
    return {(row.province or "", row.sex or ""): int(row.number) for row in rows}


def reminders(tx: Transaction, span: Span) -> list[tuple[str, str | None, int]]:
    """Count the reminders that were due, by what became of them and why."""
    return [(row.status, row.reason, int(row.number)) for row in tx.rows(REMINDERS, span.values)]


def by_minute(tx: Transaction, span: Span) -> dict[str, dict[int, int]]:
    """Count what was finished outside waves in each minute, by province."""
    found: dict[str, dict[int, int]] = {}
    for province, minute, number in tx.rows(BY_MINUTE, span.values):
        at = int(dt.datetime.fromisoformat(minute).replace(tzinfo=dt.UTC).timestamp()) // 60
        found.setdefault(province or "", {})[at] = int(number)
    return found


def responses(tx: Transaction, span: Span) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield what was finished: the form's version, and the answers by path."""
    for row in tx.rows(RESPONSES, span.values):
        yield row.form_version_id, row.response


def by_province(tx: Transaction, span: Span) -> dict[str, int]:
    """Count what was finished by province."""
    return {row.province or "": int(row.number) for row in tx.rows(BY_PROVINCE, span.values)}
