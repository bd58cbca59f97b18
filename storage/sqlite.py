"""Units of work on a SQLite file: one writer thread, one commit for all that wait together.

Each unit has a savepoint of its own. Many units that wait together share one commit, so
synchronous=FULL costs little (docs/decisions/0001-durable-inbox-and-outbox.md).
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import orjson
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from storage.keys import Keys
from storage.store import Clock, Outcome, Store, Transaction, Work, as_json, away, tell, utc_now

LARGEST_BATCH = 200
# What keeps a database from being written and may pass: https://www.sqlite.org/rescode.html
AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}

PATIENCE = "PRAGMA busy_timeout=5000"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    PATIENCE,
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
    # 16 MB: what many rows in one transaction touch again and again.
    "PRAGMA cache_size=-16384",
)


def open_engine(path: Path, *, read_only: bool = False) -> Engine:
    """Open a database file; SQLAlchemy never begins a transaction by itself (we do)."""
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "")
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            uri, uri=True, check_same_thread=False, isolation_level=None
        ),
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        json_serializer=as_json,
        json_deserializer=orjson.loads,
    )
    pragmas = ("PRAGMA query_only=ON", PATIENCE) if read_only else PRAGMAS
    event.listen(engine, "connect", lambda raw, _: [raw.execute(line) for line in pragmas])
    return engine


@contextmanager
def connected(path: Path, *, read_only: bool = False) -> Iterator[Connection]:
    """Open a database file for a while."""
    engine = open_engine(path, read_only=read_only)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class SqliteStore(Store):
    """A database file, and the thread that alone writes it."""

    def __init__(self, path: Path, keys: Keys, clock: Clock = utc_now) -> None:
        self.path = path
        self._engine = open_engine(path)
        self._empty_log = threading.Event()
        super().__init__(keys, clock, threads=1)

    def empty_log(self) -> None:
        """Ask for the write-ahead log to be emptied, so that no erased text stays in it.

        It is empty when the next unit of work is done. While an export reads, the log stays as it
        is, and nobody waits; ask again later.
        """
        self._empty_log.set()
        self.submit(lambda _: None)

    def close(self) -> None:
        """Finish what is queued, empty the write-ahead log and close the file."""
        super().close()
        self._engine.dispose()

    def _write(self) -> None:
        with self._engine.connect() as connection:
            while batch := self._next_batch():
                outcomes = self._commit(connection, batch)
                if self._empty_log.is_set():
                    self._empty_log.clear()
                    _checkpoint(connection)
                tell(outcomes)
            _checkpoint(connection)

    def _next_batch(self) -> list[Work]:
        """Wait for work; take all that waits with it. Empty when the store closes."""
        batch: list[Work] = []
        work = self._queue.get()
        while work is not None:
            batch.append(work)
            if len(batch) == LARGEST_BATCH or self._queue.empty():
                return batch
            work = self._queue.get()
        if batch:
            self._queue.put(None)
        return batch

    def _commit(self, connection: Connection, batch: list[Work]) -> list[Outcome]:
        """Run a batch in one transaction; return how each unit went, known after the commit."""
        outcomes: list[Outcome] = []
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for work in batch:
                outcomes.append((work, *self._run(connection, work)))  # noqa: PERF401
            connection.exec_driver_sql("COMMIT")
        except BaseException as error:  # the thread lives on, whatever a unit raises
            with suppress(DBAPIError):
                connection.exec_driver_sql("ROLLBACK")
            failure = away(error) if _is_away(error) else error
            outcomes = [(work, None, failure) for work in batch]
        return outcomes

    def _run(self, connection: Connection, work: Work) -> tuple[Any, BaseException | None]:
        """Run one unit in its savepoint; if the whole transaction died with it, fail the batch."""
        raw = _raw(connection)
        cursor = raw.cursor()
        tx = Transaction(lambda: cursor, lambda: None, connection.dialect, self.clock(), self.keys)
        try:
            raw.execute("SAVEPOINT unit")
            result = work.run(tx)
            raw.execute("RELEASE unit")
        except BaseException as error:
            # A full disk rolls back all of SQLite's transaction.
            if _is_away(error) or not raw.in_transaction:
                raise
            raw.execute("ROLLBACK TO unit")
            raw.execute("RELEASE unit")
            return None, error
        return result, None


def _is_away(error: BaseException) -> bool:
    """Tell a database that can't be written from a mistake in a unit of work."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF in AWAY


def _checkpoint(connection: Connection) -> None:
    """Empty the write-ahead log, unless a reader needs it; the writer never waits for one."""
    with suppress(DBAPIError):
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.exec_driver_sql(PATIENCE)


def _raw(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection: a savepoint through it costs a tenth."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)
