"""Between two helped people: what becomes of the one who leaves, and what can be done next.

Until the next person begins, the facilitator's phone is their own again.
"""

from handlers import asking
from handlers.consent import CONSENT_VERSION
from handlers.erasing import erase
from handlers.visit import Keyboard, Visit
from storage import forms, guests, inbox, interviews
from surveys.instruments import PROFILE


def menu(visit: Visit, text: str) -> None:
    """Hand the phone back, and offer who waits, the next person, and the end."""
    _offer(visit.hand_back(), visit.person.wanted_form or "", text)


def _offer(visit: Visit, wanted: str, text: str) -> None:
    rows = continuing(visit)
    if published := forms.newest(visit.tx, wanted):
        rows.append([visit.button(visit.say("button.next_person"), "help", published.id)])
    rows.append([visit.button(visit.say("button.done_today"), "helped")])
    visit.answer(text, rows)


def continuing(visit: Visit) -> Keyboard:
    """Return a button for each helped person who waits in the middle of a survey."""
    rows = []
    for person in guests.waiting(visit.tx, visit.owner.id, CONSENT_VERSION):
        if person.consented:
            label = visit.say("button.continue_person", person=visit.named(person))
            rows.append([visit.button(label, "help_on", person.number)])
    return rows


def leave(visit: Visit, key: str) -> None:
    """Erase a person on another's phone, with all they gave, and say so."""
    if visit.is_helped:
        text = visit.marked(visit.say("helped." + key))
        _offer(_erase(visit), visit.person.wanted_form or "", text)
    else:
        _erase(visit).answer(visit.say(key))


def stop(visit: Visit) -> None:
    """Leave a helped person alone: what they had begun is erased, what they submitted stays."""
    submitted = [
        stored.id
        for stored in interviews.of_person(visit.tx, visit.person.id)
        if stored.form_id != PROFILE and stored.status == "complete"
    ]
    if submitted:
        asking.set_aside(visit)
        menu(visit, visit.say("assist.thanks"))
    else:
        leave(visit, "stopped")


def _erase(visit: Visit) -> Visit:
    """Erase the person who answers; return the visit of the phone's owner."""
    asking.set_aside(visit)
    inbox.erase_of(visit.tx, visit.telegram_id)
    erase(visit.tx, visit.person.id)
    back = visit.hand_back()
    alone = back.owner.number and not guests.sharing(back.tx, back.owner.id, CONSENT_VERSION)
    return back.change_phone(number=None) if alone else back
