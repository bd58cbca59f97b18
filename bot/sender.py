"""Outbox → Bot API, the only caller that speaks to people: paces, retries, notes the outcome."""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from telegram import Bot, LinkPreviewOptions
from telegram.error import TelegramError

from bot.outcomes import Outcome, judge
from bot.pace import Bucket, ChatPace
from bot.settings import Settings
from storage import outbox, respondents
from storage.outbox import BROADCASTS, REMINDERS, REPLIES, Promise
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
FIRST_RETRY, LONGEST_RETRY = 1.0, 60.0
UNCOUNTED = {"answerCallbackQuery"}
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends what is promised, one message at a time to each chat."""

    def __init__(self, bot: Bot, store: Store, settings: Settings) -> None:
        self.bot = bot
        self.store = store
        self._unasked = Bucket(settings.rate, 1.0, 1.0)
        self._chats = ChatPace(settings.chat_rate, settings.chat_burst)
        self._wake = asyncio.Event()
        self._stopping = False

    def stop(self) -> None:
        """Claim no more; `run` ends when the messages on the way have arrived."""
        self._stopping = True
        self.wake()

    def wake(self) -> None:
        """Look into the outbox now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped; people who are asked anything never wait for reminders."""
        uncertain = await self.store.persist(outbox.recover)
        if uncertain:
            logger.warning("outcomes uncertain after a crash", extra={"count": uncertain})
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                self._wake.clear()
                claimed = await self._claim()
                for chat in _by_chat(claimed):
                    group.create_task(self._send_in_order(chat))
                if not claimed:
                    await self._rest()

    async def _claim(self) -> list[Promise]:
        replies = await self.store.persist(outbox.claim, REPLIES)
        if replies:
            return replies
        for lane in (REMINDERS, BROADCASTS):
            if claimed := await self.store.persist(outbox.claim, lane, 1):
                return claimed
        return []

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def _send_in_order(self, promises: list[Promise]) -> None:
        """Send the messages of one chat; after one that must wait, the rest wait behind it."""
        for at, promise in enumerate(promises):
            outcome, message_id = await self._send(promise)
            stopped = outcome.fate in {"retry", "unreachable"}
            behind = promises[at + 1 :] if stopped else []
            await self.store.persist(settle, promise, outcome, message_id, behind)
            if stopped:
                break
        self.wake()

    async def _send(self, promise: Promise) -> tuple[Outcome, int | None]:
        await self._pace(promise)
        body = await self._address(promise)
        if body is None:
            return Outcome("dead", reason="NothingToEdit"), None
        try:
            return Outcome("sent"), await self._call(promise.method, body)
        except FileNotFoundError:
            # It was sent just before a crash, which kept us from writing that down.
            return Outcome("sent", reason="FileGone"), None
        except TelegramError as error:
            outcome = judge(error, promise.policy)
            if outcome.reason == "RetryAfter":
                self._slow_down(promise, outcome.wait)
            if outcome.fate in {"dead", "uncertain"}:
                extra = {"outbox_id": promise.id, "error": outcome.reason}
                logger.warning("message %s", outcome.fate, extra=extra)
            return outcome, promise.body.get("message_id")

    async def _pace(self, promise: Promise) -> None:
        if promise.method in UNCOUNTED:
            return
        now = asyncio.get_running_loop().time()
        wait = self._chats.of(promise.telegram_id, now).take(now)
        if promise.lane != REPLIES:
            wait = max(wait, self._unasked.take(now))
        if wait:
            await asyncio.sleep(wait)

    def _slow_down(self, promise: Promise, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        self._chats.of(promise.telegram_id, now).block(now, seconds)
        self._unasked.block(now, seconds)

    async def _address(self, promise: Promise) -> dict[str, Any] | None:
        """Add the chat; and the message's id to an edit that named it by its promise."""
        body = dict(promise.body)
        if promise.method != "answerCallbackQuery":
            body["chat_id"] = promise.telegram_id
        if promise.target_outbox_id is not None:
            body["message_id"] = await self.store.persist(
                outbox.message_id, promise.target_outbox_id
            )
            if body["message_id"] is None:
                return None
        return body

    async def _call(self, method: str, body: dict[str, Any]) -> int | None:
        """Call the Bot API; return the id of the message it made or changed."""
        if method == "answerCallbackQuery":
            await self.bot.answer_callback_query(**body)
            return None
        if method == "sendMessage":
            sent = await self.bot.send_message(link_preview_options=NO_PREVIEW, **body)
            return sent.message_id
        if method == "editMessageText":
            await self.bot.edit_message_text(link_preview_options=NO_PREVIEW, **body)
            return int(body["message_id"])
        if method == "editMessageReplyMarkup":
            await self.bot.edit_message_reply_markup(**body)
            return int(body["message_id"])
        assert method == "sendDocument", method
        return await self._send_document(Path(body.pop("path")), body)

    async def _send_document(self, path: Path, body: dict[str, Any]) -> int:
        """Send a file we made, and remove it once it is at Telegram."""
        content = await asyncio.to_thread(path.read_bytes)
        sent = await self.bot.send_document(document=content, filename=path.name, **body)
        await asyncio.to_thread(_remove, path)
        return sent.message_id


def _remove(path: Path) -> None:
    """Remove a sent file, and its folder with the last."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()


def _by_chat(promises: Iterable[Promise]) -> list[list[Promise]]:
    """Split promises by chat, the order within each kept."""
    ordered = sorted(promises, key=lambda p: (p.telegram_id, p.id))
    return [list(group) for _, group in groupby(ordered, key=lambda p: p.telegram_id)]


def settle(
    tx: Transaction,
    promise: Promise,
    outcome: Outcome,
    message_id: int | None,
    behind: list[Promise],
) -> None:
    """Write down what became of a message, and of those that were to follow it."""
    wait = dt.timedelta(seconds=outcome.wait or _backoff(promise.attempts))
    if outcome.fate == "sent":
        outbox.sent(tx, promise.id, message_id)
    elif outcome.fate == "retry":
        outbox.retry(tx, promise.id, wait, outcome.reason)
        for waiting in behind:
            outbox.release(tx, waiting.id)
    elif outcome.fate == "unreachable":
        for lost in (promise, *behind):
            outbox.drop(tx, lost.id, "dead", outcome.reason)
        if promise.respondent_id:
            outbox.cancel(tx, promise.respondent_id)
            respondents.change(tx, promise.respondent_id, unreachable_at=tx.now)
    else:
        status = "uncertain" if outcome.fate == "uncertain" else "dead"
        outbox.drop(tx, promise.id, status, outcome.reason)


def _backoff(attempts: int) -> float:
    return float(min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempts, 10)))
