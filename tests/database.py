"""What is committed in a database, as another process sees it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from storage.database import DATABASE
from storage.store import Transaction


@dataclass(frozen=True)
class Place:
    """Where the rows of a bot lie: in the file of a folder, or on a server."""

    folder: Path
    url: str | None = None

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what is committed."""
        return query(self.folder, self.url, sql, *values)


class Reader:
    """Reads what is committed, again and again: a connection each time costs a server a process.

    Closed, it still reads, by a connection each time: people outlive the bot they wrote to.
    """

    def __init__(self, folder: Path, url: str | None) -> None:
        self._place = Place(folder, url)
        self._connection = connected(self._place)
        self._is_closed = False

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        if self._is_closed:
            return self._place.rows(sql, *values)
        return _rows(self._connection, self._place, sql, values)

    def close(self) -> None:
        """Give the connection back."""
        self._is_closed = True
        self._connection.close()


def connected(place: Place) -> Any:
    """Connect to a database for reading."""
    if place.url is not None:
        return psycopg.connect(place.url, autocommit=True)
    # A test may look from a thread of its own, one at a time.
    uri = f"file:{place.folder / DATABASE}?mode=ro"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def query(folder: Path, url: str | None, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query, from the file in the folder or from a server."""
    place = Place(folder, url)
    with closing(connected(place)) as connection:
        return _rows(connection, place, sql, values)


def _rows(
    connection: Any, place: Place, sql: str, values: Sequence[object]
) -> list[tuple[Any, ...]]:
    given = (values,) if values else ()
    sql = sql.replace("?", "%s") if place.url is not None else sql
    return list(connection.execute(sql, *given).fetchall())


def plain_sql(tx: Transaction, sql: str, values: Sequence[object] = ()) -> list[Any]:
    """Run SQL as it is written, within a unit of work; return its rows, if it has any."""
    cursor = tx.open()
    cursor.execute(sql, values)
    tx.wait()
    return list(cursor.fetchall()) if cursor.description else []
