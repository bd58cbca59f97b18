"""What staff do to waves, in the chat or on the command line: plan, make, release, pause, close.

Whoever made a wave can't release it, nor whoever asked for more time.
"""

import datetime as dt
from collections.abc import Callable

from handlers import quiet, telling, texts
from handlers.consent import CONSENT_VERSION
from storage import (
    audit,
    facts,
    forms,
    members,
    quotas,
    slots,
    wave_audience,
    wave_invitations,
    waves,
)
from storage.store import Transaction
from storage.waves import Wave
from surveys.instruments import instrument
from surveys.minutes import minutes
from surveys.quota import Quota
from surveys.respondent import may
from surveys.wave import Audience, Plan, Reminding

EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Where nobody has set another one.
RATE = 25.0


def is_repeatable(form_id: str) -> bool:
    """Tell whether a form can be answered more than once."""
    found = instrument(form_id)
    return found is not None and found.repeatable


def answered_since(form_id: str, opens_at: dt.datetime) -> dt.datetime:
    """Return since when an answer keeps somebody out of a wave: ever, or since it opened."""
    return opens_at if is_repeatable(form_id) else EVER


def plan(
    tx: Transaction, version_id: int, audience: Audience, opens_at: dt.datetime, most: int
) -> Plan:
    """Return what a wave would be: people, messages, minutes, and when the last one leaves."""
    form = forms.by_id(tx, version_id).form
    since = answered_since(form.form_id, opens_at)
    people = wave_audience.count(tx, audience, form.form_id, since, CONSENT_VERSION)
    rate = float(facts.read(tx, "rate") or RATE)
    last_at = quiet.after(max(tx.now, opens_at), people / rate)
    questions = len(form.asked)
    return Plan(people, people, people * most, questions, minutes(form), last_at)


def create(
    tx: Transaction,
    actor: str,
    version_id: int,
    audience: Audience,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    reminding: Reminding,
    *,
    is_ballot: bool = False,
    grid: tuple[Quota, ...] = (),
) -> Wave:
    """Make a wave and ask the others to release it."""
    span = (opens_at, closes_at)
    number = waves.create(tx, version_id, audience, *span, reminding, actor, is_ballot=is_ballot)
    quotas.add(tx, number, grid)
    audit.record(tx, actor, "make wave", str(number))
    _tell(tx, actor, "wave.asked", number, audience.province)
    made = waves.find(tx, number)
    assert made is not None
    return made


def _tell(tx: Transaction, actor: str, key: str, number: int, province: str | None) -> None:
    """Tell whoever could release it."""
    for one in members.listed(tx):
        if one.respondent_id == actor or one.unreachable_at or not may(one.role, "waves"):
            continue
        if one.bound_to in {None, province}:
            n = texts.number(one.language, number)
            telling.tell(tx, one, texts.say(one.language, key, n=n))


def change(tx: Transaction, actor: str, act: str, number: int, weeks: int = 0) -> str:
    """Do something to a wave; return the key of what to say of it."""
    one = waves.find(tx, number)
    if one is None:
        return "gone"
    if act == "extend":
        return ask_to_extend(tx, actor, one, weeks) or "done_extend"
    return ACTS[act](tx, actor, one) or "done_" + act


def release(tx: Transaction, actor: str, one: Wave) -> str:
    """Let somebody else's wave begin, or be open longer; return why not, or nothing."""
    if one.status != "closed" and one.extend_to:
        return _release_more_time(tx, actor, one)
    if not one.waits:
        return "late"
    if actor == one.created_by:
        return "own"
    waves.release(tx, one.id, actor)
    audit.record(tx, actor, "release wave", str(one.id))
    if one.opens_at <= tx.now:
        open_(tx, actor, one)
    return ""


def _release_more_time(tx: Transaction, actor: str, one: Wave) -> str:
    if actor == one.extend_by:
        return "own"
    waves.extend(tx, one)
    audit.record(tx, actor, "extend wave", str(one.id), until=str(one.extend_to))
    return ""


def open_(tx: Transaction, actor: str, one: Wave) -> None:
    """Open a wave that was released; the clock names its people."""
    if waves.set_status(tx, one, "open"):
        audit.record(tx, actor, "open wave", str(one.id))


def pause(tx: Transaction, actor: str, one: Wave) -> str:
    """Stop an open wave; invitations and reminders that wait are taken back."""
    if not waves.set_status(tx, one, "paused"):
        return "late"
    slots.take_back(tx)
    wave_invitations.take_back(tx, one.id)
    audit.record(tx, actor, "pause wave", str(one.id))
    return ""


def resume(tx: Transaction, actor: str, one: Wave) -> str:
    """Go on with a paused wave."""
    if one.status != "paused" or not waves.set_status(tx, one, "open"):
        return "late"
    audit.record(tx, actor, "resume wave", str(one.id))
    return ""


def close(tx: Transaction, actor: str, one: Wave) -> str:
    """Close a wave for good; what was begun can still be ended."""
    if not waves.set_status(tx, one, "closed"):
        return "late"
    slots.take_back(tx)
    wave_invitations.take_back(tx, one.id)
    audit.record(tx, actor, "close wave", str(one.id))
    return ""


def ask_to_extend(tx: Transaction, actor: str, one: Wave, weeks: int) -> str:
    """Ask the others to let a wave be open some weeks longer."""
    if one.status not in {"open", "paused"} or weeks < 1:
        return "late"
    waves.ask_to_extend(tx, one.id, one.closes_at + dt.timedelta(weeks=weeks), actor)
    audit.record(tx, actor, "ask to extend wave", str(one.id), weeks=weeks)
    _tell(tx, actor, "wave.asked_more_time", one.id, one.audience.province)
    return ""


ACTS: dict[str, Callable[[Transaction, str, Wave], str]] = {
    "release": release,
    "pause": pause,
    "resume": resume,
    "close": close,
}
