"""What is true of the whole project, by name: what the bot is called, which menus Telegram has."""

from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import meta

Name = Literal[
    "menus", "username", "anchor_day", "anchor_head", "reminded_to", "reminders_paused", "rate"
]

READ = select(meta.c.value).where(meta.c.key == bindparam("name"))
WRITE = (
    insert(meta)
    .values(key=bindparam("name"), value=bindparam("said"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("said")})
)


def read(tx: Transaction, name: Name) -> str | None:
    """Return a fact; None where it isn't known yet."""
    found: str | None = tx.value(READ, {"name": name})
    return found


def write(tx: Transaction, name: Name, value: str) -> None:
    """Note a fact, in place of what was known."""
    tx.change(WRITE, {"name": name, "said": value})
