"""Files people sent, voice notes most: fetched from Telegram, kept encrypted in a folder.

One whose time is over is first `erasing` and, when its file is gone, `erased`: a crash between the
two leaves something to do, never a file that nobody knows of.
"""

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, literal_column, select, update

from storage.keys import random_id
from storage.store import Transaction
from storage.tables import interview, media

PREFIX = "voice:"
VALUE = re.compile(PREFIX + "[0-9a-f]{32}")
TRIES = 5

WANT = insert(media).values(status="wanted", attempts=0)
WANTED = (
    select(media.c.id, media.c.sealed_file_id)
    # Written out, not bound, so that its partial index is used.
    .where(media.c.status == literal_column("'wanted'"))
    .order_by(media.c.received_at)
    .limit(20)
)
SETTLE = (
    update(media)
    .where(media.c.id == bindparam("at"))
    .values(status=bindparam("as_status"), sealed_file_id=None)
)
FAIL = (
    update(media)
    .where(media.c.id == bindparam("at"))
    .values(attempts=media.c.attempts + 1)
    .returning(media.c.attempts)
)
# Written out, not bound, so that its partial index is used.
IS_ERASING = media.c.status == literal_column("'erasing'")
ERASING = select(media.c.id).where(IS_ERASING)
ERASED = update(media).where(media.c.id == bindparam("at"), IS_ERASING).values(status="erased")
KEPT = select(media.c.id).where(media.c.status != "erasing", media.c.status != "erased")
OF_PERSON = (
    select(media.c.id)
    .join(interview, interview.c.id == media.c.interview_id)
    .where(interview.c.respondent_id == bindparam("of"))
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is still at Telegram."""

    id: str
    file_id: str


def is_voice(value: str) -> bool:
    """Tell whether an answer stands for a file; "voice: …" that somebody typed doesn't."""
    return VALUE.fullmatch(value) is not None


def want(
    tx: Transaction,
    interview_id: str,
    path: str,
    file_id: str,
    mime: str,
    size: int,
    ending: str = "",
) -> str:
    """Note a file to fetch; return the value that stands for it in the answer.

    With an ending it is the name of a file, as forms have it; without one a voice note's mark.
    """
    new_id = random_id()
    tx.change(
        WANT,
        {
            "id": new_id,
            "interview_id": interview_id,
            "path": path,
            "sealed_file_id": tx.keys.seal(file_id.encode(), f"media|{new_id}"),
            "mime": mime,
            "size": size,
            "received_at": tx.now,
            "review_at": None if ending else tx.now,
        },
    )
    return _value(new_id, ending)


def unwanted(ending: str = "") -> str:
    """Return a value that stands for a file that nobody fetches: it was only tried."""
    return _value(random_id(), ending)


def _value(media_id: str, ending: str) -> str:
    return f"{media_id}.{ending}" if ending else PREFIX + media_id


def wanted(tx: Transaction) -> list[Wanted]:
    """Return the files that are still to be fetched, oldest first."""
    return [
        Wanted(row.id, tx.keys.unseal(row.sealed_file_id, f"media|{row.id}").decode())
        for row in tx.rows(WANTED)
    ]


def stored(tx: Transaction, media_id: str) -> None:
    """Note that a file is in our folder; its id at Telegram is erased."""
    tx.change(SETTLE, {"at": media_id, "as_status": "stored"})


def failed(tx: Transaction, media_id: str) -> bool:
    """Count a failed fetch; True when the file is given up."""
    attempts = tx.value(FAIL, {"at": media_id})
    if attempts is None or attempts < TRIES:
        return False
    tx.change(SETTLE, {"at": media_id, "as_status": "lost"})
    return True


def of_person(tx: Transaction, respondent_id: str) -> list[str]:
    """Return the ids of all files of a person."""
    return tx.values(OF_PERSON, {"of": respondent_id})


def known(tx: Transaction) -> frozenset[str]:
    """Return the ids of all files that may lie in our folder."""
    return frozenset(tx.values(KEPT))


def erasing(tx: Transaction) -> list[str]:
    """Return the ids of the files that shall go."""
    return tx.values(ERASING)


def erased(tx: Transaction, media_id: str) -> None:
    """Note that a file is gone."""
    tx.change(ERASED, {"at": media_id})
