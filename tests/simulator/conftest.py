"""A simulated Telegram alone, without a bot: a clock to turn, a person, and calls as a bot.

And the browser in which its page is looked at.
"""

import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.simulator.server import Server, serving
from bot.simulator.world import World
from tests.chat import Json, Telegram
from tests.conftest import TOKEN

NOW = 1_795_572_000.0
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Seconds:
    """A clock in seconds since 1970 that stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds


class Refused(Exception):
    """Telegram's refusal: its code, its words without their first, and its whole body."""

    def __init__(self, body: Json) -> None:
        super().__init__(body["error_code"], body["description"])
        self.code: int = body["error_code"]
        self.words: str = body["description"]
        self.body = body


@dataclass
class Api:
    """Telegram as a bot calls it, and as people use it."""

    telegram: Telegram
    world: World
    clock: Seconds
    session: aiohttp.ClientSession

    async def call(self, method: str, **parameters: Any) -> Any:
        return result(await self.telegram.call(TOKEN, method, **parameters))

    async def post(self, method: str, **body: Any) -> Any:
        """Call with any body aiohttp can send: data=, json=, params=."""
        address = f"{self.telegram.address}/bot{TOKEN}/{method}"
        async with self.session.post(address, **body) as answer:
            return result((answer.status, await answer.json()))

    async def refuses(self, method: str, **parameters: Any) -> str:
        """Call in a way that is refused; return Telegram's words."""
        with pytest.raises(Refused) as refusal:
            await self.call(method, **parameters)
        return refusal.value.words

    async def person(self, *, started: bool = True) -> int:
        """Make a person; the bot has fetched their first message."""
        person_id: int = (await self.telegram.post("/sim/people", name="ពលរដ្ឋ"))["id"]
        if started:
            await self.does(person_id, "write", text="/start")
            self.world.waiting.clear()
        return person_id

    async def does(self, person_id: int, act: str, **body: Any) -> Json:
        update: Json = await self.telegram.post(f"/sim/people/{person_id}/{act}", **body)
        return update

    async def chat(self, person_id: int) -> Json:
        chat: Json = await self.telegram.get(f"/sim/people/{person_id}/chat")
        return chat

    async def says(self, person_id: int, text: str = "Question", **parameters: Any) -> int:
        """Send a message as the bot; return its id."""
        sent = await self.call("sendMessage", chat_id=person_id, text=text, **parameters)
        return int(sent["message_id"])

    async def updates(self, **parameters: Any) -> list[Json]:
        updates: list[Json] = await self.call("getUpdates", **parameters)
        return updates


def result(answer: tuple[int, Json]) -> Any:
    """Return the result of a call, or raise its refusal."""
    status, body = answer
    if not body["ok"]:
        assert status == body["error_code"]
        raise Refused(body)
    assert status == 200
    return body["result"]


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}


def key(text: str = "Yes", data: str = "yes") -> Json:
    return {"text": text, "callback_data": data}


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
async def api(seconds: Seconds) -> AsyncIterator[Api]:
    """Telegram with all its rules, and a clock that only the test turns."""
    world = World(seconds)
    server = Server(world, webhook_pause=0.01)
    async with serving(server) as address, aiohttp.ClientSession() as session:
        yield Api(Telegram(address, session), world, seconds, session)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium of this machine, started once; its absence is said aloud."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None and os.environ.get("SAMLENG_REQUIRE_ALL") == "1":
        pytest.fail("no Chromium was found, and SAMLENG_REQUIRE_ALL asks for it")
    if found is None:
        pytest.skip("no Chromium was found: the page is untested")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        await browser.close()
