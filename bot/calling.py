"""One call of the Bot API with the files it carries: an export, a form's pictures, a voice note.

A form's file is uploaded once; from then on it is sent by the id that Telegram gave it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telegram import Bot, InputFile, InputMediaAudio, InputMediaPhoto
from telegram.error import BadRequest

from bot import qr
from bot.outcomes import FileForgotten
from storage import uploads
from storage.store import Store
from storage.uploads import Upload

WITH_TEXT = {"sendMessage", "editMessageText"}
NO_PREVIEW = {"is_disabled": True}
# Where a call names a form's files, and where an album does.
SINGLE, ALBUM = ("photo", "audio", "voice"), "media"
# python-telegram-bot takes the items of an album only as its own objects.
ITEMS: dict[str, Any] = {"photo": InputMediaPhoto, "audio": InputMediaAudio}
# How Telegram says that an id isn't good, or not any more.
UNKNOWN_FILE = ("file identifier", "file_id", "can't use file of type", "file reference")
# How it says that somebody lets nobody send them voice messages.
NO_VOICES = "voice_messages_forbidden"
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Carried:
    """A form's file in a call: which field holds it, as what kind, and how it is known."""

    holder: Body
    field: str
    kind: str
    upload: Upload


class Calls:
    """Makes calls for one bot."""

    def __init__(self, bot: Bot, store: Store, bot_id: int, media: Path) -> None:
        self.bot = bot
        self.store = store
        self.bot_id = bot_id
        self.media = media

    async def make(self, method: str, body: Body, media_id: str | None = None) -> int | None:
        """Call the Bot API; return the id of the message it made or changed, if any.

        `media_id` names a voice note that somebody sent, which goes with the message.
        Of what comes back one number is wanted; python-telegram-bot would build it all as objects.
        """
        if method in WITH_TEXT:
            body["link_preview_options"] = NO_PREVIEW
        if "path" in body:
            return await self._send_export(method, body)
        if "qr" in body:
            body["photo"] = InputFile(qr.png(body.pop("qr")), filename="qr.png")
        if media_id:
            body["voice"] = await asyncio.to_thread(self._sound, media_id)
        carried = [await self._known(*place) for place in named_files(body)]
        result = await self._call(method, _filled(body, carried), carried)
        return int(result["message_id"]) if isinstance(result, dict) else None

    async def _send_export(self, method: str, body: Body) -> int | None:
        """Send a file that is gone afterwards."""
        path = Path(body.pop("path"))
        body["document"] = await asyncio.to_thread(_attachment, path)
        result = await self.bot.do_api_request(method, api_kwargs=body)
        await asyncio.to_thread(_remove, path)
        return int(result["message_id"])

    def _sound(self, media_id: str) -> InputFile:
        """Return the sound of a voice note; only here, on its way, it isn't encrypted."""
        sealed = (self.media / media_id).read_bytes()
        return InputFile(self.store.keys.unseal_media(sealed, media_id), filename="voice.ogg")

    async def _known(self, holder: Body, field: str, kind: str) -> Carried:
        named = holder[field]
        upload = await self.store.persist(
            uploads.of, self.bot_id, kind, named["form_version"], named["name"]
        )
        return Carried(holder, field, kind, upload)

    async def _call(self, method: str, body: Body, carried: list[Carried]) -> Any:
        try:
            result = await self.bot.do_api_request(method, api_kwargs=body)
        except BadRequest as error:
            if NO_VOICES in str(error).lower() and "caption" in body:
                return await self._call("sendMessage", _as_text(body), [])
            is_unknown = any(words in str(error).lower() for words in UNKNOWN_FILE)
            if not (is_unknown and any(file.upload.file_id for file in carried)):
                raise
            for file in carried:
                await self.store.persist(uploads.forget, self.bot_id, file.upload.sha256)
            raise FileForgotten(str(error)) from error
        messages = result if isinstance(result, list) else [result]
        for file, message in zip(carried, messages, strict=False):
            await self._note(file, message)
        return result

    async def _note(self, file: Carried, message: Body) -> None:
        """Keep the id of a file that was uploaded; of a photo, that of its largest size."""
        given = message.get(file.kind)
        shown = given[-1] if isinstance(given, list) and given else given
        if file.upload.file_id is None and isinstance(shown, dict):
            digest, file_id = file.upload.sha256, str(shown["file_id"])
            await self.store.persist(uploads.note, self.bot_id, digest, file.kind, file_id)


def named_files(body: Body) -> Iterator[tuple[Body, str, str]]:
    """Yield where a call names a form's files, and as what kind."""
    yield from ((body, kind, kind) for kind in SINGLE if isinstance(body.get(kind), dict))
    yield from ((item, ALBUM, item["type"]) for item in body.get(ALBUM, ()))


def _filled(body: Body, carried: list[Carried]) -> Body:
    """Return a call with the files' ids in place of their names, or with the files themselves."""
    for file in carried:
        upload = file.upload
        whole = InputFile(upload.content, filename=upload.name, attach=True)
        file.holder[file.field] = upload.file_id or whole
    album = [
        ITEMS[item["type"]](item["media"], item.get("caption")) for item in body.get(ALBUM, ())
    ]
    return {**body, ALBUM: album} if album else body


def _as_text(body: Body) -> Body:
    """Return a voice message as a text: somebody who takes no voices shall have the question."""
    kept = {name: value for name, value in body.items() if name not in {"voice", "caption"}}
    return {**kept, "text": body["caption"], "link_preview_options": NO_PREVIEW}


def _attachment(path: Path) -> InputFile:
    return InputFile(path.read_bytes(), filename=path.name)


def _remove(path: Path) -> None:
    """Remove a sent file, and its folder with the last."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()
