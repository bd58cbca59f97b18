"""A move carries every row of every table to a server once, whatever stops it on the way."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Engine, Table, event, func, insert, select, update
from sqlalchemy.types import JSON, BigInteger, Boolean, Date, Float, Integer, LargeBinary, String

from storage import answers, forms, inbox, interviews, outbox, postgres, respondents, schema, sqlite
from storage.answers import Source
from storage.columns import UtcTime
from storage.database import DATABASE, KEY, lock, open_store
from storage.errors import AlreadyRunning, CannotMove, KeyMismatch
from storage.leadership import Leadership
from storage.moving import Moved, Step, move
from storage.tables import metadata
from surveys.interview import Answered
from tests.postgres import Server

TABLES = metadata.sorted_tables
ROWS, CHUNK = 25, 10
SECRET = "សម្ងាត់"


@pytest.fixture
def url(server_database: str, postgres: Server) -> str:
    """A database at a server with the tables and nothing in them."""
    postgres.empty(server_database)
    return server_database


@pytest.fixture
def full(folder: Path) -> Path:
    """A folder whose file has rows in every table, with every column filled in most of them."""
    with sqlite.connected(folder / DATABASE) as connection:
        for table in TABLES:
            connection.execute(insert(table), [made_up(table, row) for row in range(ROWS)])
    return folder


def made_up(table: Table, row: int) -> dict[str, Any]:
    """Return a row that could be one of this table; the last ones are as empty as they may be."""
    return {column.name: value(column, row) for column in table.columns}


def value(column: Column[Any], row: int) -> Any:
    if column.nullable and row > ROWS - 3:
        return None
    for target in column.foreign_keys:
        return value(target.column, row)
    text = f"{SECRET} {column.name} {row}"
    made: dict[type, Callable[[], Any]] = {
        UtcTime: lambda: dt.datetime(2026, 11, 25, 3, 0, row, 123000, dt.UTC),
        # Beyond 32 bits, as Telegram's ids are; a table's own numbers have gaps.
        BigInteger: lambda: 7_000_000_000 + row * 3,
        Integer: lambda: row * 3 + 1,
        Date: lambda: dt.date(2026, 11, 1) + dt.timedelta(days=row),
        Float: lambda: row / 7,
        Boolean: lambda: row % 2 == 0,
        LargeBinary: lambda: bytes([0, 255, row]),
        JSON: lambda: {"z": text, "a": [row, None, 0.1, {"ក": "\u0000"}]},
        String: lambda: text[-(column.type.length or 99) :],  # type: ignore[attr-defined]
    }
    return next(make() for kind, make in made.items() if isinstance(column.type, kind))


def everything(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables, each as text, in an order that both databases have."""
    return {
        table.name: sorted(tuple(map(repr, row)) for row in connection.execute(select(table)))
        for table in TABLES
    }


def both(folder: Path, url: str) -> tuple[dict[str, Any], dict[str, Any]]:
    with sqlite.connected(folder / DATABASE, read_only=True) as here, postgres.connected(url) as to:
        return everything(here), everything(to)


def execute(url: str, sql: str, *values: object) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(sql, values or None)  # type: ignore[call-overload]


def test_every_column_of_every_row_arrives_and_the_file_stays_as_it_was(
    full: Path, url: str
) -> None:
    before = (full / DATABASE).read_bytes()

    steps = list(move(full, url, chunk=CHUNK))

    here, there = both(full, url)
    assert here == there
    moved = [step for step in steps if isinstance(step, Moved)]
    assert [step.table for step in moved] == [table.name for table in TABLES]
    assert {step.rows for step in moved if step.table != "meta"} == {ROWS}
    assert len({step.digest for step in moved}) == len(TABLES)
    done = [step.done for step in steps if isinstance(step, Step)]
    assert done == sorted(done)
    assert done[-1] == steps[0].of  # type: ignore[union-attr]
    assert (full / DATABASE).read_bytes() == before


def test_a_project_without_people_moves_too(folder: Path, url: str) -> None:
    list(move(folder, url))

    here, there = both(folder, url)
    assert here == there


@pytest.mark.parametrize("chunks", [1, 4, 20, 45])
def test_a_move_that_was_broken_off_goes_on_where_it_was(full: Path, url: str, chunks: int) -> None:
    broken = move(full, url, chunk=CHUNK)
    for _ in range(chunks):
        next(broken)
    broken.close()  # type: ignore[attr-defined]

    with counted_inserts() as written:
        list(move(full, url, chunk=CHUNK))

    here, there = both(full, url)
    assert here == there
    copied = min(chunks, len(TABLES) * -(-ROWS // CHUNK))
    assert len(written) == len(TABLES) * -(-ROWS // CHUNK) - copied


@contextmanager
def counted_inserts() -> Iterator[list[str]]:
    """Note every batch of rows that is written anywhere."""
    seen: list[str] = []

    def note(_: Any, __: Any, sql: str, ___: Any, ____: Any, many: bool) -> None:
        if sql.startswith("INSERT") and many:
            seen.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


def test_a_finished_move_can_be_done_again_and_changes_nothing(full: Path, url: str) -> None:
    first = [step for step in move(full, url, chunk=CHUNK) if isinstance(step, Moved)]

    again = [step for step in move(full, url, chunk=7) if isinstance(step, Moved)]

    assert again == first


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_changed_row_is_refused_by_the_name_of_its_table_only(
    full: Path, url: str, table: Table
) -> None:
    list(move(full, url))
    column = [column for column in table.columns if not column.primary_key][-1]
    changed = made_up(table, 0)[column.name]
    with postgres.connected(url) as there:
        # No trigger stops whoever owns the server.
        there.exec_driver_sql("SET session_replication_role = replica")
        there.execute(
            update(table)
            .where(*(key == made_up(table, 1)[key.name] for key in table.primary_key))
            .values({column.name: changed})
        )

    with pytest.raises(CannotMove, match=rf"Rows of {table.name} ") as refusal:
        list(move(full, url))

    assert SECRET not in str(refusal.value)


def test_a_row_that_changes_between_copying_and_comparing_is_found(full: Path, url: str) -> None:
    moving = move(full, url, chunk=CHUNK)
    next(step for step in moving if isinstance(step, Step) and step.done * 2 == step.of)
    execute(url, "UPDATE answer SET value = 'x' WHERE id = (SELECT max(id) FROM answer)")

    with pytest.raises(CannotMove, match="Rows of answer"):
        list(moving)


def test_a_row_too_many_is_refused(full: Path, url: str) -> None:
    list(move(full, url))
    execute(url, "INSERT INTO pace VALUES ('more', 1, 1, 1, '2026-11-25T03:00:00.000+00:00')")

    with pytest.raises(CannotMove, match="Rows of pace"):
        list(move(full, url))


def test_a_row_that_stands_in_the_way_of_another_is_refused(full: Path, url: str) -> None:
    list(move(full, url))
    execute(url, "DELETE FROM contact_vault")
    execute(url, "UPDATE invitation SET id = 'other' WHERE id LIKE '% 3'")

    with pytest.raises(CannotMove, match="can't take a row of invitation") as refusal:
        list(move(full, url))

    assert SECRET not in str(refusal.value)


def test_a_text_that_a_server_cannot_hold_is_refused_by_its_table(full: Path, url: str) -> None:
    with sqlite.connected(full / DATABASE) as connection:
        connection.exec_driver_sql("UPDATE answer SET value = 'a' || char(0) || 'b'")

    with pytest.raises(CannotMove, match="can't take a row of answer"):
        list(move(full, url))


def test_a_server_of_another_key_is_refused_and_left_as_it_was(full: Path, url: str) -> None:
    execute(url, "INSERT INTO meta VALUES ('key_canary', 'of another key')")

    with pytest.raises(CannotMove, match="belongs to another key"):
        list(move(full, url))

    assert sum(map(len, both(full, url)[1].values())) == 1


def test_a_server_with_rows_and_no_key_is_refused(full: Path, url: str) -> None:
    execute(url, "INSERT INTO pace VALUES ('unasked', 1, 1, 1, '2026-11-25T03:00:00.000+00:00')")

    with pytest.raises(CannotMove, match="holds other rows"):
        list(move(full, url))


def test_a_key_that_is_not_the_files_is_refused(full: Path, url: str) -> None:
    (full / KEY).write_text("ab" * 32)

    with pytest.raises(KeyMismatch):
        list(move(full, url))


def test_a_missing_key_is_refused_and_none_is_made(full: Path, url: str) -> None:
    (full / KEY).unlink()

    with pytest.raises(KeyMismatch):
        list(move(full, url))

    assert not (full / KEY).exists()


def test_a_folder_that_a_bot_uses_is_refused(full: Path, url: str) -> None:
    with lock(full), pytest.raises(AlreadyRunning):
        list(move(full, url))


def test_a_server_that_a_bot_uses_is_refused(full: Path, url: str) -> None:
    open_store(full, url=url).close()
    bot = Leadership(url)
    assert bot.try_to_lead()

    with pytest.raises(CannotMove, match="A bot is using"):
        list(move(full, url))

    bot.resign()


def test_no_bot_begins_on_a_server_while_a_move_lasts(full: Path, url: str) -> None:
    moving = move(full, url)
    next(moving)

    bot = Leadership(url)
    assert not bot.try_to_lead()
    bot.resign()
    with psycopg.connect(url) as connection:
        taken = connection.execute("SELECT pg_try_advisory_lock(%s)", (schema.MIGRATING,))
        assert taken.fetchone() == (False,)
    moving.close()  # type: ignore[attr-defined]


def test_a_file_of_an_older_program_is_refused(full: Path, url: str) -> None:
    with sqlite.connected(full / DATABASE) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")

    with pytest.raises(CannotMove, match="start this version's bot"):
        list(move(full, url))


def test_a_server_that_is_not_there_is_told_without_its_address(full: Path) -> None:
    with pytest.raises(CannotMove, match="can't be reached") as refusal:
        list(move(full, "postgresql://me:my-secret@127.0.0.1:9/none"))

    assert "my-secret" not in str(refusal.value)


def test_an_address_that_is_none_is_told(full: Path) -> None:
    with pytest.raises(CannotMove, match="can't be read"):
        list(move(full, "postgresql://me:my-secret@host:port/none"))


def test_an_empty_server_gets_the_tables(full: Path, postgres: Server) -> None:
    fresh = postgres.make()

    list(move(full, fresh))

    here, there = both(full, fresh)
    assert here == there


def test_numbers_go_on_after_the_last_that_was_ever_given(full: Path, url: str) -> None:
    with sqlite.connected(full / DATABASE) as connection:
        last = connection.exec_driver_sql("SELECT max(id) FROM job").scalar()
        connection.exec_driver_sql("DELETE FROM job WHERE id = ?", (last,))

    list(move(full, url))

    with postgres.connected(url) as there:
        assert there.exec_driver_sql("SELECT nextval('job_id_seq')").scalar() == last + 1
        highest = there.scalar(select(func.max(metadata.tables["answer"].c.id)))
        assert there.exec_driver_sql("SELECT nextval('answer_id_seq')").scalar() == highest + 1


def test_a_person_goes_on_answering_where_they_stood(
    folder: Path, url: str, xform: Callable[[str], str]
) -> None:
    with stored(folder) as file:
        file.run(forms.publish, xform("1"), "hash")
        who = file.run(found, 1)
        survey = file.run(forms.newest, "survey")
        file.run(interviews.start, who, survey.id, "survey", "km")
        file.run(answered, who, 11, "/data/change", "ស្ពាន")
        before = file.run(interviews.active, who)

    list(move(folder, url))

    with stored(folder, url) as server:
        assert server.run(found, 1) == who
        assert server.run(interviews.active, who) == before
        server.run(answered, who, 12, "/data/again", "yes")
        assert not server.run(inbox.receive, 42, 11)
        server.run(outbox.put, who, "sendMessage", {"text": "x"})
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT id, path, value FROM answer ORDER BY id").fetchall()
    assert rows == [(1, "/data/change", "ស្ពាន"), (2, "/data/again", "yes")]


def stored(folder: Path, url: str | None = None) -> Any:
    return closing(open_store(folder, url=url))


def found(tx: Any, telegram_id: int) -> str:
    return respondents.find_or_create(tx, 42, telegram_id, "v1").id


def answered(tx: Any, who: str, update_id: int, path: str, said: str) -> None:
    assert inbox.receive(tx, 42, update_id)
    stored = interviews.active(tx, who)
    assert stored is not None
    answers.add(tx, stored.id, [(Answered(path, said), None)], Source(42, update_id))
