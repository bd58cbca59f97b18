"""Units of work: whole or not at all, many in one commit, and a writer that nothing stops."""

import asyncio
import datetime as dt
import sqlite3
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from storage.database import DATABASE, reading
from storage.errors import StoreAway, StoreClosed
from storage.sqlite import LARGEST_BATCH, SqliteStore
from storage.store import Store, Transaction
from tests.database import plain_sql
from tests.writers import held, note, note_and_fail

pytestmark = pytest.mark.one_file

Rows = Callable[..., list[dict[str, Any]]]


def roll_back_and_fail(tx: Transaction) -> None:
    plain_sql(tx, "ROLLBACK")
    raise ValueError


def roll_back(tx: Transaction) -> None:
    plain_sql(tx, "ROLLBACK")


def raw(tx: Transaction) -> sqlite3.Connection:
    connection = tx.open().connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def statements(store: Store) -> list[str]:
    """Return a list that grows by every statement SQLite runs for the writer."""
    seen: list[str] = []
    store.run(lambda tx: raw(tx).set_trace_callback(seen.append))
    return seen


def noted(rows: Rows) -> list[str]:
    return [row["key"] for row in rows("SELECT key FROM meta WHERE key <> 'key_canary'")]


def test_a_unit_returns_its_result_when_it_is_on_disk(store: Store, rows: Rows) -> None:
    result = store.run(note, "a")

    assert result == "a"
    assert noted(rows) == ["a"]


def test_units_that_wait_together_share_one_commit(store: Store, rows: Rows) -> None:
    seen = statements(store)

    with held(store):
        futures = [store.submit(note, f"{n:03}") for n in range(LARGEST_BATCH)]
        seen.clear()
    for future in futures:
        future.result()

    of_the_holder, of_the_batch = 1, 1
    assert seen.count("COMMIT") == of_the_holder + of_the_batch
    assert len(noted(rows)) == LARGEST_BATCH


def test_more_than_a_batch_needs_more_than_one_commit(store: Store) -> None:
    seen = statements(store)

    with held(store):
        futures = [store.submit(note, f"{n:03}") for n in range(LARGEST_BATCH + 1)]
        seen.clear()
    for future in futures:
        future.result()

    of_the_holder, of_two_batches = 1, 2
    assert seen.count("COMMIT") == of_the_holder + of_two_batches


def test_units_run_in_the_order_they_came(store: Store) -> None:
    order: list[int] = []

    with held(store):
        futures = [store.submit(lambda _, n=n: order.append(n)) for n in range(50)]
    for future in futures:
        future.result()

    assert order == list(range(50))


def test_a_unit_that_fails_is_rolled_back_alone(store: Store, rows: Rows) -> None:
    with held(store):
        before = store.submit(note, "before")
        failing = store.submit(note_and_fail, "failing")
        after = store.submit(note, "after")

    assert (before.result(), after.result()) == ("before", "after")
    with pytest.raises(ValueError, match="failing"):
        failing.result()
    assert sorted(noted(rows)) == ["after", "before"]


def test_a_unit_may_fail_in_a_way_that_ends_programs(store: Store) -> None:
    def leave(_: Transaction) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        store.run(leave)

    assert store.run(note, "still here") == "still here"


def test_a_future_is_done_only_after_the_commit(store: Store, rows: Rows) -> None:
    seen_at_resolution: list[list[str]] = []

    with held(store):
        first = store.submit(note, "first")
        first.add_done_callback(lambda _: seen_at_resolution.append(noted(rows)))
        second = store.submit(note, "second")
    second.result()

    assert seen_at_resolution == [["first", "second"]]


@pytest.mark.parametrize("deadly", [roll_back_and_fail, roll_back])
def test_when_the_transaction_dies_all_units_of_the_batch_fail(
    store: Store, rows: Rows, deadly: Callable[[Transaction], None]
) -> None:
    with held(store):
        futures: list[Future[Any]] = [
            store.submit(note, "before"),
            store.submit(deadly),
            store.submit(note, "after"),
        ]

    assert all(future.exception() is not None for future in futures)
    assert noted(rows) == []
    assert store.run(note, "next") == "next"
    assert noted(rows) == ["next"]


def test_a_full_disk_loses_nothing_that_was_confirmed(store: Store, rows: Rows) -> None:
    store.run(note, "confirmed")
    pages = store.run(lambda tx: plain_sql(tx, "PRAGMA page_count")[0][0])
    store.run(lambda tx: plain_sql(tx, f"PRAGMA max_page_count={pages}"))

    with pytest.raises(StoreAway):
        store.run(note, "large", "x" * 1_000_000)

    store.run(lambda tx: plain_sql(tx, "PRAGMA max_page_count=100000"))
    store.run(note, "after")
    assert noted(rows) == ["after", "confirmed"]


def test_a_unit_may_go_on_after_a_statement_that_fails(store: Store, rows: Rows) -> None:
    def insist(tx: Transaction) -> None:
        note(tx, "a")
        with pytest.raises(sqlite3.IntegrityError):
            note(tx, "a")
        note(tx, "b")

    store.run(insist)

    assert noted(rows) == ["a", "b"]


def test_closing_finishes_what_is_queued(store: Store, rows: Rows) -> None:
    with held(store):
        futures = [store.submit(note, f"{n}") for n in range(300)]
        closing = threading.Thread(target=store.close)
        closing.start()
    closing.join()

    assert all(future.done() for future in futures)
    assert len(noted(rows)) == 300


def test_a_closed_store_refuses_work_instead_of_hanging(store: Store) -> None:
    store.close()

    with pytest.raises(StoreClosed):
        store.submit(note, "late")
    store.close()


def test_a_closed_store_leaves_no_log_behind(store: Store) -> None:
    store.run(note, "a", "x" * 10_000)

    store.close()

    assert [path.name for path in store.path.parent.glob(DATABASE + "*")] == [DATABASE]


async def test_a_unit_doesnt_block_the_event_loop(store: Store) -> None:
    ticks = 0

    with held(store):
        calling = asyncio.ensure_future(store.call(note, "a"))  # noqa: TID251
        while ticks < 5:
            await asyncio.sleep(0)
            ticks += 1
        assert not calling.done()

    assert await calling == "a"


async def test_a_cancelled_call_disturbs_nobody(store: Store, rows: Rows) -> None:
    with held(store):
        calling = asyncio.ensure_future(store.call(note, "cancelled"))  # noqa: TID251
        await asyncio.sleep(0)
        calling.cancel()
        other = store.submit(note, "other")

    assert other.result() == "other"
    assert "other" in noted(rows)


def test_all_units_see_the_stores_clock(store: Store, clock: Any) -> None:
    clock.advance(hours=1)

    assert store.run(lambda tx: tx.now) == dt.datetime(2026, 11, 25, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("trusted_schema", 0),
        ("temp_store", 2),
        ("busy_timeout", 5000),
    ],
)
def test_a_pragma_is_in_force(store: Store, pragma: str, value: object) -> None:
    store.empty_log()

    seen = store.run(lambda tx: plain_sql(tx, f"PRAGMA {pragma}")[0][0])

    assert seen == value


def test_an_exception_doesnt_show_what_was_written(store: Store) -> None:
    answer = "-".join(("a", "secret", "answer"))
    store.run(note, "key", answer)

    with pytest.raises(sqlite3.IntegrityError) as caught:
        store.run(note, "key", answer)

    assert answer not in "".join(traceback.format_exception(caught.value))


def test_the_writer_never_waits_for_a_reader_to_empty_the_log(store: Store) -> None:
    store.run(note, "a")

    with reading(store.path.parent) as connection:
        connection.exec_driver_sql("SELECT * FROM meta").all()
        store.run(note, "b")
        seen = statements(store)
        store.empty_log()
        store.run(note, "c")

    assert "PRAGMA busy_timeout=0" in seen
    assert seen.index("PRAGMA busy_timeout=0") < seen.index("PRAGMA wal_checkpoint(TRUNCATE)")


def test_a_log_that_a_reader_needed_is_emptied_when_asked_again(store: Store) -> None:
    log = store.path.with_name(DATABASE + "-wal")
    with reading(store.path.parent) as connection:
        connection.exec_driver_sql("SELECT * FROM meta").all()
        store.run(note, "a")
        store.empty_log()
        store.run(note, "b")
        assert log.stat().st_size > 0

    store.empty_log()
    store.run(lambda _: None)

    assert log.stat().st_size == 0


def test_a_reader_sees_one_moment_and_can_change_nothing(store: Store) -> None:
    with reading(store.path.parent) as connection:
        count = "SELECT count(*) FROM meta"
        before = connection.exec_driver_sql(count).scalar()
        store.run(note, "meanwhile")

        assert connection.exec_driver_sql(count).scalar() == before
        with pytest.raises(OperationalError):
            connection.exec_driver_sql("DELETE FROM meta")


def test_a_reader_that_fails_leaves_no_connection_open(store: Store, folder: Any) -> None:
    connections = []

    def read_and_fail() -> None:
        with reading(folder) as connection:
            connections.append(connection)
            connection.exec_driver_sql("SELECT * FROM meta").all()
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        read_and_fail()

    assert connections[0].closed
    store.close()
    assert not store.path.with_name(DATABASE + "-wal").exists()


def test_a_database_may_lie_in_a_folder_with_any_name(
    folder: Any, tmp_path: Any, clock: Any
) -> None:
    odd = folder.rename(tmp_path / "ទិន្នន័យ #1 50%? a&b")

    store = SqliteStore(odd / DATABASE, store_keys(odd), clock)
    store.run(note, "here")
    store.close()

    assert sorted(path.name for path in tmp_path.iterdir()) == [odd.name]


def store_keys(folder: Any) -> Any:
    from storage.keys import load

    return load(folder / "secret.key")
