"""What the next text of a member is for, where a button asked for one: a place, a reason."""

import datetime as dt

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import awaited_text

# Who comes back later is asked again.
PATIENCE = dt.timedelta(hours=1)

AWAIT = (
    insert(awaited_text)
    .values(respondent_id=bindparam("of"), purpose=bindparam("said_for"), asked_at=bindparam("now"))
    .on_conflict_do_update(
        index_elements=["respondent_id"],
        set_={"purpose": bindparam("said_for"), "asked_at": bindparam("now")},
    )
)
READ = select(awaited_text.c.purpose).where(
    awaited_text.c.respondent_id == bindparam("of"), awaited_text.c.asked_at > bindparam("since")
)
FORGET = delete(awaited_text).where(awaited_text.c.respondent_id == bindparam("of"))


def ask(tx: Transaction, respondent_id: str, purpose: str) -> None:
    """Take the person's next text for this; what waited before is given up."""
    tx.change(AWAIT, {"of": respondent_id, "said_for": purpose, "now": tx.now})


def purpose(tx: Transaction, respondent_id: str) -> str | None:
    """Return what the person's next text is for; None where it is for nothing of this."""
    found: str | None = tx.value(READ, {"of": respondent_id, "since": tx.now - PATIENCE})
    return found


def stop(tx: Transaction, respondent_id: str) -> None:
    """Wait for no text any more."""
    tx.change(FORGET, {"of": respondent_id})
