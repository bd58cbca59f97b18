"""What comes with a question beside its words: sounds, pictures, the pictures of its choices.

A question costs one call, and one more for files at most. So one picture, or the question's sound,
is its own message, with the words as a caption, where they are short enough; above it stands one
album, of pictures or of sounds, or one voice note. The sounds that have no room are played by a
tap. Pure.
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
FEWEST_IN_ALBUM, MOST_IN_ALBUM = 2, 10
# So many choices are heard unasked; more only by a tap.
FEW = 5
# How the message of the open question is remembered: a file with a caption, or a text.
PHOTO, TEXT = "photo", "text"


@dataclass(frozen=True, slots=True)
class Shown:
    """A file that is shown or played, and what is written with it."""

    kind: str
    name: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The files of one question, as it stands before one person; `at` tells it from others.

    `sounds` are those of the notes before it and its own; `choices` those of the choices, where
    they are heard unasked.
    """

    version_id: int = 0
    at: str = ""
    sounds: tuple[Shown, ...] = ()
    pictures: tuple[Shown, ...] = ()
    choices: tuple[Shown, ...] = ()

    def on(self, text: str) -> Attached | None:
        """Return the file that a text is the caption of; None where it stays a text."""
        carrier = self._carrier(text)
        return attached(self.version_id, carrier) if carrier else None

    def above(self, text: str) -> tuple[Shown, ...]:
        """Return what is sent before the text: all pictures, or the sounds that one call takes."""
        carrier = self._carrier(text)
        pictures = self.pictures[1:] if carrier and _is_picture(carrier) else self.pictures
        if pictures:
            return pictures
        own = self.sounds[:-1] if carrier and not _is_picture(carrier) else self.sounds
        return _last_call((*own, *self.choices))

    def left_out(self, text: str) -> tuple[Shown, ...]:
        """Return the sounds that are only played by a tap, so that a question costs few calls."""
        carrier, above = self._carrier(text), self.above(text)
        return tuple(sound for sound in self.sounds if sound not in (carrier, *above))

    def mark(self, text: str) -> tuple[str, ...]:
        """Return by what the message is known again: nothing where it is a text alone.

        Messages with the same mark can be edited into each other, and nothing above them misleads.
        """
        on, above = self.on(text), self.above(text)
        if not (on or above):
            return ()
        names = [part for file in above for part in (file.name, file.caption)]
        kind, name = (on.kind, on.name) if on else (TEXT, "")
        return (kind, name, self.at if above else "", *names)

    def _carrier(self, text: str) -> Shown | None:
        """Return a picture that is alone, or doesn't fit the album; or else the last sound."""
        if utf16_length(text) > LONGEST_CAPTION:
            return None
        if len(self.pictures) % MOST_IN_ALBUM == 1:
            return self.pictures[0]
        return self.sounds[-1] if self.sounds and not self.choices else None


NOTHING = Enclosed()


def attached(version_id: int, file: Shown) -> Attached:
    """Return a form's file as a call carries it."""
    return Attached(_kind(file), version_id, file.name)


def is_caption(mark: tuple[str, ...]) -> bool:
    """Tell by its mark whether a message's words are a file's caption."""
    return mark[:1] not in ((), (TEXT,))


def enclosed(opened: Opened) -> Enclosed:
    """Return the files of a question: those of the notes before it, its own, its choices'."""
    if not opened.form.attached:
        return NOTHING
    question = opened.question
    asked = [*opened.instance.notes_before(question.path), question]
    sounds = [opened.sound(part.label, part.name) for part in asked]
    pictures = [opened.file(part.label, IMAGE) for part in asked]
    own = tuple(Shown(AUDIO, name) for name in sounds if name)
    shown = (
        *(Shown(IMAGE, name) for name in pictures if name),
        *_of_choices(opened, IMAGE, lambda choice: opened.file(choice.label, IMAGE)),
    )
    choices = _heard_unasked(opened, own) if len(shown) < FEWEST_IN_ALBUM else ()
    return Enclosed(opened.stored.form_version_id, question.path, own, shown, choices)


def choices_spoken(opened: Opened) -> tuple[Shown, ...]:
    """Return the sounds of the choices that are shown."""
    return tuple(_of_choices(opened, AUDIO, opened.spoken_choice))


def _heard_unasked(opened: Opened, own: tuple[Shown, ...]) -> tuple[Shown, ...]:
    """Return the sounds of few choices for somebody who listens, if one call takes them all."""
    if not opened.visit.person.listens or len(opened.choices) > FEW:
        return ()
    choices = choices_spoken(opened)
    return choices if len(list(_calls((*own, *choices)))) == 1 else ()


def _of_choices(opened: Opened, kind: str, name_of: Callable[[Choice], str]) -> Iterator[Shown]:
    """Yield the files of the choices that are shown, numbered as they are."""
    if not (opened.has_files and (opened.question.choices or opened.question.itemset)):
        return
    offered: Sequence[Choice] = opened.choices
    for item in lists.shown(opened):
        if name := name_of(offered[item.at]):
            yield Shown(kind, name, f"{opened.number(item.at + 1)}. {item.label}")


def calls(version_id: int, files: Sequence[Shown]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the calls that send files in their order, as few as Telegram's albums allow."""
    for alike in _calls(files):
        yield _call(version_id, alike)


def _calls(files: Sequence[Shown]) -> Iterator[list[Shown]]:
    """Yield the files of each call."""
    for kind, same in groupby(files, key=_kind):
        alike = list(same)
        most = 1 if kind == "voice" else MOST_IN_ALBUM
        for first in range(0, len(alike), most):
            yield alike[first : first + most]


def _last_call(files: Sequence[Shown]) -> tuple[Shown, ...]:
    *_, last = [(), *map(tuple, _calls(files))]
    return last


def _is_picture(file: Shown) -> bool:
    return file.kind == IMAGE


def _kind(file: Shown) -> str:
    """Return what Telegram takes a file for."""
    if _is_picture(file):
        return PHOTO
    return "voice" if ending(file.name) in VOICES else "audio"


def _call(version_id: int, files: Sequence[Shown]) -> tuple[str, dict[str, Any]]:
    named = [(attached(version_id, file).named, _caption(file)) for file in files]
    kind = _kind(files[0])
    if len(named) > 1:
        items = [{"type": kind, "media": media, **caption} for media, caption in named]
        return "sendMediaGroup", {"media": items}
    media, caption = named[0]
    return f"send{kind.title()}", {kind: media, **caption}


def _caption(file: Shown) -> dict[str, str]:
    return {"caption": file.caption} if file.caption else {}
