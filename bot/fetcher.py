"""Files that people sent: getFile → an encrypted file, which goes when it may."""

import asyncio
import logging
import os
from contextlib import suppress
from pathlib import Path

from telegram import Bot
from telegram.error import TelegramError

from storage import media
from storage.media import Wanted
from storage.store import Store

logger = logging.getLogger(__name__)

IDLE_SECONDS = 2.0


class Fetcher:
    """Fetches what is still at Telegram, one file after the other."""

    def __init__(self, bot: Bot, store: Store, folder: Path) -> None:
        self.bot = bot
        self.store = store
        self.folder = folder
        self.pause = IDLE_SECONDS

    async def run(self) -> None:
        """Fetch and erase for ever."""
        while True:
            await self.erase()
            wanted = await self.store.persist(media.wanted)
            for file in wanted:
                await self.fetch(file)
            if not wanted:
                await asyncio.sleep(self.pause)

    async def fetch(self, wanted: Wanted) -> None:
        """Fetch one file and encrypt it; after five failures it is given up and counted lost."""
        try:
            at_telegram = await self.bot.get_file(wanted.file_id)
            content = bytes(await at_telegram.download_as_bytearray())
        except TelegramError as error:
            extra = {"media_id": wanted.id, "error": type(error).__name__}
            logger.warning("file not fetched", extra=extra)
            await self.store.persist(media.failed, wanted.id)
            await asyncio.sleep(self.pause)
            return
        self._write(wanted.id, content)
        await self.store.persist(media.stored, wanted.id)

    async def erase(self) -> None:
        """Remove the files that shall go; each row says so before and after."""
        for media_id in await self.store.persist(media.erasing):
            (self.folder / media_id).unlink(missing_ok=True)
            await self.store.persist(media.erased, media_id)

    def _write(self, media_id: str, content: bytes) -> None:
        """Write a file that is whole or not there; its name is ours, never the sender's."""
        part = self.folder / f"{media_id}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(self.store.keys.seal_media(content, media_id))
            file.flush()
            os.fsync(file.fileno())
        part.rename(self.folder / media_id)


def sweep(folder: Path, known: frozenset[str]) -> int:
    """Remove files that no row names any more; return how many."""
    orphans = [path for path in folder.iterdir() if path.stem not in known]
    for path in orphans:
        with suppress(FileNotFoundError):
            path.unlink()
    return len(orphans)
