"""Free text, typed or spoken; and the code under a barcode."""

from handlers.kinds import files
from handlers.kinds.kind import Kind, Taken, typed
from handlers.opened import Opened
from storage import media
from surveys.reading import Unread


def take(opened: Opened) -> Taken:
    """Read a text, or want a voice note."""
    message = opened.visit.message
    if message and message.voice and opened.stored.is_ballot:
        return Unread("voice_secret")
    if message and message.voice:
        voice = files.sent(opened)
        assert voice is not None
        return files.want(opened, voice) if voice.size <= files.LARGEST else Unread("too_large")
    return typed(opened) if message and message.text else Unread("not_text")


def written(opened: Opened, value: str) -> str:
    """Show a text, or that it was spoken."""
    return opened.say("voice_message") if media.is_voice(value) else value


TEXT = Kind(take=take, show=written)
BARCODE = Kind(lines=lambda opened: opened.say("how_to.barcode"))
