"""What an answer takes on the disk, in a file and at a server, and how fast a project moves there.

Each person answers ten questions with a short text. What stays is told apart from what is erased
after days: the updates that came, and the messages that went out.
"""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg

from bot.publishing import publish_instruments
from storage import answers, inbox, interviews, outbox
from storage.answers import Source
from storage.database import DATABASE, open_store
from storage.moving import Moved, move
from storage.store import Store, Transaction
from surveys.interview import Answered
from tests.benchmarks.store import BOT, arrive
from tests.postgres import server

PEOPLE, QUESTIONS = 2_000, 10
ANSWERS = PEOPLE * QUESTIONS
AS_SENT = "UPDATE outbox SET status = 'sent', body = NULL, message_id = id"
PASSING = ("DELETE FROM outbox", "DELETE FROM inbox")
TABLES = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"


def answer(tx: Transaction, respondent_id: str, update_id: int) -> None:
    """Store one answer as the conversation does."""
    inbox.receive(tx, BOT, update_id)
    stored = interviews.active(tx, respondent_id)
    assert stored is not None
    given = Answered(f"/data/question_{update_id % QUESTIONS}", f"ស្ពានលេខ {update_id}")
    answers.add(tx, stored.id, [(given, None)], Source(BOT, update_id))
    values = {**stored.interview.values, given.path: given.value}
    state = replace(stored.interview, values=values, turn=update_id)
    interviews.save(tx, replace(stored, interview=state, response=values))
    outbox.put(tx, respondent_id, "editMessageText", {"text": "សំណួរ"}, policy="edit")


async def fill(store: Store) -> None:
    people = [await store.call(arrive, person) for person in range(PEOPLE)]
    for question in range(QUESTIONS):
        numbers = [person * QUESTIONS + question for person in range(PEOPLE)]
        await asyncio.gather(
            *[store.call(answer, one, at) for one, at in zip(people, numbers, strict=True)]
        )


def file_bytes(path: Path, *changes: str) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for sql in (*changes, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.execute(sql).fetchall()
    return path.stat().st_size


def server_bytes(url: str, *changes: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        for sql in (*changes, "VACUUM FULL"):
            connection.execute(sql)  # type: ignore[call-overload]
        row = connection.execute(f"SELECT sum(pg_total_relation_size(oid)) {TABLES}").fetchone()
    return int(row[0]) if row else 0


def main() -> None:
    with tempfile.TemporaryDirectory() as name, server() as postgres:
        folder, url = Path(name), postgres.make()
        store = open_store(folder)
        publish_instruments(store)
        asyncio.run(fill(store))
        store.close()
        all_here = file_bytes(folder / DATABASE, AS_SENT)
        began = time.perf_counter()
        rows = sum(step.rows for step in move(folder, url) if isinstance(step, Moved))
        rate = rows / (time.perf_counter() - began)
        all_there = server_bytes(url)
        here, there = file_bytes(folder / DATABASE, *PASSING), server_bytes(url, *PASSING)
    print(
        f"size: {here / ANSWERS:.0f} bytes an answer in the file, {there / ANSWERS:.0f} at the"
        f" server, and {(all_here - here) / ANSWERS:.0f} and {(all_there - there) / ANSWERS:.0f}"
        f" for some days, for {ANSWERS:,} short answers; moved and compared at {rate:,.0f} rows/s"
    )


if __name__ == "__main__":
    main()
