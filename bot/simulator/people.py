"""What simulated people do: write, speak, tap, send things, block. Each becomes an update."""

import secrets
from typing import Any

from bot.simulator.world import TAP_SECONDS, Chat, World

# A second of silence: an Ogg page is enough for a file that is fetched and stored.
VOICE = b"OggS" + bytes(2000)
ODD_THINGS: dict[str, Any] = {
    "sticker": {"file_id": "S", "file_unique_id": "S", "width": 1, "height": 1},
    "photo": [{"file_id": "P", "file_unique_id": "P", "width": 1, "height": 1}],
    "location": {"latitude": 13.36, "longitude": 103.86},
    "contact": {"phone_number": "+85512345678", "first_name": "Secret"},
}


def write(world: World, chat: Chat, text: str) -> dict[str, Any]:
    """Send a text."""
    return _send(world, chat, text=text)


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
    """Send something that isn't text: a sticker, photo, location or contact."""
    return _send(world, chat, **{kind: ODD_THINGS[kind]})


def _send(world: World, chat: Chat, **content: Any) -> dict[str, Any]:
    chat.started, chat.blocked = True, False
    message = world.new_message(chat, from_bot=False, **content)
    return world.push(message=message)


def tap(world: World, chat: Chat, message_id: int, data: str) -> dict[str, Any]:
    """Tap a button, or anything that claims to be one."""
    message = chat.message(message_id) or {
        "message_id": message_id,
        "date": 0,
        "chat": {"id": chat.person_id, "type": "private"},
    }
    query_id = secrets.token_hex(8)
    world.queries[query_id] = (chat.person_id, world.clock() + TAP_SECONDS)
    sender = {"id": chat.person_id, "is_bot": False, "first_name": chat.name}
    query = {
        "id": query_id,
        "from": sender,
        "message": message,
        "chat_instance": "1",
        "data": data,
    }
    return world.push(TAP_SECONDS, callback_query=query)


def block(world: World, chat: Chat, *, blocked: bool) -> dict[str, Any]:
    """Block the bot, or unblock it."""
    chat.blocked = blocked
    was, now = ("member", "kicked") if blocked else ("kicked", "member")
    sender = {"id": chat.person_id, "is_bot": False, "first_name": chat.name}
    bot = {"id": 424242, "is_bot": True, "first_name": "Samleng"}
    return world.push(
        my_chat_member={
            "chat": {"id": chat.person_id, "type": "private"},
            "from": sender,
            "date": int(world.clock()),
            "old_chat_member": _member(bot, was),
            "new_chat_member": _member(bot, now),
        }
    )


def _member(bot: dict[str, Any], status: str) -> dict[str, Any]:
    return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}
