"""Consent to linkage: may somebody's answers of several times be put side by side in exports?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import form_version, interview, linkage

_given: dict[str, Any] = {
    "version": bindparam("version"),
    "agreed": bindparam("agreed"),
    "language": bindparam("language"),
    "decided_at": bindparam("now"),
}
DECIDE = (
    insert(linkage)
    .values(respondent_id=bindparam("of"), **_given)
    .on_conflict_do_update(index_elements=["respondent_id"], set_=_given)
)
OF = select(linkage.c.version, linkage.c.agreed).where(linkage.c.respondent_id == bindparam("of"))
EARLIER = (
    select(interview.c.seq)
    .where(
        interview.c.respondent_id == bindparam("of"),
        interview.c.wave_id.is_not(None),
        interview.c.wave_id != bindparam("but"),
        interview.c.completed_at.is_not(None),
    )
    .limit(1)
)

EARLIER_OF_FORM = (
    select(interview.c.seq)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(
        interview.c.respondent_id == bindparam("of"),
        interview.c.id != bindparam("but"),
        form_version.c.form_id == bindparam("form"),
        interview.c.completed_at.is_not(None),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, and which wording they were asked in."""

    version: str
    agreed: bool


def decide(
    tx: Transaction, respondent_id: str, version: str, language: str, *, agreed: bool
) -> None:
    """Note what somebody decided; it takes the place of what they said before."""
    said = {"version": version, "agreed": agreed, "language": language, "now": tx.now}
    tx.change(DECIDE, {"of": respondent_id, **said})


def of(tx: Transaction, respondent_id: str) -> Decision | None:
    """Return what somebody decided last; None where they were never asked, or didn't say."""
    row = tx.row(OF, {"of": respondent_id})
    return Decision(row.version, bool(row.agreed)) if row else None


def has_answered_before(tx: Transaction, respondent_id: str, wave_id: int) -> bool:
    """Tell whether somebody submitted answers in another wave than this one."""
    return tx.row(EARLIER, {"of": respondent_id, "but": wave_id}) is not None


def has_answered_form_before(
    tx: Transaction, respondent_id: str, form_id: str, interview_id: str
) -> bool:
    """Tell whether somebody submitted a form in another interview than this one."""
    values = {"of": respondent_id, "form": form_id, "but": interview_id}
    return tx.row(EARLIER_OF_FORM, values) is not None
