"""The sender: how much of the set rate reaches Telegram, and what the fullest second holds."""

import asyncio
import os
import tempfile
from pathlib import Path

from bot.publishing import publish_instruments
from bot.simulator.server import Server, serving
from storage.database import open_store
from tests.benchmarks.edge import cpu_seconds
from tests.chat import until
from tests.crowd import Counting, busiest_second, gather, remind
from tests.processes import bot_by_day, environment

RATE, MESSAGES = int(os.environ.get("SAMLENG_RATE", "500")), 2000


def prepare(folder: Path, world: Counting) -> None:
    """Promise everybody a reminder, before any bot runs."""
    store = open_store(folder)
    publish_instruments(store)
    store.run(remind, gather(store, world, MESSAGES))
    store.close()


async def measure() -> tuple[Counting, float]:
    """Let a bot send everything; return what Telegram saw, and the bot's CPU in seconds."""
    world = Counting(unlimited=True)

    async def everybody_is_reached() -> bool:
        return len(world.reached) == MESSAGES

    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(prepare, Path(folder), world)
        async with serving(Server(world)) as address:
            variables = environment(address, Path(folder), SAMLENG_RATE=str(RATE))
            async with bot_by_day(Path(folder) / "log", **variables) as running:
                await until(everybody_is_reached, seconds=60 + 3 * MESSAGES / RATE)
                cpu = cpu_seconds(running.pid)
    return world, cpu


def main() -> None:
    world, cpu = asyncio.run(measure())
    moments = [moment for moment, _, _ in world.reached]
    burst = RATE / 5
    rate = (MESSAGES - burst) / (moments[-1] - moments[0])
    print(
        f"sender: {rate:.0f} of {RATE} messages a second asked ({rate / RATE:.1%});"
        f" {busiest_second(moments)} in the fullest second, where {RATE + burst:.0f} may be;"
        f" {cpu / MESSAGES * 1e6:.0f} µs of CPU each, the start included"
    )


if __name__ == "__main__":
    main()
