"""The state of an interview between two turns, and what can happen in one. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Interview:
    """The state between two turns; plain data, so that it can be stored after each.

    `position` is the path of the open question, or SUMMARY. `turn` counts changes: a button of an
    earlier turn is stale. `draft` holds the ticks of a select_multiple until Done. `proposed` are
    paths whose value the form has set and nobody has confirmed. `view` is how far somebody has come
    within the open question (a page, a search, a month); the engine only forgets it. `closed` are
    the repeats of which nobody wants one more; `reviewed` says that the summary was seen.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    position: str = SUMMARY
    turn: int = 0
    skipped: frozenset[str] = frozenset()
    draft: tuple[str, ...] = ()
    tries: int = 0
    submitted: bool = False
    proposed: frozenset[str] = frozenset()
    view: tuple[str, ...] = ()
    closed: frozenset[str] = frozenset()
    reviewed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the state as JSON data."""
        return {
            "values": dict(self.values),
            "position": self.position,
            "turn": self.turn,
            "skipped": sorted(self.skipped),
            "draft": list(self.draft),
            "tries": self.tries,
            "submitted": self.submitted,
            "proposed": sorted(self.proposed),
            "view": list(self.view),
            "closed": sorted(self.closed),
            "reviewed": self.reviewed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Interview":
        """Return the state that as_dict wrote."""
        return cls(
            **{
                **data,
                "skipped": frozenset(data["skipped"]),
                "draft": tuple(data["draft"]),
                "proposed": frozenset(data.get("proposed", ())),
                "view": tuple(data.get("view", ())),
                "closed": frozenset(data.get("closed", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A value was given, changed or taken back (blank).

    `place` is the code of a place that was chosen by its name; the value says only about where.
    What `is_kept` was left as it stood, with all that is known beside it; so was what stood at the
    path `moved_from`, in an instance that moved up.
    """

    path: str
    value: str
    place: str = ""
    is_kept: bool = False
    moved_from: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is open."""

    path: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """An answer can't stand: 'required' or 'constraint'."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cleared:
    """An answer that isn't offered any more is blank, and is asked again."""

    path: str


@dataclass(frozen=True, slots=True)
class Added:
    """An instance of a repeat is there."""

    path: str


@dataclass(frozen=True, slots=True)
class Removed:
    """An instance of a repeat is gone, with its answers."""

    path: str


@dataclass(frozen=True, slots=True)
class Summarised:
    """Everything is answered or skipped; only Submit is left."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The respondent confirmed the whole."""


Event = Answered | Asked | Rejected | Cleared | Added | Removed | Summarised | Submitted


@dataclass(frozen=True, slots=True)
class Turn:
    """What one step led to: the new state, and what happened."""

    interview: Interview
    events: tuple[Event, ...]
