"""The database file as a whole: its folder and lock, migrations, key's canary, backup."""

import fcntl
import os
from pathlib import Path
from typing import IO

from sqlalchemy import inspect, select
from sqlalchemy.dialects.sqlite import insert

from storage import keys as key_files
from storage.errors import AlreadyRunning, DatabaseNewer, KeyMismatch
from storage.store import Clock, Store, Transaction, connected, utc_now
from storage.tables import meta

DATABASE = "samleng.db"
KEY = "secret.key"
LOCK = "lock"
MEDIA = "media"
EXPORTS = "exports"
# The newest migration; a test holds it against the migrations folder.
SCHEMA = "0001"
KNOWN_SCHEMAS = ("0001",)
MIGRATIONS = Path(__file__).parent / "migrations"

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


def open_store(folder: Path, clock: Clock = utc_now, key_file: Path | None = None) -> Store:
    """Open the folder's database at the newest schema; make both where there are none."""
    os.umask(0o077)
    for name in ("", MEDIA, EXPORTS):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    key_path = key_file or folder / KEY
    if (folder / DATABASE).exists() and not key_path.exists():
        raise KeyMismatch(str(KeyMismatch.__doc__))
    keys = key_files.load_or_create(key_path)
    migrate(folder / DATABASE)
    store = Store(folder / DATABASE, keys, clock)
    try:
        store.run(check_canary)
    except BaseException:
        store.close()
        raise
    return store


def check_canary(tx: Transaction) -> None:
    """Refuse a key that isn't this database's: with it, everybody would become a stranger."""
    known = tx.value(READ_META)
    if known is None:
        tx.change(WRITE_META, {"key": "key_canary", "value": tx.keys.canary()})
    elif known != tx.keys.canary():
        raise KeyMismatch(str(KeyMismatch.__doc__))


def schema_of(path: Path) -> str | None:
    """Return the schema a database file is at, or None for a new file."""
    if not path.exists():
        return None
    with connected(path, read_only=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def migrate(path: Path) -> None:
    """Bring a database file to the newest schema, after a backup; refuse one that is newer."""
    current = schema_of(path)
    if current == SCHEMA:
        return
    if current is not None and current not in KNOWN_SCHEMAS:
        raise DatabaseNewer(str(DatabaseNewer.__doc__))
    if current is not None:
        backup(path, path.with_name(f"{path.stem}-before-{SCHEMA}.db"))
    _upgrade(path)


def backup(path: Path, target: Path) -> None:
    """Write a consistent copy of a database file."""
    target.unlink(missing_ok=True)
    with connected(path) as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(target),))


def _upgrade(path: Path) -> None:
    # Alembic is only loaded when there is something to migrate: a start stays quick and small.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with connected(path) as connection:
        # Alembic changes a table by dropping the old one, which would take the rows of all tables
        # that hang on it; env.py checks that none hangs in the air at the end.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
