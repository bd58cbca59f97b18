"""Guests: people who answer on another person's phone, that of a host. They have no address.

Helped people (assisted) answer through a facilitator; a household shares one phone (shared). Who
answers just now stands in the host's row, which is locked while anything of that phone is handled.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, insert, select, update

from storage import respondents, vault
from storage.keys import random_id
from storage.respondents import PERSON, Respondent, as_respondent
from storage.store import Transaction
from storage.tables import consent, form_version, interview, respondent
from surveys.instruments import PROFILE
from surveys.respondent import Mode

# So many people who wait are offered, the newest.
MOST_WAITING = 8

ADD = insert(respondent)
BY_ID = PERSON.where(respondent.c.id == bindparam("at"))
_of_host: ColumnElement[bool] = respondent.c.host_id == bindparam("of")
SHARING = PERSON.where(_of_host, respondent.c.mode == "shared").order_by(respondent.c.number)
LAST_NUMBER = select(func.max(respondent.c.number)).where(_of_host)
_completed = (
    exists()
    .where(
        interview.c.respondent_id == respondent.c.id,
        interview.c.status == "complete",
        interview.c.form_version_id == form_version.c.id,
        form_version.c.form_id != PROFILE,
    )
    .correlate(respondent)
)
WAITING = (
    PERSON.where(_of_host, respondent.c.mode == "assisted", ~_completed)
    .order_by(respondent.c.number.desc())
    .limit(MOST_WAITING)
)
HELPED = (
    select(func.count(respondent.c.id.distinct()))
    .join(interview, interview.c.respondent_id == respondent.c.id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(
        _of_host,
        respondent.c.mode == "assisted",
        form_version.c.form_id != PROFILE,
        interview.c.completed_at >= bindparam("since"),
    )
)
AGREED = select(func.count()).where(
    _of_host,
    respondent.c.mode == "assisted",
    exists().where(consent.c.respondent_id == respondent.c.id),
)
# Whoever was never asked, or never said whether they agree.
NEVER_AGREED = delete(respondent).where(
    _of_host, ~exists().where(consent.c.respondent_id == respondent.c.id)
)
MOVE = (
    update(respondent)
    .where(_of_host, respondent.c.mode == "shared")
    .values(host_id=bindparam("new_host"))
)
INHERIT = update(respondent).where(respondent.c.id == bindparam("at"))


def add(tx: Transaction, host: Respondent, mode: Mode, **known: Any) -> Respondent:
    """Make a new guest of a host, with the next number."""
    new_id = random_id()
    number = max(tx.value(LAST_NUMBER, {"of": host.id}) or 0, host.number or 0) + 1
    values = {"id": new_id, "mode": mode, "host_id": host.id, "number": number, **known}
    tx.change(ADD, {"role": "respondent", "created_at": tx.now, **values})
    return Respondent(new_id, consented=False, mode=mode, host_id=host.id, number=number, **known)


def answering(tx: Transaction, host: Respondent, consent_version: str) -> Respondent:
    """Return who answers on a phone now: its owner or a guest."""
    if host.answering_id is None:
        return host
    row = tx.row(BY_ID, {"at": host.answering_id, "consent_to": consent_version})
    return as_respondent(row, tx.now) if row else host


def sharing(tx: Transaction, host_id: str, consent_version: str) -> list[Respondent]:
    """Return who else answers on a shared phone, in the order of their numbers."""
    rows = tx.rows(SHARING, {"of": host_id, "consent_to": consent_version})
    return [as_respondent(row, tx.now) for row in rows]


def waiting(tx: Transaction, host_id: str, consent_version: str) -> list[Respondent]:
    """Return the helped people who haven't submitted a survey, the newest first."""
    rows = tx.rows(WAITING, {"of": host_id, "consent_to": consent_version})
    return [as_respondent(row, tx.now) for row in rows]


def helped_since(tx: Transaction, host_id: str, since: dt.datetime) -> int:
    """Count the helped people who submitted a survey since then."""
    return int(tx.value(HELPED, {"of": host_id, "since": since}))


def helped(tx: Transaction, host_id: str) -> int:
    """Count the helped people who agreed to take part and lead to their host."""
    return int(tx.value(AGREED, {"of": host_id}))


def erase_who_never_agreed(tx: Transaction, host_id: str) -> None:
    """Erase the guests who were never asked whether they agree, or never said."""
    tx.change(NEVER_AGREED, {"of": host_id})


def pass_on(tx: Transaction, owner: Respondent, heir: Respondent, bot_id: int) -> Respondent:
    """Forget a phone's owner, and let one of those who share it be reached in their place."""
    telegram_id = vault.telegram_id(tx, owner.id)
    assert telegram_id is not None
    tx.change(MOVE, {"of": owner.id, "new_host": heir.id})
    respondents.forget(tx, owner.id)
    pseudonym = tx.keys.pseudonym(bot_id, telegram_id)
    reached = replace(
        heir,
        host_id=None,
        keyboard=owner.keyboard,
        stopped_at=owner.stopped_at,
        unreachable_at=owner.unreachable_at,
    )
    phone = ("host_id", "keyboard", "stopped_at", "unreachable_at")
    kept = {name: getattr(reached, name) for name in phone}
    tx.change(INHERIT, {"at": heir.id, "pseudonym": pseudonym, **kept})
    vault.remember(tx, heir.id, telegram_id)
    return reached
