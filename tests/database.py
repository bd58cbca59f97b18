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
    """Reads what is committed, again and again: a connection each time costs a server a process."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self._connection: Any = (
            psycopg.connect(url, autocommit=True)
            if url is not None
            else sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)
        )
        self._sign = "?" if url is None else "%s"

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        given = (values,) if values else ()
        return list(self._connection.execute(sql.replace("?", self._sign), *given).fetchall())

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def query(folder: Path, url: str | None, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query, from the file in the folder or from a server."""
    with closing(Reader(folder, url)) as reader:
        return reader.rows(sql, *values)


def plain_sql(tx: Transaction, sql: str, values: Sequence[object] = ()) -> list[Any]:
    """Run SQL as it is written, within a unit of work; return its rows, if it has any."""
    cursor = tx.open()
    cursor.execute(sql, values)
    tx.wait()
    return list(cursor.fetchall()) if cursor.description else []
