"""What comes with a question beside its words: sounds, pictures, the pictures of its choices.

One picture stands on the question's own message, with the words as its caption, where they are
short enough; all else is sent above it. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from handlers.kinds import lists
from handlers.opened import Opened
from handlers.visit import LONGEST_CAPTION, Attached
from surveys.attachments import ending
from surveys.definition import Choice
from surveys.khmer import utf16_length

IMAGE, AUDIO = "image", "audio"
# Telegram plays these as voice notes, which it puts into no album.
VOICES = frozenset({"ogg", "oga"})
MOST_IN_ALBUM = 10
# So many choices are heard unasked; more only by a tap.
FEW = 5
# How the message of the open question is remembered: a photo with a caption, or a text.
PHOTO, TEXT = "photo", "text"


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that is shown or played, and what is written with it."""

    kind: str
    name: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The files of one question, as it stands before one person; `at` tells it from others."""

    version_id: int = 0
    at: str = ""
    sounds: tuple[Shown, ...] = ()
    pictures: tuple[Shown, ...] = ()

    def on(self, text: str) -> str:
        """Return the picture that a text is the caption of; blank where it stays a text."""
        fits = len(self.pictures) == 1 and utf16_length(text) <= LONGEST_CAPTION
        return self.pictures[0].name if fits else ""

    def picture(self, text: str) -> Attached | None:
        """Return the same as a call names it."""
        name = self.on(text)
        return attached(self.version_id, name) if name else None

    def above(self, text: str) -> tuple[Shown, ...]:
        """Return what is sent before the text."""
        return self.sounds if self.on(text) else (*self.sounds, *self.pictures)

    def mark(self, text: str) -> tuple[str, ...]:
        """Return by what the message is known again: nothing where it is a text alone.

        Messages with the same mark can be edited into each other, and nothing above them misleads.
        """
        on, above = self.on(text), self.above(text)
        if not (on or above):
            return ()
        names = [part for file in above for part in (file.name, file.caption)]
        return (PHOTO if on else TEXT, on, self.at if above else "", *names)


NOTHING = Enclosed()


def attached(version_id: int, name: str) -> Attached:
    """Return a form's file as a call names it."""
    return {"form_version": version_id, "name": name}


def enclosed(opened: Opened) -> Enclosed:
    """Return the files of a question: those of the notes before it, its own, its choices'."""
    if not opened.form.attached:
        return NOTHING
    question = opened.question
    asked = [*opened.instance.notes_before(question.path), question]
    sounds = [opened.sound(part.label, part.name) for part in asked]
    pictures = [opened.file(part.label, IMAGE) for part in asked]
    return Enclosed(
        opened.stored.form_version_id,
        question.path,
        (
            *(Shown(AUDIO, name) for name in sounds if name),
            *(choices_spoken(opened) if _plays_choices(opened) else ()),
        ),
        (
            *(Shown(IMAGE, name) for name in pictures if name),
            *_of_choices(opened, IMAGE, lambda choice: opened.file(choice.label, IMAGE)),
        ),
    )


def choices_spoken(opened: Opened) -> tuple[Shown, ...]:
    """Return the sounds of the choices that are shown."""
    return tuple(_of_choices(opened, AUDIO, opened.spoken_choice))


def _plays_choices(opened: Opened) -> bool:
    """Tell whether the choices are heard unasked: few, by somebody who listens."""
    return opened.visit.person.listens and len(opened.choices) <= FEW


def _of_choices(opened: Opened, kind: str, name_of: Callable[[Choice], str]) -> Iterator[Shown]:
    """Yield the files of the choices that are shown, numbered as they are."""
    if not (opened.question.choices or opened.question.itemset):
        return
    offered: Sequence[Choice] = opened.choices
    for item in lists.shown(opened):
        if name := name_of(offered[item.at]):
            yield Shown(kind, name, f"{opened.number(item.at + 1)}. {item.label}")


def calls(version_id: int, files: Sequence[Shown]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the calls that send files in their order, as few as Telegram's albums allow."""
    for kind, same in groupby(files, key=_kind):
        alike = list(same)
        most = 1 if kind == "voice" else MOST_IN_ALBUM
        for first in range(0, len(alike), most):
            yield _call(version_id, kind, alike[first : first + most])


def _kind(file: Shown) -> str:
    """Return what Telegram takes a file for."""
    if file.kind == IMAGE:
        return PHOTO
    return "voice" if ending(file.name) in VOICES else "audio"


def _call(version_id: int, kind: str, files: Sequence[Shown]) -> tuple[str, dict[str, Any]]:
    named = [_named(attached(version_id, file.name), file.caption) for file in files]
    if len(named) > 1:
        items = [{"type": kind, "media": media, **caption} for media, caption in named]
        return "sendMediaGroup", {"media": items}
    media, caption = named[0]
    return f"send{kind.title()}", {kind: media, **caption}


def _named(media: Attached, caption: str) -> tuple[Attached, dict[str, str]]:
    return media, {"caption": caption} if caption else {}
