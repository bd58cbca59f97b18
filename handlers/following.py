"""What is asked some time after a form by itself: was the module used, was anything applied?

It is due a number of days after that form was begun, and keeps to all that reminders keep to.
"""

from collections.abc import Mapping

from handlers import offering, texts
from handlers.visit import Visit
from storage import forms, interviews, respondents, slots
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Transaction
from surveys.instruments import Follow, follow_ups, instrument
from surveys.minutes import minutes
from surveys.reminders import BUSY, Case, withheld

# What a person does about a follow-up: nothing but decline; "go" begins it.
FOLLOW = "follow"


def plan(tx: Transaction, stored: Stored, values: Mapping[str, str]) -> None:
    """Plan what follows a submitted form, by its answers; submitted again, it plans none twice."""
    named = {path.rpartition("/")[2]: value for path, value in values.items()}
    began = stored.started_at or tx.now
    for one in follow_ups(stored.form_id, named):
        slots.follow(tx, stored.respondent_id, schedule(one), began + one.after)


def schedule(one: Follow) -> str:
    """Return the schedule of a follow-up: which form, after how many days."""
    return f"{slots.FOLLOW}{one.form_id}:{one.after.days}"


def remind(tx: Transaction, bot_id: int, one: Slot) -> None:
    """Ask somebody what is due, neutrally and with a button that begins; or note why not."""
    form_id = one.schedule.split(":")[1]
    person, published = respondents.by_id(tx, one.respondent_id), forms.newest(tx, form_id)
    reason = withheld(_case(tx, one, form_id, person), tx.now)
    if reason or published is None:
        slots.withhold(tx, one, reason or "closed")
        return
    visit = Visit.unprompted(tx, person, person, bot_id)
    takes = texts.number(visit.language, minutes(published.form))
    rows = [
        [visit.button(visit.say("button.wave_begin"), "go", published.id)],
        [visit.button(visit.say("button.not_this_time"), FOLLOW, published.id)],
    ]
    slots.promised(tx, one, visit.send_unasked(visit.say("wave.invitation", n=takes), rows))


def _case(tx: Transaction, one: Slot, form_id: str, person: Respondent) -> Case:
    latest, elsewhere = interviews.latest(tx, person.id, form_id), interviews.active(tx, person.id)
    ours = instrument(form_id)
    return Case(
        one.due_at,
        (elsewhere and elsewhere.updated_at) or one.due_at - BUSY,
        has_phone=person.host_id is None and person.mode != "assisted",
        has_begun=latest is not None and latest.status != "complete",
        is_complete=latest is not None and not (ours and ours.repeatable),
        has_stopped=person.stopped_at is not None,
        is_blocked=person.unreachable_at is not None,
        is_closed=offering.named(tx, form_id) is None,
        unasked=slots.unasked(tx, person.id),
    )


def tapped(visit: Visit) -> None:
    """Never ask again what a form of theirs would still have been followed by."""
    assert visit.tap is not None
    visit.toast()
    form_id = forms.by_id(visit.tx, int(visit.tap.arguments[0])).form.form_id
    slots.decline(visit.tx, visit.person.id, form_id)
    visit.answer(visit.say("wave.declined"))
