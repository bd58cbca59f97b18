"""Many people are written to while the bot is killed every few seconds: does anybody hear twice, is
each accounted for, and how much of the set rate is reached between the kills?

`python -m tests.benchmarks.kills 20000 1000 3`: people, messages a second, seconds between kills.
Once a wave invites them; once they are reminded of a question they left, each with that question.
"""

import asyncio
import datetime as dt
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.publishing import publish_instruments
from bot.simulator.server import Server, serving
from storage import forms, interviews, slots, wave_invitations, waves
from storage.database import open_store
from storage.store import Transaction, utc_now
from surveys.interview import World, begin
from surveys.wave import Audience, Reminding
from tests.chat import until
from tests.crowd import Counting, gather
from tests.database import plain_sql
from tests.daytime import Shifted
from tests.processes import bot_by_day, environment, kill, until_ready

PEOPLE, RATE, SECONDS = [int(value) for value in sys.argv[1:]] or [20_000, 1000, 3]
# A morning in Cambodia that is no holiday.
MORNING = dt.datetime(2026, 12, 1, 2, tzinfo=dt.UTC)
LONG_AGO = dt.timedelta(days=3)
# One in so many has blocked the bot.
BLOCKED = 50
Start = Callable[[Transaction, list[str]], None]
Became = Callable[[Transaction], Counter[str]]


def prepare(folder: Path, world: Counting, by: float, start: Start) -> None:
    """Let something begin for everybody three days before the morning; some block the bot then."""
    store = open_store(folder, Shifted(by - LONG_AGO.total_seconds()))
    publish_instruments(store)
    store.run(start, gather(store, world, PEOPLE))
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


def put_wave(tx: Transaction, _: list[str]) -> None:
    """Put a form to everybody; the bot names them and invites them."""
    form = forms.newest(tx, "dialogue_experience")
    assert form is not None
    span = (tx.now, tx.now + dt.timedelta(days=30))
    number = waves.create(tx, form.id, Audience(), *span, Reminding(most=0), "maker")
    waves.release(tx, number, "another")


async def lives(folder: Path, world: Counting, address: str, by: float) -> list[float]:
    """Run the bot again and again until nobody is left; return the rate of each life but the last.

    A life counts from its first message to the kill: no second of it may hold more than the rate.
    """
    variables = environment(address, folder, SAMLENG_RATE=str(RATE))
    loop, rates = asyncio.get_running_loop(), []
    while True:
        before = len(world.reached)
        async with bot_by_day(folder / "log", str(by), **variables) as bot:
            await until_ready(folder, bot)
            await until_any(world, before)
            if len(world.reached) == before:
                return rates[:-1]
            await asyncio.sleep(SECONDS)
            killed_at = loop.time()
            await kill(bot)
        moments = [moment for moment, _, _ in world.reached[before:]]
        rates.append(len(moments) / (killed_at - moments[0]))


async def until_any(world: Counting, before: int) -> None:
    """Wait for the next message; nobody is left where none comes for some seconds."""
    try:
        await until(lambda: _is_more(world, before), seconds=8)
    except (AssertionError, TimeoutError):
        return


async def _is_more(world: Counting, before: int) -> bool:
    return len(world.reached) > before


def reminded(tx: Transaction) -> Counter[str]:
    """Count what became of the reminders."""
    slots.settle(tx)
    return Counter({one.status: one.number for one in slots.standings(tx)})


def invited(tx: Transaction) -> Counter[str]:
    """Count what became of the invitations."""
    wave_invitations.settle(tx)
    rows = plain_sql(tx, "SELECT invitation, count(*) FROM wave_person GROUP BY 1")
    return Counter({str(status): int(number) for status, number in rows})


RUNS: dict[str, tuple[Start, Became]] = {
    "invitations": (put_wave, invited),
    "reminders": (begin_all, reminded),
}


def account(name: str, became: Counter[str], world: Counting, rates: list[float]) -> str:
    """Hold what was due against what became of it and what arrived."""
    arrived = Counter(person for _, person, _ in world.reached)
    told = sum(became[status] for status in ("sent", "uncertain", "blocked"))
    usual, least = statistics.median(rates), min(rates)
    return (
        f"kills: {PEOPLE:,} {name} due, {dict(became)}; sent + uncertain + blocked = {told:,};"
        f" arrived {len(arrived):,}, twice {sum(number > 1 for number in arrived.values())};"
        f" {len(rates)} lives of {SECONDS} s: {usual:.0f} of {RATE} a second"
        f" ({usual / RATE:.1%}; {least / RATE:.1%} the least)"
    )


async def measure(name: str) -> str:
    """Run one of the two, and say what was seen."""
    start, became = RUNS[name]
    world = Counting(unlimited=True)
    by = (MORNING - utc_now()).total_seconds()
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        await asyncio.to_thread(prepare, folder, world, by, start)
        async with serving(Server(world)) as address:
            rates = await lives(folder, world, address, by)
        store = open_store(folder, Shifted(by))
        try:
            return account(name, store.run(became), world, rates)
        finally:
            store.close()


if __name__ == "__main__":
    for run in RUNS:
        print(asyncio.run(measure(run)), flush=True)
