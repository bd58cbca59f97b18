"""Planning reminders for very many people: how long it takes, in all and in one transaction."""

import datetime as dt
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bot.publishing import publish_instruments
from storage import slots
from storage.database import DATABASE, open_store
from storage.store import Store
from surveys.reminders import AFTER
from tests.daytime import MORNING, Daytime

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
# They began one after another, as fast as invitations leave.
A_SECOND = 25
BEGAN = MORNING - AFTER - dt.timedelta(days=1)


def populate(database: Path) -> None:
    """Make people who began a survey three days ago, faster than they come."""
    at = BEGAN.isoformat(timespec="milliseconds")
    ids = [os.urandom(16).hex() for _ in range(PEOPLE)]
    first = BEGAN - dt.timedelta(seconds=PEOPLE / A_SECOND)
    began = (first + dt.timedelta(seconds=nth / A_SECOND) for nth in range(PEOPLE))
    with closing(sqlite3.connect(database)) as connection, connection:
        [(form,)] = connection.execute(
            "SELECT id FROM form_version WHERE form_id = 'citizen_interests'"
        )
        connection.executemany(
            "INSERT INTO respondent (id, pseudonym, language, created_at) VALUES (?, ?, 'km', ?)",
            ((one, os.urandom(16), at) for one in ids),
        )
        connection.executemany(
            "INSERT INTO interview (id, respondent_id, form_version_id, status, language, state,"
            " response, started_at, updated_at) VALUES (?, ?, ?, 'active', 'km', '{}', '{}', ?, ?)",
            (
                (os.urandom(16).hex(), one, form, moment.isoformat(timespec="milliseconds"), at)
                for one, moment in zip(ids, began, strict=True)
            ),
        )


def plan_all(store: Store) -> list[float]:
    """Return how long each transaction took, its commit included."""
    times: list[float] = []
    more = True
    while more:
        began = time.perf_counter()
        more = store.run(slots.plan, AFTER)
        times.append(time.perf_counter() - began)
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder), Daytime())
        publish_instruments(store)
        store.close()
        populate(Path(folder) / DATABASE)
        store = open_store(Path(folder), Daytime())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cpu = time.process_time()
        times = plan_all(store)
        cpu = time.process_time() - cpu
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        began = time.perf_counter()
        due = len(store.run(slots.due))
        first = time.perf_counter() - began
        [planned] = store.run(slots.standings)
        store.close()
    print(
        f"reminders: {planned.number:,} of {PEOPLE:,} people planned in {sum(times):.1f} s"
        f" ({cpu:.1f} s of CPU),"
        f" {statistics.median(times) * 1e3:.0f} ms a transaction, {max(times) * 1e3:.0f} ms the"
        f" longest; memory grew by {grown / 1024:.0f} MB; the first {due} due in {first:.3f} s"
    )


if __name__ == "__main__":
    main()
