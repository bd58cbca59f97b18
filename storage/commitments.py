"""The register of commitments, and what each side said of each: a history that only grows.

A commitment of a withdrawn report is withdrawn too; one of a sensitive report is in no list.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, insert, select, update

from storage.reports import COUNTS
from storage.store import Transaction
from storage.tables import answer, commitment, commitment_update, dialogue, interview
from surveys.commitment import State, Word
from surveys.dialogue import Level, Side

ENTER = insert(commitment).returning(commitment.c.id)
_one = update(commitment).where(commitment.c.id == bindparam("at"))
REVISE = _one.values(
    path=bindparam("new_path"),
    office=bindparam("new_office"),
    what=bindparam("new_what"),
    due_on=bindparam("new_due_on"),
    same_as=bindparam("new_same_as"),
)
# What is withdrawn keeps its number and nothing else.
WITHDRAW = _one.values(withdrawn_at=bindparam("now"), office="", what="", due_on=None)
UNSAY = delete(commitment_update).where(commitment_update.c.commitment_id == bindparam("of"))
PART = update(commitment).where(commitment.c.same_as == bindparam("of")).values(same_as=None)
OF_REPORT = (
    select(
        commitment.c.id,
        commitment.c.path,
        commitment.c.office,
        commitment.c.what,
        commitment.c.due_on,
    )
    .where(commitment.c.interview_id == bindparam("of"), commitment.c.withdrawn_at.is_(None))
    .order_by(commitment.c.id)
)


def _answered(name: str, value: ColumnElement[Any], holds: ColumnElement[bool]) -> Any:
    """Tell whether staff did something about the answer that a commitment's words come from."""
    return exists().where(
        answer.c.interview_id == commitment.c.interview_id,
        answer.c.path == commitment.c.path.concat(f"/{name}"),
        answer.c.value == value,
        holds,
    )


LISTED = (
    select(
        commitment.c.id,
        commitment.c.dialogue_id,
        commitment.c.interview_id,
        commitment.c.side,
        commitment.c.office,
        commitment.c.what,
        commitment.c.due_on,
        commitment.c.made_on,
        commitment.c.same_as,
        dialogue.c.level,
        dialogue.c.province,
        interview.c.respondent_id.label("reporter"),
        _answered("what", commitment.c.what, answer.c.hidden.is_(True)).label("is_hidden"),
        _answered("what", commitment.c.what, answer.c.read_at.is_not(None)).label("is_read"),
        _answered("office_name", commitment.c.office, answer.c.hidden.is_(True)).label(
            "hides_office"
        ),
        _answered("office_name", commitment.c.office, answer.c.read_at.is_not(None)).label(
            "office_is_read"
        ),
    )
    .join(interview, interview.c.id == commitment.c.interview_id)
    .join(dialogue, dialogue.c.id == commitment.c.dialogue_id)
    .where(commitment.c.withdrawn_at.is_(None), COUNTS)
    .order_by(commitment.c.id)
)
UPDATES = select(commitment_update).order_by(commitment_update.c.id)
HISTORY = UPDATES.where(commitment_update.c.commitment_id == bindparam("of"))
SAY = insert(commitment_update)
WRITE_DOWN = (
    update(commitment)
    .where(commitment.c.what == bindparam("spoken"))
    .values(what=bindparam("words"))
)
CUT_LOOSE = (
    update(commitment_update)
    .where(commitment_update.c.said_by == bindparam("of"))
    .values(said_by=None, words=None)
)
_theirs = commitment.alias("theirs")
PART_FROM = (
    update(commitment)
    .where(
        commitment.c.same_as.in_(
            select(_theirs.c.id)
            .join(interview, interview.c.id == _theirs.c.interview_id)
            .where(interview.c.respondent_id == bindparam("of"))
        )
    )
    .values(same_as=None)
)


FLAGS = ("is_hidden", "is_read", "hides_office", "office_is_read")


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment of a report, as it was entered."""

    id: int
    path: str
    office: str
    what: str
    due_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the history of a commitment."""

    side: Side
    state: State
    reason: str | None
    words: str | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Commitment:
    """A commitment of the register, with all that was said of it, oldest first.

    `is_read`: staff read its words, and they name nobody unless `is_hidden`; the same of an office
    that was typed.
    """

    id: int
    dialogue_id: int
    interview_id: str
    side: Side
    office: str
    what: str
    due_on: dt.date | None
    made_on: dt.date
    same_as: int | None
    level: Level
    province: str | None
    reporter: str
    is_hidden: bool
    is_read: bool
    hides_office: bool
    office_is_read: bool
    history: tuple[Said, ...] = field(default=())

    def words(self, day: Any) -> tuple[Word, ...]:
        """Return each side's newest word; `day` says which day a moment is in."""
        newest = {said.side: said for said in self.history}
        return tuple(
            Word(said.side, said.state, day(said.at), said.reason, said.words)
            for said in newest.values()
        )


def enter(
    tx: Transaction,
    dialogue_id: int,
    interview_id: str,
    side: Side,
    entry: dict[str, Any],
    made_on: dt.date,
    same_as: int | None,
) -> int:
    """Enter a commitment: `entry` has path, office, what and due_on. Return its number."""
    new_id: int = tx.value(
        ENTER,
        {
            **entry,
            "dialogue_id": dialogue_id,
            "interview_id": interview_id,
            "side": side,
            "made_on": made_on,
            "same_as": same_as,
            "created_at": tx.now,
        },
    )
    return new_id


def revise(tx: Transaction, number: int, entry: dict[str, Any]) -> None:
    """Write a commitment as its report says now."""
    tx.change(REVISE, {"at": number, **{f"new_{name}": value for name, value in entry.items()}})


def part(tx: Transaction, number: int) -> None:
    """Let what was the same as a commitment count by itself: that one says something else now."""
    tx.change(PART, {"of": number})


def withdraw(tx: Transaction, number: int) -> None:
    """Take a commitment out of the register; one of the other side that was the same counts now."""
    tx.change(WITHDRAW, {"at": number, "now": tx.now})
    tx.change(UNSAY, {"of": number})
    part(tx, number)


def of_report(tx: Transaction, interview_id: str) -> list[Entry]:
    """Return the commitments that a report brought, as they were entered."""
    return [Entry(*row) for row in tx.rows(OF_REPORT, {"of": interview_id})]


def listed(tx: Transaction) -> list[Commitment]:
    """Return the register, oldest first; what both sides named stands there twice."""
    return assembled(tx.rows(LISTED), tx.rows(UPDATES))


def assembled(rows: Sequence[Any], updates: Sequence[Any]) -> list[Commitment]:
    """Return the commitments of rows of LISTED, each with its history from those of UPDATES."""
    histories: dict[int, list[Said]] = {}
    for row in updates:
        histories.setdefault(row.commitment_id, []).append(_said(row))
    return [_commitment(row, tuple(histories.get(row.id, ()))) for row in rows]


def say(
    tx: Transaction,
    number: int,
    side: Side,
    state: State,
    by: str | None,
    reason: str | None = None,
    words: str | None = None,
) -> None:
    """Add what a side says of a commitment."""
    said = {"commitment_id": number, "side": side, "state": state}
    tx.change(SAY, {**said, "reason": reason, "words": words, "at": tx.now, "said_by": by})


def history(tx: Transaction, number: int) -> list[Said]:
    """Return what was said of a commitment, oldest first."""
    return [_said(row) for row in tx.rows(HISTORY, {"of": number})]


def write_down(tx: Transaction, spoken: str, words: str) -> None:
    """Put the words of a voice note in its place, where it is a commitment's."""
    tx.change(WRITE_DOWN, {"spoken": spoken, "words": words})


def cut_loose(tx: Transaction, by: str) -> None:
    """Let nothing of what a person wrote about commitments stay, but how their side saw them.

    Their own go with their reports; what the other side named too counts from then on.
    """
    tx.change(PART_FROM, {"of": by})
    tx.change(CUT_LOOSE, {"of": by})


def _said(row: Any) -> Said:
    return Said(row.side, row.state, row.reason, row.words, row.at)


def _commitment(row: Any, said: tuple[Said, ...]) -> Commitment:
    flags = {name: bool(getattr(row, name)) for name in FLAGS}
    return Commitment(**{**row._asdict(), **flags, "history": said})
