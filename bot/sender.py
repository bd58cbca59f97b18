"""Outbox → Bot API, the only caller that speaks to people: paces, retries, notes the outcome."""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from itertools import groupby
from typing import Any

from telegram import Bot
from telegram.error import TelegramError

from bot.calling import Calls
from bot.outcomes import CLOSED_SECONDS, UNKNOWN, Outcome, judge
from bot.pace import ChatPace, Refusals, Window
from bot.settings import Settings
from bot.superseding import superseded
from handlers.quiet import is_night
from storage import outbox, pace, respondents, upkeep
from storage.database import MEDIA
from storage.errors import StoreAway
from storage.outbox import REPLIES, Promise
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
# Other processes promise messages too, and can't wake us.
IDLE_SECONDS_SHARED = 0.2
# Somebody waits for a reply; nobody for the rest.
FIRST_RETRY, LONGEST_RETRY, LONGEST_REPLY_RETRY = 1.0, 60.0, 5.0
MENUS = {"setMyCommands", "deleteMyCommands"}
UNCOUNTED = {"answerCallbackQuery", *MENUS}


Result = tuple[Promise, Outcome, int | None]
# What became of a chat's messages, and which were to follow.
Chat = tuple[list[Result], list[Promise]]


class Sender:
    """Sends what is promised, one message at a time to each chat."""

    def __init__(self, bot: Bot, store: Store, settings: Settings) -> None:
        self.store = store
        self._calls = Calls(bot, store, settings.bot_id, settings.data_dir / MEDIA)
        self._rate = settings.rate
        self._idle = IDLE_SECONDS_SHARED if settings.database else IDLE_SECONDS
        self._chats = ChatPace(settings.chat_rate, settings.chat_burst)
        self._refusals = Refusals()
        # What a busy moment held up mustn't leave together with what follows.
        self._window = Window(settings.rate)
        # Messages that nobody asked for: how many are on their way, and when more may follow.
        self._on_the_way, self._next_at = 0, 0.0
        # When Telegram said that it doesn't know us; the first message it takes unsays it.
        self._unknown_since: dt.datetime | None = None
        # What became of messages, until it is written down: together, in one unit of work.
        self._results: list[Chat] = []
        self._writing: asyncio.Task[None] | None = None
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
        while not self._stopping:
            await self._begin()
            async with asyncio.TaskGroup() as group:
                # A claim may have taken place though the server went away at its commit: when all
                # that is on its way has arrived, begin anew as after a crash.
                with suppress(StoreAway):
                    await self._send_all(group)

    async def _begin(self) -> None:
        """Set right what was on its way when we, or another process, were cut off."""
        uncertain = await self.store.persist(upkeep.recover)
        if uncertain:
            logger.warning("outcomes uncertain after a crash", extra={"count": uncertain})
        self._on_the_way = 0
        # The process before us may have sent its last messages within this second.
        was_busy = await self.store.persist(pace.was_busy)
        self._next_at = _now() + 1.0 if was_busy else 0.0

    async def _send_all(self, group: asyncio.TaskGroup) -> None:
        while not self._stopping:
            self._wake.clear()
            claimed = await self._claim()
            for chat in _by_chat(claimed):
                group.create_task(self._send_in_order(chat, group))
            if not claimed:
                await self._rest()

    async def _claim(self) -> list[Promise]:
        if self._is_unknown():
            return []
        return await self.store.call(outbox.claim, REPLIES) or await self._claim_unasked()

    async def _claim_unasked(self) -> list[Promise]:
        """Claim what the pace allows; a crash makes no more than a second's worth uncertain."""
        room = max(1, int(self._rate)) - self._on_the_way
        if room <= 0 or _now() < self._next_at or is_night(self.store.clock()):
            return []
        claimed, wait = await self.store.call(pace.claim, self._rate, room)
        self._on_the_way += len(claimed)
        self._next_at = _now() + min(IDLE_SECONDS, wait or 0.0)
        return claimed

    def _is_unknown(self) -> bool:
        """Tell whether there is no use in trying; not for ever, whatever the clock does."""
        if self._unknown_since is None:
            return False
        seconds = (self.store.clock() - self._unknown_since).total_seconds()
        return 0 <= seconds < CLOSED_SECONDS

    async def _rest(self) -> None:
        due = self._next_at - _now()
        # Not wait_for: on Python 3.11 it swallows a cancellation that comes together with a wake.
        with suppress(TimeoutError):
            async with asyncio.timeout(due if due > 0 else self._idle):
                await self._wake.wait()

    async def _send_in_order(self, promises: list[Promise], group: asyncio.TaskGroup) -> None:
        """Send the messages of one chat; after one that must wait, the rest wait behind it."""
        results: list[Result] = []
        sent: dict[int, int | None] = {}
        old = superseded(promises)
        for promise in promises:
            if promise.id in old:
                sent[promise.id] = promise.body.get("message_id")
                results.append((promise, Outcome("sent"), sent[promise.id]))
                continue
            wait = self._wait(promise)
            if results and (wait or self._waits_for_a_place(promise)):
                # What was sent is written down before a pause, so that a crash doesn't repeat it.
                await self._settle(results, [], group)
                results = []
            await asyncio.sleep(wait)
            outcome, message_id = await self._send(promise, sent)
            results.append((promise, outcome, message_id))
            sent[promise.id] = message_id
            if outcome.fate in {"retry", "blocked"}:
                break
        behind = [promise for promise in promises if promise.id not in sent]
        await self._settle(results, behind, group)
        self._on_the_way -= sum(promise.lane != REPLIES for promise in promises)
        self.wake()

    async def _settle(
        self, results: list[Result], behind: list[Promise], group: asyncio.TaskGroup
    ) -> None:
        """Write down what became of a chat's messages, with what became of others' meanwhile."""
        self._results.append((results, behind))
        if self._writing is None:
            self._writing = group.create_task(self._write())
        await asyncio.shield(self._writing)

    async def _write(self) -> None:
        # What comes at this moment is read first.
        await asyncio.sleep(0)
        together, self._results, self._writing = self._results, [], None
        await self.store.persist(settle_chats, together)

    async def _send(
        self, promise: Promise, sent: dict[int, int | None]
    ) -> tuple[Outcome, int | None]:
        body = await self._address(promise, sent)
        if body is None:
            return Outcome("dead", reason="NothingToEdit"), None
        try:
            async with self._place(promise):
                message_id = await self._calls.make(promise.method, body, promise.media_id)
            self._unknown_since = None
            return Outcome("sent"), message_id
        except FileNotFoundError:
            # It was sent just before a crash, which kept us from writing that down.
            return Outcome("sent", reason="FileGone"), None
        except TelegramError as error:
            outcome = judge(error, promise.policy)
            if outcome.reason == "RetryAfter":
                await self._slow_down(promise, outcome.wait)
            if outcome.reason == UNKNOWN:
                self._give_it_a_rest()
            if outcome.fate in {"dead", "uncertain"}:
                extra = {"outbox_id": promise.id, "error": outcome.reason}
                logger.warning("message %s", outcome.fate, extra=extra)
            return outcome, promise.body.get("message_id")

    def _wait(self, promise: Promise) -> float:
        """Return how many seconds a message must wait for its turn in its chat."""
        if promise.method in UNCOUNTED:
            return 0.0
        now = _now()
        chat = self._chats.of(promise.telegram_id, now)
        # An album counts as the messages it holds.
        return max(chat.take(now) for _ in promise.body.get("media", "1"))

    def _place(self, promise: Promise) -> AbstractAsyncContextManager[None]:
        """Return the place among all messages that one needs which nobody waits for."""
        return nullcontext() if promise.lane == REPLIES else self._window.place()

    def _waits_for_a_place(self, promise: Promise) -> bool:
        return promise.lane != REPLIES and self._window.is_full

    async def _slow_down(self, promise: Promise, seconds: float) -> None:
        """Leave a chat alone for a while; everybody, where it isn't that chat's limit but ours."""
        now = _now()
        self._chats.of(promise.telegram_id, now).block(now, seconds)
        if promise.lane == REPLIES:
            return
        if self._refusals.concern_all(promise.telegram_id, now, seconds):
            slower = await self.store.persist(pace.refuse, self._rate, seconds)
            extra = {"seconds": seconds, "rate": round(slower.share * self._rate, 2)}
            logger.warning("telegram asks for less", extra=extra)

    def _give_it_a_rest(self) -> None:
        """Try nothing for a while, and say so once."""
        if self._unknown_since is None:
            logger.error("telegram doesn't know the token", extra={"seconds": CLOSED_SECONDS})
        self._unknown_since = self.store.clock()

    async def _address(
        self, promise: Promise, sent: dict[int, int | None]
    ) -> dict[str, Any] | None:
        """Add the chat; and the message's id to an edit that named it by its promise.

        `sent` holds the messages before it that aren't written down yet.
        """
        body = dict(promise.body)
        if promise.method in MENUS:
            body["scope"] = {"type": "chat", "chat_id": promise.telegram_id}
        elif promise.method != "answerCallbackQuery":
            body["chat_id"] = promise.telegram_id
        target = promise.target_outbox_id
        if target is not None:
            known = target in sent
            body["message_id"] = (
                sent[target] if known else await self.store.persist(outbox.message_id, target)
            )
            if body["message_id"] is None:
                return None
        return body


def _now() -> float:
    return asyncio.get_running_loop().time()


def _by_chat(promises: Iterable[Promise]) -> list[list[Promise]]:
    """Split promises by chat, the order within each kept."""
    ordered = sorted(promises, key=lambda p: (p.telegram_id, p.id))
    return [list(group) for _, group in groupby(ordered, key=lambda p: p.telegram_id)]


def settle_chats(tx: Transaction, chats: list[Chat]) -> None:
    """Write down what became of the messages of several chats."""
    for results, behind in chats:
        settle_all(tx, results, behind)


def settle_all(tx: Transaction, results: list[Result], behind: list[Promise]) -> None:
    """Write down what became of one chat's messages, and of those that were to follow."""
    for promise, outcome, message_id in results:
        settle(tx, promise, outcome, message_id)
    for promise in behind:
        last = results[-1][1]
        if last.fate == "blocked":
            outbox.drop(tx, promise.id, "blocked", last.reason)
        else:
            outbox.release(tx, promise.id)


def settle(tx: Transaction, promise: Promise, outcome: Outcome, message_id: int | None) -> None:
    """Write down what became of a message."""
    wait = dt.timedelta(seconds=outcome.wait or _backoff(promise))
    if outcome.fate == "sent":
        outbox.sent(tx, promise.id, message_id)
    elif outcome.fate == "retry":
        outbox.retry(tx, promise.id, wait, outcome.reason)
    else:
        outbox.drop(tx, promise.id, outcome.fate, outcome.reason)
    if outcome.fate == "blocked" and promise.respondent_id:
        outbox.cancel(tx, promise.respondent_id)
        respondents.change(tx, promise.respondent_id, unreachable_at=tx.now)


def _backoff(promise: Promise) -> float:
    longest = LONGEST_REPLY_RETRY if promise.lane == REPLIES else LONGEST_RETRY
    return float(min(longest, FIRST_RETRY * 2 ** min(promise.attempts, 10)))
