"""Helping people without a phone, or who don't read: a facilitator reads out and taps for them.

Each of them is a person of their own, without an address (storage/guests.py), and goes the same
way as a citizen. What stands between two of them is in handlers/between.py.
"""

import datetime as dt

from handlers import asking, between, consent, offering, onboarding, texts
from handlers.quiet import PHNOM_PENH
from handlers.visit import Visit
from storage import forms, guests
from surveys.instruments import Instrument
from surveys.respondent import may

# The same as the command, where no question is open: in an answer they are what they say.
WORDS = {"help others", "help others answer", "assist", "ជួយអ្នកដទៃ", "ជួយអ្នកដទៃឆ្លើយ"}


def assist(visit: Visit) -> None:
    """Ask which survey the next person answers, or who goes on; nobody's question stays open."""
    if not may(visit.owner.role, "assist"):
        visit.send(visit.say("only_facilitators"))
        return
    asking.set_aside(visit)
    back = visit.hand_back()
    asking.set_aside(back)
    rows = between.continuing(back)
    for published in offering.newest(back.tx, helped_with(back)):
        label = offering.title(back.language, published.form)
        rows.append([back.button(label, "help", published.id)])
    back.send(back.say("assist.which"), rows)


def helped_with(visit: Visit) -> list[Instrument]:
    """Return the surveys that others can be helped with; staff, who put them, with all."""
    is_theirs = may(visit.owner.role, "waves")
    return offering.put(visit.tx) if is_theirs else offering.surveys(visit.tx)


def begin(visit: Visit) -> None:
    """Begin with the next person: first of all their consent."""
    assert visit.tap is not None
    form_id = forms.by_id(visit.tx, int(visit.tap.arguments[0])).form.form_id
    known = {item.form_id for item in helped_with(visit)}
    if not (may(visit.person.role, "assist") and form_id in known):
        visit.toast(visit.say("only_facilitators"), alert=True)
        return
    visit.toast()
    asking.set_aside(visit)
    guests.erase_who_never_agreed(visit.tx, visit.owner.id)
    wish = {"language": visit.language, "wanted_form": form_id}
    consent.ask(visit.hand_to(guests.add(visit.tx, visit.owner, "assisted", **wish)))


def go_on(visit: Visit) -> None:
    """Go on with a person who waits, where they stopped."""
    assert visit.tap is not None
    waiting = guests.waiting(visit.tx, visit.owner.id, consent.CONSENT_VERSION)
    person = next((p for p in waiting if str(p.number) == visit.tap.arguments[0]), None)
    if person is None:
        visit.toast(visit.say("stale_button"))
        return
    visit.toast()
    asking.set_aside(visit)
    onboarding.proceed(visit.hand_to(person))


def done(visit: Visit) -> None:
    """End the day's helping, with how many people were helped."""
    visit.toast()
    today = visit.tx.now.astimezone(PHNOM_PENH).replace(hour=0, minute=0, second=0, microsecond=0)
    number = guests.helped_since(visit.tx, visit.owner.id, today.astimezone(dt.UTC))
    visit.answer(visit.say("assist.done", n=texts.number(visit.language, number)))
