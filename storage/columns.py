"""What tables are made of: kinds of columns and indices, the same in both databases."""

import datetime as dt
import functools
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator):  # type: ignore[type-arg]
    """A point in time, kept as ISO text in UTC so that both databases order and show it alike."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value, dialect):  # type: ignore[no-untyped-def]  # noqa: ARG002
        """Write an aware datetime."""
        return None if value is None else _as_text(value)

    def process_result_value(self, value, dialect):  # type: ignore[no-untyped-def]  # noqa: ARG002
        """Read an aware datetime."""
        return None if value is None else dt.datetime.fromisoformat(value)


@functools.lru_cache(maxsize=64)
def _as_text(moment: dt.datetime) -> str:
    """Write a moment; a transaction writes the same one into several rows."""
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows in an Integer column only; PostgreSQL's would end at two billion.
NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows that meet a condition, which a query must name as it stands."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def respondent_id(**options: Any) -> Column[str]:
    """Return the column that says whose a row is; it goes with the person."""
    return Column(
        "respondent_id",
        String(32),
        ForeignKey("respondent.id", ondelete="CASCADE"),
        **{"nullable": False, **options},
    )
