"""Broadcasts: one text to many people, promised a few at a time in the order of their ids.

A broadcast is for those who came before it was begun, and who at their turn have consented, haven't
said stop and can be reached: who comes later is left out. The database lets nobody get it twice.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Column,
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
    null,
    or_,
    select,
    update,
)
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.columns import UtcTime
from storage.outbox import BROADCASTS, CLAIMING, PENDING, SENDING
from storage.pausing import is_paused
from storage.slots import WEEK, unasked_of
from storage.store import Transaction
from storage.tables import broadcast, consent, outbox, paused_province, respondent

# So many people are looked at in one transaction, and no more are while so many messages wait.
AT_ONCE, ENOUGH = 1000, 2000
FEEDING = 0x5A3106
# Every id lies between: they are hexadecimal.
BEGINNING, END = "", "g"
RUNNING: ColumnElement[str] = literal_column("'running'")

_of = outbox.c.broadcast_id == bindparam("of")


def _if_asked(name: str, column: Column[Any]) -> ColumnElement[bool]:
    """Return the condition for a filter that may be open."""
    wanted: BindParameter[Any] = bindparam(name, type_=String)
    return or_(wanted.is_(None), column == wanted)


_meant = and_(
    # Whoever has an address of their own; a phone of several people gets it once.
    respondent.c.pseudonym.is_not(None),
    respondent.c.created_at <= bindparam("since"),
    respondent.c.stopped_at.is_(None),
    respondent.c.unreachable_at.is_(None),
    _if_asked("with_role", respondent.c.role),
    _if_asked("of_sector", respondent.c.sector),
    _if_asked("in_province", respondent.c.province),
    exists().where(
        consent.c.respondent_id == respondent.c.id, consent.c.version == bindparam("consent_to")
    ),
)
COUNT = select(func.count()).select_from(respondent).where(_meant)
CREATE = (
    plain_insert(broadcast).values(status="running", cursor=BEGINNING).returning(broadcast.c.id)
)
NEXT = (
    select(broadcast)
    .where(broadcast.c.status == RUNNING, broadcast.c.cursor < END)
    .order_by(broadcast.c.id)
    .limit(1)
)
WAITING = select(func.count()).where(outbox.c.lane == BROADCASTS, outbox.c.status == PENDING)
LAST_OF_CHUNK = (
    select(respondent.c.id)
    .where(respondent.c.id > bindparam("beyond"))
    .order_by(respondent.c.id)
    .offset(AT_ONCE - 1)
    .limit(1)
)
_body = case(
    (respondent.c.language == "en", bindparam("body_en", type_=JSON)),
    else_=bindparam("body_km", type_=JSON),
)
_promise = {
    "respondent_id": respondent.c.id,
    "lane": literal(BROADCASTS),
    "policy": literal("once"),
    "method": literal("sendMessage"),
    "body": _body,
    "status": PENDING,
    "due_at": bindparam("now", type_=UtcTime),
    "attempts": literal(0),
    "created_at": bindparam("now", type_=UtcTime),
    "broadcast_id": bindparam("of", type_=Integer),
}
_next = and_(
    respondent.c.id > bindparam("beyond"),
    respondent.c.id <= bindparam("until"),
    _meant,
    ~is_paused(respondent.c.province),
)
_unasked = unasked_of(respondent.c.id).correlate(respondent).scalar_subquery()


def _put(rows: dict[str, Any], condition: ColumnElement[bool]) -> Any:
    chosen = select(*rows.values()).where(_next, condition).order_by(respondent.c.id)
    return insert(outbox).from_select(list(rows), chosen).on_conflict_do_nothing()


PROMISE = _put(_promise, _unasked < bindparam("cap"))
# Whoever had enough that week stands there without a message, so that they are counted.
_left_out = {**_promise, "body": null(), "status": literal("withheld"), "error": literal("cap")}
LEAVE_OUT = _put(_left_out, _unasked >= bindparam("cap"))
ADVANCE = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("of"))
    .values(cursor=bindparam("until"), promised=broadcast.c.promised + bindparam("more"))
)
SET_STATUS = (
    update(broadcast)
    .where(broadcast.c.id == bindparam("of"), broadcast.c.status == bindparam("before"))
    .values(status=bindparam("after"))
)
FIRST_WAITING = select(func.min(outbox.c.respondent_id)).where(_of, outbox.c.status == PENDING)
TAKE_BACK = delete(outbox).where(_of, outbox.c.status == PENDING)
ALL = select(broadcast).order_by(broadcast.c.id)
# While a province is paused, its people haven't been written to yet.
FED = ALL.where(
    broadcast.c.status == RUNNING,
    broadcast.c.cursor == END,
    ~exists().where(
        or_(
            broadcast.c.province.is_(None),
            broadcast.c.province == paused_province.c.province,
        )
    ),
)
STANDING = (
    select(outbox.c.status, func.count().label("number")).where(_of).group_by(outbox.c.status)
)
ON_THE_WAY = select(outbox.c.id).where(_of, outbox.c.status.in_((PENDING, SENDING))).limit(1)
FINISH = update(broadcast).where(broadcast.c.id == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast is for; what is blank is open."""

    role: str | None = None
    sector: str | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a broadcast is: of those it was promised to, everybody stands in one column.

    Beside them stand those it was withheld from, because they had enough messages that week.
    """

    id: int
    status: str
    created_at: dt.datetime
    people: int
    promised: int
    waiting: int = 0
    sent: int = 0
    uncertain: int = 0
    blocked: int = 0
    dead: int = 0
    forgotten: int = 0
    withheld: int = 0


def audience_size(tx: Transaction, audience: Audience, consent_to: str) -> int:
    """Return how many people a broadcast would go to."""
    return int(tx.value(COUNT, _filters(audience, tx.now, consent_to)))


def begin(
    tx: Transaction, text_km: str, text_en: str, audience: Audience, consent_to: str
) -> Standing:
    """Begin a broadcast; nobody is promised anything yet."""
    texts = {"text_km": text_km, "text_en": text_en}
    people = audience_size(tx, audience, consent_to)
    values = {**texts, **asdict(audience), "people": people, "created_at": tx.now}
    return Standing(tx.value(CREATE, values), "running", tx.now, people, 0)


def feed(
    tx: Transaction, body_km: dict[str, Any], body_en: dict[str, Any], row: Any, consent_to: str,
    cap: int,
) -> int:  # fmt: skip
    """Promise a broadcast to its next people; return how many they are.

    `cap`: who had so many messages unasked this week is left out, and counted.
    """
    until = tx.value(LAST_OF_CHUNK, {"beyond": row.cursor}) or END
    audience = Audience(row.role, row.sector, row.province)
    chunk = {"of": row.id, "beyond": row.cursor, "until": until, "now": tx.now}
    bodies = {"body_km": body_km, "body_en": body_en}
    filters = _filters(audience, row.created_at, consent_to)
    enough = {"cap": cap, "unasked_since": tx.now - WEEK}
    tx.change(LEAVE_OUT, {**chunk, **filters, **enough})
    more = tx.changed(PROMISE, {**chunk, **bodies, **filters, **enough})
    tx.change(ADVANCE, {"of": row.id, "until": until, "more": more})
    return more


def hungry(tx: Transaction) -> Any | None:
    """Return the oldest running broadcast with people left, unless enough messages wait."""
    tx.alone(FEEDING)
    return tx.row(NEXT) if tx.value(WAITING) < ENOUGH else None


def pause(tx: Transaction, broadcast_id: int) -> bool:
    """Stop a running broadcast; what waits is taken back. False where none of the number runs."""
    tx.alone(FEEDING)
    # What is just being claimed must be seen as on its way: taken back, it would be sent twice.
    tx.alone(CLAIMING)
    of = {"of": broadcast_id}
    if not tx.changed(SET_STATUS, {**of, "before": "running", "after": "paused"}):
        return False
    if first := tx.value(FIRST_WAITING, of):
        # An id sorts behind its own beginning: that person is looked at again, and whoever has the
        # message already stays so by the unique key.
        tx.change(ADVANCE, {**of, "until": first[:-1], "more": -tx.changed(TAKE_BACK, of)})
    return True


def resume(tx: Transaction, broadcast_id: int) -> bool:
    """Go on with a paused broadcast; False where none of the number is paused."""
    values = {"of": broadcast_id, "before": "paused", "after": "running"}
    return tx.changed(SET_STATUS, values) > 0


def finish(tx: Transaction) -> int:
    """Close the broadcasts of which nothing is on its way, with their counts; return how many."""
    done = [row for row in tx.rows(FED) if tx.row(ON_THE_WAY, {"of": row.id}) is None]
    for row in done:
        ended = ("sent", "uncertain", "blocked", "dead", "withheld")
        counts = _counts(tx, row.id)
        values = {name: counts.get(name, 0) for name in ended}
        tx.change(FINISH, {"of": row.id, "status": "done", "finished_at": tx.now, **values})
    return len(done)


def standings(tx: Transaction) -> list[Standing]:
    """Return how far each broadcast is, oldest first."""
    return [_standing(tx, row) for row in tx.rows(ALL)]


def _standing(tx: Transaction, row: Any) -> Standing:
    """Count the messages; of a broadcast that is done they may be gone, and the row knows."""
    counts = row._asdict() if row.status == "done" else _counts(tx, row.id)
    ended = {name: counts.get(name, 0) for name in ("sent", "uncertain", "blocked", "dead")}
    waiting = counts.get("pending", 0) + counts.get("sending", 0)
    forgotten = row.promised - waiting - sum(ended.values())
    return Standing(
        row.id,
        row.status,
        row.created_at,
        row.people,
        row.promised,
        waiting,
        **ended,
        forgotten=forgotten,
        withheld=counts.get("withheld", 0),
    )


def _counts(tx: Transaction, broadcast_id: int) -> dict[str, int]:
    return {row.status: row.number for row in tx.rows(STANDING, {"of": broadcast_id})}


def _filters(audience: Audience, since: dt.datetime, consent_to: str) -> dict[str, Any]:
    return {
        "since": since,
        "with_role": audience.role,
        "of_sector": audience.sector,
        "in_province": audience.province,
        "consent_to": consent_to,
    }
