"""What tests stand on: a simulated Telegram over real HTTP, the whole bot, a real database file."""

import asyncio
import datetime as dt
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.app import Application
from bot.publishing import publish_instruments
from bot.settings import Settings
from bot.simulator.server import Server, serving
from bot.simulator.world import Turned, World
from storage import invitations
from storage.database import DATABASE, open_store
from storage.store import Store
from surveys.respondent import Role, Sector
from tests import database
from tests import postgres as postgres_server
from tests.chat import Phone, Telegram, until

# Tests start many processes: each would compile the whole program anew, and each worker all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

BOT_ID = 424242
TOKEN = f"{BOT_ID}:" + "token-of-nobody-for-the-tests-000000"
# A Tuesday, nine o'clock in Phnom Penh.
START = dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgres_server.Server]:
    """A PostgreSQL server, started when the first test wants it."""
    with postgres_server.server() as server:
        yield server


class HandClock:
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@asynccontextmanager
async def simulator(world: World) -> AsyncIterator[Telegram]:
    """Serve a world on a free port."""
    async with serving(Server(world)) as address, aiohttp.ClientSession() as session:
        yield Telegram(address, session)


def settings_for(telegram: Telegram, folder: Path, **changes: object) -> Settings:
    """Return settings for a bot at the simulator; its pace is left to the tests of the pace."""
    fast = {"chat_rate": 1000.0, "chat_burst": 1000.0, "rate": 1000.0, "person_burst": 1000.0}
    return Settings(
        bot_token=SecretStr(TOKEN),
        api_url=telegram.address,
        data_dir=folder,
        **{**fast, **changes},
    )


@dataclass
class House:
    """A running bot with its store, its Telegram, and people to talk to it."""

    application: Application
    store: Store
    telegram: Telegram
    world: World
    clock: HandClock
    folder: Path
    life: "asyncio.Task[None]"
    reader: database.Reader

    async def person(self, name: str = "First-Name-Secret") -> Phone:
        """Make somebody who hasn't opened the bot yet."""
        made = await self.telegram.post("/sim/people", name=name)
        return Phone(self.telegram, made["id"], self.settled)

    async def invitation(self, role: Role, sector: Sector | None = None) -> str:
        """Make an invitation; return what stands behind /start."""
        return "i-" + await self.store.call(invitations.create, role, sector)

    async def settled(self) -> None:
        """Wait until the bot has handled, said and done all there is."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        if self.life.done():
            self.life.result()
        if self.world.waiting:
            return False
        waiting = (
            "SELECT (SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending'))"
            " + (SELECT count(*) FROM job WHERE status IN ('waiting', 'running'))"
        )
        return self.rows(waiting) == [(0,)]

    def failures(self) -> list[tuple[object, ...]]:
        """Return the updates whose handling failed."""
        return self.rows("SELECT update_id, error FROM inbox WHERE status != 'done'")

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return what is committed, as another process sees it."""
        return self.reader.rows(query, *values)


FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Note a measured number; all of them are printed at the end."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the numbers of a worker to the process that prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = session.config.stash.get(FIGURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    figures = getattr(node, "workeroutput", {}).get("figures", [])
    node.config.stash.setdefault(FIGURES, []).extend(figures)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(f"measured: {line}")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose database holds the project's forms, made once for all tests."""
    folder = tmp_path_factory.mktemp("published")
    store = open_store(folder, clock=HandClock())
    publish_instruments(store)
    store.close()
    return folder


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A data folder of its own for a test, with the forms published."""
    for name in (DATABASE, "secret.key"):
        (tmp_path / name).write_bytes((published / name).read_bytes())
    return tmp_path


@pytest.fixture(scope="session")
def published_on_server(published: Path, postgres: postgres_server.Server) -> str:
    """A database on a server that holds the project's forms; each test leaves rows behind."""
    url = postgres.make()
    store = open_store(published, clock=HandClock(), url=url)
    publish_instruments(store)
    store.close()
    return url


@pytest.fixture
def on_server(published_on_server: str, postgres: postgres_server.Server) -> str:
    """The same, with nobody in it."""
    postgres.forget_everybody(published_on_server)
    return published_on_server


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def house(folder: Path, clock: HandClock) -> AsyncIterator[House]:
    """The whole bot beside an unhurried Telegram."""
    world = World(unlimited=True)
    async with simulator(world) as telegram, housed(telegram, world, folder, clock) as made:
        yield made


@asynccontextmanager
async def housed(
    telegram: Telegram, world: World, folder: Path, clock: HandClock, **changes: object
) -> AsyncIterator[House]:
    """Run a bot in a task of its own, for as long as a test needs it."""
    # What people write is dated by the same clock.
    world.clock = Turned(lambda: clock().timestamp())
    settings = settings_for(telegram, folder, **changes)
    store = open_store(folder, clock=clock, url=settings.database)
    application = Application(settings, store)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.running():
            begun.set()
            await ended.wait()

    life = asyncio.get_running_loop().create_task(live())
    await begun.wait()
    with closing(database.Reader(folder, application.url)) as reader:
        yield House(application, store, telegram, world, clock, folder, life, reader)
    ended.set()
    await life
    store.close()
