"""Updates by webhook: known by a secret, on disk before the answer, held back meanwhile."""

import io
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from bot.simulator.world import World
from bot.webhook import HEADER, LARGEST_BODY
from storage.database import DATABASE
from tests.bot.test_sender import _has, fault
from tests.chat import until
from tests.conftest import HandClock, House, housed, simulator
from tests.database import plain_sql
from tests.steps import at_text_question


@pytest.fixture
async def house(folder: Path, clock: HandClock) -> AsyncIterator[House]:
    """The whole bot, to which the simulated Telegram posts."""
    world, port = World(unlimited=True), unused_port()
    url = f"http://127.0.0.1:{port}/telegram"
    settings = {"webhook_url": url, "webhook_port": port}
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, **settings) as made,
    ):
        await until(_announced(made))
        yield made


def _announced(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return "setWebhook" in house.world.calls

    return holds


async def post(house: House, body: bytes, secret: str | None = None) -> int:
    intake = house.application.intake
    given = house.store.keys.webhook_secret() if secret is None else secret
    async with (
        aiohttp.ClientSession() as session,
        session.post(intake.url, data=io.BytesIO(body), headers={HEADER: given}) as answer,  # type: ignore[union-attr]
    ):
        return answer.status


async def test_a_whole_conversation_goes_by_webhook(house: House) -> None:
    phone = await at_text_question(house, "km")

    await phone.types("ស្ពានបាក់")

    assert house.rows("SELECT value FROM answer WHERE path = '/data/change'") == [("ស្ពានបាក់",)]
    assert "getUpdates" not in house.world.calls


@pytest.mark.parametrize("secret", ["", "wrong", "a" * 64, "a" * 4096])
async def test_a_post_without_the_secret_is_refused_and_leaves_nothing(
    house: House, secret: str
) -> None:
    status = await post(house, b'{"update_id": 1}', secret)

    assert status == 403
    assert house.rows("SELECT count(*) FROM inbox") == [(0,)]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'{"update_id": 7, "message": {}}'])
async def test_a_body_that_cannot_be_read_does_not_hold_up_the_queue(
    house: House, body: bytes
) -> None:
    assert await post(house, body) == 200

    phone = await at_text_question(house)
    assert "What one thing" in phone.sees


async def test_a_body_that_is_too_large_is_refused(house: House) -> None:
    assert await post(house, b"x" * (LARGEST_BODY + 1)) == 413


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(house: House) -> None:
    phone = await at_text_question(house)
    await house.store.call(lambda tx: plain_sql(tx, "PRAGMA busy_timeout=50"))

    with closing(sqlite3.connect(house.folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="ស្ពានបាក់")
        refused = await post(house, b'{"update_id": 8, "message": {}}')
        other.execute("ROLLBACK")
    await house.settled()

    assert refused == 503
    assert house.rows("SELECT value FROM answer WHERE path = '/data/change'") == [("ស្ពានបាក់",)]


async def test_a_time_in_which_nobody_writes_is_no_outage(house: House, clock: HandClock) -> None:
    phone = await at_text_question(house)

    for _ in range(30):
        clock.turn(seconds=10)
        await house.application.intake.listening()  # type: ignore[union-attr]
    await phone.types("ស្ពានបាក់")

    assert house.rows("SELECT count(*) FROM meta WHERE key = 'outage'") == [(0,)]


async def test_who_comes_back_is_answered_though_their_leaving_is_heard_of_later(
    house: House, clock: HandClock
) -> None:
    """Who blocks the bot, and what they write, come by different queues."""
    phone = await at_text_question(house)
    house.world.hold("my_chat_member", held=True)
    await fault(house, "sendMessage", 502, "Bad Gateway")
    for act, body in (("block", {"blocked": True}), ("write", {"text": "/help"})):
        await house.telegram.post(f"/sim/people/{phone.person_id}/{act}", **body)
    await until(_has(house, "pending"))

    house.world.hold("my_chat_member", held=False)
    await until(_nothing_waits(house))
    clock.turn(seconds=2)
    await house.settled()
    await phone.look()

    assert "/mydata" in phone.sees
    assert house.rows("SELECT count(*) FROM respondent WHERE unreachable_at IS NULL") == [(1,)]


def _nothing_waits(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return not house.world.waiting

    return holds


async def test_a_bot_that_polls_takes_a_webhook_away(folder: Path, clock: HandClock) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        await telegram.call("1:" + "a" * 35, "setWebhook", url="http://127.0.0.1:9/x")
        async with housed(telegram, world, folder, clock) as polling:
            phone = await polling.person()
            await phone.types("/start")

            assert "Please choose a language" in phone.sees
