"""Voice notes that wait until somebody writes down what is said; each in one person's hands.

Whoever takes one holds it for half an hour. The sound is erased once its words stand in the answer,
or once nobody's answer names it any more: first the row says so, then the file goes.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, select, update

from storage import answers, commitments
from storage.media import PREFIX
from storage.store import Transaction
from storage.tables import form_version, interview, media, respondent
from surveys.instruments import DIALOGUE_REPORT
from surveys.language import Guess

HOLD = dt.timedelta(minutes=30)
# Who writes on the command line; nobody's id reads so.
CONSOLE = "console"
EVERYWHERE = ""
TAKING = 0x5A3107
# Written out, not bound, so that its partial index is used.
IN_REVIEW: ColumnElement[bool] = literal_column("review_at IS NOT NULL")
# Whether a report is sensitive is known when it is submitted; such a one is for two members alone.
IS_FOR_STAFF = and_(
    interview.c.sensitive.is_(False),
    or_(interview.c.completed_at.is_not(None), form_version.c.form_id != DIALOGUE_REPORT),
)
_WITH_INTERVIEW = select(
    media.c.id,
    media.c.interview_id,
    media.c.reviewer,
    media.c.draft,
    media.c.sound_outbox_id,
    media.c.words_outbox_id,
    interview.c.form_version_id,
    interview.c.state,
).join(interview, interview.c.id == media.c.interview_id)
OLDEST = (
    _WITH_INTERVIEW.join(respondent, respondent.c.id == interview.c.respondent_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(
        or_(
            bindparam("in_province") == EVERYWHERE,
            respondent.c.province == bindparam("in_province"),
        ),
        IN_REVIEW,
        IS_FOR_STAFF,
        media.c.status == "stored",
        media.c.reviewer.is_(None),
        media.c.review_at <= bindparam("now"),
    )
    .order_by(media.c.received_at)
    .limit(1)
)
HELD = _WITH_INTERVIEW.where(IN_REVIEW, media.c.reviewer == bindparam("by"))
EXPIRED = _WITH_INTERVIEW.where(
    IN_REVIEW, media.c.reviewer.is_not(None), media.c.review_at <= bindparam("now")
)
HELD_OF = _WITH_INTERVIEW.where(
    IN_REVIEW, media.c.reviewer.is_not(None), interview.c.respondent_id == bindparam("of")
)
_ONE = update(media).where(media.c.id == bindparam("at"))
TAKE = _ONE.values(reviewer=bindparam("by"), review_at=bindparam("until"))
SOUND = _ONE.values(sound_outbox_id=bindparam("sent_as"))
WORDS = _ONE.values(
    draft=bindparam("words"), words_outbox_id=bindparam("sent_as"), review_at=bindparam("until")
)
_SENT_TO_NOBODY = {"draft": None, "sound_outbox_id": None, "words_outbox_id": None}
PUT_BACK = _ONE.values(reviewer=None, review_at=bindparam("again_at"), **_SENT_TO_NOBODY)
SETTLE = _ONE.values(
    review_at=None, reviewed_at=bindparam("now"), status=bindparam("as_status"), **_SENT_TO_NOBODY
)
QUEUE_AGAIN = (
    update(media)
    .where(media.c.status == "stored", media.c.reviewed_at.is_not(None))
    .values(review_at=bindparam("now"), reviewer=None, reviewed_at=None)
)
_is_held = media.c.reviewer.is_not(None)
_is_due = and_(media.c.status == "stored", media.c.review_at <= bindparam("now"))
COUNT = (
    select(
        func.count().filter(~_is_held, _is_due).label("waiting"),
        func.count().filter(~_is_held, ~_is_due).label("later"),
        func.count().filter(_is_held).label("held"),
    )
    .select_from(
        media.join(interview, interview.c.id == media.c.interview_id).join(
            form_version, form_version.c.id == interview.c.form_version_id
        )
    )
    .where(IN_REVIEW, IS_FOR_STAFF)
)
COUNT_UNCLEAR = select(func.count()).where(
    media.c.status == "stored", media.c.reviewed_at.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Review:
    """A voice note that is being written down, and where it stands in its interview."""

    id: str
    interview_id: str
    form_version_id: int
    reviewer: str | None
    draft: str
    sound_outbox_id: int | None
    words_outbox_id: int | None
    # The question it answers; blank where it answers none any more.
    path: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many voice notes wait, come later, are in somebody's hands, couldn't be understood.

    Later: they were skipped a moment ago, or are still at Telegram.
    """

    waiting: int
    later: int
    held: int
    unclear: int


def take(tx: Transaction, reviewer: str, province: str | None = None) -> Review | None:
    """Take the oldest that waits, of a province where one is named.

    What no answer names any more is erased on the way.
    """
    tx.alone(TAKING)
    while row := tx.row(OLDEST, {"now": tx.now, "in_province": province or EVERYWHERE}):
        found = _review(row)
        if found.path:
            tx.change(TAKE, {"at": found.id, "by": reviewer, "until": tx.now + HOLD})
            return replace(found, reviewer=reviewer)
        settle(tx, found, erase=True)
    return None


def held(tx: Transaction, reviewer: str) -> Review | None:
    """Return what somebody has in hand, which nobody takes from them meanwhile."""
    tx.alone(TAKING)
    row = tx.row(HELD, {"by": reviewer})
    return _review(row) if row else None


def expired(tx: Transaction) -> list[Review]:
    """Return those that were in hand for too long."""
    tx.alone(TAKING)
    return [_review(row) for row in tx.rows(EXPIRED, {"now": tx.now})]


def held_of(tx: Transaction, respondent_id: str) -> list[Review]:
    """Return those of one person's that somebody has in hand."""
    return [_review(row) for row in tx.rows(HELD_OF, {"of": respondent_id})]


def sound_sent(tx: Transaction, media_id: str, outbox_id: int) -> None:
    """Note which message carries the sound."""
    tx.change(SOUND, {"at": media_id, "sent_as": outbox_id})


def words_shown(tx: Transaction, media_id: str, words: str, outbox_id: int | None) -> None:
    """Keep the words until they are confirmed, and which message shows them."""
    values = {"at": media_id, "words": words, "sent_as": outbox_id, "until": tx.now + HOLD}
    tx.change(WORDS, values)


def put_back(tx: Transaction, media_id: str, after: dt.timedelta = dt.timedelta(0)) -> None:
    """Let it wait again for anybody, from now on or after a while."""
    tx.change(PUT_BACK, {"at": media_id, "again_at": tx.now + after})


def settle(tx: Transaction, review: Review, *, erase: bool) -> None:
    """Take it out of the queue; the sound is erased, or kept where nobody understood it."""
    status = "erasing" if erase else "stored"
    tx.change(SETTLE, {"at": review.id, "now": tx.now, "as_status": status})


def save(tx: Transaction, review: Review, words: str, guess: Guess) -> bool:
    """Let the words be the answer and erase the sound; False where the answer isn't it any more."""
    mark = PREFIX + review.id
    is_answer = answers.write_down(tx, review.interview_id, mark, words, guess, review.id)
    commitments.write_down(tx, mark, words)
    settle(tx, review, erase=True)
    return is_answer


def queue_again(tx: Transaction) -> int:
    """Let those that nobody understood wait again; return how many."""
    return tx.changed(QUEUE_AGAIN, {"now": tx.now})


def counts(tx: Transaction) -> Counts:
    """Count them."""
    row = tx.row(COUNT, {"now": tx.now})
    assert row is not None
    return Counts(row.waiting, row.later, row.held, tx.value(COUNT_UNCLEAR))


def _review(row: Any) -> Review:
    mark, values = PREFIX + row.id, row.state["values"]
    return Review(
        row.id,
        row.interview_id,
        row.form_version_id,
        row.reviewer,
        row.draft or "",
        row.sound_outbox_id,
        row.words_outbox_id,
        next((path for path, value in values.items() if value == mark), ""),
    )
