"""A broadcast to very many people: how long promising takes, in all and in one transaction."""

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from handlers import broadcast
from handlers.consent import CONSENT_VERSION
from storage import broadcasts
from storage.broadcasts import Audience
from storage.database import DATABASE, open_store
from storage.store import Store, Transaction
from surveys.reminders import WEEKLY_CAP
from tests.daytime import Daytime

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
KM, EN = "ព័ត៌មានថ្មីពីកិច្ចសន្ទនារវាងរដ្ឋាភិបាល និងសង្គមស៊ីវិល", "News of the dialogue"


def populate(database: Path) -> None:
    """Make people who have consented, faster than they come."""
    at = "2026-11-01T00:00:00.000+00:00"
    ids = sorted(os.urandom(16).hex() for _ in range(PEOPLE))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO respondent (id, pseudonym, language, created_at) VALUES (?, ?, 'km', ?)",
            ((one, os.urandom(16), at) for one in ids),
        )
        connection.executemany(
            "INSERT INTO consent VALUES (?, ?, 'km', ?)",
            ((one, CONSENT_VERSION, at) for one in ids),
        )


def feed(tx: Transaction) -> bool:
    """Promise to the next people, however many wait."""
    row = tx.row(broadcasts.NEXT)
    if row is None:
        return False
    broadcasts.feed(
        tx, {"text": row.text_km}, {"text": row.text_en}, row, CONSENT_VERSION, WEEKLY_CAP
    )
    return True


def timed(store: Store, *call: object) -> float:
    began = time.perf_counter()
    store.run(*call)  # type: ignore[arg-type]
    return time.perf_counter() - began


def promise_all(store: Store) -> list[float]:
    """Return how long each transaction took, its commit included."""
    times: list[float] = []
    more = True
    while more:
        began = time.perf_counter()
        more = store.run(feed)
        times.append(time.perf_counter() - began)
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / DATABASE
        open_store(Path(folder)).close()
        populate(database)
        before = database.stat().st_size
        store = open_store(Path(folder), Daytime())
        counting = timed(store, broadcast.begin, KM, EN, Audience())
        times = promise_all(store)
        listing = timed(store, broadcasts.standings)
        store.close()
        grown = (database.stat().st_size - before) / 1e6
    print(
        f"broadcast: {PEOPLE:,} people promised in {sum(times):.1f} s,"
        f" {statistics.median(times) * 1e3:.0f} ms a transaction, {max(times) * 1e3:.0f} ms the"
        f" longest; {grown:.0f} MB; counting them first {counting:.2f} s, a list {listing:.2f} s"
    )


if __name__ == "__main__":
    main()
