"""What members get regularly, when its time has come: the card of the morning, or word that a week,
a month or a quarter of a form is over. Its export takes a tap and the PIN, as any other.
"""

from handlers import morning, offering, texts
from handlers.exporting import EXPORT
from handlers.quiet import first_moment, local
from handlers.visit import Visit
from storage import forms, respondents, slots, subscriptions
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Transaction
from storage.subscriptions import Subscription
from surveys import periods
from surveys.periods import Period
from surveys.respondent import may

# What a member must be allowed to get it.
ACTS = {"export": "export", "card": "numbers"}


def plan(tx: Transaction) -> None:
    """Plan what is due of every subscription: only the last period; what was missed collapses."""
    for one in subscriptions.listed(tx):
        due_at = first_moment(periods.last_due(one.every, local(tx.now)).due_on)
        if one.created_at < due_at <= tx.now:
            subscriptions.plan(tx, one, due_at)


def deliver(tx: Transaction, bot_id: int, one: Slot) -> None:
    """Promise a member what is due, or note why not."""
    number = int(one.schedule.removeprefix(subscriptions.SCHEDULE))
    wanted = subscriptions.find(tx, number)
    person = respondents.by_id(tx, one.respondent_id)
    if reason := _withheld(tx, one, wanted, person):
        slots.withhold(tx, one, reason)
        return
    assert wanted is not None
    period = periods.last_due(wanted.every, local(one.due_at))
    visit = Visit.unprompted(tx, person, person, bot_id)
    say = _card if wanted.kind == "card" else _export
    if outbox_id := say(visit, wanted, period, one):
        slots.promised(tx, one, outbox_id)
    else:
        slots.withhold(tx, one, "empty")


def _withheld(
    tx: Transaction, one: Slot, wanted: Subscription | None, person: Respondent
) -> str | None:
    if wanted is None or not may(person.role, ACTS[wanted.kind]):
        return "closed"
    if person.stopped_at or person.unreachable_at:
        return "stopped" if person.stopped_at else "blocked"
    newest = periods.last_due(wanted.every, local(tx.now))
    return "late" if newest != periods.last_due(wanted.every, local(one.due_at)) else None


def _card(visit: Visit, wanted: Subscription, period: Period, one: Slot) -> int | None:
    """Tell of all days since the last card, where anything happened: on holidays none comes."""
    told_at = subscriptions.last_told(visit.tx, wanted, one.due_at)
    since = min(local(told_at or wanted.created_at), period.first)
    if not morning.news(visit, since, period.last):
        return None
    row = [visit.button(visit.say("button.card_off"), "subscribe", "card", "off")]
    return visit.send_unasked(morning.card(visit, since, period.last), [row])


def _export(visit: Visit, wanted: Subscription, period: Period, _: Slot) -> int:
    published = forms.newest(visit.tx, wanted.form_id)
    name = offering.title_of(visit.tx, visit.language, wanted.form_id)
    text = visit.say("subscription." + wanted.every, period=told(visit.language, period))
    if published is None:
        return visit.send_unasked(text, [])
    # Not in the text: its beginning shows in notifications.
    get = visit.button(f"⬇ {name}", EXPORT, published.id, period.name)
    return visit.send_unasked(text, [[get]])


def told(language: str | None, period: Period) -> str:
    """Write a period by its first and its last day."""
    return texts.number(language, f"{period.first:%d/%m/%Y} – {period.last:%d/%m/%Y}")


def tapped(visit: Visit) -> None:
    """Begin to send something regularly, or end it."""
    assert visit.tap is not None
    kind, *chosen = visit.tap.arguments
    if not may(visit.owner.role, ACTS[kind]):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    if kind == "card":
        _switch_card(visit, on=chosen == ["on"])
    else:
        _switch_export(visit, *chosen)


def _switch_card(visit: Visit, *, on: bool) -> None:
    if on:
        subscriptions.add(visit.tx, visit.owner.id, "card", "day")
    else:
        subscriptions.end(visit.tx, visit.owner.id, "card")
    visit.send(visit.say("card.on" if on else "card.off"))


def _switch_export(visit: Visit, version_id: str, every: str) -> None:
    form = forms.by_id(visit.tx, int(version_id)).form
    subscriptions.end(visit.tx, visit.owner.id, "export", form.form_id)
    for kind in periods.EVERY:
        if kind == every:
            subscriptions.add(visit.tx, visit.owner.id, "export", kind, form.form_id)
    key = "subscription.off" if every == "off" else "subscription.on_" + every
    visit.answer(visit.say(key, form=offering.title(visit.language, form)))
