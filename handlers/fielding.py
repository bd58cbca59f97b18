"""Waves in the field: they open and close by themselves, people are invited by day, once each, and
begin by the invitation's button or say "not this time".

An invitation begins neutrally, names no survey, and comes without a sound.
"""

from typing import Any

from handlers import buttons, journey, quiet, steering, texts, wave_changes
from handlers.consent import CONSENT_VERSION
from handlers.visit import Button, Visit
from storage import (
    audit,
    facts,
    forms,
    interviews,
    quotas,
    respondents,
    slots,
    wave_invitations,
    wave_people,
    wave_slots,
    waves,
)
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Transaction
from storage.waves import Wave
from surveys.minutes import minutes
from surveys.reminders import BUSY, WEEKLY_CAP, Case, withheld

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
    wave_slots.plan_invited(tx)
    wave_invitations.settle(tx)


def plan(tx: Transaction) -> bool:
    """Name the next people of a wave that opened; False where all are named."""
    row = wave_invitations.to_plan(tx)
    if row is None:
        return False
    wave_invitations.plan(
        tx, row, wave_changes.answered_since(row.form_id, row.opens_at), CONSENT_VERSION
    )
    return True


def invite(tx: Transaction) -> bool:
    """Promise the next people of a wave their invitations; False where there is nothing to do."""
    if quiet.is_night(tx.now):
        # What waits overnight would count for an earlier day than it is read.
        wave_invitations.take_all_back(tx)
        return False
    row = wave_invitations.to_invite(tx)
    if row is None:
        return False
    until = wave_invitations.next_part(tx, row)
    since = wave_changes.answered_since(row.form_id, row.opens_at)
    by_cell = bool(quotas.of_wave(tx, row.id))
    found = wave_invitations.next_people(
        tx, row, until, since, CONSENT_VERSION, WEEKLY_CAP, by_cell=by_cell
    )
    if by_cell:
        found = steering.invited(tx, row.id, found)
    takes = minutes(forms.by_id(tx, row.form_version_id).form)
    bodies = {
        one.respondent_id: _body(tx, one.respondent_id, one.language, row.id, takes)
        for one in found
    }
    wave_invitations.invite(tx, row, until, bodies)
    wave_invitations.advance(tx, row, until, quiet.tomorrow(tx.now))
    return True


def _body(
    tx: Transaction, person_id: str, language: str | None, wave_id: int, takes: int
) -> dict[str, Any]:
    def button(key: str, act: str) -> list[Button]:
        data = buttons.encode(tx.keys, person_id, WAVE, act, wave_id)
        return [{"text": texts.say(language, key), "callback_data": data}]

    rows = [button("button.wave_begin", "go"), button("button.not_this_time", "no")]
    return {
        "text": texts.say(language, "wave.invitation", n=texts.number(language, takes)),
        "reply_markup": {"inline_keyboard": rows},
        "disable_notification": True,
    }


def remind(tx: Transaction, bot_id: int, one: Slot) -> None:
    """Invite somebody once more who hasn't begun, or note why not."""
    found = waves.find(tx, int(one.schedule.removeprefix(slots.INVITED)))
    assert found is not None
    person = respondents.by_id(tx, one.respondent_id)
    if reason := withheld(_case(tx, one, found, person), tx.now):
        slots.withhold(tx, one, reason)
        return
    visit = Visit.unprompted(tx, person, person, bot_id)
    takes = minutes(forms.by_id(tx, found.form_version_id).form)
    body = _body(tx, person.id, visit.language, found.id, takes)
    text = visit.say("reminder_of_invitation") + "\n\n" + body["text"]
    slots.promised(tx, one, visit.send_unasked(text, body["reply_markup"]["inline_keyboard"]))


def _case(tx: Transaction, one: Slot, found: Wave, person: Respondent) -> Case:
    latest = interviews.latest(tx, person.id, found.form_id)
    elsewhere = interviews.active(tx, person.id)
    return Case(
        one.due_at,
        (elsewhere and elsewhere.updated_at) or one.due_at - BUSY,
        has_begun=latest is not None and latest.status != "complete",
        is_complete=wave_people.has_cast(tx, found.id, person.id)
        or (latest is not None and _has_answered(found, latest)),
        has_stopped=person.stopped_at is not None,
        is_blocked=person.unreachable_at is not None,
        has_declined=wave_people.has_declined(tx, found.id, person.id),
        is_closed=found.status != "open",
        is_over_quota=quotas.is_full(tx, found.id, person.id),
        unasked=slots.unasked(tx, person.id),
    )


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
    if wave_people.has_cast(visit.tx, one.id, visit.person.id):
        visit.answer(visit.say("wave.answered"))
    elif stored and stored.status != "complete":
        journey.resume(visit, stored)
    elif stored and _has_answered(one, stored):
        visit.answer(visit.say("wave.answered"))
    else:
        journey.begin(visit, forms.by_id(visit.tx, one.form_version_id))


def _has_answered(one: Wave, latest: Stored) -> bool:
    """Tell whether somebody's latest interview keeps them out of a wave."""
    is_over = latest.wave_id == one.id or not wave_changes.is_repeatable(one.form_id)
    return latest.status == "complete" and is_over
