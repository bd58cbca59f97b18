"""A text that a button asked for: its purpose waits beside the person until they type or do else.

A purpose is a word and what it is about, such as `place:3`. WANTED says who takes it.
"""

from collections.abc import Callable

from handlers import commitments, dialogues
from handlers.visit import Visit
from storage import awaited
from surveys.respondent import may

# What texts are for, and who may say so.
WANTED: dict[str, tuple[str, Callable[[Visit, str, str], None]]] = {
    "new": ("dialogues", dialogues.typed),
    **dict.fromkeys(dialogues.TYPED, ("dialogues", dialogues.typed)),
    "reason": ("report", commitments.reason_typed),
}


def is_awaited(visit: Visit) -> bool:
    """Tell whether what this person types was asked for by a button."""
    if not visit.typed or not _can(visit):
        return False
    return awaited.purpose(visit.tx, visit.owner.id) is not None


def typed(visit: Visit) -> None:
    """Take the text for what it was asked for; where they may no longer, nothing happens."""
    purpose = awaited.purpose(visit.tx, visit.owner.id) or ""
    awaited.stop(visit.tx, visit.owner.id)
    name, _, about = purpose.partition(":")
    act, take = WANTED[name]
    if may(visit.owner.role, act):
        take(visit, name, about)


def give_up(visit: Visit) -> None:
    """Wait no more, where the person did something else: a tap, a command, another message."""
    is_text = bool(visit.typed) and not visit.typed.startswith("/")
    if _can(visit) and not is_text:
        awaited.stop(visit.tx, visit.owner.id)


def _can(visit: Visit) -> bool:
    acts = {act for act, _ in WANTED.values()}
    return not visit.is_guest and any(may(visit.owner.role, act) for act in acts)
