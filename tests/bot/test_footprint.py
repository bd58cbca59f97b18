"""The running bot is small, starts quickly, and leaves heavy work to processes of their own."""

import os
import re
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.simulator.world import World
from tests.chat import Phone, Telegram, until
from tests.conftest import simulator
from tests.processes import environment, process

HEAVY = ("pandas", "numpy", "matplotlib", "scipy", "pyxform", "openpyxl", "xlsxwriter", "alembic")
IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\w+)", re.MULTILINE)
MEGABYTES, CPU_SECONDS = 150, 2.0

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")


def quick(address: str, folder: Path) -> dict[str, str]:
    """Return the environment of a bot that doesn't pause between messages to one chat."""
    return environment(address, folder, SAMLENG_CHAT_BURST="20")


def peak_megabytes(running: Process) -> float:
    status = Path(f"/proc/{running.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024


def cpu_seconds(running: Process) -> float:
    """Return the CPU time of a process and of those it waited for."""
    fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


async def until_polling(telegram: Telegram) -> None:
    async def polls() -> bool:
        return "getUpdates" in await telegram.get("/sim/calls")

    await until(polls)


async def answer_a_survey(telegram: Telegram) -> None:
    """Answer as a citizen, with a free text whose words are rare: langdetect looks at it."""
    made = await telegram.post("/sim/people", name="ពលរដ្ឋ")
    phone = Phone(telegram, made["id"], lambda: until(_moved(phone)))
    await phone.types("/start p17")
    for label in ("English", "I'm 18 or older and I agree", "Citizen", "Skip ⏭", "Some", "Some"):
        await phone.taps(label)
    await phone.types("Pesticides contaminate groundwater aquifers upstream")
    await phone.taps("Yes")
    await phone.taps("📨 Submit")
    assert "Thank you" in phone.sees


def _moved(phone: Phone):  # type: ignore[no-untyped-def]
    before = phone.sees if phone.messages else ""

    async def holds() -> bool:
        await phone.look()
        newest = phone.messages[-1]
        return bool(newest["from"]["is_bot"]) and phone.sees != before

    return holds


async def test_a_running_bot_loads_nothing_heavy(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with (
        simulator(World()) as telegram,
        process(
            "run", log=log, interpreter=("-X", "importtime"), **quick(telegram.address, folder)
        ),
    ):
        await answer_a_survey(telegram)

    loaded = set(IMPORTED.findall(log.read_text()))
    assert {"telegram", "sqlalchemy", "aiohttp", "langdetect"} <= loaded
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize("state", ["first start", "later start"])
async def test_a_running_bot_is_small_and_quickly_ready(
    folder: Path, tmp_path: Path, state: str, figure: Callable[[str], None]
) -> None:
    data = folder if state == "later start" else tmp_path / "new"
    async with (
        simulator(World()) as telegram,
        process("run", log=tmp_path / "log", **quick(telegram.address, data)) as bot,
    ):
        await until_polling(telegram)
        ready = cpu_seconds(bot)
        await answer_a_survey(telegram)
        peak = peak_megabytes(bot)

    figure(f"{state}: ready after {ready:.2f} s of CPU; {peak:.0f} MB at most")
    assert peak < MEGABYTES
    # The first start also makes the tables and converts the forms, which happens once.
    assert ready < CPU_SECONDS or state == "first start"
