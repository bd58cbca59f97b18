"""Whether a province is paused, as a condition in the statements that promise something unasked."""

from typing import Any

from sqlalchemy import ColumnElement, exists

from storage.tables import paused_province


def is_paused(province: Any) -> ColumnElement[bool]:
    """Return the condition that a province is paused."""
    return exists().where(paused_province.c.province == province)
