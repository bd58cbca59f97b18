"""Which of several processes leads: polls, sends and ticks. A lock that PostgreSQL gives to one.

Leading is for order and economy. Nothing is lost or sent twice while two believe that they lead:
what must not happen twice is kept apart by rows and by the locks of transactions.
"""

import logging
from contextlib import suppress
from typing import Any

import psycopg

from storage.postgres import CONNECT

logger = logging.getLogger(__name__)

LEADING = 0x5A3102
# A leader that is frozen keeps its lock; after so long without a sign of life it loses it.
SILENT_SECONDS = 20
SIGN = """
    INSERT INTO meta (key, value)
    VALUES ('leader_seen', extract(epoch FROM clock_timestamp())::text)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
END_SILENT = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND objid = %s AND granted AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    ) AND extract(epoch FROM clock_timestamp()) - %s > (
        SELECT value::double precision FROM meta WHERE key = 'leader_seen'
    )
"""


class Leadership:
    """One process's claim to lead, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[Any] | None = None

    def try_to_lead(self) -> bool:
        """Take the lead if nobody has it; make a silent leader lose it, for the next try."""
        try:
            if self._take():
                return True
            self._connected().execute(END_SILENT, (LEADING, SILENT_SECONDS))
        except psycopg.Error as error:
            logger.warning("database away", extra={"error": type(error).__name__})
            self.resign()
        return False

    def _take(self) -> bool:
        row = self._connected().execute("SELECT pg_try_advisory_lock(%s)", (LEADING,)).fetchone()
        return bool(row and row[0]) and self.still_leads()

    def still_leads(self) -> bool:
        """Give a sign of life; False where the lock was lost with the connection."""
        try:
            self._connected(again=False).execute(SIGN)
        except psycopg.Error:
            self.resign()
            return False
        return True

    def resign(self) -> None:
        """Give the lead up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                connection.close()

    def _connected(self, *, again: bool = True) -> "psycopg.Connection[Any]":
        if self._connection is None:
            if not again:
                raise psycopg.OperationalError
            self._connection = psycopg.connect(self._url, **CONNECT)
        return self._connection
