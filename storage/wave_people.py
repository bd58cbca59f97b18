"""The people of waves: planned in the order of their ids, invited once each, and counted by what
became of them.

Planning a wave names its people, 10,000 in a transaction; inviting promises a thousand of them a
message at a time. Who had enough this week stays `later` and is looked at again the next morning.
"""

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.broadcasts import BEGINNING, END, ENOUGH
from storage.columns import UtcTime
from storage.outbox import BROADCASTS, CLAIMING, PENDING
from storage.pausing import is_paused
from storage.slots import BLOCKED, DEAD, ENDED, WEEK, unasked_of
from storage.store import Transaction
from storage.tables import (
    answer,
    consent,
    form_version,
    interview,
    outbox,
    respondent,
    wave,
    wave_person,
)
from storage.waves import OPEN, WAVING, Wave, audience_of
from surveys.instruments import PROFILE
from surveys.wave import DISPOSITIONS, Audience, half

PLANNED_AT_ONCE, INVITED_AT_ONCE = 10_000, 1000
# Where the profile keeps what people say of themselves; a test holds it against the form.
SAID = {"sex": "/data/more/sex", "age_group": "/data/more/age_group"}
# Written out, not bound, as in storage/outbox.py.
LATER: ColumnElement[str] = literal_column("'later'")
PROMISED: ColumnElement[str] = literal_column("'promised'")
CAST: ColumnElement[str] = literal_column("'cast'")
QUOTA: ColumnElement[str] = literal_column("'quota'")

_profile, _profile_form = interview.alias("profile"), form_version.alias("profile_form")


def _if_asked(name: str, value: Any) -> ColumnElement[bool]:
    """Return the condition for a part of the audience that may be open."""
    wanted: Any = bindparam(name, type_=String)
    return or_(wanted.is_(None), value == wanted)


def said_of(name: str) -> Any:
    """Return the expression for what a person said last of themselves in the profile."""
    return (
        select(_profile.c.response[SAID[name]].as_string())
        .join(_profile_form, _profile_form.c.id == _profile.c.form_version_id)
        .where(_profile.c.respondent_id == respondent.c.id, _profile_form.c.form_id == PROFILE)
        .order_by(_profile.c.seq.desc())
        .limit(1)
        .correlate(respondent)
        .scalar_subquery()
    )


_earlier: Any = bindparam("answered_wave", type_=Integer)
_belongs = and_(
    _if_asked("role", respondent.c.role),
    _if_asked("sector", respondent.c.sector),
    _if_asked("province", respondent.c.province),
    _if_asked("language", respondent.c.language),
    _if_asked("organisation", respondent.c.organisation),
    or_(
        _earlier.is_(None),
        exists().where(
            interview.c.wave_id == _earlier,
            interview.c.respondent_id == respondent.c.id,
            interview.c.completed_at.is_not(None),
        ),
        exists().where(
            wave_person.c.wave_id == _earlier,
            wave_person.c.respondent_id == respondent.c.id,
            wave_person.c.ballot == CAST,
        ),
    ),
    _if_asked("sex", said_of("sex")),
    _if_asked("age_group", said_of("age_group")),
)
_can_be_asked = and_(
    # Whoever has an address of their own, is through the first questions, and hasn't said stop.
    respondent.c.pseudonym.is_not(None),
    respondent.c.sector.is_not(None),
    respondent.c.stopped_at.is_(None),
    respondent.c.unreachable_at.is_(None),
    exists().where(
        consent.c.respondent_id == respondent.c.id, consent.c.version == bindparam("consent_to")
    ),
)
_cast, _box, _box_form = (
    wave_person.alias("cast"),
    wave.alias("box"),
    form_version.alias("box_form"),
)
# In the middle of the form, or done with it; a form that can be answered again, since a time.
_since: Any = bindparam("answered_since", type_=UtcTime)
_has_begun = or_(
    exists().where(
        interview.c.respondent_id == respondent.c.id,
        interview.c.form_version_id == form_version.c.id,
        form_version.c.form_id == bindparam("form"),
        or_(interview.c.completed_at.is_(None), interview.c.started_at >= _since),
    ),
    exists().where(
        _cast.c.respondent_id == respondent.c.id,
        _cast.c.ballot == CAST,
        _box.c.id == _cast.c.wave_id,
        _box.c.opens_at >= _since,
        _box_form.c.id == _box.c.form_version_id,
        _box_form.c.form_id == bindparam("form"),
    ),
)
_meant = and_(_belongs, _can_be_asked, ~_has_begun)
COUNT = select(func.count()).select_from(respondent).where(_meant)
BELONGS = select(respondent.c.id).where(respondent.c.id == bindparam("at"), _belongs)

# The next wave whose people aren't all named, and the next with people to invite.
TO_PLAN = (
    select(wave, form_version.c.form_id)
    .join(form_version, form_version.c.id == wave.c.form_version_id)
    .where(wave.c.status == OPEN, wave.c.planned_to < END)
    .order_by(wave.c.id)
    .limit(1)
)
TO_INVITE = (
    select(wave, form_version.c.form_id)
    .join(form_version, form_version.c.id == wave.c.form_version_id)
    .where(
        wave.c.status == OPEN,
        wave.c.planned_to == END,
        wave.c.cursor < END,
        or_(wave.c.again_at.is_(None), wave.c.again_at <= bindparam("now")),
    )
    .order_by(wave.c.id)
    .limit(1)
)
WAITING = select(func.count()).where(outbox.c.lane == BROADCASTS, outbox.c.status == PENDING)
LAST_TO_PLAN = (
    select(respondent.c.id)
    .where(respondent.c.id > bindparam("beyond"))
    .order_by(respondent.c.id)
    .offset(PLANNED_AT_ONCE - 1)
    .limit(1)
)
PLAN = (
    insert(wave_person)
    .from_select(
        ["wave_id", "respondent_id", "invitation"],
        select(bindparam("of", type_=Integer), respondent.c.id, literal("later"))
        .where(respondent.c.id > bindparam("beyond"), respondent.c.id <= bindparam("until"), _meant)
        .order_by(respondent.c.id),
    )
    .on_conflict_do_nothing()
)
PLANNED = (
    update(wave)
    .where(wave.c.id == bindparam("of"))
    .values(planned_to=bindparam("until"), people=wave.c.people + bindparam("more"))
)
_of = wave_person.c.wave_id == bindparam("of")
_later = and_(_of, wave_person.c.invitation == LATER)
LAST_TO_INVITE = (
    select(wave_person.c.respondent_id)
    .where(_later, wave_person.c.respondent_id > bindparam("beyond"))
    .order_by(wave_person.c.respondent_id)
    .offset(INVITED_AT_ONCE - 1)
    .limit(1)
)
_part = and_(
    _later,
    wave_person.c.respondent_id > bindparam("beyond"),
    wave_person.c.respondent_id <= bindparam("until"),
)
NEXT = (
    select(wave_person.c.respondent_id, respondent.c.language)
    .join(respondent, respondent.c.id == wave_person.c.respondent_id)
    .where(
        _part,
        wave_person.c.declined_at.is_(None),
        _can_be_asked,
        ~_has_begun,
        ~is_paused(respondent.c.province),
        unasked_of(respondent.c.id).correlate(respondent).scalar_subquery() < bindparam("cap"),
    )
    .order_by(wave_person.c.respondent_id)
)
# Where a wave has quotas, with what people said of themselves.
NEXT_BY_CELL = NEXT.add_columns(
    respondent.c.province,
    said_of("sex").label("sex"),
    said_of("age_group").label("age_group"),
)
PUT = plain_insert(outbox).values(
    lane=BROADCASTS, policy="once", method="sendMessage", status="pending", attempts=0
)
_message = and_(
    outbox.c.wave_id == wave_person.c.wave_id,
    outbox.c.respondent_id == wave_person.c.respondent_id,
)
INVITED = (
    update(wave_person)
    .where(_part, exists().where(_message))
    .values(invitation="promised", outbox_id=select(outbox.c.id).where(_message).scalar_subquery())
)
ONE_LATER = select(wave_person.c.respondent_id).where(_later).limit(1)
ADVANCE = update(wave).where(wave.c.id == bindparam("of"))
_ended = (outbox.c.id == wave_person.c.outbox_id, outbox.c.status.in_(ENDED))
SETTLE = (
    update(wave_person)
    .where(wave_person.c.invitation == PROMISED, exists().where(*_ended))
    .values(invitation=select(outbox.c.status).where(*_ended).scalar_subquery())
)
_waits = exists().where(outbox.c.id == wave_person.c.outbox_id, outbox.c.status == PENDING)
_back: dict[str, Any] = {"invitation": "later", "outbox_id": None}
TAKE_BACK = (
    update(wave_person).where(_of, wave_person.c.invitation == PROMISED, _waits).values(**_back)
)
WAVES_WAITING = (
    select(wave_person.c.wave_id).where(wave_person.c.invitation == PROMISED, _waits).distinct()
)
ERASE = delete(outbox).where(outbox.c.wave_id == bindparam("of"), outbox.c.status == PENDING)
_person = wave_person.c.respondent_id == bindparam("at")
TAKE_BACK_ONE = TAKE_BACK.where(_person)
ERASE_ONE = ERASE.where(outbox.c.respondent_id == bindparam("at"))
REWIND = update(wave).where(wave.c.id == bindparam("of")).values(cursor=BEGINNING, again_at=None)
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


def count(
    tx: Transaction, audience: Audience, form_id: str, since: dt.datetime, consent_to: str
) -> int:
    """Return how many people a wave would be put to now."""
    return int(tx.value(COUNT, {**asdict(audience), **_asked(form_id, since, consent_to)}))


def _asked(form_id: str, since: dt.datetime, consent_to: str) -> dict[str, Any]:
    return {"form": form_id, "answered_since": since, "consent_to": consent_to}


def to_plan(tx: Transaction) -> Any | None:
    """Return the row of the oldest open wave whose people aren't all named."""
    tx.alone(WAVING)
    return tx.row(TO_PLAN)


def plan(tx: Transaction, row: Any, since: dt.datetime, consent_to: str) -> int:
    """Name the next people of a wave; return how many they are."""
    until = tx.value(LAST_TO_PLAN, {"beyond": row.planned_to}) or END
    chunk = {"of": row.id, "beyond": row.planned_to, "until": until}
    meant = {**asdict(audience_of(row)), **_asked(row.form_id, since, consent_to)}
    more = tx.changed(PLAN, {**chunk, **meant})
    tx.change(PLANNED, {"of": row.id, "until": until, "more": more})
    return more


def to_invite(tx: Transaction) -> Any | None:
    """Return the row of the oldest open wave with people to invite, unless enough messages wait."""
    tx.alone(WAVING)
    return tx.row(TO_INVITE, {"now": tx.now}) if tx.value(WAITING) < ENOUGH else None


def next_part(tx: Transaction, row: Any) -> str:
    """Return the id up to which people are invited next."""
    found: str | None = tx.value(LAST_TO_INVITE, {"of": row.id, "beyond": row.cursor})
    return found or END


def next_people(
    tx: Transaction, row: Any, until: str, since: dt.datetime, consent_to: str, cap: int,
    *, by_cell: bool = False,
) -> list[Any]:  # fmt: skip
    """Return who can be invited of the next part: id and language. Who had enough is left.

    With `by_cell` also province, sex and age group.
    """
    part = {"of": row.id, "beyond": row.cursor, "until": until}
    enough = {"cap": cap, "unasked_since": tx.now - WEEK}
    statement = NEXT_BY_CELL if by_cell else NEXT
    return tx.rows(statement, {**part, **enough, **_asked(row.form_id, since, consent_to)})


def invite(tx: Transaction, row: Any, until: str, bodies: dict[str, dict[str, Any]]) -> None:
    """Promise each person of a part their message."""
    when = {"due_at": tx.now, "created_at": tx.now, "wave_id": row.id}
    tx.change_many(
        PUT, [{"respondent_id": who, "body": body, **when} for who, body in bodies.items()]
    )
    tx.change(INVITED, {"of": row.id, "beyond": row.cursor, "until": until})


def advance(tx: Transaction, row: Any, until: str, again_at: dt.datetime) -> None:
    """Note how far the invitations are; at the end, whoever is left is looked at again later."""
    is_over = until == END and tx.row(ONE_LATER, {"of": row.id}) is None
    if until < END or is_over:
        tx.change(ADVANCE, {"of": row.id, "cursor": until})
    else:
        tx.change(ADVANCE, {"of": row.id, "cursor": BEGINNING, "again_at": again_at})


def settle(tx: Transaction) -> None:
    """Note what became of the invitations; their rows in the outbox are forgotten later."""
    tx.change(SETTLE)


def take_back(tx: Transaction, wave_id: int) -> None:
    """Take the invitations of a wave back that aren't on their way yet."""
    # What is just being claimed must be seen as on its way: taken back, it would be sent twice.
    tx.alone(CLAIMING)
    tx.change(TAKE_BACK, {"of": wave_id})
    tx.change(ERASE, {"of": wave_id})
    tx.change(REWIND, {"of": wave_id})


def take_all_back(tx: Transaction) -> None:
    """Take the invitations of all waves back that aren't on their way yet."""
    tx.alone(WAVING)
    for wave_id in tx.values(WAVES_WAITING):
        take_back(tx, wave_id)


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
        tx.alone(CLAIMING)
        tx.change(TAKE_BACK_ONE, at)
        tx.change(ERASE_ONE, at)


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
