"""Free text, typed or spoken; and the code under a barcode."""

from handlers.kinds.kind import Kind, Taken, typed
from handlers.opened import Opened
from storage import media
from surveys.reading import Unread

LARGEST_VOICE = 20 * 1024 * 1024


def take(opened: Opened) -> Taken:
    """Read a text, or want a voice note."""
    message = opened.visit.message
    if message and message.voice:
        return _voice(opened)
    return typed(opened) if message and message.text else Unread("not_text")


def _voice(opened: Opened) -> Taken:
    message = opened.visit.message
    assert message is not None
    assert message.voice is not None
    voice = message.voice
    if (voice.file_size or 0) > LARGEST_VOICE:
        return Unread("too_large")
    return media.want(
        opened.visit.tx,
        opened.stored.id,
        opened.question.path,
        voice.file_id,
        voice.mime_type or "audio/ogg",
        voice.file_size or 0,
    )


def written(opened: Opened, value: str) -> str:
    """Show a text, or that it was spoken."""
    return opened.say("voice_message") if media.is_voice(value) else value


TEXT = Kind(take=take, show=written)
BARCODE = Kind(lines=lambda opened: opened.say("how_to.barcode"))
