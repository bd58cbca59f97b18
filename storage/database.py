"""The data folder, its lock, and the database that belongs to its key: a file, or a server's."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, insert, make_url, select
from sqlalchemy.exc import ArgumentError

from storage import keys as key_files
from storage import schema
from storage.errors import AlreadyRunning, KeyMismatch
from storage.keys import Keys
from storage.sqlite import SqliteStore, connected
from storage.store import Clock, Store, Transaction, utc_now
from storage.tables import meta

DATABASE = "samleng.db"
KEY = "secret.key"
LOCK = "lock"
MEDIA = "media"
EXPORTS = "exports"

READ_META = select(meta.c.value).where(meta.c.key == "key_canary")
WRITE_META = insert(meta)


def lock(folder: Path) -> IO[str]:
    """Take the folder for this process until it ends; raise AlreadyRunning where it is taken."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = (folder / LOCK).open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise AlreadyRunning(str(AlreadyRunning.__doc__)) from error
    return handle


def open_store(
    folder: Path,
    clock: Clock = utc_now,
    key_file: Path | None = None,
    url: str | None = None,
) -> Store:
    """Open the database at the newest schema; make it, the key and the folder where there are none.

    It is the file in the folder, or PostgreSQL's where a URL is given.
    """
    os.umask(0o077)
    for name in ("", MEDIA, EXPORTS):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    key_path = key_file or folder / KEY
    if not key_path.exists() and is_in_use(folder, url):
        raise KeyMismatch(str(KeyMismatch.__doc__))
    keys = key_files.load_or_create(key_path)
    store = _open(folder, url, keys, clock)
    try:
        store.run(check_canary)
    except BaseException:
        store.close()
        raise
    return store


def is_in_use(folder: Path, url: str | None) -> bool:
    """Tell whether there is a database already, which only its own key opens."""
    return schema.at_server(url) is not None if url else (folder / DATABASE).exists()


def _open(folder: Path, url: str | None, keys: Keys, clock: Clock) -> Store:
    if url is None:
        schema.migrate(folder / DATABASE)
        return SqliteStore(folder / DATABASE, keys, clock)
    # Loaded only where it is wanted: the bot on a file stays small.
    from storage.postgres import PostgresStore

    schema.migrate_server(url)
    return PostgresStore(url, keys, clock)


def can_be_read(url: str) -> bool:
    """Tell whether the address of a server can be read, here and by its driver."""
    from psycopg import Error
    from psycopg.conninfo import conninfo_to_dict

    try:
        make_url(url)
        conninfo_to_dict(url)
    except (ArgumentError, ValueError, Error):
        return False
    return True


def place(folder: Path, url: str | None) -> str:
    """Say where the database lies; who may open a server's is left out."""
    if url is None:
        return str(folder / DATABASE)
    parts = make_url(url)
    return f"{parts.database} at {parts.host or parts.query.get('host') or 'localhost'}"


@contextmanager
def reading(folder: Path, url: str | None = None) -> Iterator[Connection]:
    """Open a database for reading only, as one consistent moment."""
    with ExitStack() as stack:
        if url is None:
            connection = stack.enter_context(connected(folder / DATABASE, read_only=True))
            connection.exec_driver_sql("BEGIN")
        else:
            from storage import postgres

            connection = stack.enter_context(postgres.connected(url))
            connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


def check_canary(tx: Transaction) -> None:
    """Refuse a key that isn't this database's: with it, everybody would become a stranger."""
    known = tx.value(READ_META)
    if known is None:
        tx.change(WRITE_META, {"key": "key_canary", "value": tx.keys.canary()})
    elif known != tx.keys.canary():
        raise KeyMismatch(str(KeyMismatch.__doc__))
