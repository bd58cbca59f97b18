"""Carrying a project from the file in its folder to a server: each row once, all compared at last.

Rows are read in the order of their key and written in chunks, a transaction each. A move that broke
off is done again: rows that are there already are compared instead of written. The file is only
read. While the move lasts no bot can use either side: it holds the folder's lock and, at the
server, the locks of whoever leads and of whoever migrates, for which a bot that starts has to wait.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Row, Table, func, insert, literal, select, text, tuple_
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from storage import keys as key_files
from storage import postgres, schema, sqlite
from storage.database import DATABASE, KEY, READ_META, WRITE_META, can_be_read, lock
from storage.errors import CannotMove, KeyMismatch, StoreAway
from storage.keys import Keys
from storage.leadership import LEADING
from storage.tables import metadata

CHUNK = 1000
# Each after the tables that its rows hang on.
TABLES = metadata.sorted_tables
DIGITS = 16
LOCK = text("SELECT pg_advisory_lock(:number)")
# A process that has just ended may hold its locks for a moment; one that lives keeps them longer.
PATIENCE = text("SET lock_timeout = '1s'")
# The file remembers the highest number it ever gave, also where that row is erased.
READ_LAST = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
NUMBER_ON = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last, :given)")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a move is; each row counts twice, once copied and once compared."""

    table: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A table of which every column of every row is the same on both sides."""

    table: str
    rows: int
    digest: str


def move(
    folder: Path, url: str, key_file: Path | None = None, *, chunk: int = CHUNK
) -> Iterator[Step | Moved]:
    """Copy all rows to the server's database, then compare them; say how far it is on the way."""
    with _told(), _both_sides(folder, url, key_file) as (here, there):
        of = 2 * sum(_count(here, table) for table in TABLES)
        yield from _copy_all(here, there, chunk, of)
        yield from _compare_all(here, there, chunk, of)


def _copy_all(here: Connection, there: Connection, chunk: int, of: int) -> Iterator[Step]:
    done = 0
    for table in TABLES:
        for rows in _chunks(here, table, chunk):
            _carry(there, table, rows)
            done += len(rows)
            yield Step(table.name, done, of)
        _number_on(here, there, table)


def _compare_all(
    here: Connection, there: Connection, chunk: int, of: int
) -> Iterator[Step | Moved]:
    done = of // 2
    for table in TABLES:
        before, digest = done, hashlib.sha256()
        for rows in _chunks(here, table, chunk):
            digest.update(_compare(there, table, rows))
            done += len(rows)
            yield Step(table.name, done, of)
        # Every row of the file is there; as many rows are there; so there are no others.
        if _count(there, table) != done - before:
            raise _differs(table)
        yield Moved(table.name, done - before, digest.hexdigest()[:DIGITS])


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the server can't do in a sentence that shows neither its address nor a row."""
    try:
        yield
    except StoreAway as error:
        raise CannotMove(
            "The server can't be reached or written. Moving again later goes on from there."
        ) from error
    except DBAPIError as error:
        raise CannotMove(f"The server refused: {type(error.orig).__name__}.") from error


@contextmanager
def _both_sides(
    folder: Path, url: str, key_file: Path | None
) -> Iterator[tuple[Connection, Connection]]:
    """Give the file, for reading one moment of it, and the server, at the newest schema."""
    _check_ways(folder, url)
    with lock(folder), sqlite.connected(folder / DATABASE, read_only=True) as here:
        here.exec_driver_sql("BEGIN")
        keys = _keys_of(here, key_file or folder / KEY)
        with postgres.connected(url) as there:
            # A stranger's database isn't even migrated.
            if schema.schema_of(there) is not None:
                _check_owner(there, keys)
            schema.migrate_server(url)
            _hold(there)
            _check_owner(there, keys)
            if there.scalar(READ_META) is None:
                there.execute(WRITE_META, {"key": "key_canary", "value": keys.canary()})
            yield here, there


def _check_ways(folder: Path, url: str) -> None:
    if not (folder / DATABASE).exists():
        raise CannotMove(f"There is no database in {folder}.")
    if not can_be_read(url):
        raise CannotMove("The server's address can't be read.")


def _keys_of(here: Connection, key_path: Path) -> Keys:
    """Return the file's keys; refuse a file that another program or another key made."""
    if schema.schema_of(here) != schema.SCHEMA:
        raise CannotMove(
            "The file is another version's. Please start this version's bot on it once."
        )
    if not key_path.exists():
        raise KeyMismatch(str(KeyMismatch.__doc__))
    keys = key_files.load(key_path)
    if here.scalar(READ_META) != keys.canary():
        raise KeyMismatch(str(KeyMismatch.__doc__))
    return keys


def _check_owner(there: Connection, keys: Keys) -> None:
    """Refuse a database that holds anything but what this key's move began."""
    known = there.scalar(READ_META)
    if known is not None and known != keys.canary():
        raise CannotMove("The server's database belongs to another key. Please give an empty one.")
    if known is None and any(_count(there, table) for table in _tables_of(there)):
        raise CannotMove("The server's database holds other rows. Please give an empty one.")


def _tables_of(there: Connection) -> list[Table]:
    """Return the tables that a database has already; an older one lacks some."""
    names = set(there.dialect.get_table_names(there))
    return [table for table in TABLES if table.name in names]


def _hold(there: Connection) -> None:
    """Keep bots from the server's database for as long as this connection lives."""
    there.execute(PATIENCE)
    try:
        for number in (LEADING, schema.MIGRATING):
            there.execute(LOCK, {"number": number})
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise CannotMove("A bot is using the server's database. Please stop it first.") from error


def _chunks(here: Connection, table: Table, size: int) -> Iterator[Sequence[Row[Any]]]:
    """Read a table in the order of its primary key, each chunk from where the last one ended."""
    key = list(table.primary_key)
    statement = select(table).order_by(*key).limit(size)
    rows = here.execute(statement).all()
    while rows:
        yield rows
        # As the columns have it: a time isn't written here as elsewhere.
        last = (literal(rows[-1]._mapping[column], column.type) for column in key)
        after = tuple_(*key) > tuple_(*last)
        rows = here.execute(statement.where(after)).all()


def _carry(there: Connection, table: Table, rows: Sequence[Row[Any]]) -> None:
    """Write those rows that aren't there; refuse a row that is there and differs."""
    known = _known(there, table, rows)
    if any(known.get(_key(table, row), _plain(row)) != _plain(row) for row in rows):
        raise _differs(table)
    missing = [row._asdict() for row in rows if _key(table, row) not in known]
    if not missing:
        return
    try:
        there.exec_driver_sql("BEGIN")
        there.execute(insert(table), missing)
        there.exec_driver_sql("COMMIT")
    except (IntegrityError, DataError):
        raise CannotMove(f"The server's database can't take a row of {table.name}.") from None


def _compare(there: Connection, table: Table, rows: Sequence[Row[Any]]) -> bytes:
    """Return what the server's rows say, in the file's order; refuse any that differs."""
    known = _known(there, table, rows)
    lines = [known.get(_key(table, row)) for row in rows]
    if lines != [_plain(row) for row in rows]:
        raise _differs(table)
    return b"".join(line + b"\n" for line in lines if line is not None)


def _known(
    there: Connection, table: Table, rows: Sequence[Row[Any]]
) -> dict[tuple[Any, ...], bytes]:
    """Read the server's rows of these keys; in no order, since it sorts texts in its own."""
    first = next(iter(table.primary_key))
    wanted = {row._mapping[first] for row in rows}
    found = there.execute(select(table).where(first.in_(wanted)))
    return {_key(table, row): _plain(row) for row in found}


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in table.primary_key)


def _plain(row: Row[Any]) -> bytes:
    """Write a row so that two are equal only where every column is, to the order in JSON."""
    return orjson.dumps(list(row), default=bytes.hex)


def _number_on(here: Connection, there: Connection, table: Table) -> None:
    """Have the server go on numbering after the last number that the file ever gave."""
    if (column := table.autoincrement_column) is not None:
        last = here.scalar(READ_LAST, {"table": table.name}) or 0
        place = {"table": table.name, "column": column.name}
        there.execute(NUMBER_ON, {**place, "last": max(last, 1), "given": last > 0})


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _differs(table: Table) -> CannotMove:
    return CannotMove(
        f"Rows of {table.name} in the server's database differ from the file's. If a bot has run"
        " on it, it is the project now; if not, please give an empty one."
    )
