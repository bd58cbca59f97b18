"""A week before the next dialogue of a place: who reported commitments there is reminded of those
still open, once, with a tap for each to say what became of it. The forum is of all places.
"""

import datetime as dt

from handlers import commitments as register
from handlers import days
from handlers.commitmenttexts import state
from handlers.dialoguetexts import named
from handlers.quiet import MORNING, PHNOM_PENH
from handlers.visit import Visit
from storage import commitments, dialogues, respondents, slots
from storage.commitments import Commitment
from storage.dialogues import Dialogue
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Transaction
from surveys.dialogue import side_of, takes_up
from surveys.reminders import BUSY, Case, withheld
from surveys.respondent import may

BEFORE = dt.timedelta(days=7)
# So many fit a message that is read on a phone.
MOST = 8


def plan(tx: Transaction) -> bool:
    """Plan the reminders of the next dialogue that is near; False where none is."""
    today = days.of(tx.now)
    one = dialogues.to_remind(tx, today, today + BEFORE)
    if one is None:
        return False
    people = sorted({c.reporter for c in commitments.listed(tx) if _is_open_there(c, one)})
    due_at = dt.datetime.combine(one.planned_on - BEFORE, dt.time(MORNING), PHNOM_PENH)
    slots.plan_before(tx, one.id, people, max(due_at, tx.now))
    dialogues.change(tx, one.id, reminded_at=tx.now)
    return True


def _is_open_there(one: Commitment, near: Dialogue) -> bool:
    return takes_up(near.province, one.province) and state(one) != "kept"


def remind(tx: Transaction, bot_id: int, slot: Slot) -> None:
    """Send somebody the open commitments that they reported, or note why not."""
    near = dialogues.find(tx, int(slot.schedule.removeprefix(slots.DIALOGUE)))
    person = respondents.by_id(tx, slot.respondent_id)
    assert near is not None
    found = _open_of(tx, person, near)
    if reason := withheld(_case(tx, slot, person, near, found), tx.now):
        slots.withhold(tx, slot, reason)
        return
    visit = Visit.unprompted(tx, person, person, bot_id)
    lines = register.listed(visit, found[:MOST])
    text = "\n\n".join([visit.say("chase.head", dialogue=named(visit, near)), *lines])
    rows = register.buttons(visit, found[:MOST])
    slots.promised(tx, slot, visit.send_unasked(text, rows))


def _open_of(tx: Transaction, person: Respondent, near: Dialogue) -> list[Commitment]:
    """Return what a person reported there and their side hasn't called kept; each once."""
    known = {one.id: one for one in commitments.listed(tx)}
    theirs = [one for one in known.values() if one.reporter == person.id]
    first = {one.same_as or one.id: known.get(one.same_as or one.id, one) for one in theirs}
    side = side_of(person.sector)
    return [
        one
        for one in first.values()
        if _is_open_there(one, near) and (side, "kept") not in _views(one)
    ]


def _views(one: Commitment) -> set[tuple[str, str]]:
    return {(word.side, word.state) for word in one.words(days.of)}


def _case(
    tx: Transaction, slot: Slot, person: Respondent, near: Dialogue, found: list[Commitment]
) -> Case:
    is_over = near.status != "planned" or near.planned_on < days.of(tx.now)
    return Case(
        slot.due_at,
        slot.due_at - BUSY,
        has_phone=person.host_id is None and person.mode != "assisted",
        is_complete=not found,
        has_stopped=person.stopped_at is not None,
        is_blocked=person.unreachable_at is not None,
        is_closed=is_over or not may(person.role, "report"),
        unasked=slots.unasked(tx, person.id),
    )
