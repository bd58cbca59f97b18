"""Units of work on PostgreSQL: a few threads with a connection each; what waits shares a commit.

A shared transaction is a bet that nothing in it fails and that nobody holds what it needs. Where it
is lost, all of it is rolled back, and each unit has a transaction to itself
(docs/decisions/0010-shared-commits-on-postgresql.md).

Any number of processes may write. What must not happen at once is kept apart by locks that
PostgreSQL gives back when their transaction ends, however it ends: a person's row while an update
of theirs is handled, and one lock for claiming messages (docs/decisions/0005-replicas.md).
"""

import logging
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import orjson
import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, create_engine, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from storage.keys import Keys
from storage.store import Clock, Outcome, Store, Transaction, Work, as_json, away, tell, utc_now

logger = logging.getLogger(__name__)

THREADS = 2
# So long units join a transaction; then it is committed, and nobody has waited much for others.
SHARING_SECONDS = 0.02
# A unit may wait for a lock, but not while others wait with it for their commit.
IMPATIENT = "SET LOCAL lock_timeout = '100ms'"
# Two units that want the same rows in another order, or make the same row: one is rolled back, and
# does it again, after a pause that grows.
TRIES = 5
RETRY_SECONDS = 0.05
AGAIN = (errors.DeadlockDetected, errors.SerializationFailure, errors.UniqueViolation)
# What keeps a database from being written and may pass, by the classes of
# https://www.postgresql.org/docs/current/errcodes-appendix.html
AWAY = ("08", "53", "57", "25006", "25P03", "55P03")
CONNECT: dict[str, Any] = {
    "autocommit": True,
    "connect_timeout": 5,
    # A vanished machine or network is noticed in 25 seconds, not in two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    # A process that is frozen in the middle of a unit holds nobody up for long.
    "options": "-c idle_in_transaction_session_timeout=10s -c lock_timeout=20s",
}


def open_engine(url: str) -> Engine:
    """Return an engine; SQLAlchemy never begins a transaction by itself (we do)."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args=CONNECT,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        paramstyle="format",
        pool_size=THREADS,
        json_serializer=as_json,
        json_deserializer=orjson.loads,
    )


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect to a database for a while."""
    engine = open_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if _is_away(error):
            raise away(error) from error
        raise
    finally:
        engine.dispose()


class PostgresStore(Store):
    """A database server, and the threads that write to it."""

    def __init__(
        self, url: str, keys: Keys, clock: Clock = utc_now, *, threads: int = THREADS
    ) -> None:
        self.url = url
        self._engine = open_engine(url)
        self._mine = threading.local()
        super().__init__(keys, clock, threads)

    def empty_log(self) -> None:
        """Leave it to the server: it writes over what was erased in its own time."""

    def close(self) -> None:
        """Finish what is queued and close the connections."""
        super().close()
        self._engine.dispose()

    def _write(self) -> None:
        while first := self._queue.get():
            taken = [first]
            try:
                tell(self._transaction(self._sharing(taken)))
            except BaseException as error:  # the thread lives on, whatever a unit raises
                self._settle(taken, error)
        self._disconnect()

    def _sharing(self, taken: list[Work]) -> Iterator[Work]:
        """Hand out a unit and, for a moment, those that wait behind it; note them as taken."""
        until = time.monotonic() + SHARING_SECONDS
        yield taken[0]
        while time.monotonic() < until and (work := self._waiting()):
            taken.append(work)
            yield work

    def _waiting(self) -> Work | None:
        """Return a unit that waits; None where there is none, or where the store closes."""
        with suppress(queue.Empty):
            if work := self._queue.get_nowait():
                return work
            self._queue.put(None)
        return None

    def _settle(self, taken: list[Work], error: BaseException) -> None:
        """Give each unit of a failed transaction one of its own, unless the server is away."""
        lost = len(taken) > 1 or isinstance(error, AGAIN)
        if lost and not _is_gone(error):
            for work in taken:
                tell([self._alone(work)])
        else:
            tell([(work, None, _failure(error)) for work in taken])

    def _alone(self, work: Work) -> Outcome:
        """Run a unit, again where it only lost a race; say how it went after its commit."""
        for attempt in range(TRIES):
            try:
                return self._transaction([work])[0]
            except AGAIN as error:
                failure: BaseException = error
                time.sleep(RETRY_SECONDS * attempt)
            except BaseException as error:
                return work, None, _failure(error)
        return work, None, failure

    def _transaction(self, works: Iterable[Work]) -> list[Outcome]:
        """Run units in one transaction; return their results once they are on disk."""
        raw, dialect = self._connection()
        try:
            with raw.pipeline() as pipeline, _drained(pipeline):
                outcomes: list[Outcome] = []
                for work in works:
                    if len(outcomes) == 1:
                        raw.execute(IMPATIENT)
                    tx = Transaction(raw.cursor, pipeline.sync, dialect, self.clock(), self.keys)
                    outcomes.append((work, work.run(tx), None))
                _refuse_if_failed(raw)
                raw.commit()
        except BaseException as error:
            self._roll_back(raw, error)
            raise
        return outcomes

    def _connection(self) -> tuple["psycopg.Connection[Any]", Dialect]:
        """Return this thread's connection, as the driver has it."""
        if getattr(self._mine, "connection", None) is None:
            self._mine.connection = self._engine.connect()
            # The driver begins a transaction with its first statement.
            self._mine.connection.connection.dbapi_connection.autocommit = False
        connection: Connection = self._mine.connection
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        return raw, connection.dialect

    def _roll_back(self, raw: "psycopg.Connection[Any]", error: BaseException) -> None:
        """End a failed transaction; a connection that can't even do that is given up."""
        try:
            raw.rollback()
        except psycopg.Error:
            self._disconnect()
        else:
            if _is_gone(error):
                self._disconnect()

    def _disconnect(self) -> None:
        connection, self._mine.connection = getattr(self._mine, "connection", None), None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
            connection.close()


@contextmanager
def _drained(pipeline: psycopg.Pipeline) -> Iterator[None]:
    """Let what is still on its way fail with the unit it belongs to."""
    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):
            pipeline.sync()
        raise


def _refuse_if_failed(raw: "psycopg.Connection[Any]") -> None:
    """Refuse to commit what a unit went on with after a statement that failed.

    The server would roll it back, and call that a success.
    """
    if raw.info.transaction_status is TransactionStatus.INERROR:
        raise errors.InFailedSqlTransaction


def _failure(error: BaseException) -> BaseException:
    """Return why a unit failed, as whoever waits for it is told."""
    return away(error) if _is_away(error) else error


def _is_gone(error: BaseException) -> bool:
    """Tell a server that can't go on from a lock that somebody holds."""
    return _is_away(error) and not isinstance(error, errors.LockNotAvailable)


def _is_away(error: BaseException) -> bool:
    """Tell a database that can't be written from a mistake in a unit of work."""
    cause = getattr(error, "orig", None) or error
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is None:
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return cause.sqlstate.startswith(AWAY)
