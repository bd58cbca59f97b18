"""Reminders to many people while the bot is killed every few seconds: is anybody reminded twice, is
each accounted for, and how much of the set rate is reached between the kills?

`python -m tests.benchmarks.kills 20000 1000 3`: people, messages a second, seconds between kills.
"""

import asyncio
import datetime as dt
import statistics
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bot.publishing import publish_instruments
from bot.simulator.server import Server, serving
from storage import forms, interviews, slots
from storage.database import open_store
from storage.store import Store, Transaction, utc_now
from surveys.interview import World, begin
from tests.chat import until
from tests.crowd import Counting, gather
from tests.daytime import Shifted
from tests.processes import bot_by_day, environment, kill, until_ready

PEOPLE, RATE, SECONDS = [int(value) for value in sys.argv[1:]] or [20_000, 1000, 3]
# A morning in Cambodia that is no holiday.
MORNING = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)
LONG_AGO = dt.timedelta(days=3)
# One in so many has blocked the bot.
BLOCKED = 50
# So much of a second's messages may leave at once, at the beginning.
BURST = 0.2


def prepare(folder: Path, world: Counting, by: float) -> None:
    """Let everybody begin a survey three days before the morning; some block the bot then."""
    store = open_store(folder, Shifted(by - LONG_AGO.total_seconds()))
    publish_instruments(store)
    store.run(begin_all, gather(store, world, PEOPLE))
    store.close()
    for chat in list(world.chats.values())[::BLOCKED]:
        chat.blocked = True


def begin_all(tx: Transaction, ids: list[str]) -> None:
    form = forms.newest(tx, "citizen_interests")
    assert form is not None
    for one in ids:
        stored = interviews.start(tx, one, form.id, "citizen_interests", "km")
        begun = begin(form.form, {}, World(tx.now, "km", stored.seed)).interview
        interviews.save(tx, replace(stored, interview=begun))


async def lives(folder: Path, world: Counting, address: str, by: float) -> list[float]:
    """Run the bot again and again until all slots are settled; return the rate of each life."""
    variables = environment(address, folder, SAMLENG_RATE=str(RATE))
    loop, rates = asyncio.get_running_loop(), []
    while True:
        before = len(world.reached)
        async with bot_by_day(folder / "log", str(by), **variables) as bot:
            await until_ready(folder, bot)
            await until_any(world, before)
            if len(world.reached) == before:
                return rates
            await asyncio.sleep(SECONDS)
            killed_at = loop.time()
            await kill(bot)
        moments = [moment for moment, _, _ in world.reached[before:]]
        if moments[-1] > killed_at - BURST:
            rates.append((len(moments) - RATE * BURST) / (moments[-1] - moments[0]))


async def until_any(world: Counting, before: int) -> None:
    """Wait for the next message; nobody is left where none comes for some seconds."""
    try:
        await until(lambda: _is_more(world, before), seconds=8)
    except (AssertionError, TimeoutError):
        return


async def _is_more(world: Counting, before: int) -> bool:
    return len(world.reached) > before


def account(store: Store, world: Counting, rates: list[float]) -> str:
    """Hold what was due against what became of it and what arrived."""
    store.run(slots.settle)
    became = Counter({s.status: s.number for s in store.run(slots.standings)})
    arrived = Counter(person for _, person, _ in world.reached)
    told = sum(became[status] for status in ("sent", "uncertain", "blocked"))
    usual, least = statistics.median(rates), min(rates)
    twice = sum(number > 1 for number in arrived.values())
    return (
        f"kills: {PEOPLE:,} due, {dict(became)}; sent + uncertain + blocked = {told:,};"
        f" arrived {len(arrived):,}, twice {twice}; {len(rates)} lives of {SECONDS} s:"
        f" {usual:.0f} of {RATE} a second ({usual / RATE:.1%}; {least / RATE:.1%} the least)"
    )


async def main() -> None:
    world = Counting(unlimited=True)
    by = (MORNING - utc_now()).total_seconds()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await asyncio.to_thread(prepare, folder, world, by)
        async with serving(Server(world)) as address:
            rates = await lives(folder, world, address, by)
        store = open_store(folder, Shifted(by))
        print(account(store, world, rates))
        store.close()


if __name__ == "__main__":
    asyncio.run(main())
