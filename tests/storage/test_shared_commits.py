"""Units of work that wait together on PostgreSQL: one commit, and each as if it had been alone."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import errors

from storage import postgres as postgres_store
from storage.database import KEY
from storage.errors import StoreAway
from storage.keys import load
from storage.postgres import PostgresStore
from storage.store import Transaction
from tests.database import plain_sql
from tests.postgres import Server
from tests.writers import held, note, note_and_fail

Open = Callable[[], PostgresStore]
BOTH_READY_SECONDS = 20


@pytest.fixture(autouse=True)
def _sharing_as_long_as_anything_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_store, "SHARING_SECONDS", 60.0)


@pytest.fixture
def url(server_database: str, postgres: Server) -> str:
    postgres.empty(server_database)
    return server_database


@pytest.fixture
def process(url: str, folder: Path, clock: Any) -> Iterator[Open]:
    """Open the store of a process that has one thread, so that what waits is taken together."""
    opened: list[PostgresStore] = []

    def one() -> PostgresStore:
        opened.append(PostgresStore(url, load(folder / KEY), clock, threads=1))
        return opened[-1]

    yield one
    for store in opened:
        store.close()


@pytest.fixture
def store(process: Open) -> PostgresStore:
    return process()


def noted(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT key FROM meta ORDER BY key").fetchall()
    return [key for (key,) in found]


def in_transaction(tx: Transaction) -> str:
    """Return which transaction of the server this is."""
    return str(plain_sql(tx, "SELECT pg_current_xact_id()::text")[0][0])


def lock(tx: Transaction, number: int) -> int:
    tx.alone(number)
    tx.wait()
    return number


def test_units_that_wait_together_share_one_transaction(store: PostgresStore) -> None:
    with held(store):
        futures = [store.submit(in_transaction) for _ in range(5)]

    assert len({future.result() for future in futures}) == 1


def test_a_transaction_is_shared_only_for_a_moment(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_store, "SHARING_SECONDS", 0.0)
    with held(store):
        futures = [store.submit(in_transaction) for _ in range(5)]

    assert len({future.result() for future in futures}) == 5


def test_units_of_one_thread_run_in_the_order_they_came(store: PostgresStore) -> None:
    order: list[int] = []

    with held(store):
        futures = [store.submit(lambda _, n=n: order.append(n)) for n in range(50)]
    for future in futures:
        future.result()

    assert order == list(range(50))


def test_a_future_is_done_only_after_the_commit(store: PostgresStore, url: str) -> None:
    seen: list[list[str]] = []

    with held(store):
        first = store.submit(note, "first")
        first.add_done_callback(lambda _: seen.append(noted(url)))
        second = store.submit(note, "second")
    second.result()

    assert seen == [["first", "second"]]


def twice(tx: Transaction) -> None:
    """Fail at the server, by a statement whose answer nobody reads."""
    note(tx, "failing")
    note(tx, "failing")


def insist(tx: Transaction) -> None:
    """Go on after a statement that fails, which PostgreSQL doesn't allow."""
    with suppress(psycopg.Error):
        plain_sql(tx, "SELECT 1 / 0")
    note(tx, "failing")


def insist_and_wait(tx: Transaction) -> None:
    """Leave a transaction behind whose commit would be a rollback without a word."""
    note(tx, "failing")
    with suppress(psycopg.Error):
        plain_sql(tx, "SELECT 1 / 0")
    with suppress(psycopg.Error):
        tx.wait()


@pytest.mark.parametrize(
    ("unit", "failure"),
    [
        (lambda tx: note_and_fail(tx, "failing"), ValueError),
        (twice, errors.UniqueViolation),
        (insist, psycopg.Error),
        (insist_and_wait, psycopg.Error),
    ],
    ids=["in Python", "at the server", "swallowed", "swallowed to the end"],
)
@pytest.mark.parametrize("others", [0, 2])
def test_a_unit_that_fails_fails_alone(
    store: PostgresStore,
    url: str,
    unit: Callable[[Transaction], None],
    failure: type[Exception],
    others: int,
) -> None:
    with held(store):
        before = [store.submit(note, f"before {n}") for n in range(others)]
        failing = store.submit(unit)
        after = [store.submit(note, f"after {n}") for n in range(others)]

    with pytest.raises(failure):
        failing.result()
    for future in [*before, *after]:
        future.result()
    assert noted(url) == sorted(future.result() for future in [*before, *after])


def test_a_unit_that_failed_costs_no_connection(store: PostgresStore) -> None:
    def connected(tx: Transaction) -> object:
        return plain_sql(tx, "SELECT pg_backend_pid()")[0][0]

    before = store.run(connected)
    with pytest.raises(errors.UniqueViolation):
        store.run(twice)

    assert store.run(connected) == before


def test_nobody_waits_for_a_lock_that_another_unit_waits_for(
    store: PostgresStore, url: str
) -> None:
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(7)")
        with held(store):
            before = [store.submit(note, f"{n}") for n in range(3)]
            waiting = store.submit(lock, 7)
        for future in before:
            future.result()
        assert noted(url) == ["0", "1", "2"]
        assert not waiting.done()

    assert waiting.result() == 7


def test_two_processes_that_want_the_same_in_another_order_both_get_it(process: Open) -> None:
    first, second = process(), process()
    crossing = threading.Barrier(2)

    def meet(tx: Transaction, number: int) -> int:
        lock(tx, number)
        with suppress(threading.BrokenBarrierError):
            crossing.wait(BOTH_READY_SECONDS)
        crossing.abort()  # whoever does it again meets nobody
        return number

    with held(first), held(second):
        units: list[Future[int]] = []
        for store, wanted in ((first, (1, 2)), (second, (2, 1))):
            units += [store.submit(meet, wanted[0]), store.submit(lock, wanted[1])]

    assert [unit.result() for unit in units] == [1, 2, 2, 1]


def test_when_the_connection_breaks_all_units_of_the_transaction_may_be_done_again(
    store: PostgresStore, url: str
) -> None:
    def cut_off(tx: Transaction) -> None:
        (pid,) = plain_sql(tx, "SELECT pg_backend_pid()")[0]
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 20000)", (pid,))
        note(tx, "cut off")

    with held(store):
        units: list[Future[Any]] = [store.submit(note, "before"), store.submit(cut_off)]

    for unit in units:
        with pytest.raises(StoreAway):
            unit.result()
    assert noted(url) == []
    assert store.run(note, "before") == "before"


def test_closing_finishes_what_is_queued(store: PostgresStore, url: str) -> None:
    with held(store):
        futures = [store.submit(note, f"{n}") for n in range(300)]
        closing = threading.Thread(target=store.close)
        closing.start()
    closing.join()

    assert all(future.done() for future in futures)
    assert len(noted(url)) == 300
