"""Several people of a household on one phone: who answers now, by number and never by name.

Each has consent, language and interviews of their own; messages that nobody asked for go to the
phone once, as to its owner.
"""

from handlers import asking, journey, onboarding
from handlers.consent import CONSENT_VERSION
from handlers.visit import FIRST, Visit
from storage import guests, interviews
from storage.respondents import Respondent
from surveys.respondent import may

NEW = "new"
# The same as the command, where no question is open.
WORDS = {"someone else answers", "someone else", "អ្នកផ្សេងឆ្លើយ", "មានអ្នកផ្សេងឆ្លើយ"}


def start(visit: Visit) -> None:
    """Begin or go on where several people share the phone: first of all, who is it?"""
    ask(onboarding.take_link(visit))


def ask(visit: Visit) -> None:
    """Ask who answers; until somebody says so, no question is open."""
    if not may(visit.owner.role, "answer"):
        journey.home(visit.hand_back())
        return
    asking.set_aside(visit)
    rows = [
        [visit.button_for_all(visit.named(person), "who", person.number or FIRST)]
        for person in everybody(visit)
    ]
    rows.append([visit.button_for_all(visit.say("button.another_person"), "who", NEW)])
    visit.send(visit.say("who.ask"), rows)


def everybody(visit: Visit) -> list[Respondent]:
    """Return the phone's owner and those who share it."""
    return [visit.owner, *guests.sharing(visit.tx, visit.owner.id, CONSENT_VERSION)]


def chosen(visit: Visit) -> None:
    """Let the person of a button answer, where they were; a new one from the first step on."""
    assert visit.tap is not None
    known = {str(person.number or FIRST): person for person in everybody(visit)}
    who = visit.tap.arguments[0]
    if who != NEW and who not in known:
        visit.toast(visit.say("stale_button"))
        return
    visit.toast()
    asking.set_aside(visit)
    go_on(visit.hand_to(known[who]) if who in known else add(visit))


def add(visit: Visit) -> Visit:
    """Make a place for one more person; from now on everybody has a number."""
    guests.erase_who_never_agreed(visit.tx, visit.owner.id)
    visit = visit.change_phone(number=visit.owner.number or FIRST)
    return visit.hand_to(guests.add(visit.tx, visit.owner, "shared"))


def go_on(visit: Visit) -> None:
    """Go on with what this person left last, or with what is next for them."""
    left = interviews.set_aside(visit.tx, visit.person.id)
    if left and visit.person.consented and visit.person.language:
        journey.resume(visit, left)
    else:
        onboarding.proceed(visit)
