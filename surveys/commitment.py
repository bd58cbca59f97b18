"""A commitment: what an office promised in a dialogue, and what each side says became of it. Pure.

Each side's newest word counts. A commitment is kept where every side that spoke says so; where the
two differ it isn't, and both words are shown.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from surveys.dialogue import Side

State = Literal["open", "in_progress", "kept", "blocked"]
Reason = Literal["budget", "approval", "staff", "information", "other_office", "other"]
STATES: tuple[State, ...] = get_args(State)
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Word:
    """What a side said last, and on which day; of what is blocked also why."""

    side: Side
    state: State
    on: dt.date
    reason: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many were kept by the due day, of those whose due day passed."""

    kept: int
    due: int


def state(words: Sequence[Word]) -> State:
    """Return how a commitment stands, from each side's newest word."""
    others = sorted((word for word in words if word.state != "kept"), key=lambda word: word.on)
    if others:
        return others[-1].state
    return "kept" if words else "open"


def kept_on(words: Sequence[Word]) -> dt.date | None:
    """Return the day on which a commitment was first said to be kept; None where it isn't kept."""
    return min(word.on for word in words) if state(words) == "kept" else None


def differ(words: Sequence[Word]) -> bool:
    """Tell whether the two sides say different things."""
    return len({word.state for word in words}) > 1


def is_overdue(due: dt.date | None, words: Sequence[Word], today: dt.date) -> bool:
    """Tell whether the due day passed and the commitment isn't kept."""
    return due is not None and due < today and state(words) != "kept"


def is_kept_in_time(due: dt.date | None, words: Sequence[Word]) -> bool:
    """Tell whether a commitment was said to be kept on its due day or before."""
    day = kept_on(words)
    return due is not None and day is not None and day <= due


def share(commitments: Iterable[tuple[dt.date | None, tuple[Word, ...]]], today: dt.date) -> Share:
    """Count those kept by their due day among those whose due day passed."""
    passed = [(due, words) for due, words in commitments if due is not None and due < today]
    return Share(sum(is_kept_in_time(due, words) for due, words in passed), len(passed))
