"""Who has a menu of their own at Telegram."""

from sqlalchemy import select

from storage.store import Transaction
from storage.tables import respondent
from surveys.respondent import Role

WITH_ROLE = select(respondent.c.id, respondent.c.role).where(
    respondent.c.role != "respondent",
    respondent.c.pseudonym.is_not(None),
    respondent.c.unreachable_at.is_(None),
)


def with_role(tx: Transaction) -> list[tuple[str, Role]]:
    """Return who may do more than answer, and in which role."""
    return [(row.id, row.role) for row in tx.rows(WITH_ROLE)]
