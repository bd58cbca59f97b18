"""Which menus Telegram has, and who has one of their own."""

from typing import cast

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import meta, respondent
from surveys.respondent import Role

MENUS = "menus"

READ = select(meta.c.value).where(meta.c.key == MENUS)
WRITE = (
    insert(meta)
    .values(key=MENUS, value=bindparam("digest"))
    .on_conflict_do_update(index_elements=["key"], set_={"value": bindparam("digest")})
)
WITH_ROLE = select(respondent.c.id, respondent.c.role).where(
    respondent.c.role != "respondent",
    respondent.c.pseudonym.is_not(None),
    respondent.c.unreachable_at.is_(None),
)


def known(tx: Transaction) -> str | None:
    """Return the digest of the menus that Telegram has."""
    return cast("str | None", tx.value(READ))


def note(tx: Transaction, digest: str) -> None:
    """Note which menus Telegram has now."""
    tx.change(WRITE, {"digest": digest})


def with_role(tx: Transaction) -> list[tuple[str, Role]]:
    """Return who may do more than answer, and in which role."""
    return [(row.id, row.role) for row in tx.rows(WITH_ROLE)]
