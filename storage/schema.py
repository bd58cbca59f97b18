"""The schema of a database: which one it is at, and its way to the newest, after a backup."""

from pathlib import Path

from sqlalchemy import Connection, inspect

from storage.errors import DatabaseNewer
from storage.sqlite import connected

# The newest migration; a test holds it against the migrations folder.
SCHEMA = "0020"
KNOWN_SCHEMAS = tuple(f"{number:04}" for number in range(1, 21))
MIGRATIONS = Path(__file__).parent / "migrations"
# Whoever migrates a server's database holds this lock meanwhile: replicas may start together.
MIGRATING = 0x5A3101


def schema_of(connection: Connection) -> str | None:
    """Return the schema a database is at, or None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def at_file(path: Path) -> str | None:
    """Return the schema a database file is at, or None for a new file."""
    if not path.exists():
        return None
    with connected(path, read_only=True) as connection:
        return schema_of(connection)


def at_server(url: str) -> str | None:
    """Return the schema a server's database is at, or None for an empty one."""
    from storage import postgres

    with postgres.connected(url) as connection:
        return schema_of(connection)


def migrate(path: Path) -> None:
    """Bring a database file to the newest schema, after a backup; refuse one that is newer."""
    current = at_file(path)
    if current == SCHEMA:
        return
    _check(current)
    if current is not None:
        backup(path, path.with_name(f"{path.stem}-before-{SCHEMA}.db"))
    with connected(path) as connection:
        # Alembic changes a table by dropping the old one, which would take the rows of all tables
        # that hang on it; env.py checks that none hangs in the air at the end.
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        _upgrade(connection)


def migrate_server(url: str) -> None:
    """Bring a server's database to the newest schema; refuse one that is newer."""
    from storage import postgres

    with postgres.connected(url) as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (MIGRATING,))
        current = schema_of(connection)
        if current != SCHEMA:
            _check(current)
            _upgrade(connection)


def _check(current: str | None) -> None:
    if current is not None and current not in KNOWN_SCHEMAS:
        raise DatabaseNewer(str(DatabaseNewer.__doc__))


def backup(path: Path, target: Path) -> None:
    """Write a consistent copy of a database file."""
    target.unlink(missing_ok=True)
    with connected(path) as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(target),))


def _upgrade(connection: Connection) -> None:
    # Alembic is only loaded when there is something to migrate: a start stays quick and small.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
