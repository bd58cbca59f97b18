"""What it takes to ask a kind of question in a chat, and what a step within one can lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from handlers.opened import Opened
from handlers.visit import Keyboard
from surveys import reading
from surveys.interview import Turn
from surveys.reading import Read, Unread


@dataclass(frozen=True, slots=True)
class Look:
    """The question stays open and is seen in another way: another page, another tick."""

    view: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    notice: str = ""


Taken = Read | Look
Act = Callable[..., Turn | Look]


def nothing(_: Opened) -> str:
    """Say nothing more under the label."""
    return ""


def no_buttons(_: Opened) -> Keyboard:
    """Have no buttons of its own."""
    return []


def typed(opened: Opened) -> Taken:
    """Read what was typed; whatever else was sent isn't taken here."""
    message = opened.visit.message
    if not (message and message.text):
        return Unread("tap_or_type")
    return reading.read(opened.question, message.text, opened.instance)


def as_stored(_: Opened, value: str) -> str:
    """Show a value as it is stored."""
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of question is asked.

    `lines` stand under the label, `buttons` answer it, `take` reads what is written or sent, `show`
    writes a stored value as people read it, `acts` are what its buttons do.
    """

    buttons: Callable[[Opened], Keyboard] = no_buttons
    lines: Callable[[Opened], str] = nothing
    take: Callable[[Opened], Taken] = typed
    show: Callable[[Opened, str], str] = as_stored
    acts: Mapping[str, Act] = field(default_factory=dict)
