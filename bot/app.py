"""The only wiring: settings → a running bot."""

import asyncio
import gc
import logging
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from time import sleep as pause
from typing import Protocol

from telegram import Bot
from telegram.error import TelegramError

from bot import acts
from bot.clock import Clock
from bot.control import Control
from bot.fetcher import Fetcher
from bot.flood import Floods
from bot.intake import Intake
from bot.jobs import Jobs
from bot.leader import Leadership, lead
from bot.menu import Menu
from bot.publishing import OFFERED, Publishing, publish_instruments
from bot.sender import Sender
from bot.settings import Settings
from bot.staff_acts import Answer, Request
from bot.transport import AiohttpRequest
from bot.uploading import Uploads
from bot.webhook import Webhook
from bot.worker import Worker
from handlers import links
from storage import facts
from storage.database import KEY, MEDIA, open_store
from storage.errors import StoreAway
from storage.store import Clock as Time
from storage.store import Store, utc_now

logger = logging.getLogger(__name__)

RETRY_SECONDS = 5.0
ENDING_SECONDS = 10.0
AT_ONCE = 1

# After so many new objects more the young ones are looked through.
GARBAGE = 20_000


class Part(Protocol):
    """What runs for as long as the bot does."""

    async def run(self) -> None:
        """Run for ever."""


def run(settings: Settings, time: Time = utc_now, *, notes_outages: bool = True) -> None:
    """Run the bot until it is asked to end. The caller holds the folder's lock."""
    store = _open(settings, time)
    try:
        asyncio.run(_serve(settings, store, notes_outages))
    finally:
        store.close()


def _open(settings: Settings, time: Time) -> Store:
    """Open the database, with the forms in it; one that is away for now is waited for."""
    while True:
        try:
            return _open_once(settings, time)
        except StoreAway:
            logger.warning("database away", extra={"seconds": RETRY_SECONDS})
            pause(RETRY_SECONDS)


def _open_once(settings: Settings, time: Time) -> Store:
    store = open_store(settings.data_dir, time, settings.key_file, settings.database)
    try:
        publish_instruments(store, OFFERED)
    except BaseException:
        store.close()
        raise
    return store


async def _serve(settings: Settings, store: Store, notes_outages: bool) -> None:
    # What is loaded by now stays: looking through it for garbage again and again takes a twentieth
    # of the time in a busy minute.
    gc.freeze()
    gc.set_threshold(GARBAGE)
    async with Application(settings, store, notes_outages=notes_outages).running():
        await asked_to_end()
    logger.info("stopped")


async def asked_to_end() -> None:
    """Wait until the process is asked to end. Asked again, it ends at once, as after a crash."""
    asked = asyncio.Event()

    def ask() -> None:
        if asked.is_set():
            os._exit(AT_ONCE)
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ask)
    await asked.wait()


class Application:
    """The parts of a bot, wired to one store and one client of the Bot API."""

    def __init__(self, settings: Settings, store: Store, *, notes_outages: bool = True) -> None:
        folder = settings.data_dir
        self.calls, self.polling = AiohttpRequest(), AiohttpRequest(connections=1)
        self.bot = make_bot(settings, self.calls, self.polling)
        self.names = Names(self.bot, store)
        self.sender = Sender(self.bot, store, settings)
        floods = Floods(settings.person_rate, settings.person_burst)
        self.worker = Worker(store, settings.bot_id, floods, notes_outages=notes_outages)
        self.intake = self._intake(settings, store)
        self.fetcher = Fetcher(self.bot, store, folder / MEDIA)
        self.url = settings.database
        self.jobs = Jobs(store, self.sender, folder, settings.key_file or folder / KEY, self.url)
        self.uploads = Uploads(self.bot, store, self.sender)
        self.publishing = Publishing(store)
        self.store = store
        self.control = Control(folder, self.act)
        self.menu = Menu(self.bot, store, self.sender, settings.bot_id)
        self.clock = Clock(store, self.worker, self.sender, folder, settings.rate)
        self.leadership = leadership(self.url)
        self._ending = asyncio.Event()
        self._leads = False

    def _intake(self, settings: Settings, store: Store) -> Intake | Webhook:
        """Return the part that receives: posts from Telegram where a URL is set, else polling."""
        if settings.webhook_url is None:
            return Intake(self.bot, self.worker, self.sender)
        return Webhook(
            self.bot,
            self.worker,
            self.sender,
            settings.webhook_url,
            settings.webhook_port,
            store.keys.webhook_secret(),
        )

    async def act(self, request: Request) -> Answer:
        """Do what a command asks for; an invitation goes with the name the bot is known by."""
        answer = await self.store.call(acts.ACTS[request["command"]], request)
        if request["command"] == "invite":
            answer["username"] = await self.names.username()
        return answer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all parts; where one fails, all end. Leaving lets the messages on the way arrive."""
        always: list[Part] = [self.control, self.names]
        if isinstance(self.intake, Webhook):
            always.append(self.intake)
        async with self.calls, self.polling, asyncio.TaskGroup() as group:
            leading = group.create_task(lead(self.leadership, self._lead))
            tasks = [group.create_task(part.run()) for part in always]
            yield
            for task in tasks:
                task.cancel()
            self._ending.set()
            await asyncio.wait({leading}, timeout=ENDING_SECONDS if self._leads else 0)
            leading.cancel()

    async def _lead(self) -> None:
        """Run what only one process runs, until this one shall end or leads no more."""
        others: list[Part] = [self.fetcher, self.jobs, self.uploads, self.clock, self.menu]
        others.append(self.publishing)
        if isinstance(self.intake, Intake):
            others.append(self.intake)
        self._leads = True
        try:
            async with asyncio.TaskGroup() as group:
                sending = group.create_task(self.sender.run())
                tasks = [group.create_task(part.run()) for part in others]
                await self._ending.wait()
                for task in tasks:
                    task.cancel()
                self.sender.stop()
                await asyncio.wait({sending}, timeout=ENDING_SECONDS)
                sending.cancel()
        finally:
            self._leads = False


def leadership(url: str | None) -> Leadership | None:
    """Return the lock by which one of several processes leads; a file has one process anyway."""
    if url is None:
        return None
    from storage import leadership as locks

    return locks.Leadership(url)


def make_bot(settings: Settings, calls: AiohttpRequest, polling: AiohttpRequest) -> Bot:
    """Return the client of the Bot API, on our transport."""
    return Bot(
        settings.bot_token.get_secret_value(),
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=calls,
        get_updates_request=polling,
    )


class Names:
    """The bot's own name; learnt when Telegram can be reached."""

    def __init__(self, bot: Bot, store: Store) -> None:
        self.bot = bot
        self.store = store
        self._username = links.NAMELESS
        self._known = asyncio.Event()

    async def username(self) -> str:
        """Return the bot's name for deep links; a stand-in where Telegram can't be reached."""
        with suppress(TimeoutError):
            async with asyncio.timeout(RETRY_SECONDS):
                await self._known.wait()
        return self._username

    async def run(self) -> None:
        """Ask for the name until it is known."""
        while True:
            with suppress(TelegramError):
                self._username = (await self.bot.get_me()).username or self._username
                await self.store.persist(facts.write, "username", self._username)
                self._known.set()
                logger.info("ready at https://t.me/%s", self._username)
                return
            await asyncio.sleep(RETRY_SECONDS)
