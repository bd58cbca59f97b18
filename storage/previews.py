"""Previews: who looks at a draft on their own phone just now. Nothing of it is kept."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage import respondents
from storage.store import Transaction
from storage.tables import interview, preview

LIFETIME = dt.timedelta(days=1)

BEGIN = (
    insert(preview)
    .values(
        respondent_id=bindparam("of"),
        form_version_id=bindparam("version"),
        language_before=bindparam("language"),
    )
    .on_conflict_do_update(
        # The language from before the first of several previews is the person's own.
        index_elements=["respondent_id"],
        set_={"form_version_id": bindparam("version")},
    )
)
OF = select(preview).where(preview.c.respondent_id == bindparam("of"))
END = delete(preview).where(preview.c.respondent_id == bindparam("of"))
OF_DRAFT = select(preview).where(preview.c.form_version_id == bindparam("at"))
OLD = (
    select(preview)
    .join(
        interview,
        and_(
            interview.c.respondent_id == preview.c.respondent_id,
            interview.c.form_version_id == preview.c.form_version_id,
        ),
    )
    .where(interview.c.started_at <= bindparam("before"))
)
ERASE = delete(interview).where(
    interview.c.respondent_id == bindparam("of"),
    interview.c.form_version_id == bindparam("version"),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """Somebody's look at a draft, and the language that they had before."""

    respondent_id: str
    form_version_id: int
    language_before: str | None


def begin(tx: Transaction, respondent_id: str, form_version_id: int, language: str | None) -> None:
    """Note that somebody looks at a draft; `language` is their own, which they get back."""
    values = {"of": respondent_id, "version": form_version_id, "language": language}
    tx.change(BEGIN, values)


def of(tx: Transaction, respondent_id: str) -> Preview | None:
    """Return what a person looks at just now."""
    row = tx.row(OF, {"of": respondent_id})
    return Preview(*row) if row else None


def end(tx: Transaction, preview: Preview) -> None:
    """End a preview: what was typed and tapped in it is erased, the person's language is back."""
    tx.change(ERASE, {"of": preview.respondent_id, "version": preview.form_version_id})
    tx.change(END, {"of": preview.respondent_id})
    respondents.change(tx, preview.respondent_id, language=preview.language_before)


def of_draft(tx: Transaction, form_version_id: int) -> list[Preview]:
    """Return who looks at a draft just now."""
    return [Preview(*row) for row in tx.rows(OF_DRAFT, {"at": form_version_id})]


def old(tx: Transaction) -> list[Preview]:
    """Return the previews that were begun a day ago."""
    return [Preview(*row) for row in tx.rows(OLD, {"before": tx.now - LIFETIME})]
