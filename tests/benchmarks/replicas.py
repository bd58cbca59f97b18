"""The store on PostgreSQL: do three processes carry what one does?

The server is the wheel's own, as it comes, on the same machine. Both times the same crowd answers,
120 people at once, through one process or 40 through each of three; each process has the threads
and connections that it has in service. Everybody answers before the clock begins, so that plans,
compiled statements and connections are warm. One and three take turns, the order changes from round
to round, and each round gives a ratio: neither the rest of the machine nor growing tables weigh on
one side only. The CPU is that of the processes, the server's own aside.

Where other programs want the CPU too, three processes get more of it than one does, and the ratio
flatters them: it says most on a machine that does nothing else. The CPU of an answer says the same
anywhere.
"""

import asyncio
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bot.publishing import publish_instruments
from storage.database import open_store
from storage.postgres import THREADS
from storage.store import Store
from tests.benchmarks.store import answer, arrive
from tests.postgres import from_wheel

CROWD, ROUNDS, PROCESSES = 120, 6, 3
WARM_SECONDS, SECONDS = 1.0, 6.0
# Update ids of a process; none gives as many answers.
MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """What some processes stored together: answers a second, and µs of their CPU for each."""

    rate: float
    cpu: float


def work(folder: str, url: str, number: str, people: str) -> None:
    """Be one process: make people, wait until all are ready, let them answer; print how many did,
    and what CPU it took.
    """
    store = open_store(Path(folder), url=url)
    ids = itertools.count(int(number) * MANY)
    crowd = [store.run(arrive, next(ids)) for _ in range(int(people))]
    asyncio.run(answers_of_all(store, crowd, ids, WARM_SECONDS))
    print("ready", flush=True)
    sys.stdin.readline()
    before = cpu()
    stored = asyncio.run(answers_of_all(store, crowd, ids, SECONDS))
    print(stored, cpu() - before, flush=True)
    store.close()


def cpu() -> float:
    """Return the seconds of CPU that this process used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def answers_of_all(
    store: Store, people: list[str], ids: Iterator[int], seconds: float
) -> int:
    """Let everybody answer at once until the time is over; return how many answers were stored."""
    until = monotonic() + seconds
    return sum(await asyncio.gather(*[answers_of(store, one, ids, until) for one in people]))


async def answers_of(store: Store, person: str, ids: Iterator[int], until: float) -> int:
    stored = 0
    while monotonic() < until:
        await store.call(answer, person, next(ids))
        stored += 1
    return stored


def together(folder: Path, url: str, processes: int, begun: int) -> Result:
    """Let the crowd answer through so many processes."""
    command = [sys.executable, "-m", "tests.benchmarks.replicas", str(folder), url]
    running = [
        subprocess.Popen(
            [*command, str(begun + n), str(CROWD // processes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    for one in running:
        assert one.stdin is not None
        print("go", file=one.stdin, flush=True)
    told = [one.communicate()[0].split() for one in running]
    stored = sum(int(number) for number, _ in told)
    return Result(stored / SECONDS, sum(float(used) for _, used in told) / stored * 1e6)


def rounds(folder: Path, url: str) -> Iterator[dict[int, Result]]:
    """Measure one process and several in turn; who begins changes."""
    begun = itertools.count(1, PROCESSES)
    for at in range(ROUNDS):
        order = (1, PROCESSES) if at % 2 == 0 else (PROCESSES, 1)
        yield {n: together(folder, url, n, next(begun)) for n in order}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(prefix="pg") as data:
        server = from_wheel(Path(data))
        try:
            store = open_store(Path(folder), url=server.get_uri())
            publish_instruments(store)
            store.close()
            measured = list(rounds(Path(folder), server.get_uri()))
        finally:
            server.cleanup()
    for n in (1, PROCESSES):
        rates = [each[n].rate for each in measured]
        print(
            f"postgresql, {n} x {THREADS} connections: {max(rates):,.0f} answers/s at best,"
            f" {statistics.median(rates):,.0f} in the middle of {ROUNDS} rounds,"
            f" {statistics.median(each[n].cpu for each in measured):.0f} µs of CPU each"
        )
    ratios = sorted(each[PROCESSES].rate / each[1].rate for each in measured)
    print(
        f"{PROCESSES} processes carry {statistics.median(ratios):.2f} of what one does"
        f" ({ratios[0]:.2f} to {ratios[-1]:.2f}), on {os.cpu_count()} cores with the server"
    )


if __name__ == "__main__":
    work(*sys.argv[1:5]) if len(sys.argv) > 1 else main()
