"""Reports of dialogues: interviews that have a dialogue as their subject.

A report that was withdrawn keeps its row and nothing of what it said. A sensitive one is read by
nobody but those whom an owner named.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal_column, select, update

from storage.store import Transaction
from storage.tables import answer, form_version, interview, media, respondent
from surveys.dialogue import Side, side_of
from surveys.instruments import DIALOGUE_REPORT
from surveys.interview import Interview

IS_OF_ONE: ColumnElement[bool] = literal_column("interview.dialogue_id IS NOT NULL")
# Reports that were withdrawn or are sensitive are in no figure; of anything else all is told.
IS_TOLD = and_(interview.c.withdrawn_at.is_(None), interview.c.sensitive.is_(False))
# What every list takes of reports: submitted, not withdrawn, and not sensitive.
COUNTS = and_(interview.c.completed_at.is_not(None), IS_TOLD)
_columns = [
    interview.c.id,
    interview.c.respondent_id,
    respondent.c.sector,
    interview.c.form_version_id,
    interview.c.dialogue_id,
    interview.c.status,
    interview.c.response,
    interview.c.language,
    interview.c.counts_in,
    interview.c.started_at,
    interview.c.completed_at,
    interview.c.withdrawn_at,
    interview.c.sensitive,
]
_joined = (
    select(*_columns)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
)
OF_DIALOGUE = _joined.where(interview.c.dialogue_id == bindparam("of"), COUNTS).order_by(
    interview.c.seq
)
OF_PERSON = _joined.where(
    interview.c.respondent_id == bindparam("of"),
    form_version.c.form_id == DIALOGUE_REPORT,
    form_version.c.published_at.is_not(None),
    interview.c.withdrawn_at.is_(None),
).order_by(interview.c.seq)
SENSITIVE = _joined.where(
    interview.c.sensitive.is_(True),
    interview.c.withdrawn_at.is_(None),
    interview.c.completed_at.is_not(None),
    form_version.c.form_id == DIALOGUE_REPORT,
).order_by(interview.c.seq)
HOW_MANY = (
    select(interview.c.dialogue_id, respondent.c.sector, func.count().label("number"))
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(IS_OF_ONE, COUNTS)
    .group_by(interview.c.dialogue_id, respondent.c.sector)
)
_one = update(interview).where(interview.c.id == bindparam("at"))
ABOUT = _one.values(dialogue_id=bindparam("of_dialogue"))
FILE = _one.values(
    dialogue_id=bindparam("of_dialogue"),
    counts_in=bindparam("in_quarter"),
    sensitive=bindparam("is_sensitive"),
)
WITHDRAW = _one.values(
    withdrawn_at=bindparam("now"),
    status="complete",
    state=bindparam("new_state"),
    response=bindparam("new_response"),
)
ERASE_ANSWERS = delete(answer).where(answer.c.interview_id == bindparam("at"))
ERASE_MEDIA = delete(media).where(media.c.interview_id == bindparam("at"))


@dataclass(frozen=True, slots=True)
class Report:
    """A report as lists show it: whose it is, of which dialogue, how far, and its answers."""

    id: str
    respondent_id: str
    sector: str | None
    form_version_id: int
    dialogue_id: int | None
    status: str
    response: Mapping[str, str]
    language: str
    counts_in: str | None
    started_at: dt.datetime
    completed_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    sensitive: bool

    @property
    def side(self) -> Side:
        """The side on which its reporter speaks."""
        return side_of(self.sector)


def of_dialogue(tx: Transaction, dialogue_id: int) -> list[Report]:
    """Return the reports of a dialogue that count, oldest first."""
    return [_report(row) for row in tx.rows(OF_DIALOGUE, {"of": dialogue_id})]


def of_person(tx: Transaction, respondent_id: str) -> list[Report]:
    """Return a person's reports, unfinished ones too, oldest first; not those withdrawn."""
    return [_report(row) for row in tx.rows(OF_PERSON, {"of": respondent_id})]


def sensitive(tx: Transaction) -> list[Report]:
    """Return the sensitive reports, oldest first."""
    return [_report(row) for row in tx.rows(SENSITIVE)]


def how_many(tx: Transaction) -> dict[int, dict[Side, int]]:
    """Count the reports of each dialogue by side."""
    found: dict[int, dict[Side, int]] = {}
    for row in tx.rows(HOW_MANY):
        sides, side = found.setdefault(row.dialogue_id, {}), side_of(row.sector)
        sides[side] = sides.get(side, 0) + row.number
    return found


def is_about(tx: Transaction, interview_id: str, dialogue_id: int) -> None:
    """Note which dialogue a report that was just begun is about."""
    tx.change(ABOUT, {"at": interview_id, "of_dialogue": dialogue_id})


def file(
    tx: Transaction,
    interview_id: str,
    dialogue_id: int | None,
    counts_in: str,
    *,
    is_sensitive: bool,
) -> None:
    """Note what a submitted report is about, which quarter counts it, and whether it is secret."""
    values: dict[str, Any] = {"of_dialogue": dialogue_id, "in_quarter": counts_in}
    tx.change(FILE, {"at": interview_id, **values, "is_sensitive": is_sensitive})


def withdraw(tx: Transaction, interview_id: str) -> None:
    """Erase what a report said; its row stays, so that later exports say that it is withdrawn.

    Files whose rows are gone are removed by the clock.
    """
    blank: dict[str, Any] = {"new_state": Interview().as_dict(), "new_response": {}}
    tx.change(WITHDRAW, {"at": interview_id, "now": tx.now, **blank})
    tx.change(ERASE_ANSWERS, {"at": interview_id})
    tx.change(ERASE_MEDIA, {"at": interview_id})


def _report(row: Any) -> Report:
    return Report(**{**row._asdict(), "sensitive": bool(row.sensitive)})
