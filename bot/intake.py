"""Long polling that commits before it acknowledges.

python-telegram-bot's own updater moves the offset before anything is handled, and loses what it
holds when the process dies. Here the next getUpdates, which is the acknowledgement, goes out only
when the batch before is on disk.
"""

import asyncio
import logging
from typing import Any

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.sender import Sender
from bot.transport import seconds_to_wait
from bot.worker import Worker
from storage.errors import StoreAway

logger = logging.getLogger(__name__)

KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 25
BATCH = 100
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Intake:
    """Fetches updates for the worker, for as long as the process lives."""

    def __init__(self, bot: Bot, worker: Worker, sender: Sender) -> None:
        self.bot = bot
        self.worker = worker
        self.sender = sender
        # Numbers restart at random after a quiet week, so no offset is ever kept over a start.
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll for ever; after a failure wait a little longer each time.

        A webhook that was set before is taken away: Telegram would refuse every poll.
        """
        pause, posts, self._offset = FIRST_PAUSE, True, None
        while True:
            try:
                if posts:
                    posts = not await self.bot.delete_webhook()
                await self.poll_once()
                pause = FIRST_PAUSE
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(seconds_to_wait(error))
            except Conflict:
                logger.warning("another process polls with this token")
                await asyncio.sleep(pause)
            except (TelegramError, StoreAway) as error:
                away = "database away" if isinstance(error, StoreAway) else "telegram unreachable"
                extra = {"error": type(error).__name__, "seconds": pause}
                logger.warning(away, extra=extra)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def poll_once(self) -> None:
        """Fetch a batch, store and handle it, and only then move the offset."""
        updates = await self._fetch()
        await self.worker.polled()
        if not updates:
            return
        await self.worker.take(updates)
        self.sender.wake()
        self._offset = max(map(_number, updates)) + 1

    async def _fetch(self) -> list[dict[str, Any]]:
        arguments: dict[str, Any] = {
            "timeout": POLL_SECONDS,
            "limit": BATCH,
            "allowed_updates": KINDS,
        }
        if self._offset is not None:
            arguments["offset"] = self._offset
        result: list[dict[str, Any]] = await self.bot.do_api_request(
            "getUpdates", api_kwargs=arguments, read_timeout=POLL_SECONDS + 10
        )
        return result


def _number(update: Any) -> int:
    """Return the id of an update; 0 for one so broken that it has none."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    return update_id if isinstance(update_id, int) else 0
