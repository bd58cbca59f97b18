"""The people of a wave are named in the order of their ids, and invited once each.

Planning a wave names its people, 10,000 in a transaction; inviting promises a thousand of them a
message at a time. Who had enough this week stays `later` and is looked at again the next morning.
"""

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.broadcasts import BEGINNING, END, ENOUGH
from storage.outbox import BROADCASTS, CLAIMING, PENDING
from storage.pausing import is_paused
from storage.slots import ENDED, WEEK, unasked_of
from storage.store import Transaction
from storage.tables import (
    form_version,
    outbox,
    respondent,
    wave,
    wave_person,
)
from storage.wave_audience import CAN_BE_ASKED, HAS_BEGUN, MEANT, asked, said_of
from storage.waves import LATER, OPEN, PROMISED, WAVING, audience_of

PLANNED_AT_ONCE, INVITED_AT_ONCE = 10_000, 1000

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
        .where(respondent.c.id > bindparam("beyond"), respondent.c.id <= bindparam("until"), MEANT)
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
        CAN_BE_ASKED,
        ~HAS_BEGUN,
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


def to_plan(tx: Transaction) -> Any | None:
    """Return the row of the oldest open wave whose people aren't all named."""
    tx.alone(WAVING)
    return tx.row(TO_PLAN)


def plan(tx: Transaction, row: Any, since: dt.datetime, consent_to: str) -> int:
    """Name the next people of a wave; return how many they are."""
    until = tx.value(LAST_TO_PLAN, {"beyond": row.planned_to}) or END
    chunk = {"of": row.id, "beyond": row.planned_to, "until": until}
    meant = {**asdict(audience_of(row)), **asked(row.form_id, since, consent_to)}
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
    return tx.rows(statement, {**part, **enough, **asked(row.form_id, since, consent_to)})


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


def take_one_back(tx: Transaction, wave_id: int, respondent_id: str) -> None:
    """Take the invitation of one person back, where it isn't on its way yet."""
    tx.alone(CLAIMING)
    at = {"of": wave_id, "at": respondent_id}
    tx.change(TAKE_BACK_ONE, at)
    tx.change(ERASE_ONE, at)
