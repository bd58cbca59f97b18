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


def query(folder: Path, url: str | None, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query, from the file in the folder or from a server."""
    if url is not None:
        with psycopg.connect(url) as connection:
            return connection.execute(sql.replace("?", "%s"), values or None).fetchall()  # type: ignore[call-overload,no-any-return]
    uri = f"file:{folder / DATABASE}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as file:
        return file.execute(sql, values).fetchall()


def plain_sql(tx: Transaction, sql: str, values: Sequence[object] = ()) -> list[Any]:
    """Run SQL as it is written, within a unit of work; return its rows, if it has any."""
    cursor = tx.open()
    cursor.execute(sql, values)
    tx.wait()
    return list(cursor.fetchall()) if cursor.description else []
