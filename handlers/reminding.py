"""Reminders: the next unanswered question once more, to those who began and haven't finished; the
invitation once more, to those who haven't begun; open commitments, before the next dialogue.

By day, on no holiday, a few at a time; what is promised and couldn't leave in time is taken back.
"""

from collections.abc import Callable

from handlers import asking, chasing, fielding, following, offering, subscribing
from handlers.quiet_days import is_quiet
from handlers.visit import Visit
from storage import (
    facts,
    forms,
    interviews,
    quotas,
    respondents,
    slots,
    subscriptions,
    wave_slots,
    waves,
)
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Transaction
from storage.waves import Wave
from surveys.reminders import AFTER, Case, withheld

# Enough for a few seconds at the usual rate.
ENOUGH = 200


def plan(tx: Transaction) -> bool:
    """Plan what will be due; False where nothing is left to plan."""
    subscribing.plan(tx)
    is_more = slots.plan(tx, AFTER)
    is_more = wave_slots.plan(tx) or is_more
    return chasing.plan(tx) or is_more


def room(tx: Transaction, enough: int = ENOUGH) -> int:
    """Note what became of reminders; return how many more may be promised until enough wait."""
    slots.settle(tx)
    if not is_time(tx):
        slots.take_back(tx)
        return 0
    return max(0, enough - slots.waiting(tx))


def promise(tx: Transaction, bot_id: int) -> int:
    """Promise some of the reminders that are due, or note why not; return how many they were."""
    due = slots.due(tx) if is_time(tx) else []
    for one in due:
        remind(tx, bot_id, one)
    return len(due)


def is_time(tx: Transaction) -> bool:
    """Tell whether anybody is reminded now."""
    return not (is_quiet(tx.now) or is_paused(tx))


def remind(tx: Transaction, bot_id: int, one: Slot) -> None:
    """Ask somebody the question they left, what follows, or invite them again; or note why not."""
    other = OTHERS.get(one.schedule.partition(":")[0])
    if other:
        other(tx, bot_id, one)
        return
    assert one.interview_id is not None
    stored = interviews.by_id(tx, one.interview_id)
    person = respondents.by_id(tx, one.respondent_id)
    of = waves.find(tx, stored.wave_id) if stored.wave_id else None
    if reason := withheld(case(tx, one, stored, person, of), tx.now):
        slots.withhold(tx, one, reason)
        return
    if stored.status != "active":
        stored = interviews.resume(tx, stored)
    form = forms.by_id(tx, stored.form_version_id).form
    visit = Visit.unprompted(tx, person, person, bot_id)
    key = "reminder_of_some" if of and of.reminding.most > 1 else "reminder"
    slots.promised(tx, one, asking.remind(visit, form, stored, key))


# What is due beside questions that were left, by what planned it.
OTHERS: dict[str, Callable[[Transaction, int, Slot], None]] = {
    slots.FOLLOW.rstrip(":"): following.remind,
    slots.INVITED.rstrip(":"): fielding.remind,
    slots.DIALOGUE.rstrip(":"): chasing.remind,
    subscriptions.SCHEDULE.rstrip(":"): subscribing.deliver,
}


def case(
    tx: Transaction, one: Slot, stored: Stored, person: Respondent, of: Wave | None = None
) -> Case:
    """Return what is known of a person and their interview, and of its wave."""
    is_open = stored.status == "active"
    elsewhere = stored if is_open else interviews.active(tx, person.id) or stored
    is_closed = offering.named(tx, stored.form_id) is None or (
        of is not None and of.status == "closed"
    )
    moments = [at for at in (stored.updated_at, elsewhere.updated_at) if at]
    return Case(
        one.due_at,
        max(moments),
        # Whoever answers on another's phone has no address of their own.
        has_phone=person.host_id is None and person.mode != "assisted",
        is_complete=stored.completed_at is not None,
        has_stopped=person.stopped_at is not None,
        is_blocked=person.unreachable_at is not None,
        has_declined=stored.declined_at is not None,
        is_closed=is_closed,
        is_over_quota=of is not None and quotas.is_full(tx, of.id, person.id),
        unasked=slots.unasked(tx, person.id),
    )


def decline(visit: Visit) -> None:
    """Never remind somebody again of this survey; it keeps its place."""
    assert visit.tap is not None
    visit.toast()
    stored = interviews.active(visit.tx, visit.person.id)
    if stored and stored.id[:8] == visit.tap.arguments[0]:
        interviews.decline(visit.tx, stored.id)
        interviews.pause(visit.tx, visit.person.id)
    visit.answer(visit.say("declined"))


def is_paused(tx: Transaction) -> bool:
    """Tell whether staff paused all reminders."""
    return facts.read(tx, "reminders_paused") == "1"


def pause(tx: Transaction, *, paused: bool) -> None:
    """Pause all reminders, or go on with them; what waits is taken back."""
    facts.write(tx, "reminders_paused", "1" if paused else "0")
    if paused:
        slots.take_back(tx)
