"""Transactions: one writer thread, one commit for many units of work, a savepoint for each.

A unit of work is an ordinary function of a Transaction; it runs whole or not at all. Many units
that wait together share one commit, so synchronous=FULL costs little
(docs/decisions/0001-durable-inbox-and-outbox.md).
"""

import asyncio
import datetime as dt
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import orjson
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from storage.errors import StoreAway, StoreClosed
from storage.keys import Keys
from storage.statements import Runner

P = ParamSpec("P")
R = TypeVar("R")
Clock = Callable[[], dt.datetime]
LARGEST_BATCH = 200
AWAY_SECONDS = 1.0
# What keeps a database from being written and may pass: https://www.sqlite.org/rescode.html
AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
logger = logging.getLogger(__name__)

PATIENCE = "PRAGMA busy_timeout=5000"
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    PATIENCE,
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA temp_store=MEMORY",
)


@dataclass(frozen=True, slots=True)
class Transaction(Runner):
    """What a unit of work gets: statements to run, the time it runs at, and the keys."""

    connection: Connection
    now: dt.datetime
    keys: Keys


@dataclass(frozen=True, slots=True)
class Work:
    """A unit of work that waits for its commit."""

    run: Callable[[Transaction], Any]
    future: "Future[Any] | asyncio.Future[Any]"


Outcome = tuple[Work, Any, BaseException | None]


def utc_now() -> dt.datetime:
    """Return the time of the machine's clock."""
    return dt.datetime.now(dt.UTC)


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
        json_serializer=_as_json,
        json_deserializer=orjson.loads,
    )
    pragmas = ("PRAGMA query_only=ON", PATIENCE) if read_only else PRAGMAS
    event.listen(engine, "connect", lambda raw, _: [raw.execute(line) for line in pragmas])
    return engine


def _as_json(value: Any) -> str:
    """Write JSON with Khmer as it is, in half the bytes that escapes would take."""
    return orjson.dumps(value).decode()


@contextmanager
def connected(path: Path, *, read_only: bool = False) -> Iterator[Connection]:
    """Open a database file for a while."""
    engine = open_engine(path, read_only=read_only)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


class Store:
    """The open database: hands units of work to its writer thread."""

    def __init__(self, path: Path, keys: Keys, clock: Clock = utc_now) -> None:
        self.path = path
        self.keys = keys
        self.clock = clock
        self._engine = open_engine(path)
        self._queue: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._empty_log = threading.Event()
        self._door = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    def submit(
        self, function: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> "Future[R]":
        """Queue a unit of work; the future is done when its commit is on disk."""
        future: Future[R] = Future()
        self._add(Work(lambda tx: function(tx, *args, **kwargs), future))
        return future

    def _add(self, work: Work) -> None:
        with self._door:
            if self._closed:
                raise StoreClosed(str(StoreClosed.__doc__))
            self._queue.put(work)

    def run(
        self, function: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do a unit of work and wait for its commit."""
        return self.submit(function, *args, **kwargs).result()

    async def call(
        self, function: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do a unit of work without blocking the event loop."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._add(Work(lambda tx: function(tx, *args, **kwargs), future))
        return await future

    async def persist(
        self, function: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do a unit of work that must be done; while the database is away, try again."""
        while True:
            try:
                return await self.call(function, *args, **kwargs)
            except StoreAway as error:
                logger.warning("database away", extra={"error": type(error.__cause__).__name__})
                await asyncio.sleep(AWAY_SECONDS)

    def empty_log(self) -> None:
        """Ask for the write-ahead log to be emptied, so that no erased text stays in it.

        It is empty when the next unit of work is done. While an export reads, the log stays as it
        is, and nobody waits; ask again later.
        """
        self._empty_log.set()
        self.submit(lambda _: None)

    def close(self) -> None:
        """Finish what is queued, empty the write-ahead log and close the file."""
        with self._door:
            self._closed = True
            self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _write(self) -> None:
        with self._engine.connect() as connection:
            while batch := self._next_batch():
                outcomes = self._commit(connection, batch)
                if self._empty_log.is_set():
                    self._empty_log.clear()
                    _checkpoint(connection)
                _tell(outcomes)
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
            failure = _away(error) if _is_away(error) else error
            outcomes = [(work, None, failure) for work in batch]
        return outcomes

    def _run(self, connection: Connection, work: Work) -> tuple[Any, BaseException | None]:
        """Run one unit in its savepoint; if the whole transaction died with it, fail the batch."""
        raw = _raw(connection)
        transaction = Transaction(
            raw.cursor(), connection.dialect, connection, self.clock(), self.keys
        )
        try:
            raw.execute("SAVEPOINT unit")
            result = work.run(transaction)
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


def _away(cause: BaseException) -> StoreAway:
    """Return why a whole batch failed, as each of its units is told."""
    away = StoreAway(str(StoreAway.__doc__))
    away.__cause__ = cause
    return away


def _checkpoint(connection: Connection) -> None:
    """Empty the write-ahead log, unless a reader needs it; the writer never waits for one."""
    with suppress(DBAPIError):
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.exec_driver_sql(PATIENCE)


def _raw(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection: a savepoint through it costs a tenth."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _tell(outcomes: list[Outcome]) -> None:
    """Tell everybody how their work went; an event loop is woken once for all that wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Outcome]] = {}
    for outcome in outcomes:
        future = outcome[0].future
        if isinstance(future, asyncio.Future):
            by_loop.setdefault(future.get_loop(), []).append(outcome)
        elif future.set_running_or_notify_cancel():
            _resolve(outcome)
    for loop, waiting in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(_resolve_all, waiting)


def _resolve_all(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if not outcome[0].future.done():
            _resolve(outcome)


def _resolve(outcome: Outcome) -> None:
    work, result, failure = outcome
    if failure is None:
        work.future.set_result(result)
    else:
        work.future.set_exception(failure)
