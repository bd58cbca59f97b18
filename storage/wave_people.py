"""Each person of a wave: whether they belong to it, join it, say no, answered; how all stand."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage import wave_invitations
from storage.slots import BLOCKED, DEAD
from storage.store import Transaction
from storage.tables import (
    answer,
    form_version,
    interview,
    respondent,
    wave,
    wave_person,
)
from storage.wave_audience import BELONGS, said_of
from storage.waves import CAST, LATER, PROMISED, QUOTA, Wave, audience_of
from surveys.wave import DISPOSITIONS, half

_of = wave_person.c.wave_id == bindparam("of")
_person = wave_person.c.respondent_id == bindparam("at")
PERSON = select(wave_person).where(_of, _person)
JOIN = (
    insert(wave_person)
    .values(wave_id=bindparam("of"), respondent_id=bindparam("at"), invitation="later")
    .on_conflict_do_nothing()
)
DECLINE = update(wave_person).where(_of, _person).values(declined_at=bindparam("now"))
ANSWERING = select(interview.c.seq).where(
    interview.c.wave_id == bindparam("of"), interview.c.respondent_id == bindparam("at")
)
MARK = update(wave_person).where(_of, _person).values(ballot=bindparam("as_ballot"))
_cast_by = (
    select(wave_person.c.wave_id)
    .join(wave, wave.c.id == wave_person.c.wave_id)
    .join(form_version, form_version.c.id == wave.c.form_version_id)
    .where(_person, wave_person.c.ballot == CAST)
)
HAS_CAST = _cast_by.where(_of)
HAS_CAST_OF_FORM = _cast_by.where(form_version.c.form_id == bindparam("form")).limit(1)
HAS_CAST_EVER = _cast_by.limit(1)
GROUPS = select(respondent.c.province, said_of("sex").label("sex")).where(
    respondent.c.id == bindparam("at")
)

_answers = (
    select(func.count(answer.c.path.distinct()))
    .where(answer.c.interview_id == interview.c.id, answer.c.value != "")
    .correlate(interview)
    .scalar_subquery()
)
_in_time = or_(wave.c.closed_at.is_(None), interview.c.completed_at < wave.c.closed_at)
# The first that holds; surveys/wave.py says what each means.
DISPOSITION = case(
    (wave_person.c.ballot == CAST, "complete"),
    (and_(interview.c.completed_at.is_not(None), _in_time), "complete"),
    (or_(interview.c.completed_at.is_not(None), _answers >= bindparam("half")), "partial"),
    (or_(interview.c.seq.is_not(None), wave_person.c.ballot.is_not(None)), "break_off"),
    (wave_person.c.declined_at.is_not(None), "refused"),
    (wave_person.c.invitation == QUOTA, "over_quota"),
    (wave_person.c.invitation.in_((LATER, PROMISED)), "waiting"),
    (respondent.c.stopped_at.is_not(None), "refused"),
    (
        or_(
            wave_person.c.invitation.in_((BLOCKED, DEAD)),
            respondent.c.unreachable_at.is_not(None),
        ),
        "unreachable",
    ),
    else_="invited",
)
_dispositions = (
    select(DISPOSITION.label("disposition"))
    .select_from(wave_person)
    .join(wave, wave.c.id == wave_person.c.wave_id)
    .join(respondent, respondent.c.id == wave_person.c.respondent_id)
    .outerjoin(
        interview,
        and_(
            interview.c.wave_id == wave_person.c.wave_id,
            interview.c.respondent_id == wave_person.c.respondent_id,
        ),
    )
    .where(_of)
    .subquery()
)
STANDING = select(_dispositions.c.disposition, func.count().label("number")).group_by(
    _dispositions.c.disposition
)


def belongs(tx: Transaction, row: Any, respondent_id: str) -> bool:
    """Tell whether somebody is of a wave's people, or of its audience."""
    at = {"at": respondent_id}
    if tx.row(PERSON, {"of": row.id, **at}):
        return True
    return tx.row(BELONGS, {**asdict(audience_of(row)), **at}) is not None


def is_answering(tx: Transaction, wave_id: int, respondent_id: str) -> bool:
    """Tell whether somebody began the form in a wave already."""
    at = {"of": wave_id, "at": respondent_id}
    return tx.row(ANSWERING, at) is not None or tx.row(HAS_CAST, at) is not None


def mark(tx: Transaction, wave_id: int, respondent_id: str, ballot: str) -> None:
    """Note that somebody began to answer for a ballot box, or cast their ballot; never when."""
    tx.change(MARK, {"of": wave_id, "at": respondent_id, "as_ballot": ballot})


def has_cast(tx: Transaction, wave_id: int, respondent_id: str) -> bool:
    """Tell whether somebody cast their ballot in a wave."""
    return tx.row(HAS_CAST, {"of": wave_id, "at": respondent_id}) is not None


def has_cast_of_form(tx: Transaction, form_id: str, respondent_id: str) -> bool:
    """Tell whether somebody answered a form by a ballot."""
    return tx.row(HAS_CAST_OF_FORM, {"form": form_id, "at": respondent_id}) is not None


def has_cast_ever(tx: Transaction, respondent_id: str) -> bool:
    """Tell whether somebody ever cast a ballot."""
    return tx.row(HAS_CAST_EVER, {"at": respondent_id}) is not None


def groups(tx: Transaction, respondent_id: str) -> dict[str, str]:
    """Return what may stand on somebody's ballot beside the answers: province and sex."""
    row = tx.row(GROUPS, {"at": respondent_id})
    return {"province": (row and row.province) or "", "sex": (row and row.sex) or ""}


def join(tx: Transaction, wave_id: int, respondent_id: str) -> None:
    """Count somebody among a wave's people who begins; an invitation that waits isn't sent."""
    at = {"of": wave_id, "at": respondent_id}
    tx.change(JOIN, at)
    if tx.row(PERSON.where(wave_person.c.invitation == PROMISED), at):
        wave_invitations.take_one_back(tx, wave_id, respondent_id)


def decline(tx: Transaction, wave_id: int, respondent_id: str) -> None:
    """Note that somebody said "not this time" to a wave."""
    tx.change(DECLINE, {"of": wave_id, "at": respondent_id, "now": tx.now})


def has_declined(tx: Transaction, wave_id: int, respondent_id: str) -> bool:
    """Tell whether somebody said "not this time" to a wave."""
    row = tx.row(PERSON, {"of": wave_id, "at": respondent_id})
    return row is not None and row.declined_at is not None


def standing(tx: Transaction, one: Wave, questions: int) -> dict[str, int]:
    """Return how many of a wave's people stand where; their sum is all of its people."""
    rows = tx.rows(STANDING, {"of": one.id, "half": half(questions)})
    counts = {row.disposition: int(row.number) for row in rows}
    return {name: counts.get(name, 0) for name in DISPOSITIONS}
