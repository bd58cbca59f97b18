"""People: found again by a keyed hash, known by a random id, never by name."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, literal, select, update

from storage import commitments, counts, dialogues, inbox, slots, vault
from storage.keys import random_id
from storage.store import Transaction
from storage.tables import consent, respondent
from surveys.respondent import Mode, Role, Sector

PERSON = select(
    respondent,
    exists()
    .where(consent.c.respondent_id == respondent.c.id, consent.c.version == bindparam("consent_to"))
    .label("consented"),
)
FIND = PERSON.where(
    respondent.c.pseudonym == bindparam("of")
    # Held until the transaction ends, so that two processes never handle one person at once.
).with_for_update(of=respondent, key_share=True)
BY_ID = select(respondent, literal(True).label("consented")).where(
    respondent.c.id == bindparam("at")
)
ANYBODY = select(respondent.c.id).limit(1)
CREATE = insert(respondent)
CHANGE = update(respondent).where(respondent.c.id == bindparam("at"))
CONSENT = insert(consent)
FORGET = delete(respondent).where(respondent.c.id == bindparam("at"))
# Those whom a person helped stay, and nothing leads from them to that person any more.
CUT_LOOSE = update(respondent).where(respondent.c.host_id == bindparam("of")).values(host_id=None)


@dataclass(frozen=True, slots=True)
class Respondent:
    """A person as the conversation knows them."""

    id: str
    consented: bool
    language: str | None = None
    role: Role = "respondent"
    sector: Sector | None = None
    province: str | None = None
    wanted_form: str | None = None
    stopped_at: dt.datetime | None = None
    unreachable_at: dt.datetime | None = None
    keyboard: bool = False
    mode: Mode = "self"
    host_id: str | None = None
    answering_id: str | None = None
    number: int | None = None
    listens: bool = False
    spoken: str | None = None
    role_until: dt.datetime | None = None
    bound_to: str | None = None
    event: str | None = None
    # In the middle of answering for a ballot box.
    secret: bool = False
    organisation: str | None = None


def find(tx: Transaction, bot_id: int, telegram_id: int, consent_version: str) -> Respondent | None:
    """Return the person of a Telegram id, and whether they consented to this version."""
    pseudonym = tx.keys.pseudonym(bot_id, telegram_id)
    row = tx.row(FIND, {"of": pseudonym, "consent_to": consent_version})
    return as_respondent(row, tx.now) if row else None


def by_id(tx: Transaction, respondent_id: str) -> Respondent:
    """Return a person who is in the middle of an interview, to which they consented."""
    [row] = tx.rows(BY_ID, {"at": respondent_id})
    return as_respondent(row, tx.now)


def find_or_create(
    tx: Transaction, bot_id: int, telegram_id: int, consent_version: str
) -> Respondent:
    """Return the person of a Telegram id, as a new one where they are unknown."""
    return find(tx, bot_id, telegram_id, consent_version) or create(tx, bot_id, telegram_id)


def create(tx: Transaction, bot_id: int, telegram_id: int) -> Respondent:
    """Make a new person, their Telegram id in the vault."""
    new_id = random_id()
    pseudonym = tx.keys.pseudonym(bot_id, telegram_id)
    tx.change(
        CREATE, {"id": new_id, "pseudonym": pseudonym, "role": "respondent", "created_at": tx.now}
    )
    vault.remember(tx, new_id, telegram_id)
    return Respondent(new_id, consented=False)


def is_anybody(tx: Transaction) -> bool:
    """Tell whether the database knows anybody."""
    return tx.row(ANYBODY) is not None


def change(tx: Transaction, respondent_id: str, **values: Any) -> None:
    """Set columns of a person."""
    tx.change(CHANGE, {"at": respondent_id, **values})


def give_consent(tx: Transaction, respondent_id: str, version: str, language: str) -> None:
    """Record when, to which text and in which language a person consented."""
    tx.change(
        CONSENT,
        {
            "respondent_id": respondent_id,
            "version": version,
            "language": language,
            "given_at": tx.now,
        },
    )


def forget(tx: Transaction, respondent_id: str) -> None:
    """Erase a person and all they gave; the rows of other tables go with theirs."""
    telegram_id = vault.telegram_id(tx, respondent_id)
    if telegram_id is not None:
        inbox.erase_of(tx, telegram_id)
    counts.cut_loose(tx, respondent_id)
    commitments.cut_loose(tx, respondent_id)
    dialogues.cut_loose(tx, respondent_id)
    slots.forget(tx, respondent_id)
    tx.change(CUT_LOOSE, {"of": respondent_id})
    tx.change(FORGET, {"at": respondent_id})


def as_respondent(row: Any, now: dt.datetime) -> Respondent:
    """Return a row as a person; a role whose time is over is none any more."""
    is_over = row.role_until is not None and row.role_until <= now
    return Respondent(
        row.id,
        bool(row.consented),
        row.language,
        "respondent" if is_over else row.role,
        row.sector,
        row.province,
        row.wanted_form,
        row.stopped_at,
        row.unreachable_at,
        bool(row.keyboard),
        row.mode,
        row.host_id,
        row.answering_id,
        row.number,
        bool(row.listens),
        row.spoken,
        row.role_until,
        row.bound_to,
        row.event,
        bool(row.secret),
        row.organisation,
    )
