"""After an outage: the questions that were open are asked once more, without a sound, by day."""

from handlers import asking
from handlers.quiet import is_night
from handlers.visit import Visit
from storage import forms, interviews, outages, respondents
from storage.store import Transaction


def ask_again(tx: Transaction, bot_id: int) -> int:
    """Ask some people their open question again; return how many, 0 when nobody is left."""
    tx.alone(outages.ASKING_AGAIN)
    outage = outages.latest(tx)
    if outage is None or is_night(tx.now):
        return 0
    waiting = outages.waiting(tx, outage)
    for interview_id in waiting:
        _ask(tx, bot_id, interview_id)
    if not waiting:
        outages.settled(tx)
    return len(waiting)


def _ask(tx: Transaction, bot_id: int, interview_id: str) -> None:
    stored = interviews.by_id(tx, interview_id)
    person = respondents.by_id(tx, stored.respondent_id)
    owner = respondents.by_id(tx, person.host_id) if person.host_id else person
    form = forms.by_id(tx, stored.form_version_id).form
    asking.ask_again(Visit.unprompted(tx, person, owner, bot_id), form, stored)
