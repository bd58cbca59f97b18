"""Calls to Telegram as they arrive there, and what a failed one means."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from telegram import Bot
from telegram.error import NetworkError, TimedOut

from bot.simulator.world import World
from bot.transport import AiohttpRequest, was_not_sent
from tests.conftest import TOKEN, simulator


@asynccontextmanager
async def mute(*, hangs_up: bool) -> AsyncIterator[str]:
    """Take a connection and never answer: hang up after the first line, or wait."""
    over = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await (reader.readline() if hangs_up else reader.read())
        writer.close()
        await writer.wait_closed()
        over.set()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await over.wait()


async def test_a_khmer_file_name_arrives_as_it_is() -> None:
    world = World(unlimited=True)
    chat = world.add_person("P")
    chat.started = True
    async with simulator(world) as telegram, AiohttpRequest() as calls:
        bot = Bot(TOKEN, base_url=f"{telegram.address}/bot", request=calls)

        sent = await bot.send_document(chat.person_id, b"a,b", filename="ចម្លើយ.csv")

    assert sent.document is not None
    assert sent.document.file_name == "ចម្លើយ.csv"


async def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    async with AiohttpRequest() as calls:
        with pytest.raises(NetworkError) as refused:
            await calls.do_request("http://127.0.0.1:9/", "POST")

    assert was_not_sent(refused.value)


async def test_a_connection_that_breaks_leaves_it_open_whether_it_arrived() -> None:
    async with mute(hangs_up=True) as address, AiohttpRequest() as calls:
        with pytest.raises(NetworkError) as broken:
            await calls.do_request(address, "POST")

    assert not was_not_sent(broken.value)
    assert isinstance(broken.value.__cause__, aiohttp.ClientError)


async def test_an_answer_that_does_not_come_is_a_time_out() -> None:
    async with mute(hangs_up=False) as address, AiohttpRequest() as calls:
        with pytest.raises(TimedOut) as late:
            await calls.do_request(address, "POST", read_timeout=0.05)

    assert not was_not_sent(late.value)
