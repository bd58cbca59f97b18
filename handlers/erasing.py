"""Erasing a person's rows, and what staff have in their hands of them."""

from handlers import reviewing
from storage import respondents
from storage.store import Transaction


def erase(tx: Transaction, person_id: str) -> None:
    """Erase everything that is held of a person; a sound of theirs leaves the chat of staff."""
    reviewing.withdraw(tx, person_id)
    respondents.forget(tx, person_id)
