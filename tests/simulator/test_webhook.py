"""How updates are posted to a bot's webhook: with the secret, in order, again until taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.chat import Json, until
from tests.simulator.conftest import Api

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Bot:
    """A bot's side of a webhook: what was posted to it, and how it answers."""

    answers: list[web.Response] = field(default_factory=list)
    posted: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    held: asyncio.Event | None = None
    address: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get(HEADER))
        self.paths.append(request.path)
        update = await request.json()
        if self.held and "message" in update:
            await self.held.wait()
        self.posted.append(update)
        return self.answers.pop(0) if self.answers else web.Response()

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.posted]

    async def has(self, count: int) -> None:
        """Wait until so many updates were posted."""

        async def holds() -> bool:
            return len(self.posted) >= count

        await until(holds)


@asynccontextmanager
async def serving(*answers: int) -> AsyncIterator[Bot]:
    """Serve a bot that answers so at first, and 200 from then on."""
    bot = Bot([web.Response(status=status) for status in answers])
    application = web.Application()
    application.router.add_post("/{path:.*}", bot.take)
    async with TestServer(application, host="127.0.0.1") as server:
        bot.address = str(server.make_url("/hook"))
        yield bot


async def taken(api: Api) -> None:
    """Wait until nothing waits any more."""

    async def holds() -> bool:
        return not api.world.waiting

    await until(holds)


async def test_updates_are_posted_in_order_with_the_secret(api: Api) -> None:
    person = await api.person()
    await api.does(person, "write", text="a")
    async with serving() as bot:
        await api.call("setWebhook", url=bot.address, secret_token="Se-cret_7")
        for text in ("b", "c"):
            await api.does(person, "write", text=text)
        await taken(api)

    assert bot.texts == ["a", "b", "c"]
    assert bot.secrets == ["Se-cret_7"] * 3


async def test_without_a_secret_no_header_is_sent(api: Api) -> None:
    async with serving() as bot:
        await api.call("setWebhook", url=bot.address)
        await api.does(await api.person(), "write", text="a")
        await taken(api)

    assert set(bot.secrets) == {None}


async def test_an_update_that_is_not_taken_comes_again_before_those_behind_it(api: Api) -> None:
    person = await api.person()
    async with serving(500, 503, 404) as bot:
        await api.call("setWebhook", url=bot.address)
        for text in ("a", "b"):
            await api.does(person, "write", text=text)
        await taken(api)
        info = await api.call("getWebhookInfo")

    assert bot.texts == ["a", "a", "a", "a", "b"]
    assert info["last_error_message"] == "Wrong response from the webhook: 404"


async def test_an_update_survives_a_bot_that_is_away(api: Api) -> None:
    async with serving() as bot:
        address = bot.address
    await api.call("setWebhook", url=address)
    await api.does(await api.person(), "write", text="a")

    async def failed() -> bool:
        return "last_error_message" in await api.call("getWebhookInfo")

    await until(failed)
    async with serving() as back:
        await api.call("setWebhook", url=back.address)
        await taken(api)
    assert back.texts == ["a"]


async def test_a_tap_can_overtake_a_message_that_is_being_handled(api: Api) -> None:
    """Telegram keeps a person's messages and taps in two queues (Client.cpp)."""
    person = await api.person()
    async with serving() as bot:
        bot.held = asyncio.Event()
        await api.call("setWebhook", url=bot.address)
        await api.does(person, "write", text="first")
        await api.does(person, "tap", message_id=1, data="second")
        await bot.has(1)
        assert "callback_query" in bot.posted[0]
        bot.held.set()
        await taken(api)

    assert "message" in bot.posted[1]


async def test_with_one_connection_nothing_overtakes(api: Api) -> None:
    person = await api.person()
    async with serving() as bot:
        bot.held = asyncio.Event()
        await api.call("setWebhook", url=bot.address, max_connections=1)
        await api.does(person, "write", text="first")
        await api.does(person, "tap", message_id=1, data="second")
        bot.held.set()
        await taken(api)

    assert ["message" in update for update in bot.posted] == [True, False]


async def test_one_persons_trouble_holds_nobody_else_up(api: Api) -> None:
    stuck, other = await api.person(), await api.person()
    async with serving(*[500] * 1000) as bot:
        await api.call("setWebhook", url=bot.address)
        await api.does(stuck, "write", text="stuck")
        await api.does(other, "write", text="other")
        await bot.has(2)

        assert set(bot.texts) == {"stuck", "other"}
        await api.call("deleteWebhook", drop_pending_updates=True)


async def test_a_tap_that_expired_is_not_posted_any_more(api: Api) -> None:
    person = await api.person()
    async with serving(500) as bot:
        await api.call("setWebhook", url=bot.address)
        await api.does(person, "tap", message_id=1, data="yes")
        await bot.has(1)
        api.clock.turn(151)
        await api.does(person, "write", text="later")
        await taken(api)

    assert "message" in bot.posted[-1]


async def test_a_redirect_is_not_followed(api: Api) -> None:
    """The secret and the answer would go wherever it points."""
    async with serving() as bot, serving() as elsewhere:
        bot.answers.append(web.Response(status=307, headers={"Location": elsewhere.address}))
        await api.call("setWebhook", url=bot.address, secret_token="secret")
        await api.does(await api.person(), "write", text="a")
        await taken(api)

    assert not elsewhere.posted
    assert "a" in bot.texts


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "http://127.0.0.1@example.org/",
        "http://127.0.0.1.example.org/",
        "http://example.org#@127.0.0.1/",
        "http://0.0.0.0/",
        "http://[::2]/",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "127.0.0.1",
        "http://[",
    ],
)
async def test_a_webhook_beyond_this_machine_is_refused(api: Api, url: str) -> None:
    assert "Bad Request: bad webhook" in await api.refuses("setWebhook", url=url)
    assert (await api.call("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("x" * 257, "secret token is too long"),
        ("with space", "secret token contains unallowed characters"),
        ("dot.ted", "secret token contains unallowed characters"),
        ("សម្ងាត់", "secret token contains unallowed characters"),
        ("line\n", "secret token contains unallowed characters"),
    ],
)
async def test_a_secret_that_cannot_be_one_is_refused(api: Api, secret: str, words: str) -> None:
    call = {"url": "http://127.0.0.1:9/", "secret_token": secret}

    assert await api.refuses("setWebhook", **call) == f"Bad Request: {words}"
    assert await api.call("setWebhook", **{**call, "secret_token": "x" * 256})


async def test_the_webhook_can_be_looked_at(api: Api) -> None:
    nothing = await api.call("getWebhookInfo")
    wishes: dict[str, Any] = {"max_connections": 500, "allowed_updates": ["message"]}

    await api.call("setWebhook", url="http://127.0.0.1:9/hook", **wishes)

    assert nothing == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
    assert await api.call("getWebhookInfo") == {
        "url": "http://127.0.0.1:9/hook",
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 100,
        "allowed_updates": ["message"],
    }


async def test_setting_an_empty_webhook_returns_to_polling(api: Api) -> None:
    await api.call("setWebhook", url="http://127.0.0.1:9/")
    await api.does(await api.person(), "write", text="a")

    await api.call("setWebhook", url="")
    assert len(await api.updates()) == 1

    await api.call("deleteWebhook", drop_pending_updates="True")
    assert await api.updates(offset=1) == []
