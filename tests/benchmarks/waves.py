"""A wave for very many people: naming them, inviting the first, and counting what became of all."""

import datetime as dt
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.publishing import publish_instruments
from handlers import fielding, wave_changes
from handlers.consent import CONSENT_VERSION
from storage import wave_invitations, wave_people, waves
from storage.database import DATABASE, open_store
from storage.store import Store, Transaction
from surveys.wave import Audience, Reminding
from tests.daytime import MORNING, Daytime

PEOPLE = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000


def populate(database: Path) -> None:
    """Make people who consented and said who they are, faster than they come."""
    at = MORNING.isoformat(timespec="milliseconds")
    ids = [os.urandom(16).hex() for _ in range(PEOPLE)]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO respondent (id, pseudonym, language, sector, created_at)"
            " VALUES (?, ?, 'km', 'citizen', ?)",
            ((one, os.urandom(16), at) for one in ids),
        )
        connection.executemany(
            "INSERT INTO consent (respondent_id, version, language, given_at)"
            " VALUES (?, ?, 'km', ?)",
            ((one, CONSENT_VERSION, at) for one in ids),
        )


def make(tx: Transaction) -> int:
    [version, *_] = waves.forms_to_put(tx)
    span = (tx.now, tx.now + dt.timedelta(weeks=2))
    made = wave_changes.create(tx, "maker", version, Audience(), *span, Reminding())
    wave_changes.release(tx, "another", made)
    return made.id


def until_done(store: Store, step: Callable[[Transaction], bool]) -> list[float]:
    """Return how long each transaction took, its commit included."""
    times: list[float] = []
    more = True
    while more:
        began = time.perf_counter()
        more = store.run(step)
        times.append(time.perf_counter() - began)
    return times


def timed(run: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = run(*arguments)
    return time.perf_counter() - began, result


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder), Daytime())
        publish_instruments(store)
        store.close()
        populate(Path(folder) / DATABASE)
        store = open_store(Path(folder), Daytime())
        number = store.run(make)
        named = until_done(store, fielding.plan)
        invited = until_done(store, fielding.invite)
        one = store.run(waves.find, number)
        assert one is not None
        counting, counts = timed(store.run, wave_people.standing, one, 5)
        back, _ = timed(store.run, wave_invitations.take_back, number)
        store.close()
    print(
        f"waves: {one.people:,} of {PEOPLE:,} people named in {sum(named):.1f} s,"
        f" {statistics.median(named) * 1e3:.0f} ms a transaction, {max(named) * 1e3:.0f} ms the"
        f" longest; a thousand invited in {max(invited) * 1e3:.0f} ms; all"
        f" {sum(counts.values()):,} counted in {counting:.1f} s; what waited was taken back in"
        f" {back * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main()
