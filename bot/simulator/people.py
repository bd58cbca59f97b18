"""What simulated people do: write, speak, tap, send things, block. Each becomes an update."""

import mimetypes
import re
import secrets
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.simulator.world import TAP_SECONDS, Chat, World, bot_user, user

# A second of silence: an Ogg page is enough for a file that is fetched and stored.
VOICE = b"OggS" + bytes(2000)
CONTENT = bytes(3000)
SMALL, LARGE = {"width": 90, "height": 60}, {"width": 1280, "height": 853}
# What Telegram's apps send as music, though it is sent as a file.
SOUNDS = ("audio/mpeg", "audio/mp4")
COMMAND = re.compile(r"/[A-Za-z0-9_]+")
PLACE = {"latitude": 13.3671, "longitude": 103.8448}


def _file(world: World, name: str, mime: str, **more: Any) -> dict[str, Any]:
    """Return a file as Telegram names it in a message; one with a name of its own keeps it."""
    return {
        "file_id": world.add_file(name, CONTENT),
        "file_unique_id": secrets.token_hex(4),
        "mime_type": mime,
        "file_size": len(CONTENT),
        **more,
    }


def _photo(world: World) -> dict[str, Any]:
    sizes = [_file(world, "photo.jpg", "", **size) for size in (SMALL, LARGE)]
    for size in sizes:
        del size["mime_type"]
    return {"photo": sizes, "caption": "Secret caption"}


THINGS: dict[str, Callable[[World], dict[str, Any]]] = {
    "sticker": lambda _: {
        "sticker": {"file_id": "S", "file_unique_id": "S", "width": 1, "height": 1}
    },
    "photo": _photo,
    "video": lambda w: {"video": _file(w, "film.mp4", "video/mp4", duration=5, **LARGE)},
    "audio": lambda w: {
        "audio": _file(w, "song.mp3", "audio/mpeg", duration=9, title="Secret title")
    },
    "document": lambda w: {
        "document": _file(w, "Secret name.pdf", "application/pdf", file_name="Secret name.pdf")
    },
    "program": lambda w: {
        "document": _file(w, "x.apk", "application/vnd.android.package-archive", file_name="x.apk")
    },
    "location": lambda _: {"location": PLACE},
    "venue": lambda _: {
        "location": PLACE,
        "venue": {"location": PLACE, "title": "Secret place", "address": "Secret road"},
    },
    "contact": lambda _: {"contact": {"phone_number": "+85512345678", "first_name": "Secret"}},
}


def write(world: World, chat: Chat, text: str) -> dict[str, Any]:
    """Send a text; a command in front is marked, as Telegram's server does."""
    command = COMMAND.match(text)
    if command is None:
        return _send(world, chat, text=text)
    mark = {"type": "bot_command", "offset": 0, "length": command.end()}
    return _send(world, chat, text=text, entities=[mark])


def speak(world: World, chat: Chat) -> dict[str, Any]:
    """Send a voice note."""
    voice = {
        "file_id": world.add_file("voice.ogg", VOICE),
        "file_unique_id": secrets.token_hex(4),
        "duration": 3,
        "mime_type": "audio/ogg",
        "file_size": len(VOICE),
    }
    return _send(world, chat, voice=voice)


def send_thing(world: World, chat: Chat, kind: str) -> dict[str, Any]:
    """Send something that isn't text."""
    return _send(world, chat, **THINGS[kind](world))


def send_file(world: World, chat: Chat, name: str, content: bytes) -> dict[str, Any]:
    """Send a file of one's own, as a file: a sound stays a sound, all else is a document."""
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = {
        "file_id": world.add_file(name, content),
        "file_unique_id": secrets.token_hex(4),
        "file_name": name,
        "mime_type": mime,
        "file_size": len(content),
    }
    if mime in SOUNDS:
        return _send(world, chat, audio={**file, "duration": 1})
    return _send(world, chat, document=file)


def _send(world: World, chat: Chat, **content: Any) -> dict[str, Any]:
    """Send a message; who blocked the bot must unblock it before, and the bot learns that first."""
    block(world, chat, blocked=False)
    chat.started = True
    message = world.new_message(chat, from_bot=False, **content)
    return world.happen("message", message)


def tap(world: World, chat: Chat, message_id: int, data: str) -> dict[str, Any]:
    """Tap a button, or anything that claims to be one."""
    message = chat.message(message_id) or {
        "message_id": message_id,
        "date": 0,
        "chat": {"id": chat.person_id, "type": "private"},
    }
    query_id = secrets.token_hex(8)
    world.queries[query_id] = (chat.person_id, world.clock() + TAP_SECONDS)
    query = {
        "id": query_id,
        "from": user(chat),
        # As it was when it was tapped, whatever becomes of it.
        "message": dict(message),
        "chat_instance": "1",
        "data": data,
    }
    return world.happen("callback_query", query, TAP_SECONDS)


def block(world: World, chat: Chat, *, blocked: bool) -> dict[str, Any]:
    """Block the bot, or unblock it; nothing happens where it is so already."""
    if chat.blocked == blocked:
        return {}
    chat.blocked = blocked
    chat.touch()
    was, now = ("member", "kicked") if blocked else ("kicked", "member")
    change = {
        "chat": {"id": chat.person_id, "type": "private", "first_name": chat.name},
        "from": user(chat),
        "date": int(world.clock()),
        "old_chat_member": _member(was),
        "new_chat_member": _member(now),
    }
    return world.happen("my_chat_member", change)


def _member(status: str) -> dict[str, Any]:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": bot_user(), "status": status, **until}


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person can do, and the fields it needs."""

    do: Callable[[World, Chat, dict[str, Any]], dict[str, Any]]
    needs: dict[str, type]


ACTS = {
    "write": Act(lambda world, chat, body: write(world, chat, body["text"]), {"text": str}),
    "speak": Act(lambda world, chat, _: speak(world, chat), {}),
    "thing": Act(lambda world, chat, body: send_thing(world, chat, body["kind"]), {"kind": str}),
    "file": Act(
        lambda world, chat, body: send_file(
            world, chat, body["name"], b64decode(body["content"], validate=True)
        ),
        {"name": str, "content": str},
    ),
    "tap": Act(
        lambda world, chat, body: tap(world, chat, body["message_id"], body["data"]),
        {"message_id": int, "data": str},
    ),
    "block": Act(
        lambda world, chat, body: block(world, chat, blocked=body["blocked"]), {"blocked": bool}
    ),
}
