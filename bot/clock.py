"""APScheduler's ticks. What is due is a row, so a tick only looks; none is kept in a job store."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import fetcher, jobs
from bot.sender import Sender
from bot.worker import Worker
from handlers import (
    auditing,
    balloting,
    broadcast,
    fielding,
    outage,
    previewing,
    reminding,
    reviewing,
    team,
)
from storage import ballots, inbox, media, upkeep
from storage.database import EXPORTS, MEDIA
from storage.store import Store

logger = logging.getLogger(__name__)

# So far ahead of the sender reminders are promised.
SECONDS_AHEAD = 3
Tick = Callable[[], Awaitable[None]]


class Clock:
    """Wakes what must happen by itself: retries every second, housekeeping every five minutes."""

    def __init__(
        self, store: Store, worker: Worker, sender: Sender, folder: Path, rate: float
    ) -> None:
        self.rate = rate
        self.store = store
        self.worker = worker
        self.sender = sender
        self.folder = folder
        self.ticks: dict[Tick, float] = {
            self.retry: 1.0,
            self.feed: 1.0,
            self.field: 1.0,
            self.remind: 1.0,
            self.ask_again: 15.0,
            self.report: 60.0,
            self.put_back: 60.0,
            self.end_terms: 60.0,
            self.anchor: 60.0,
            self.keep_house: 300.0,
        }

    def scheduler(self) -> AsyncIOScheduler:
        """Return a scheduler with all ticks; a late one runs once, never twice at a time."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for tick, seconds in self.ticks.items():
            scheduler.add_job(
                tick,
                "interval",
                seconds=seconds,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        return scheduler

    async def run(self) -> None:
        """Tick for as long as the bot runs."""
        scheduler = self.scheduler()
        scheduler.start()
        try:
            await asyncio.Event().wait()
        finally:
            scheduler.shutdown(wait=False)

    async def retry(self) -> None:
        """Try again the updates whose handling failed."""
        await self.worker.retry()
        self.sender.wake()

    async def feed(self) -> None:
        """Promise broadcasts to their next people, a thousand in each transaction."""
        while await self.store.persist(broadcast.feed):
            self.sender.wake()

    async def field(self) -> None:
        """Open and close waves, name their people, and promise invitations."""
        await self.store.persist(fielding.turn, self.rate)
        while await self.store.persist(fielding.plan):
            pass
        while await self.store.persist(fielding.invite):
            self.sender.wake()
        await self._count_ballots()

    async def _count_ballots(self) -> None:
        """Count the ballots that may be counted, and leave nothing of them in the log."""
        is_any = False
        for step in (balloting.count, ballots.erase_unfinished):
            while await self.store.persist(step):
                is_any = True
        if is_any:
            self.store.empty_log()

    async def remind(self) -> None:
        """Plan what will be due, and promise what is."""
        while await self.store.persist(reminding.plan):
            pass
        enough = max(reminding.ENOUGH, int(SECONDS_AHEAD * self.rate))
        while await self._promise(await self.store.persist(reminding.room, enough)):
            pass

    async def _promise(self, room: int) -> bool:
        """Promise so many reminders at least; False where none may be, or none is due."""
        may = room > 0
        while room > 0:
            promised = await self.store.persist(reminding.promise, self.worker.bot_id)
            if not promised:
                return False
            room -= promised
            self.sender.wake()
        return may

    async def report(self) -> None:
        """Say in the log what was dropped."""
        self.worker.report()

    async def ask_again(self) -> None:
        """After an outage, ask again what was open; a few people in each transaction."""
        while asked := await self.store.persist(outage.ask_again, self.worker.bot_id):
            logger.info("asked again after an outage", extra={"count": asked})
            self.sender.wake()

    async def put_back(self) -> None:
        """Let the voice notes wait again that somebody had in hand for too long."""
        if await self.store.persist(reviewing.put_back_expired):
            self.sender.wake()

    async def end_terms(self) -> None:
        """End the roles whose time is over."""
        if await self.store.persist(team.end_terms):
            self.sender.wake()

    async def anchor(self) -> None:
        """Send the owners the head of the audit log, once a day."""
        if await self.store.persist(auditing.anchor):
            self.sender.wake()

    async def keep_house(self) -> None:
        """Forget what needn't be kept; make sure that what was erased is gone from the disk."""
        await self.store.persist(inbox.purge)
        await self.store.persist(upkeep.purge)
        await self.store.persist(upkeep.purge_secret)
        await self.store.persist(previewing.end_old)
        erased = fetcher.sweep(self.folder / MEDIA, await self.store.persist(media.known))
        expired = jobs.sweep(self.folder / EXPORTS, self.store.clock())
        if erased or expired:
            logger.info("files removed", extra={"count": erased + expired})
        self.store.empty_log()
