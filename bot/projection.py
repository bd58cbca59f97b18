"""An update cut down to what the conversation needs, in Telegram's own shape. Pure.

An allow-list: nothing of a person's profile passes, and `Update.de_json` still reads the rest.
Of a file only its id, type and size pass; of a place nothing, but by `place`.
"""

from collections.abc import Mapping
from typing import Any

CONTENTS = (
    "photo", "sticker", "video", "video_note", "animation", "audio", "document", "contact",
    "location", "venue", "poll", "dice", "story", "game",
)  # fmt: skip
# Of a file: what Telegram calls it, its type and size; its name and what it shows are left out.
FILE = ("file_id", "file_unique_id", "mime_type", "file_size")
FILES = {
    "voice": (*FILE, "duration"),
    "audio": (*FILE, "duration"),
    "video": (*FILE, "duration", "width", "height"),
    "video_note": (*FILE, "duration", "length"),
    "document": FILE,
}
PHOTO = ("file_id", "file_unique_id", "file_size", "width", "height")
# Of a file of ours whose button was tapped it only matters that it is one.
SOME_FILES: dict[str, Any] = {
    "photo": [{"file_id": "", "file_unique_id": "", "width": 0, "height": 0}],
    "audio": {"file_id": "", "file_unique_id": "", "duration": 0},
    "voice": {"file_id": "", "file_unique_id": "", "duration": 0},
}
PLACE = ("latitude", "longitude", "horizontal_accuracy")
PRIVATE = "private"


class NotOurs(Exception):
    """The update isn't from a person in a private chat; there is nothing to do."""


def project(update: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of an update.

    Raises NotOurs for what isn't a person's private chat, and KeyError or TypeError for an
    update that can't be read.
    """
    kept: dict[str, Any] = {"update_id": int(update["update_id"])}
    if "message" in update:
        kept["message"] = _message(update["message"])
    elif "callback_query" in update:
        kept["callback_query"] = _callback(update["callback_query"])
    elif "my_chat_member" in update:
        kept["my_chat_member"] = _membership(update["my_chat_member"])
    elif "edited_message" in update:
        kept["edited_message"] = _message(update["edited_message"])
    else:
        raise NotOurs
    return kept


def place(update: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return where a message is from, to be added where a place is asked, and only there."""
    found = update.get("message", {}).get("location")
    if not isinstance(found, Mapping):
        return None
    kept = {name: found[name] for name in PLACE if isinstance(found.get(name), int | float)}
    return kept if {"latitude", "longitude"} <= kept.keys() else None


def sender_id(projected: Mapping[str, Any]) -> int:
    """Return the Telegram id of the person behind a projected update."""
    event = next(value for name, value in projected.items() if name != "update_id")
    return int(event["from"]["id"])


def _user(user: Mapping[str, Any]) -> dict[str, Any]:
    if user.get("is_bot"):
        raise NotOurs
    return {"id": int(user["id"]), "is_bot": False, "first_name": ""}


def _chat(chat: Mapping[str, Any]) -> dict[str, Any]:
    if chat["type"] != PRIVATE:
        raise NotOurs
    return {"id": int(chat["id"]), "type": PRIVATE, "first_name": ""}


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "message_id": int(message["message_id"]),
        "date": int(message["date"]),
        "chat": _chat(message["chat"]),
        "from": _user(message["from"]),
    }
    if kept["from"]["id"] != kept["chat"]["id"]:
        raise NotOurs
    if "text" in message:
        kept["text"] = str(message["text"])
    if "forward_origin" in message:
        # Not from whom: only that the words are another's.
        kept["forwarded"] = True
    for kind, names in FILES.items():
        if kind in message:
            kept[kind] = {name: message[kind].get(name) for name in names}
    if message.get("photo"):
        # Telegram sends a photo in several sizes; the last is the largest.
        kept["photo"] = [{name: message["photo"][-1].get(name) for name in PHOTO}]
    content = next((name for name in CONTENTS if name in message), None)
    return {**kept, "content": content} if content else kept


def _callback(query: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        "id": str(query["id"]),
        "from": _user(query["from"]),
        "chat_instance": "",
        "data": str(query.get("data", "")),
    }
    if "message" in query:
        # An old message may come without its content and with date 0; only its id is needed.
        message = query["message"]
        file = {kind: some for kind, some in SOME_FILES.items() if message.get(kind)}
        kept["message"] = {
            "message_id": int(message["message_id"]),
            "date": int(message.get("date", 0)),
            "chat": _chat(message["chat"]),
            **file,
        }
    return kept


def _membership(change: Mapping[str, Any]) -> dict[str, Any]:
    person = _user(change["from"])
    return {
        "chat": _chat(change["chat"]),
        "from": person,
        "date": int(change["date"]),
        "old_chat_member": _member(change["old_chat_member"], person),
        "new_chat_member": _member(change["new_chat_member"], person),
    }


def _member(member: Mapping[str, Any], person: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"status": str(member["status"]), "user": dict(person)}
    return {**kept, "until_date": 0} if kept["status"] == "kicked" else kept
