"""Files in a bot's calls: uploaded, or named by the id of an earlier one; alone or as an album."""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.simulator import rules
from bot.simulator.rules import bad_request
from bot.simulator.world import World

Files = Mapping[str, tuple[str, bytes]]
KINDS = {"document", "photo", "audio", "voice"}
IN_ALBUMS = {"photo", "audio"}
LEAST_IN_ALBUM, MOST_IN_ALBUM = 2, 10
# What Telegram can make a photo of, by its first bytes.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")
# Another sound, sent as such, becomes a document.
SOUNDS = (".mp3", ".m4a")


def content(world: World, kind: str, value: Any, files: Files) -> dict[str, Any]:
    """Return what a message holds of a file: sent beside the call, or by the id of an old one."""
    name = str(value or "")
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if name.startswith("attach://"):
        name = name.removeprefix("attach://")
        if name not in files:
            raise bad_request(f"attached file {name} isn't in the request")
    if name in files:
        return _uploaded(world, kind, *files[name])
    if name not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    known = world.kinds.get(name, kind)
    if known != kind:
        raise bad_request(f"can't use file of type {known.title()} as {kind.title()}")
    return _shape(kind, name, *world.files[name])


def album(world: World, parameters: Mapping[str, Any], files: Files) -> list[dict[str, Any]]:
    """Return what the messages of an album hold: photos only, or sounds only."""
    items = rules.array(parameters, "media")
    if not all(isinstance(item, dict) for item in items):
        raise bad_request("can't parse InputMedia: expected an Object")
    if not LEAST_IN_ALBUM <= len(items) <= MOST_IN_ALBUM:
        raise bad_request("wrong number of messages to send as an album")
    kinds = {str(item.get("type")) for item in items}
    if not kinds <= IN_ALBUMS or len(kinds) > 1:
        raise bad_request("can't use the media of the specified type in the album")
    captions = [rules.caption(item) for item in items]
    contents = [content(world, item["type"], item.get("media"), files) for item in items]
    return [
        {**held, "caption": caption} if caption else held
        for held, caption in zip(contents, captions, strict=True)
    ]


def _uploaded(world: World, kind: str, name: str, data: bytes) -> dict[str, Any]:
    rules.file_size(kind, len(data))
    if kind == "photo" and not data.startswith(PICTURES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    if kind == "audio" and not name.lower().endswith(SOUNDS):
        kind = "document"
    file_id = world.add_file(name, data)
    world.kinds[file_id] = kind
    return _shape(kind, file_id, name, data)


def _shape(kind: str, file_id: str, name: str, data: bytes) -> dict[str, Any]:
    file = {
        "file_id": file_id,
        "file_unique_id": secrets.token_hex(4),
        "file_size": len(data),
    }
    if kind == "photo":
        return {kind: [{**file, "width": 1, "height": 1}]}
    if kind == "document":
        return {kind: {**file, "file_name": name}}
    return {kind: {**file, "duration": 1, **({"file_name": name} if kind == "audio" else {})}}
