"""A storm: kill -9 at random moments, refused and failing calls, while people answer.

`make storm KILLS=100 SEED=1` prints, last, a table of what was lost, doubled and out of order.
"""

import argparse
import asyncio
import random  # noqa: TID251 - a storm is chance, its seed is handed in
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from storage.database import DATABASE
from tests.chat import Telegram, until
from tests.citizens import Citizen, arrive, disordered, expected, stored_answers
from tests.processes import environment, kill, process, telegram_process

AT_ONCE = 30
SHORTEST, LONGEST = 1.2, 4.0
PATIENCE = 90
FAULTS = (
    {
        "method": "editMessageText",
        "code": 429,
        "description": "Too Many Requests",
        "retry_after": 1,
    },
    {"method": "sendMessage", "code": 429, "description": "Too Many Requests", "retry_after": 1},
    {"method": "editMessageText", "code": 502, "description": "Bad Gateway"},
    {"method": "sendMessage", "code": 502, "description": "Bad Gateway"},
    {"method": "getUpdates", "code": 502, "description": "Bad Gateway"},
)
console = Console()


@dataclass
class Storm:
    """People who come one after the other, and a bot that is killed meanwhile."""

    telegram: Telegram
    variables: dict[str, str]
    log: Path
    chance: random.Random
    citizens: list[Citizen] = field(default_factory=list)
    is_over: bool = False

    async def people(self) -> None:
        """Answer as one citizen after the other, until the storm is over."""
        while not self.is_over:
            citizen = await arrive(self.telegram, len(self.citizens))
            self.citizens.append(citizen)
            await citizen.answer_all()

    async def rage(self, kills: int) -> None:
        """Kill the bot so often; then let everybody finish."""
        with Progress(console=console, transient=True) as progress:
            for _ in progress.track(range(kills), description="kills"):
                await self.kill_once()
        self.is_over = True
        async with process("run", log=self.log, **self.variables):
            with suppress(TimeoutError):
                await until(self.everybody_is_done, seconds=PATIENCE)
        for citizen in self.stuck():
            console.print(citizen.person_id, citizen.screen()[:2], markup=False)
            citizen.gives_up = True

    def stuck(self) -> list[Citizen]:
        return [one for one in self.citizens if "Thank you" not in one.screen()[1]]

    async def kill_once(self) -> None:
        async with process("run", log=self.log, **self.variables) as bot:
            for fault in self.chance.sample(FAULTS, k=2):
                await self.telegram.post("/sim/faults", **fault, times=self.chance.randint(1, 3))
            await asyncio.sleep(self.chance.uniform(SHORTEST, LONGEST))
            await kill(bot)

    async def everybody_is_done(self) -> bool:
        return not self.stuck()


async def storm(kills: int, seed: int, folder: Path) -> dict[str, int]:
    """Rage over a new folder; return the counts."""
    log = folder / "log"
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(telegram_process(log))
        connector = aiohttp.TCPConnector(limit=200)
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        data = folder / "data"
        made = Storm(
            Telegram(address, session), environment(address, data), log, random.Random(seed)
        )
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(made.people())
            await made.rage(kills)
    return counts(made.citizens, data / DATABASE, kills)


def counts(citizens: list[Citizen], database: Path, kills: int) -> dict[str, int]:
    confirmed = Counter(expected(citizens))
    stored = stored_answers(database)
    with closing(sqlite3.connect(database)) as connection:
        [uncertain] = connection.execute(
            "SELECT count(*) FROM outbox WHERE status = 'uncertain'"
        ).fetchone()
    return {
        "kills": kills,
        "people": len(citizens),
        "stuck": sum(citizen.gives_up for citizen in citizens),
        "confirmed": confirmed.total(),
        "stored": stored.total(),
        "lost": (confirmed - stored).total(),
        "stored, never confirmed": (stored - confirmed).total(),
        "doubled": sum(number - 1 for number in stored.values()),
        "disordered": disordered(database),
        "uncertain": uncertain,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(storm(arguments.kills, arguments.seed, Path(folder)))
    table = Table("what", "how many", title=f"storm, seed {arguments.seed}")
    for name, number in found.items():
        table.add_row(name, str(number))
    console.print(table)
    return int(any(found[name] for name in ("lost", "doubled", "disordered", "stuck")))


if __name__ == "__main__":
    sys.exit(main())
