"""Telegram ids, encrypted, one row a person: deleting the row makes the person unknown."""

from sqlalchemy import bindparam, insert, select

from storage.store import Transaction
from storage.tables import contact_vault

WRITE = insert(contact_vault)
READ = select(contact_vault.c.sealed).where(contact_vault.c.respondent_id == bindparam("of"))


def remember(tx: Transaction, respondent_id: str, telegram_id: int) -> None:
    """Lock a person's Telegram id away."""
    sealed = tx.keys.seal(str(telegram_id).encode(), _context(respondent_id))
    tx.change(WRITE, {"respondent_id": respondent_id, "sealed": sealed})


def telegram_id(tx: Transaction, respondent_id: str) -> int | None:
    """Return a person's Telegram id; None where their row is gone."""
    sealed = tx.value(READ, {"of": respondent_id})
    return unseal_telegram_id(tx, respondent_id, sealed) if sealed else None


def unseal_telegram_id(tx: Transaction, respondent_id: str, sealed: bytes) -> int:
    """Return the Telegram id of a vault row."""
    return int(tx.keys.unseal(sealed, _context(respondent_id)))


def _context(respondent_id: str) -> str:
    return f"contact_vault|{respondent_id}"
