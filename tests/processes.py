"""The bot and the simulated Telegram as processes of their own, which a test may kill."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import control
from tests.chat import until
from tests.conftest import TOKEN


def environment(address: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a bot at a simulated Telegram."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SAMLENG_")},
        "SAMLENG_BOT_TOKEN": TOKEN,
        "SAMLENG_API_URL": address,
        "SAMLENG_DATA_DIR": str(folder),
        **more,
    }


@asynccontextmanager
async def process(
    *arguments: str,
    log: Path,
    interpreter: tuple[str, ...] = (),
    module: str = "bot.cli",
    **variables: str,
) -> AsyncIterator[Process]:
    """Run a `samleng` command, or another module; end it afterwards, if it lives."""
    with log.open("ab") as errors:
        running = await asyncio.create_subprocess_exec(
            sys.executable, *interpreter, "-m", module, *arguments,
            env=variables or None, stdout=PIPE, stderr=errors,
        )  # fmt: skip
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
            await asyncio.wait_for(running.wait(), 20)


@asynccontextmanager
async def bot_by_day(log: Path, *by: str, **variables: str) -> AsyncIterator[Process]:
    """Run the bot with a clock on which it is morning in Cambodia; end it afterwards."""
    with log.open("ab") as errors:
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.daytime", *by, env=variables, stderr=errors
        )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
            await asyncio.wait_for(running.wait(), 20)


@asynccontextmanager
async def telegram_process(log: Path) -> AsyncIterator[str]:
    """Run the simulated Telegram; yields its address."""
    async with process("simulate", "--port", "0", log=log) as simulator:
        assert simulator.stdout is not None
        yield (await simulator.stdout.readline()).decode().strip()


async def kill(running: Process) -> None:
    """End a process as a power cut would."""
    running.kill()
    await running.wait()


async def until_ready(folder: Path, running: Process) -> None:
    """Wait until a bot answers on its socket."""

    async def answers() -> bool:
        assert running.returncode is None, "the bot has ended"
        return await asyncio.to_thread(control.ask, folder, {"command": "status"}) is not None

    await until(answers)
