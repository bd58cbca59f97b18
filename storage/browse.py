"""The newest rows of every table, for people who want to see what is stored. Read only."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from storage import tables
from storage.database import DATABASE, reading
from storage.schema import SCHEMA, at_file

SHOWN: tuple[Table, ...] = (
    tables.respondent,
    tables.contact_vault,
    tables.consent,
    tables.linkage,
    tables.organisation,
    tables.interview,
    tables.answer,
    tables.media,
    tables.group_count,
    tables.subscription,
    tables.inbox,
    tables.outbox,
    tables.broadcast,
    tables.paused_province,
    tables.pace,
    tables.job,
    tables.member,
    tables.preview,
    tables.slot,
    tables.wave,
    tables.wave_person,
    tables.wave_quota,
    tables.ballot_pending,
    tables.ballot,
    tables.dialogue,
    tables.commitment,
    tables.commitment_update,
    tables.awaited_text,
    tables.audit,
)
MOST = 12
LONGEST = 400


def newest_rows(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the newest rows of each table, newest first; none before all tables are there."""
    if at_file(folder / DATABASE) != SCHEMA:
        return {}
    with reading(folder) as connection:
        return {
            table.name: [
                {name: _shown(value) for name, value in row._mapping.items()}
                for row in connection.execute(
                    select(table).order_by(_order(table).desc()).limit(MOST)
                )
            ]
            for table in SHOWN
        }


def _order(table: Table) -> Any:
    for name in ("seq", "id", "created_at", "given_at", "received_at"):
        if name in table.c and (name != "id" or table.c.id.type.python_type is int):
            return table.c[name]
    return next(iter(table.c))


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return f"🔒 {value.hex()[:16]}… ({len(value)} bytes)"
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
