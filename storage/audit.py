"""The audit log: what staff did, each row bound to the one before by a keyed hash.

A row is written in the transaction of the act itself, so that neither stands without the other. No
answer and no Telegram id is in it (docs/decisions/0008-the-audit-log.md).
"""

import datetime as dt
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, insert, select

from storage.store import Transaction
from storage.tables import audit

# Who acts beside people: the command line, and time itself.
CONSOLE, CLOCK = "console", "clock"
RECORDING = 0x5A3107
BEGINNING = bytes(32)
CHUNK = 1000

ADD = insert(audit)
LAST = select(audit).order_by(audit.c.id.desc()).limit(1)
BACKWARDS = (
    select(audit)
    .where(audit.c.id < bindparam("before"))
    .order_by(audit.c.id.desc())
    .limit(bindparam("most"))
)
FORWARDS = (
    select(audit)
    .where(audit.c.id > bindparam("after"))
    .order_by(audit.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act: when, who, what, to what, and more of it as JSON."""

    id: int
    at: dt.datetime
    actor: str
    act: str
    object: str
    detail: str
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How long the log is, and the hash that stands for all of it."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking the log found: its head, and the first row that isn't as it was written."""

    head: Head
    broken_at: int | None = None


def record(tx: Transaction, actor: str, act: str, object_: str = "", **detail: Any) -> None:
    """Write down an act; everything that is written at the same time waits its turn."""
    tx.alone(RECORDING)
    before = head(tx)
    entry = {
        "id": before.number + 1,
        "at": tx.now.replace(microsecond=tx.now.microsecond // 1000 * 1000),
        "actor": actor,
        "act": act,
        "object": object_,
        "detail": orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode(),
    }
    tx.change(ADD, {**entry, "hash": tx.keys.audit_hash(before.hash, _canonical(entry))})


def head(tx: Transaction) -> Head:
    """Return the end of the log."""
    row = tx.row(LAST)
    return Head(row.id, row.hash) if row else Head(0, BEGINNING)


def latest(tx: Transaction, most: int, before: int = 2**62) -> list[Entry]:
    """Return the newest entries, the newest first; `before` leads to older ones."""
    return [Entry(*row) for row in tx.rows(BACKWARDS, {"before": before, "most": most})]


def verify(tx: Transaction, anchor: Head | None = None) -> Verdict:
    """Compute the whole chain anew.

    `anchor` is a head that somebody kept elsewhere: it shows when the end was cut off, or all of it
    was written anew.
    """
    number, before = 0, BEGINNING
    for entry in _all(tx):
        expected = tx.keys.audit_hash(before, _canonical(_row(entry)))
        is_next = entry.id == number + 1
        is_anchored = anchor is None or entry.id != anchor.number or entry.hash == anchor.hash
        if not (is_next and is_anchored and hmac.compare_digest(entry.hash, expected)):
            return Verdict(Head(number, before), number + 1)
        number, before = entry.id, entry.hash
    is_cut = anchor is not None and anchor.number > number
    return Verdict(Head(number, before), number + 1 if is_cut else None)


def _all(tx: Transaction) -> Iterator[Entry]:
    after = -1
    while rows := tx.rows(FORWARDS, {"after": after, "most": CHUNK}):
        yield from (Entry(*row) for row in rows)
        after = rows[-1].id


def _row(entry: Entry) -> dict[str, Any]:
    names: Sequence[str] = ("id", "at", "actor", "act", "object", "detail")
    return {name: getattr(entry, name) for name in names}


def _canonical(entry: dict[str, Any]) -> bytes:
    """Write an entry as the hash sees it: the same bytes on both databases."""
    at = entry["at"].astimezone(dt.UTC).isoformat(timespec="milliseconds")
    return orjson.dumps([*{**entry, "at": at}.values()])
