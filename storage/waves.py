"""Waves: made, asked to be released, opened, paused, extended and closed. Who is in them stands in
storage/wave_people.py.

Each change names the state it comes from, so that of two that come at once only one is done.
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, literal_column, select, update

from storage.broadcasts import BEGINNING
from storage.store import Transaction
from storage.tables import form_version, wave
from surveys.instruments import PROFILE
from surveys.wave import Audience, Reminding, Status, may_follow

WAVING = 0x5A310A
# Written out, not bound, as in storage/outbox.py.
OPEN: ColumnElement[str] = literal_column("'open'")
# How an invitation stands that is no message, or not any more; what was put into a ballot box.
LATER: ColumnElement[str] = literal_column("'later'")
PROMISED: ColumnElement[str] = literal_column("'promised'")
CAST: ColumnElement[str] = literal_column("'cast'")
QUOTA: ColumnElement[str] = literal_column("'quota'")

CREATE = (
    insert(wave).values(status="draft", planned_to=BEGINNING, cursor=BEGINNING).returning(wave.c.id)
)
_row = select(wave, form_version.c.form_id).join(
    form_version, form_version.c.id == wave.c.form_version_id
)
ALL = _row.order_by(wave.c.id.desc())
BY_ID = _row.where(wave.c.id == bindparam("at"))
OPEN_OF_FORM = select(wave).where(
    wave.c.status == OPEN, wave.c.form_version_id == bindparam("version")
)
CHANGE = update(wave).where(wave.c.id == bindparam("at"))
SET_STATUS = CHANGE.where(wave.c.status == bindparam("before"))
DUE_TO_OPEN = _row.where(
    wave.c.status == "draft",
    wave.c.released_at.is_not(None),
    wave.c.opens_at <= bindparam("now"),
)
DUE_TO_CLOSE = _row.where(wave.c.status != "closed", wave.c.closes_at <= bindparam("now"))
# The newest published version of each form that can be put to people.
FORMS = (
    select(func.max(form_version.c.id))
    .where(
        form_version.c.published_at.is_not(None),
        form_version.c.closed_at.is_(None),
        form_version.c.form_id != PROFILE,
    )
    .group_by(form_version.c.form_id)
    .order_by(func.max(form_version.c.id))
)


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave as stored: which form version, to whom, from when to when, and who let it begin."""

    id: int
    form_version_id: int
    form_id: str
    status: Status
    audience: Audience
    opens_at: dt.datetime
    closes_at: dt.datetime
    reminding: Reminding
    created_by: str
    created_at: dt.datetime
    release_asked_at: dt.datetime | None
    released_by: str | None
    released_at: dt.datetime | None
    closed_at: dt.datetime | None
    extend_to: dt.datetime | None
    extend_by: str | None
    people: int
    is_ballot: bool
    counted_at: dt.datetime | None

    @property
    def waits(self) -> bool:
        """Whether a second person is asked to release it."""
        return self.status == "draft" and self.released_at is None


def create(
    tx: Transaction,
    form_version_id: int,
    audience: Audience,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    reminding: Reminding,
    by: str,
    *,
    is_ballot: bool = False,
) -> int:
    """Make a wave, and ask for its release; return its number."""
    new_id: int = tx.value(
        CREATE,
        {
            **asdict(audience),
            "form_version_id": form_version_id,
            "opens_at": opens_at,
            "closes_at": closes_at,
            "remind_after": reminding.after,
            "remind_most": reminding.most,
            "ballot": is_ballot,
            "created_by": by,
            "created_at": tx.now,
            "release_asked_at": tx.now,
        },
    )
    return new_id


def find(tx: Transaction, wave_id: int) -> Wave | None:
    """Return a wave by its number."""
    row = tx.row(BY_ID, {"at": wave_id})
    return _wave(row) if row else None


def listed(tx: Transaction) -> list[Wave]:
    """Return all waves, newest first."""
    return [_wave(row) for row in tx.rows(ALL)]


def release(tx: Transaction, wave_id: int, by: str) -> None:
    """Note who let a wave begin; it opens by itself when its time has come."""
    tx.change(CHANGE, {"at": wave_id, "released_by": by, "released_at": tx.now})


def set_status(tx: Transaction, one: Wave, after: Status) -> bool:
    """Bring a wave from where it was seen to another state; False where it may not go there."""
    tx.alone(WAVING)
    if not may_follow(one.status, after):
        return False
    # A ballot box is counted once more when it has closed.
    closed = {"closed_at": tx.now, "counted_at": None} if after == "closed" else {}
    values = {"at": one.id, "before": one.status, "status": after, **closed}
    return tx.changed(SET_STATUS, values) > 0


def ask_to_extend(tx: Transaction, wave_id: int, until: dt.datetime, by: str) -> None:
    """Note that somebody wants a wave to be open longer; a second person releases that."""
    tx.change(CHANGE, {"at": wave_id, "extend_to": until, "extend_by": by})


def extend(tx: Transaction, one: Wave) -> None:
    """Let a wave be open as long as was asked for."""
    values = {"closes_at": one.extend_to, "extend_to": None, "extend_by": None}
    tx.change(CHANGE, {"at": one.id, **values})


def due_to_open(tx: Transaction) -> list[Wave]:
    """Return the released waves whose time to open has come."""
    return [_wave(row) for row in tx.rows(DUE_TO_OPEN, {"now": tx.now})]


def due_to_close(tx: Transaction) -> list[Wave]:
    """Return the waves whose time to close has come, released or not."""
    return [_wave(row) for row in tx.rows(DUE_TO_CLOSE, {"now": tx.now})]


def open_of(tx: Transaction, form_version_id: int) -> list[Any]:
    """Return the open waves of a form version, as rows."""
    return tx.rows(OPEN_OF_FORM, {"version": form_version_id})


def forms_to_put(tx: Transaction) -> list[int]:
    """Return the newest published version of each form that a wave can be of."""
    return tx.values(FORMS)


def _wave(row: Any) -> Wave:
    return Wave(
        row.id,
        row.form_version_id,
        row.form_id,
        row.status,
        audience_of(row),
        row.opens_at,
        row.closes_at,
        Reminding(row.remind_after, row.remind_most),
        row.created_by,
        row.created_at,
        row.release_asked_at,
        row.released_by,
        row.released_at,
        row.closed_at,
        row.extend_to,
        row.extend_by,
        row.people,
        bool(row.ballot),
        row.counted_at,
    )


def audience_of(row: Any) -> Audience:
    """Return whom the row of a wave is for."""
    return Audience(
        row.role,
        row.sector,
        row.province,
        row.sex,
        row.age_group,
        row.language,
        row.answered_wave,
        row.organisation,
    )
