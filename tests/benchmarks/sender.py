"""The sender: how much of the set rate reaches Telegram, and what the fullest second holds."""

import asyncio
import tempfile
from pathlib import Path

from bot.publishing import publish_instruments
from bot.simulator.server import Server, serving
from storage.database import open_store
from tests.benchmarks.edge import cpu_seconds
from tests.chat import until
from tests.crowd import Counting, busiest_second, gather, remind
from tests.daytime import Daytime
from tests.processes import bot_by_day, environment

# Messages a second that are set, how many there are, and the seconds there and back of a call.
RUNS = [(500, 2000, 0.0), (25, 400, 0.1)]


def prepare(folder: Path, world: Counting, messages: int) -> None:
    """Promise everybody a reminder, before any bot runs."""
    store = open_store(folder, Daytime())
    publish_instruments(store)
    store.run(remind, gather(store, world, messages))
    store.close()


async def measure(rate: int, messages: int, latency: float) -> tuple[list[float], float]:
    """Let a bot send everything; return when it came to Telegram, and the bot's CPU in seconds."""
    world = Counting(unlimited=True)

    async def everybody_is_reached() -> bool:
        return len(world.reached) == messages

    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(prepare, Path(folder), world, messages)
        world.faults.latency["sendMessage"] = latency
        async with serving(Server(world)) as address:
            variables = environment(address, Path(folder), SAMLENG_RATE=str(rate))
            async with bot_by_day(Path(folder) / "log", **variables) as running:
                await until(everybody_is_reached, seconds=60 + 3 * messages / rate)
                cpu = cpu_seconds(running.pid)
    return [moment for moment, _, _ in world.reached], cpu


def report(rate: int, messages: int, latency: float) -> str:
    """Return what was measured, as a line."""
    moments, cpu = asyncio.run(measure(rate, messages, latency))
    # A fifth of a second's worth may go at once.
    reached = (messages - rate / 5) / (moments[-1] - moments[0])
    return (
        f"sender: {reached:.1f} of {rate} messages a second asked ({reached / rate:.1%}),"
        f" calls of {latency * 1000:.0f} ms; {busiest_second(moments)} in the fullest second;"
        f" {cpu / messages * 1e6:.0f} µs of CPU each, the start included"
    )


def main() -> None:
    for run in RUNS:
        print(report(*run), flush=True)


if __name__ == "__main__":
    main()
