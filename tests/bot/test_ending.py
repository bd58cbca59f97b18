"""The process ends as it is asked to: what is on its way arrives, and what waits goes out later."""

import asyncio
import signal
import sqlite3
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.control import SOCKET
from bot.simulator.world import World
from storage.database import DATABASE
from tests.chat import Phone, Telegram, until
from tests.conftest import simulator
from tests.database import Place
from tests.processes import environment, process, until_ready


async def settled() -> None:
    """Wait for nothing: these tests look by themselves."""


async def writes_twice(telegram: Telegram) -> Phone:
    made = await telegram.post("/sim/people", name="ពលរដ្ឋ")
    phone = Phone(telegram, made["id"], settled)
    await phone.types("/start")
    await phone.types("/help")
    await until(_said(phone, 1))
    return phone


def _said(phone: Phone, messages: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        await phone.look()
        return sum(m["from"]["is_bot"] for m in phone.messages) == messages

    return holds


def _written_down(folder: Path):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            query = "SELECT count(*) FROM outbox WHERE status = 'sent'"
            return connection.execute(query).fetchone() == (1,)

    return holds


def _gone(path: Path):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return not path.exists()

    return holds


async def ends(bot: Process) -> int:
    return await asyncio.wait_for(bot.wait(), 15)


async def test_an_idle_bot_ends_at_once_and_cleanly(folder: Path, tmp_path: Path) -> None:
    async with (
        simulator(World()) as telegram,
        process("run", log=tmp_path / "log", **environment(telegram.address, folder)) as bot,
    ):
        await until_ready(folder, bot)

        bot.send_signal(signal.SIGTERM)

        assert await ends(bot) == 0
        assert '"event": "stopped"' in (tmp_path / "log").read_text()


async def test_what_is_on_its_way_arrives_within_ten_seconds_and_is_written_down(
    folder: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    async with (
        simulator(World()) as telegram,
        process("run", log=tmp_path / "log", **environment(telegram.address, folder)) as bot,
    ):
        await until_ready(folder, bot)
        await telegram.post("/sim/latency", method="sendMessage", seconds=2)
        made = await telegram.post("/sim/people", name="ពលរដ្ឋ")
        await Phone(telegram, made["id"], settled).types("/start")
        await until(_is_on_its_way(folder))

        asked_at = asyncio.get_running_loop().time()
        bot.send_signal(signal.SIGTERM)
        assert await ends(bot) == 0
        seconds = asyncio.get_running_loop().time() - asked_at

        figure(f"asked to end with a message on its way: ended after {seconds:.1f} s")
        assert seconds < 10
        assert await _written_down(folder)()
        ledger = await telegram.get("/sim/ledger")
        assert [entry["method"] for entry in ledger].count("sendMessage") == 1


def _is_on_its_way(folder: Path):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return Place(folder).rows("SELECT status FROM outbox") == [("sending",)]

    return holds


async def test_a_second_signal_ends_it_without_waiting_and_what_waited_is_sent_later(
    folder: Path, tmp_path: Path
) -> None:
    """One message in a hundred seconds to a chat, so that the second still waits."""
    async with simulator(World()) as telegram:
        slow = {"SAMLENG_CHAT_RATE": "0.01", "SAMLENG_CHAT_BURST": "1"}
        async with process(
            "run", log=tmp_path / "log", **environment(telegram.address, folder, **slow)
        ) as bot:
            phone = await writes_twice(telegram)
            await until(_written_down(folder))
            bot.send_signal(signal.SIGTERM)
            await until(_gone(folder / SOCKET))
            waited = bot.returncode is None

            bot.send_signal(signal.SIGTERM)

            assert await ends(bot) == 1
        async with process("run", log=tmp_path / "log", **environment(telegram.address, folder)):
            await until(_said(phone, 2))

    assert waited
    assert "/stop" in phone.sees
