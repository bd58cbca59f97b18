"""Inbox → handler → commit. An update is handled in the transaction that notes it as received.

Each `except Exception` of the running bot stands here: a handler that fails loses nothing, its
update waits for another try and doesn't hold up anybody else's.
"""

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

from telegram import Update

import handlers
from bot.flood import Floods, Verdict
from bot.projection import NotOurs, file_name, place, project, sender_id
from handlers.consent import CONSENT_VERSION
from handlers.visit import Visit
from storage import guests, inbox, outages, outbox, respondents
from storage.errors import StoreAway
from storage.inbox import Parked
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)
# Stands in the payload of an update that is tried again: which guest had the phone.
ANSWERING = "answering_id"
NOTED_EVERY = dt.timedelta(seconds=10)


class Worker:
    """Hands updates to the conversation, each in its own unit of work."""

    def __init__(
        self, store: Store, bot_id: int, floods: Floods, *, notes_outages: bool = True
    ) -> None:
        self.store = store
        self.bot_id = bot_id
        self.floods = floods
        self.notes_outages = notes_outages
        self._polled_at: dt.datetime | None = None

    async def polled(self) -> None:
        """Note that Telegram was asked for updates, at most every few seconds."""
        if not self.notes_outages:
            return
        now, before = self.store.clock(), self._polled_at
        if before is None or not dt.timedelta(0) <= now - before < NOTED_EVERY:
            self._polled_at = now
            await self.store.call(self._note)

    def _note(self, tx: Transaction) -> None:
        if outages.polled(tx):
            logger.warning("clock went back")
            inbox.clock_went_back(tx)
            outbox.clock_went_back(tx)

    async def take(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Store and handle a batch in order; when this returns, all of it is on disk.

        Raises StoreAway where the database can't be written; the batch can be taken again.
        """
        await asyncio.gather(*map(self._take_in_order, _by_person(updates)))

    async def _take_in_order(self, updates: Iterable[Mapping[str, Any]]) -> None:
        """Take what one person sent; what is dropped of it is noted together, at its end."""
        dropped: list[int] = []
        for update in updates:
            projected = await self._read(update)
            if projected is None:
                continue
            verdict = self.floods.judge(sender_id(projected), projected, time.monotonic())
            if verdict is Verdict.DROP:
                dropped.append(projected["update_id"])
            else:
                await self._take_one(projected, verdict, place(update), file_name(update))
        if dropped:
            await self.store.call(self._drop, dropped)

    async def _read(self, update: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return what is kept of an update; None for one that isn't ours or can't be read."""
        try:
            return project(update)
        except NotOurs:
            return None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            await self._bury(update, error)
            return None

    async def _take_one(
        self,
        projected: dict[str, Any],
        verdict: Verdict,
        sent_from: dict[str, Any] | None,
        named: tuple[str, str] | None,
    ) -> None:
        """Handle an update; one that came before, or will come again, counts for no flood."""
        try:
            if not await self.store.call(self._receive, projected, verdict, sent_from, named):
                self.floods.unsay(sender_id(projected), verdict)
        except StoreAway:
            self.floods.unsay(sender_id(projected), verdict)
            raise
        except Exception as error:
            logger.exception("update parked", extra={"update_id": projected["update_id"]})
            name = type(error).__name__
            await self.store.call(self.park, projected, name)

    def park(self, tx: Transaction, projected: dict[str, Any], error: str) -> None:
        """Keep an update for another try, and who had the phone when it came."""
        owner = respondents.find(tx, self.bot_id, sender_id(projected), CONSENT_VERSION)
        if owner and owner.answering_id:
            projected = {**projected, ANSWERING: owner.answering_id}
        inbox.park(tx, self.bot_id, projected, error)

    async def _bury(self, update: Mapping[str, Any], error: Exception) -> None:
        """Keep the id of an update that can't be read, so that it doesn't come back for ever."""
        update_id = update.get("update_id") if isinstance(update, Mapping) else None
        logger.error(
            "update unreadable", extra={"update_id": update_id, "error": type(error).__name__}
        )
        if isinstance(update_id, int):
            await self.store.call(inbox.bury, self.bot_id, update_id, type(error).__name__)

    def _receive(
        self,
        tx: Transaction,
        projected: dict[str, Any],
        verdict: Verdict,
        sent_from: dict[str, Any] | None,
        named: tuple[str, str] | None,
    ) -> bool:
        """Handle an update, or only say that it was too much; False if it was received before.

        Where it was sent from is added only where a place is asked, and a file's name only where
        staff bring forms.
        """
        if not inbox.receive(tx, self.bot_id, projected["update_id"]):
            return False
        if sent_from and handlers.wants_place(self._visit(tx, projected)):
            projected["message"]["location"] = sent_from
        if named and handlers.wants_name(self._visit(tx, projected)):
            kind, name = named
            projected["message"][kind]["file_name"] = name
        if verdict is Verdict.TAKE:
            self._handle(tx, projected)
        else:
            visit = self._visit(tx, projected)
            visit.send(visit.say("one_at_a_time"))
        return True

    def _drop(self, tx: Transaction, update_ids: list[int]) -> None:
        for update_id in update_ids:
            inbox.receive(tx, self.bot_id, update_id)

    def _handle(self, tx: Transaction, projected: dict[str, Any]) -> None:
        handlers.handle(self._visit(tx, projected))

    def _visit(self, tx: Transaction, projected: dict[str, Any]) -> Visit:
        update = Update.de_json(projected)
        telegram_id = sender_id(projected)
        owner = respondents.find_or_create(tx, self.bot_id, telegram_id, CONSENT_VERSION)
        person = guests.answering(tx, owner, CONSENT_VERSION)
        return Visit(tx, update, person, owner, self.bot_id, telegram_id)

    def report(self) -> None:
        """Log how many updates were dropped, but not whose."""
        if number := self.floods.dropped():
            logger.warning("updates dropped in a flood", extra={"count": number})

    async def retry(self) -> None:
        """Try parked updates again; on the last failure tell the person, with the number."""
        for parked in await self.store.persist(inbox.due):
            try:
                await self.store.persist(self._retry_one, parked)
            except Exception as error:
                name = type(error).__name__
                extra = {"update_id": parked.update_id, "error": name}
                logger.exception("update failed again", extra=extra)
                if await self.store.persist(inbox.fail, parked, name):
                    await self.store.persist(self._apologise, parked)

    def _retry_one(self, tx: Transaction, parked: Parked) -> None:
        """Handle a parked update; what another person on the phone said is nobody's answer."""
        if not inbox.settle(tx, parked.seq):
            return
        if parked.payload.get(ANSWERING) == self._visit(tx, parked.payload).owner.answering_id:
            self._handle(tx, parked.payload)
        else:
            self._apologise(tx, parked)

    def _apologise(self, tx: Transaction, parked: Parked) -> None:
        visit = self._visit(tx, parked.payload)
        visit.send(visit.say("something_went_wrong", id=parked.update_id))


async def survived(work: Awaitable[None], what: str) -> bool:
    """Do work that somebody asked for; False where it failed, which harms nobody else."""
    try:
        await work
    except StoreAway:
        raise
    except Exception:
        logger.exception(what)
        return False
    return True


def _by_person(updates: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Split a batch by who sent what, the order within each kept; different people don't wait."""
    split: dict[object, list[Mapping[str, Any]]] = {}
    for update in updates:
        split.setdefault(_whose(update), []).append(update)
    return list(split.values())


def _whose(update: Mapping[str, Any]) -> object:
    """Return the sender of an update; for one that names none, something of its own."""
    try:
        return sender_id(update)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return object()
