"""The whole way of an update, beside python-telegram-bot's stock echo bot, in CPU of the bot.

Ours: a tap comes in by HTTP, the answer is stored, the question is edited and the tap answered.
Theirs: a text comes in, the same text goes out; nothing is stored.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from bot.simulator.server import Server, serving
from bot.simulator.world import World
from tests.chat import Phone, Telegram
from tests.processes import environment

PEOPLE, UPDATES = 40, 60
QUICK = {
    "SAMLENG_CHAT_RATE": "1000000",
    "SAMLENG_CHAT_BURST": "1000000",
    "SAMLENG_PERSON_BURST": "1000000",
}
Act = Callable[[Phone, int], Awaitable[None]]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


async def answered(phone: Phone, before: int) -> None:
    """Wait until the chat is newer than it was."""
    path = f"/sim/people/{phone.person_id}/chat?after={before}&wait=20"
    await phone.telegram.get(path)


class Person(Phone):
    """Somebody who waits for the bot after each thing they do."""

    async def _act(self, what: str, **body: object) -> None:
        path = f"/sim/people/{self.person_id}"
        before = (await self.telegram.get(f"{path}/chat"))["messages"]
        await self.telegram.post(f"{path}/{what}", **body)
        revision = -1
        while True:
            chat = await self.telegram.get(f"{path}/chat?after={revision}&wait=20")
            revision, now = chat["revision"], chat["messages"]
            if now[-1]["from"]["is_bot"] and now != before:
                break
        await self.look()


async def arrive_at_ours(phone: Phone) -> None:
    await phone.types("/start p17")
    for label in ("English", "I'm 18 or older and I agree", "Citizen"):
        await phone.taps(label)


async def tap(phone: Phone, number: int) -> None:
    await phone.taps("⬅ Back" if number % 2 else "Skip ⏭")


async def arrive_at_theirs(phone: Phone) -> None:
    await phone.types("/start hello")


async def write(phone: Phone, number: int) -> None:
    await phone.types(f"ស្ពានលេខ {number}")


async def measure(
    command: list[str], arrive: Callable[[Phone], Awaitable[None]], act: Act
) -> float:
    """Return the CPU of a bot for one update, in microseconds."""
    world = World(unlimited=True)
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Server(world)) as address, aiohttp.ClientSession() as session:
            telegram = Telegram(address, session)
            bot = await asyncio.create_subprocess_exec(
                *command,
                env=environment(address, Path(folder), **QUICK, SAMLENG_LOG_LEVEL="ERROR"),
                stderr=asyncio.subprocess.DEVNULL,
            )
            ids = [(await telegram.post("/sim/people", name="P"))["id"] for _ in range(PEOPLE)]
            people = [Person(telegram, one, asyncio.Event().wait) for one in ids]  # type: ignore[arg-type]
            await asyncio.gather(*map(arrive, people))
            before = cpu_seconds(bot.pid)

            async def goes(phone: Phone) -> None:
                for number in range(UPDATES):
                    await act(phone, number)

            await asyncio.gather(*map(goes, people))
            used = cpu_seconds(bot.pid) - before
            bot.kill()
            await bot.wait()
    return used / (PEOPLE * UPDATES) * 1e6


async def compare() -> None:
    ours = await measure([sys.executable, "-m", "bot.cli", "run"], arrive_at_ours, tap)
    theirs = await measure([sys.executable, "-m", "tests.benchmarks.echo"], arrive_at_theirs, write)
    print(
        f"edge: {ours:.0f} µs of CPU an update, stored and answered; "
        f"the stock echo bot {theirs:.0f} µs; ratio {ours / theirs:.2f}"
    )


if __name__ == "__main__":
    asyncio.run(compare())
