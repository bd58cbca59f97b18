"""Interviews: where each person stands in a form, and all that they answered so far."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, delete, insert, literal_column, select, update

from storage import sealing
from storage.keys import random_id
from storage.store import Transaction
from storage.tables import form_version, interview
from surveys.instruments import PROFILE
from surveys.interview import Interview

SEED_DIGITS = 12
Status = Literal["active", "paused", "complete"]

START = insert(interview)
# Written out, not bound, so that its partial index is used.
IS_ACTIVE: ColumnElement[str] = literal_column("'active'")
_ROW = select(
    interview, form_version.c.form_id, form_version.c.published_at.is_(None).label("is_preview")
).join(form_version, form_version.c.id == interview.c.form_version_id)
# What somebody tries of a draft is no interview of theirs.
IS_REAL = form_version.c.published_at.is_not(None)
ACTIVE = _ROW.where(interview.c.respondent_id == bindparam("of"), interview.c.status == IS_ACTIVE)
LATEST = (
    _ROW.where(
        interview.c.respondent_id == bindparam("of"),
        form_version.c.form_id == bindparam("form"),
        IS_REAL,
    )
    .order_by(interview.c.seq.desc())
    .limit(1)
)
OF_PERSON = _ROW.where(interview.c.respondent_id == bindparam("of"), IS_REAL).order_by(
    interview.c.seq
)
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
        sealed_state=bindparam("new_sealed_state"),
        message_id=bindparam("new_message_id"),
        message_outbox_id=bindparam("new_outbox_id"),
        message_media=bindparam("new_media"),
        updated_at=bindparam("now"),
        completed_at=bindparam("new_completed_at"),
    )
)
ERASE = delete(interview).where(interview.c.id == bindparam("at"))
BALLOTS = select(interview.c.id).where(
    interview.c.respondent_id == bindparam("of"), interview.c.sealed_state.is_not(None)
)
SHOW = (
    update(interview)
    .where(interview.c.id == bindparam("at"))
    .values(
        message_id=bindparam("new_message_id"),
        message_outbox_id=bindparam("new_outbox_id"),
        message_media=bindparam("new_media"),
        updated_at=bindparam("now"),
    )
)
DECLINE = (
    update(interview).where(interview.c.id == bindparam("at")).values(declined_at=bindparam("now"))
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
    is_preview: bool = False
    # When it changed isn't part of what it is.
    updated_at: dt.datetime | None = field(default=None, compare=False)
    declined_at: dt.datetime | None = None
    wave_id: int | None = None
    event: str | None = None
    # For a ballot box: sealed while it lasts, erased when it is submitted.
    is_ballot: bool = False
    dialogue_id: int | None = None
    counts_in: str | None = None
    withdrawn_at: dt.datetime | None = None

    @property
    def seed(self) -> int:
        """What all chance of this interview is drawn from: random, and the same at every turn."""
        return int(self.id[:SEED_DIGITS], 16)


def start(
    tx: Transaction,
    respondent_id: str,
    form_version_id: int,
    form_id: str,
    language: str,
    *,
    is_preview: bool = False,
    wave_id: int | None = None,
    event: str | None = None,
    is_ballot: bool = False,
    dialogue_id: int | None = None,
) -> Stored:
    """Begin an interview, of a wave, about a dialogue or neither; an active one is paused."""
    pause(tx, respondent_id)
    stored = Stored(
        random_id(),
        respondent_id,
        form_version_id,
        form_id,
        "active",
        language,
        Interview(),
        {},
        started_at=tx.now,
        is_preview=is_preview,
        wave_id=wave_id,
        event=event,
        is_ballot=is_ballot,
        dialogue_id=dialogue_id,
    )
    state, response, sealed = _written(tx, stored)
    tx.change(
        START,
        {
            "id": stored.id,
            "respondent_id": respondent_id,
            "form_version_id": form_version_id,
            "status": "active",
            "language": language,
            "state": state,
            "response": response,
            "started_at": tx.now,
            "updated_at": tx.now,
            "wave_id": wave_id,
            "dialogue_id": dialogue_id,
            "event": event,
            "sealed_state": sealed,
        },
    )
    return stored


def _written(
    tx: Transaction, stored: Stored
) -> tuple[dict[str, Any], dict[str, str], bytes | None]:
    """Return state and response as they are written: in clear, or blank and sealed.

    Which pictures stand with the open question is sealed too: it tells which question that is.
    """
    state = stored.interview.as_dict()
    if not stored.is_ballot:
        return state, stored.response, None
    return {}, {}, sealing.seal(tx.keys, [state, stored.message_media], _context(stored.id))


def _context(interview_id: str) -> str:
    return f"interview|{interview_id}"


def active(tx: Transaction, respondent_id: str) -> Stored | None:
    """Return the interview that holds a person's chat."""
    row = tx.row(ACTIVE, {"of": respondent_id})
    return _stored(tx, row) if row else None


def by_id(tx: Transaction, interview_id: str) -> Stored:
    """Return an interview."""
    [row] = tx.rows(BY_ID, {"at": interview_id})
    return _stored(tx, row)


def latest(tx: Transaction, respondent_id: str, form_id: str) -> Stored | None:
    """Return a person's newest interview of a form."""
    row = tx.row(LATEST, {"of": respondent_id, "form": form_id})
    return _stored(tx, row) if row else None


def of_person(tx: Transaction, respondent_id: str) -> list[Stored]:
    """Return all interviews of a person, oldest first."""
    return [_stored(tx, row) for row in tx.rows(OF_PERSON, {"of": respondent_id})]


def set_aside(tx: Transaction, respondent_id: str) -> Stored | None:
    """Return the survey or report that a person left last and hasn't submitted."""
    row = tx.row(SET_ASIDE, {"of": respondent_id})
    return _stored(tx, row) if row else None


def pause(tx: Transaction, respondent_id: str) -> None:
    """Set a person's active interview aside; it keeps its place."""
    tx.change(PAUSE, {"of": respondent_id, "now": tx.now})


def save(tx: Transaction, stored: Stored) -> None:
    """Write the state of an interview."""
    completed = tx.now if stored.status == "complete" else None
    state, response, sealed = _written(tx, stored)
    tx.change(
        SAVE,
        {
            "at": stored.id,
            "new_status": stored.status,
            "new_language": stored.language,
            "new_state": state,
            "new_response": response,
            "new_sealed_state": sealed,
            "new_message_id": stored.message_id,
            "new_outbox_id": stored.message_outbox_id,
            "new_media": None if sealed else list(stored.message_media) or None,
            "now": tx.now,
            "new_completed_at": stored.completed_at or completed,
        },
    )


def show(tx: Transaction, stored: Stored) -> None:
    """Write which message the open question stands in, where nothing else changed."""
    if stored.is_ballot:
        # Which pictures stand with it is sealed together with its state.
        save(tx, stored)
        return
    tx.change(
        SHOW,
        {
            "at": stored.id,
            "new_message_id": stored.message_id,
            "new_outbox_id": stored.message_outbox_id,
            "new_media": list(stored.message_media) or None,
            "now": tx.now,
        },
    )


def decline(tx: Transaction, interview_id: str) -> None:
    """Note that a person doesn't want to be reminded of an interview."""
    tx.change(DECLINE, {"at": interview_id, "now": tx.now})


def erase(tx: Transaction, interview_id: str) -> None:
    """Erase an interview with all that hangs on it."""
    tx.change(ERASE, {"at": interview_id})


def has_ballots(tx: Transaction, respondent_id: str) -> bool:
    """Tell whether a person is in the middle of answering for a ballot box."""
    return tx.row(BALLOTS, {"of": respondent_id}) is not None


def resume(tx: Transaction, stored: Stored) -> Stored:
    """Let a paused or complete interview hold the chat again."""
    pause(tx, stored.respondent_id)
    active_again = replace(stored, status="active")
    save(tx, active_again)
    return active_again


def _stored(tx: Transaction, row: Any) -> Stored:
    sealed = row.sealed_state
    state, media = row.state, row.message_media
    if sealed:
        state, media = sealing.unseal(tx.keys, sealed, _context(row.id))
    return Stored(
        row.id,
        row.respondent_id,
        row.form_version_id,
        row.form_id,
        row.status,
        row.language,
        Interview.from_dict(state),
        row.response,
        row.message_id,
        row.message_outbox_id,
        tuple(media or ()),
        row.started_at,
        row.completed_at,
        bool(row.is_preview),
        row.updated_at,
        row.declined_at,
        row.wave_id,
        row.event,
        sealed is not None,
        row.dialogue_id,
        row.counts_in,
        row.withdrawn_at,
    )
