"""A storm: kill -9 at random moments, calls that fail, are slow or cut off, while people answer.

`make storm KILLS=100 SEED=1` prints, last, a table of what was lost, doubled and out of order, and
of the messages that may arrive once at most. `ARGS=--webhook` has the updates posted to the bot.
"""

import argparse
import asyncio
import datetime as dt
import random  # noqa: TID251 - a storm is chance, its seed is handed in
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from aiohttp.test_utils import unused_port
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.publishing import publish_instruments
from storage import outbox
from storage.database import KEY, open_store
from storage.outbox import REMINDERS
from storage.store import Transaction
from tests import reckoning
from tests.chat import Telegram, until
from tests.citizens import Citizen, arrive
from tests.database import Place, plain_sql
from tests.daytime import Shifted, until_morning
from tests.fleet import Replicas, Single, stops
from tests.postgres import from_wheel
from tests.processes import environment, telegram_process

AT_ONCE = 30
SHORTEST, LONGEST = 1.2, 4.0
PATIENCE = 90
REMINDING, REMINDED, BLOCKING, DEAF = 0.5, 10, 0.1, 0.3
TO_PEOPLE = ("sendMessage", "editMessageText", "answerCallbackQuery")
METHODS = (*TO_PEOPLE, "getUpdates")
REFUSED = {"code": 429, "description": "Too Many Requests: retry after 1", "retry_after": 1}
FAILED = {"code": 502, "description": "Bad Gateway"}
HOW: tuple[dict[str, Any], ...] = (REFUSED, FAILED, {"cut": "before"}, {"cut": "after"})
FAULTS = [{"method": method, **how} for method in TO_PEOPLE for how in HOW]
BLOCKED = {"code": 403, "description": "Forbidden: bot was blocked by the user"}
SLOWEST = 0.3
console = Console()


@dataclass
class Storm:
    """People who come one after the other, and a bot that is killed meanwhile."""

    telegram: Telegram
    fleet: Single | Replicas
    place: Place
    clock: Shifted
    chance: random.Random
    citizens: list[Citizen] = field(default_factory=list)
    reminders: list[str] = field(default_factory=list)
    in_flight: int = 0
    once_in_flight: int = 0
    is_over: bool = False

    async def people(self) -> None:
        """Answer as one citizen after the other, until the storm is over; some then block us."""
        while not self.is_over:
            citizen = await arrive(self.telegram, len(self.citizens))
            self.citizens.append(citizen)
            await citizen.answer_all()
            if self.chance.random() < BLOCKING:
                person = citizen.person_id
                await self.fault(method="sendMessage", person=person, times=1000, **BLOCKED)

    async def rage(self, kills: int) -> None:
        """Kill the bot so often; then let everybody finish."""
        with Progress(console=console, transient=True) as progress:
            for number in progress.track(range(kills), description="kills"):
                await self.kill_once(number)
        self.is_over = True
        await self.telegram.delete("/sim/faults")
        await self.calm()
        async with self.fleet.running():
            with suppress(TimeoutError):
                await until(self.everybody_is_done, seconds=PATIENCE)
        for citizen in self.stuck():
            console.print(citizen.person_id, citizen.screen()[:2], markup=False)
            citizen.gives_up = True

    def stuck(self) -> list[Citizen]:
        return [one for one in self.citizens if "Thank you" not in one.screen()[1]]

    async def kill_once(self, number: int) -> None:
        """Promise reminders, at times; make trouble for a while, and kill a bot."""
        if self.chance.random() < REMINDING:
            await asyncio.to_thread(self.remind)
        await self.trouble()
        await self.fleet.lose_one(self.chance.uniform(SHORTEST, LONGEST), number)
        sending = await asyncio.to_thread(reckoning.on_the_way, self.place)
        self.in_flight += len(sending)
        self.once_in_flight += sum(sending)

    def remind(self) -> None:
        """Promise some people a message that may arrive once at most, one due each second."""
        store = open_store(self.place.folder, self.clock, url=self.place.url)
        for number, person in enumerate(store.run(self.some_people)):
            self.reminders.append(text := f"Reminder {len(self.reminders)}")
            store.run(self.promise, person, text, number)
        store.close()

    @staticmethod
    def promise(tx: Transaction, person: str, text: str, seconds: int) -> None:
        due_at = tx.now + dt.timedelta(seconds=seconds)
        body = {"text": text}
        outbox.put(tx, person, "sendMessage", body, policy="once", lane=REMINDERS, due_at=due_at)

    def some_people(self, tx: Transaction) -> list[str]:
        query = "SELECT id FROM respondent WHERE unreachable_at IS NULL ORDER BY id"
        people = [row[0] for row in plain_sql(tx, query)]
        return self.chance.sample(people, k=min(REMINDED, len(people)))

    async def trouble(self) -> None:
        """Let some calls go wrong, one method be slow, and some updates come twice."""
        for fault in self.chance.sample(FAULTS, k=4):
            await self.fault(**fault, times=self.chance.randint(1, 3))
        if self.chance.random() < DEAF:
            await self.fault(method="getUpdates", **self.chance.choice(HOW))
        await self.calm()
        slow, seconds = self.chance.choice(METHODS), self.chance.uniform(0, SLOWEST)
        await self.telegram.post("/sim/latency", method=slow, seconds=seconds)
        await self.telegram.post("/sim/duplicates", times=self.chance.randint(0, 5))
        held = self.chance.choice(("message", "callback_query"))
        await self.telegram.post("/sim/queues", kind=held, held=self.chance.random() < 0.2)

    async def calm(self) -> None:
        """Let everything be quick and go on."""
        for method in METHODS:
            await self.telegram.post("/sim/latency", method=method, seconds=0)
        for kind in ("message", "callback_query"):
            await self.telegram.post("/sim/queues", kind=kind, held=False)

    async def fault(self, **how: Any) -> None:
        await self.telegram.post("/sim/faults", **how)

    async def everybody_is_done(self) -> bool:
        waiting = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')"
        return not self.stuck() and self.place.rows(waiting) == [(0,)]

    async def all_of_it(self, kills: int) -> dict[str, int]:
        """Have people answer while it rages; return the counts."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self.people())
            await self.rage(kills)
        return await self.found(kills)

    async def found(self, kills: int) -> dict[str, int]:
        """Return the counts."""
        ledger = await self.telegram.get("/sim/ledger")
        faults = await self.telegram.get("/sim/faults")
        unsure = (
            f for f in faults if f["method"] == "sendMessage" and (f["cut"] or f["code"] > 499)
        )
        return reckoning.account(
            {
                "kills": kills,
                **reckoning.answers(self.citizens, self.place),
                "sends in flight at kills": self.in_flight,
                "once-messages in flight at kills": self.once_in_flight,
                "calls without a sure answer": sum(fault["met"] for fault in unsure),
                **reckoning.once_messages(self.reminders, ledger, self.place),
            }
        )


async def storm(kills: int, seed: int, folder: Path, *, webhook: bool = False) -> dict[str, int]:
    """Rage over a new folder; return the counts."""
    place, by = published(Place(folder / "data")), until_morning()
    async with raging(folder, place, posted_to() if webhook else {}) as (telegram, variables):
        fleet = Single(variables, folder / "log", by)
        made = Storm(telegram, fleet, place, Shifted(by), random.Random(seed))
        return await made.all_of_it(kills)


async def storm_of_replicas(kills: int, seed: int, folder: Path) -> dict[str, int]:
    """Rage over three bots on one PostgreSQL; return the counts."""
    with TemporaryDirectory(prefix="pg") as data:
        server = from_wheel(Path(data))
        try:
            place, by = published(Place(folder / "data", server.get_uri())), until_morning()
            settings = {
                "SAMLENG_DATABASE_URL": server.get_uri(),
                "SAMLENG_KEY_FILE": str(place.folder / KEY),
            }
            async with raging(folder, place, settings) as (telegram, variables):
                fleet = Replicas(variables, folder / "log", by, server, stops(kills))
                async with fleet.alive():
                    made = Storm(telegram, fleet, place, Shifted(by), random.Random(seed))
                    counts = await made.all_of_it(kills)
                    counts[
                        "seconds until a frozen leader is replaced"
                    ] = await fleet.replaced_after()
                    return counts
        finally:
            server.cleanup()


def published(place: Place) -> Place:
    """Make a database that holds the forms."""
    store = open_store(place.folder, url=place.url)
    publish_instruments(store)
    store.close()
    return place


@asynccontextmanager
async def raging(
    folder: Path, place: Place, settings: dict[str, str]
) -> AsyncIterator[tuple[Telegram, dict[str, str]]]:
    """Begin a simulated Telegram; yields it and the settings of a bot there."""
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(telegram_process(folder / "log"))
        connector = aiohttp.TCPConnector(limit=200)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        yield Telegram(address, session), environment(address, place.folder, **settings)


def posted_to() -> dict[str, str]:
    """Return the settings of a bot to which updates are posted."""
    port = unused_port()
    return {
        "SAMLENG_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "SAMLENG_WEBHOOK_PORT": str(port),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--webhook", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="where the data and the log shall stay")
    arguments = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        kills, seed = arguments.kills, arguments.seed
        if arguments.database == "postgres":
            found = asyncio.run(storm_of_replicas(kills, seed, folder))
        else:
            found = asyncio.run(storm(kills, seed, folder, webhook=arguments.webhook))
    table = Table("what", "how many", title=f"storm, seed {arguments.seed}")
    for name, number in found.items():
        table.add_row(name, str(number))
    console.print(table)
    if broken := reckoning.complaints(found):
        console.print("broken:", ", ".join(broken))
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
