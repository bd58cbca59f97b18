"""Interviews and their answers. Answers are only ever added: a change is a new revision."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, func, insert, literal_column, select, update

from storage.keys import random_id
from storage.store import Transaction
from storage.tables import answer, form_version, interview, respondent
from surveys.instruments import PROFILE
from surveys.interview import Answered, Interview
from surveys.language import Guess

SEED_DIGITS = 12
Status = Literal["active", "paused", "complete"]

START = insert(interview)
# Written out, not bound, so that its partial index is used.
IS_ACTIVE: ColumnElement[str] = literal_column("'active'")
_ROW = select(interview, form_version.c.form_id).join(
    form_version, form_version.c.id == interview.c.form_version_id
)
ACTIVE = _ROW.where(interview.c.respondent_id == bindparam("of"), interview.c.status == IS_ACTIVE)
LATEST = (
    _ROW.where(
        interview.c.respondent_id == bindparam("of"),
        form_version.c.form_id == bindparam("form"),
    )
    .order_by(interview.c.seq.desc())
    .limit(1)
)
OF_PERSON = _ROW.where(interview.c.respondent_id == bindparam("of")).order_by(interview.c.seq)
SET_ASIDE = (
    OF_PERSON.where(interview.c.status == "paused", form_version.c.form_id != PROFILE)
    .order_by(None)
    .order_by(interview.c.updated_at.desc(), interview.c.seq.desc())
    .limit(1)
)
BY_ID = _ROW.where(interview.c.id == bindparam("at"))
PAUSE = (
    update(interview)
    .where(interview.c.respondent_id == bindparam("of"), interview.c.status == IS_ACTIVE)
    .values(status="paused", updated_at=bindparam("now"))
)
SAVE = (
    update(interview)
    .where(interview.c.id == bindparam("at"))
    .values(
        status=bindparam("new_status"),
        language=bindparam("new_language"),
        state=bindparam("new_state"),
        response=bindparam("new_response"),
        message_id=bindparam("new_message_id"),
        message_outbox_id=bindparam("new_outbox_id"),
        message_media=bindparam("new_media"),
        updated_at=bindparam("now"),
        completed_at=bindparam("new_completed_at"),
    )
)
_earlier = answer.alias("earlier")
NEXT_REVISION = (
    select(func.coalesce(func.max(_earlier.c.revision), -1) + 1)
    .where(
        _earlier.c.interview_id == bindparam("interview_id"), _earlier.c.path == bindparam("path")
    )
    .scalar_subquery()
)
GIVEN = [column.name for column in answer.c if column.name not in {"id", "revision"}]
ADD_ANSWER = insert(answer).values(
    {"revision": NEXT_REVISION, **{name: bindparam(name) for name in GIVEN}}
)
PLACE = (
    select(answer.c.place)
    .where(
        answer.c.interview_id == bindparam("of"),
        answer.c.path == bindparam("at"),
        answer.c.value == bindparam("given"),
    )
    .order_by(answer.c.revision.desc())
    .limit(1)
)
BESIDE = (
    select(answer.c.place, answer.c.media_id)
    .where(answer.c.interview_id == bindparam("of"), answer.c.path == bindparam("at"))
    .order_by(answer.c.revision.desc())
    .limit(1)
)
OWNER_OF = select(interview.c.respondent_id).where(interview.c.id == bindparam("at"))
# As whoever handles an update of theirs does, so that neither overtakes the other.
LOCK_OWNER = (
    select(respondent.c.id)
    .where(respondent.c.id == bindparam("at"))
    .with_for_update(key_share=True)
)
WRITE_DOWN = (
    update(interview)
    .where(interview.c.id == bindparam("at"))
    .values(state=bindparam("new_state"), response=bindparam("new_response"))
)
GIVEN_WITH = (
    select(answer.c.bot_id, answer.c.update_id)
    .where(answer.c.interview_id == bindparam("of"), answer.c.value == bindparam("mark"))
    .order_by(answer.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An interview as stored: whose it is, of which form version, and its state.

    `message_media` says which pictures and sounds stand on and above the open question's message.
    """

    id: str
    respondent_id: str
    form_version_id: int
    form_id: str
    status: Status
    language: str
    interview: Interview
    response: dict[str, str]
    message_id: int | None = None
    message_outbox_id: int | None = None
    message_media: tuple[str, ...] = ()
    started_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None

    @property
    def seed(self) -> int:
        """What all chance of this interview is drawn from: random, and the same at every turn."""
        return int(self.id[:SEED_DIGITS], 16)


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer came from."""

    bot_id: int
    update_id: int


def start(
    tx: Transaction, respondent_id: str, form_version_id: int, form_id: str, language: str
) -> Stored:
    """Begin an interview; any other active one of the person is paused."""
    pause(tx, respondent_id)
    new_id = random_id()
    tx.change(
        START,
        {
            "id": new_id,
            "respondent_id": respondent_id,
            "form_version_id": form_version_id,
            "status": "active",
            "language": language,
            "state": Interview().as_dict(),
            "response": {},
            "started_at": tx.now,
            "updated_at": tx.now,
        },
    )
    return Stored(
        new_id,
        respondent_id,
        form_version_id,
        form_id,
        "active",
        language,
        Interview(),
        {},
        started_at=tx.now,
    )


def active(tx: Transaction, respondent_id: str) -> Stored | None:
    """Return the interview that holds a person's chat."""
    row = tx.row(ACTIVE, {"of": respondent_id})
    return _stored(row) if row else None


def by_id(tx: Transaction, interview_id: str) -> Stored:
    """Return an interview."""
    [row] = tx.rows(BY_ID, {"at": interview_id})
    return _stored(row)


def latest(tx: Transaction, respondent_id: str, form_id: str) -> Stored | None:
    """Return a person's newest interview of a form."""
    row = tx.row(LATEST, {"of": respondent_id, "form": form_id})
    return _stored(row) if row else None


def of_person(tx: Transaction, respondent_id: str) -> list[Stored]:
    """Return all interviews of a person, oldest first."""
    return [_stored(row) for row in tx.rows(OF_PERSON, {"of": respondent_id})]


def set_aside(tx: Transaction, respondent_id: str) -> Stored | None:
    """Return the survey or report that a person left last and hasn't submitted."""
    row = tx.row(SET_ASIDE, {"of": respondent_id})
    return _stored(row) if row else None


def pause(tx: Transaction, respondent_id: str) -> None:
    """Set a person's active interview aside; it keeps its place."""
    tx.change(PAUSE, {"of": respondent_id, "now": tx.now})


def save(tx: Transaction, stored: Stored) -> None:
    """Write the state of an interview."""
    completed = tx.now if stored.status == "complete" else None
    tx.change(
        SAVE,
        {
            "at": stored.id,
            "new_status": stored.status,
            "new_language": stored.language,
            "new_state": stored.interview.as_dict(),
            "new_response": stored.response,
            "new_message_id": stored.message_id,
            "new_outbox_id": stored.message_outbox_id,
            "new_media": list(stored.message_media) or None,
            "now": tx.now,
            "new_completed_at": stored.completed_at or completed,
        },
    )


def resume(tx: Transaction, stored: Stored) -> Stored:
    """Let a paused or complete interview hold the chat again."""
    pause(tx, stored.respondent_id)
    active_again = replace(stored, status="active")
    save(tx, active_again)
    return active_again


def add_answers(
    tx: Transaction,
    interview_id: str,
    answers: Iterable[tuple[Answered, Guess | None]],
    source: Source,
) -> None:
    """Add answers as the next revision of each, with the language a text seems to be in."""
    for event, guess in answers:
        _add(tx, interview_id, event, guess, source)


def _add(
    tx: Transaction,
    interview_id: str,
    event: Answered,
    guess: Guess | None,
    source: Source,
    media_id: str | None = None,
) -> None:
    place = event.place or None
    if event.moved_from:
        row = tx.row(BESIDE, {"of": interview_id, "at": event.moved_from})
        place, media_id = (row.place, row.media_id) if row else (place, media_id)
    tx.change(
        ADD_ANSWER,
        {
            "interview_id": interview_id,
            "path": event.path,
            "value": event.value,
            "language": guess.label if guess else None,
            "language_confidence": str(guess.confidence) if guess else None,
            "language_method": guess.method if guess else None,
            "bot_id": source.bot_id,
            "update_id": source.update_id,
            "answered_at": tx.now,
            "media_id": media_id,
            "place": place,
        },
    )


def place(tx: Transaction, interview_id: str, path: str, value: str) -> str:
    """Return the code of the place that was chosen as an answer; blank where it wasn't chosen."""
    return tx.value(PLACE, {"of": interview_id, "at": path, "given": value}) or ""


def write_down(
    tx: Transaction, interview_id: str, mark: str, text: str, guess: Guess, media_id: str
) -> bool:
    """Let a text stand where a mark stood, at its place and in the response; False if it's gone.

    Nothing else changes: not the open question, the time, nor what follows from other answers.
    """
    owner = tx.value(OWNER_OF, {"at": interview_id})
    if tx.value(LOCK_OWNER, {"at": owner}) is None:
        return False
    stored = by_id(tx, interview_id)
    path = next((p for p, value in stored.interview.values.items() if value == mark), None)
    if path is None:
        return False
    values = {**stored.interview.values, path: text}
    response = {p: text if value == mark else value for p, value in stored.response.items()}
    state = replace(stored.interview, values=values).as_dict()
    tx.change(WRITE_DOWN, {"at": interview_id, "new_state": state, "new_response": response})
    row = tx.row(GIVEN_WITH, {"of": interview_id, "mark": mark})
    source = Source(row.bot_id, row.update_id) if row else Source(0, 0)
    _add(tx, interview_id, Answered(path, text), guess, source, media_id)
    return True


def _stored(row: Any) -> Stored:
    return Stored(
        row.id,
        row.respondent_id,
        row.form_version_id,
        row.form_id,
        row.status,
        row.language,
        Interview.from_dict(row.state),
        row.response,
        row.message_id,
        row.message_outbox_id,
        tuple(row.message_media or ()),
        row.started_at,
        row.completed_at,
    )
