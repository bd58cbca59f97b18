"""The store on PostgreSQL: answers a second from one process with eight connections, and three.

The server is the wheel's own, as it comes, on the same machine.
"""

import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bot.publishing import publish_instruments
from storage.database import open_store
from storage.store import Store
from tests.benchmarks.store import PEOPLE, answer, arrive
from tests.postgres import from_wheel

ROUNDS, PROCESSES, SECONDS = 3, 3, 8.0
# Update ids of a process; none gives as many answers.
MANY = 1_000_000


def work(folder: str, url: str, number: str) -> None:
    """Be one process: make people, wait until all are ready, store answers for some seconds; print
    how many.
    """
    store = open_store(Path(folder), url=url)
    first = int(number) * PEOPLE
    people = [store.run(arrive, first + person) for person in range(PEOPLE)]
    print("ready", flush=True)
    sys.stdin.readline()
    print(asyncio.run(answers_of_all(store, people, int(number) * MANY)), flush=True)
    store.close()


async def answers_of_all(store: Store, people: list[str], first: int) -> int:
    """Let everybody answer at once until the time is over; return how many answers were stored."""
    ids, until = itertools.count(first), time.monotonic() + SECONDS
    return sum(await asyncio.gather(*[answers_of(store, one, ids, until) for one in people]))


async def answers_of(store: Store, person: str, ids: Iterator[int], until: float) -> int:
    stored = 0
    while time.monotonic() < until:
        await store.call(answer, person, next(ids))
        stored += 1
    return stored


def together(folder: Path, url: str, processes: int, begun: int) -> float:
    """Return how many answers a second so many processes stored, while all of them did."""
    command = [sys.executable, "-m", "tests.benchmarks.replicas", str(folder), url]
    running = [
        subprocess.Popen(
            [*command, str(begun + n)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    for one in running:
        assert one.stdin is not None
        print("go", file=one.stdin, flush=True)
    return sum(int(one.communicate()[0]) for one in running) / SECONDS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(prefix="pg") as data:
        server = from_wheel(Path(data))
        try:
            url = server.get_uri()
            store = open_store(Path(folder), url=url)
            publish_instruments(store)
            store.close()
            one, three = [], []
            for at in range(ROUNDS):
                one.append(together(Path(folder), url, 1, at * 10))
                three.append(together(Path(folder), url, PROCESSES, at * 10 + 1))
        finally:
            server.cleanup()
    for name, rates in (("one process", one), (f"{PROCESSES} processes", three)):
        print(
            f"postgresql, {name}: {max(rates):,.0f} answers/s at best,"
            f" {statistics.median(rates):,.0f} in the middle of {ROUNDS} rounds"
        )


if __name__ == "__main__":
    work(*sys.argv[1:4]) if len(sys.argv) > 1 else main()
