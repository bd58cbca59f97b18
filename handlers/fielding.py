"""Waves in the field: they open and close by themselves, people are invited by day, once each, and
begin by the invitation's button or say "not this time".

An invitation begins neutrally, names no survey, and comes without a sound.
"""

from typing import Any

from handlers import buttons, journey, quiet, texts, wave_changes
from handlers.consent import CONSENT_VERSION
from handlers.visit import Button, Visit
from storage import audit, facts, forms, interviews, wave_people, waves
from storage.store import Transaction
from storage.waves import Wave
from surveys.minutes import minutes
from surveys.reminders import WEEKLY_CAP

# What a person does about a wave.
WAVE = "wave"


def turn(tx: Transaction, rate: float) -> None:
    """Open and close the waves whose time has come, and note what became of invitations."""
    if facts.read(tx, "rate") != str(rate):
        facts.write(tx, "rate", str(rate))
    for one in waves.due_to_close(tx):
        wave_changes.close(tx, audit.CLOCK, one)
    for one in waves.due_to_open(tx):
        wave_changes.open_(tx, audit.CLOCK, one)
    wave_people.settle(tx)


def plan(tx: Transaction) -> bool:
    """Name the next people of a wave that opened; False where all are named."""
    row = wave_people.to_plan(tx)
    if row is None:
        return False
    wave_people.plan(
        tx, row, wave_changes.answered_since(row.form_id, row.opens_at), CONSENT_VERSION
    )
    return True


def invite(tx: Transaction) -> bool:
    """Promise the next people of a wave their invitations; False where there is nothing to do."""
    if quiet.is_night(tx.now):
        # What waits overnight would count for an earlier day than it is read.
        wave_people.take_all_back(tx)
        return False
    row = wave_people.to_invite(tx)
    if row is None:
        return False
    until = wave_people.next_part(tx, row)
    since = wave_changes.answered_since(row.form_id, row.opens_at)
    found = wave_people.next_people(tx, row, until, since, CONSENT_VERSION, WEEKLY_CAP)
    takes = minutes(forms.by_id(tx, row.form_version_id).form)
    bodies = {one.respondent_id: _body(tx, one, row.id, takes) for one in found}
    wave_people.invite(tx, row, until, bodies)
    wave_people.advance(tx, row, until, quiet.tomorrow(tx.now))
    return True


def _body(tx: Transaction, person: Any, wave_id: int, takes: int) -> dict[str, Any]:
    language = person.language

    def button(key: str, act: str) -> list[Button]:
        data = buttons.encode(tx.keys, person.respondent_id, WAVE, act, wave_id)
        return [{"text": texts.say(language, key), "callback_data": data}]

    rows = [button("button.wave_begin", "go"), button("button.not_this_time", "no")]
    return {
        "text": texts.say(language, "wave.invitation", n=texts.number(language, takes)),
        "reply_markup": {"inline_keyboard": rows},
        "disable_notification": True,
    }


def tapped(visit: Visit) -> None:
    """Begin the form of an invitation, or never ask again in this wave."""
    assert visit.tap is not None
    act, wave_id = visit.tap.arguments
    one = waves.find(visit.tx, int(wave_id))
    if one and one.status == "paused" and act == "go":
        visit.toast(visit.say("wave.rests"), alert=True)
        return
    visit.toast()
    if act == "no":
        wave_people.decline(visit.tx, int(wave_id), visit.person.id)
        visit.answer(visit.say("wave.declined"))
    elif one is None or one.status != "open":
        visit.answer(visit.say("wave.over"))
    else:
        begin(visit, one)


def begin(visit: Visit, one: Wave) -> None:
    """Begin the form of a wave, or go on with it; nobody answers twice in a wave."""
    stored = interviews.latest(visit.tx, visit.person.id, one.form_id)
    if stored and stored.status != "complete":
        journey.resume(visit, stored)
    elif stored and (stored.wave_id == one.id or not wave_changes.is_repeatable(one.form_id)):
        visit.answer(visit.say("wave.answered"))
    else:
        journey.begin(visit, forms.by_id(visit.tx, one.form_version_id))
