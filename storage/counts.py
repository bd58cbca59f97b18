"""Hands counted in a meeting: one count is a row for each choice of one question, women and men.

Until it is saved it is a draft; whoever counts has one at most. A count is a meeting's, not a
person's: it is never a response.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.keys import random_id
from storage.store import Transaction
from storage.tables import group_count

BEGIN = insert(group_count)
DRAFT = (
    select(group_count)
    .where(group_count.c.counted_by == bindparam("of"), group_count.c.counted_at.is_(None))
    .order_by(group_count.c.id)
)
CHANGE = update(group_count).where(group_count.c.id == bindparam("at"))
SAVE = update(group_count).where(group_count.c.count_id == bindparam("of"))
DISCARD = delete(group_count).where(
    group_count.c.counted_by == bindparam("of"), group_count.c.counted_at.is_(None)
)
HANDS = select(func.coalesce(func.sum(group_count.c.women + group_count.c.men), 0)).where(
    group_count.c.counted_by == bindparam("of"), group_count.c.counted_at.is_not(None)
)
CUT_LOOSE = (
    update(group_count).where(group_count.c.counted_by == bindparam("of")).values(counted_by=None)
)


@dataclass(frozen=True, slots=True)
class Line:
    """A choice, and how many women and men raised their hands; None where nobody counted yet."""

    id: int
    choice: str
    women: int | None
    men: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """One question counted in one meeting."""

    id: str
    form_version_id: int
    path: str
    lines: tuple[Line, ...]


def begin(
    tx: Transaction, by: str, form_version_id: int, path: str, choices: Sequence[str]
) -> None:
    """Begin a count; a draft of the same person is given up."""
    discard(tx, by)
    new_id = random_id()
    of = {"count_id": new_id, "form_version_id": form_version_id, "path": path}
    by_whom = {"counted_by": by, "started_at": tx.now}
    tx.change_many(BEGIN, [{**of, **by_whom, "choice": choice} for choice in choices])


def draft(tx: Transaction, by: str) -> Count | None:
    """Return what a person is counting."""
    rows = tx.rows(DRAFT, {"of": by})
    if not rows:
        return None
    lines = tuple(Line(row.id, row.choice, row.women, row.men) for row in rows)
    return Count(rows[0].count_id, rows[0].form_version_id, rows[0].path, lines)


def write(tx: Transaction, line_id: int, **numbers: int | None) -> None:
    """Write how many women or men there were; None takes a number back."""
    values: dict[str, Any] = {"at": line_id, **numbers}
    tx.change(CHANGE, values)


def save(tx: Transaction, count_id: str, province: str | None) -> None:
    """Make a draft a count that is exported, and that nobody changes any more."""
    tx.change(SAVE, {"of": count_id, "counted_at": tx.now, "province": province})


def discard(tx: Transaction, by: str) -> None:
    """Give a draft up."""
    tx.change(DISCARD, {"of": by})


def hands(tx: Transaction, by: str) -> int:
    """Return how many hands a person counted, in all they saved."""
    return int(tx.value(HANDS, {"of": by}))


def cut_loose(tx: Transaction, by: str) -> None:
    """Let nothing lead from counts to the person who made them; their draft is given up."""
    discard(tx, by)
    tx.change(CUT_LOOSE, {"of": by})
