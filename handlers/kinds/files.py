"""A picture, sound, film or document that is sent; only its id, type and size are looked at here.

What is wanted is fetched and kept encrypted; the answer is the file's name.
"""

import mimetypes
from dataclasses import dataclass

from handlers.kinds.kind import Kind, Taken
from handlers.opened import Opened
from storage import media
from surveys.reading import Unread

# More than this Telegram doesn't let a bot download.
LARGEST = 20 * 1024 * 1024
# Types that any phone makes or opens; nothing that runs.
DOCUMENTS = frozenset(
    {
        "application/pdf", "application/msword", "application/vnd.ms-excel", "text/plain",
        "text/csv", "application/vnd.ms-powerpoint", "application/zip",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)  # fmt: skip
FAMILIES = {"image": "image/", "audio": "audio/", "video": "video/"}
OTHERWISE = {"image": "image/jpeg", "audio": "audio/ogg", "video": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a message: Telegram's id for it, its type and size."""

    file_id: str
    mime: str
    size: int


def sent(opened: Opened) -> Sent | None:
    """Return the file of a message, whatever kind of message carries it."""
    message = opened.visit.message
    if message is None:
        return None
    photo = message.photo[-1] if message.photo else None
    carried = (
        (photo, "image"),
        (message.voice, "audio"),
        (message.audio, "audio"),
        (message.video, "video"),
        (message.video_note, "video"),
        (message.document, "file"),
    )
    for file, family in carried:
        if file:
            mime = getattr(file, "mime_type", None) or OTHERWISE.get(family, "")
            return Sent(file.file_id, mime, file.file_size or 0)
    return None


def is_wanted(kind: str, mime: str) -> bool:
    """Tell whether a type is one that a kind of question takes."""
    if kind == "file":
        return mime in DOCUMENTS or mime.startswith(tuple(FAMILIES.values()))
    return mime.startswith(FAMILIES[kind])


def take(opened: Opened) -> Taken:
    """Want the file that was sent, or say what is wanted instead."""
    file, kind = sent(opened), opened.question.kind
    if file is None or not is_wanted(kind, file.mime):
        return Unread(kind)
    if file.size > LARGEST:
        return Unread("too_large")
    return want(opened, file, extension(file.mime))


def want(opened: Opened, file: Sent, ending: str = "") -> str:
    """Note a file to fetch; return the value that stands for it."""
    visit, path = opened.visit, opened.question.path
    if opened.stored.is_preview:
        return media.unwanted(ending)
    return media.want(visit.tx, opened.stored.id, path, file.file_id, file.mime, file.size, ending)


def extension(mime: str) -> str:
    """Return how the name of a file of a type ends.

    >>> extension("image/jpeg"), extension("audio/ogg"), extension("video/unheard-of")
    ('jpg', 'ogg', 'bin')
    """
    known = {"image/jpeg": ".jpg", "audio/ogg": ".ogg", "audio/mp4": ".m4a"}
    return (known.get(mime) or mimetypes.guess_extension(mime) or ".bin").removeprefix(".")


def sent_file(kind: str) -> Kind:
    """Return a kind that is answered by a file."""
    return Kind(
        lines=lambda opened: opened.say("how_to." + kind),
        take=take,
        show=lambda opened, _: opened.say("sent." + kind),
    )


IMAGE, AUDIO, VIDEO, FILE = (sent_file(kind) for kind in ("image", "audio", "video", "file"))
