"""Answers, only ever added: a change is a new revision; and what is known beside each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, insert, select, update

from storage import interviews
from storage.store import Transaction
from storage.tables import answer, interview, respondent
from surveys.interview import Answered
from surveys.language import Guess

_earlier = answer.alias("earlier")
NEXT_REVISION = (
    select(func.coalesce(func.max(_earlier.c.revision), -1) + 1)
    .where(
        _earlier.c.interview_id == bindparam("interview_id"), _earlier.c.path == bindparam("path")
    )
    .scalar_subquery()
)
LATER = {"id", "revision", "read_at", "hidden"}
GIVEN = [column.name for column in answer.c if column.name not in LATER]
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
class Source:
    """Where an answer came from."""

    bot_id: int
    update_id: int


def add(
    tx: Transaction,
    interview_id: str,
    given: Iterable[tuple[Answered, Guess | None]],
    source: Source,
) -> None:
    """Add answers as the next revision of each, with the language a text seems to be in."""
    for event, guess in given:
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
    stored = interviews.by_id(tx, interview_id)
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
