"""A full disk, a database that somebody else holds: people wait, and nothing is lost."""

import logging
import sqlite3
from contextlib import closing

import pytest

from storage.database import DATABASE
from storage.errors import StoreAway
from storage.store import Transaction
from tests.chat import until
from tests.conftest import House
from tests.database import plain_sql
from tests.steps import at_text_question

LONG = "ស្ពានបាក់ " * 400


def pages(tx: Transaction, most: int | None = None) -> int:
    """Let the database grow no more, as on a full disk; or give it room again."""
    size = plain_sql(tx, "PRAGMA page_count")[0][0]
    limit = size if most is None else most
    plain_sql(tx, f"PRAGMA max_page_count={limit}")
    return int(size)


async def test_a_full_disk_holds_answers_back_and_loses_none(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    phone = await at_text_question(house)
    await house.store.call(pages)

    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text=LONG)
    await until(_logged(caplog, "database away"))
    stored_meanwhile = house.rows("SELECT value FROM answer WHERE path = '/data/change'")
    await house.store.call(pages, 1_000_000)
    await house.settled()
    await phone.look()

    assert stored_meanwhile == []
    assert house.rows("SELECT value FROM answer WHERE path = '/data/change'") == [(LONG.strip(),)]
    assert "ask you again" in phone.sees
    assert not house.failures()
    assert house.rows("PRAGMA integrity_check") == [("ok",)]


async def test_a_unit_of_work_on_a_full_disk_says_that_the_database_is_away(house: House) -> None:
    def fill(tx: Transaction) -> None:
        pages(tx)
        plain_sql(tx, "CREATE TABLE large (text)")
        for _ in range(200):
            plain_sql(tx, "INSERT INTO large VALUES (zeroblob(4096))")

    with pytest.raises(StoreAway):
        await house.store.call(fill)

    await house.store.call(pages, 1_000_000)
    assert house.rows("SELECT count(*) FROM sqlite_master WHERE name = 'large'") == [(0,)]


async def test_a_database_that_another_process_holds_is_waited_for(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    phone = await at_text_question(house)
    await house.store.call(lambda tx: plain_sql(tx, "PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(house.folder / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with caplog.at_level(logging.WARNING):
            await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="ស្ពានបាក់")
            await until(_logged(caplog, "database away"))
        other.execute("ROLLBACK")
    await house.settled()
    await phone.look()

    assert house.rows("SELECT value FROM answer WHERE path = '/data/change'") == [("ស្ពានបាក់",)]
    assert "ask you again" in phone.sees


def _logged(caplog: pytest.LogCaptureFixture, text: str):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return text in caplog.text

    return holds
