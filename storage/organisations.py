"""Organisations: those that members are of, so that a wave can be put to the people of one."""

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import organisation

CODE = re.compile(r"[a-z0-9_]{2,20}")
ADD = insert(organisation).on_conflict_do_nothing().returning(organisation.c.id)
ALL = select(organisation).order_by(organisation.c.code)
BY_CODE = select(organisation).where(organisation.c.code == bindparam("of"))
BY_ID = select(organisation).where(organisation.c.id == bindparam("at"))


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation: its number and code, and its name in both languages."""

    id: int
    code: str
    name_en: str
    name_km: str

    def name(self, language: str | None) -> str:
        """Return its name in a language."""
        return self.name_km if language == "km" else self.name_en


def add(tx: Transaction, code: str, name_en: str, name_km: str) -> bool:
    """Add an organisation; False where one has this code."""
    names = {"code": code, "name_en": name_en, "name_km": name_km}
    return tx.row(ADD, names) is not None


def listed(tx: Transaction) -> list[Organisation]:
    """Return all organisations, by their codes."""
    return [Organisation(*row) for row in tx.rows(ALL)]


def by_code(tx: Transaction, code: str) -> Organisation | None:
    """Return an organisation by its code."""
    row = tx.row(BY_CODE, {"of": code})
    return Organisation(*row) if row else None


def by_id(tx: Transaction, organisation_id: int) -> Organisation | None:
    """Return an organisation by its number."""
    row = tx.row(BY_ID, {"at": organisation_id})
    return Organisation(*row) if row else None
