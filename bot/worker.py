"""Inbox → handler → commit. An update is handled in the transaction that notes it as received.

The one `except Exception` of the program stands here: a handler that fails loses nothing, its
update waits for another try and doesn't hold up anybody else's.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from telegram import Update

import handlers
from bot.projection import NotOurs, place, project, sender_id
from handlers.onboarding import CONSENT_VERSION
from handlers.visit import Visit
from storage import inbox, outages, outbox, respondents
from storage.errors import StoreAway
from storage.inbox import Parked
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)
NOTED_EVERY = dt.timedelta(seconds=10)


class Worker:
    """Hands updates to the conversation, each in its own unit of work."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self.store = store
        self.bot_id = bot_id
        self._polled_at: dt.datetime | None = None

    async def polled(self) -> None:
        """Note that Telegram was asked for updates, at most every few seconds."""
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
        for update in updates:
            await self._take_one(update)

    async def _take_one(self, update: Mapping[str, Any]) -> None:
        try:
            projected, sent_from = project(update), place(update)
        except NotOurs:
            return
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            await self._bury(update, error)
            return
        try:
            await self.store.call(self._receive, projected, sent_from)
        except StoreAway:
            raise
        except Exception as error:
            logger.exception("update parked", extra={"update_id": projected["update_id"]})
            name = type(error).__name__
            await self.store.call(inbox.park, self.bot_id, projected, name)

    async def _bury(self, update: Mapping[str, Any], error: Exception) -> None:
        """Keep the id of an update that can't be read, so that it doesn't come back for ever."""
        update_id = update.get("update_id") if isinstance(update, Mapping) else None
        logger.error(
            "update unreadable", extra={"update_id": update_id, "error": type(error).__name__}
        )
        if isinstance(update_id, int):
            await self.store.call(inbox.bury, self.bot_id, update_id, type(error).__name__)

    def _receive(
        self, tx: Transaction, projected: dict[str, Any], sent_from: dict[str, Any] | None
    ) -> None:
        """Handle an update unless it was handled before; a place only where one is asked."""
        if inbox.receive(tx, self.bot_id, projected["update_id"]):
            if sent_from and handlers.wants_place(self._visit(tx, projected)):
                projected["message"]["location"] = sent_from
            self._handle(tx, projected)

    def _handle(self, tx: Transaction, projected: dict[str, Any]) -> None:
        handlers.handle(self._visit(tx, projected))

    def _visit(self, tx: Transaction, projected: dict[str, Any]) -> Visit:
        update = Update.de_json(projected)
        telegram_id = sender_id(projected)
        person = respondents.find_or_create(tx, self.bot_id, telegram_id, CONSENT_VERSION)
        return Visit(tx, update, person, self.bot_id, telegram_id)

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
        if inbox.settle(tx, parked.seq):
            self._handle(tx, parked.payload)

    def _apologise(self, tx: Transaction, parked: Parked) -> None:
        visit = self._visit(tx, parked.payload)
        visit.send(visit.say("something_went_wrong", id=parked.update_id))


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
