"""Answering for a ballot box: who has answered is known, and what was answered, but never both.

While somebody answers, the interview is theirs and lies sealed. With Submit it turns into a ballot
and a mark, and is gone; no clock and no key is left that joins the two.
"""

from handlers import asking, quiet
from handlers.visit import Visit
from storage import ballots, interviews, upkeep, wave_people, waves
from storage.interviews import Stored
from storage.store import Transaction
from surveys.form import Form
from surveys.interview import Instance


def begin(visit: Visit, wave_id: int) -> Visit:
    """Note that somebody begins to answer for a box; what is said to them is sealed from now on."""
    wave_people.mark(visit.tx, wave_id, visit.person.id, "begun")
    return visit.change(secret=True)


def cast(visit: Visit, form: Form, stored: Stored) -> bool:
    """Turn a submitted interview into a ballot and a mark; False where the box is closed."""
    asking.take_away(visit, stored)
    assert stored.wave_id is not None
    one = waves.find(visit.tx, stored.wave_id)
    is_open = one is not None and one.status != "closed"
    if is_open:
        groups = wave_people.groups(visit.tx, visit.person.id)
        ballots.put(visit.tx, stored.wave_id, groups, answered(visit, form, stored))
        wave_people.mark(visit.tx, stored.wave_id, visit.person.id, "cast")
    interviews.erase(visit.tx, stored.id)
    upkeep.purge_secret(visit.tx, visit.owner.id)
    ballots.put_at_ease(visit.tx, visit.person.id)
    return is_open


def answered(visit: Visit, form: Form, stored: Stored) -> dict[str, str]:
    """Return what was answered, in the form's order, and nothing that is computed or measured.

    A form may note when it was begun, or draw a number from the interview's id.
    """
    instance = Instance(form, stored.interview.values, visit.world(stored))
    values = {question.path: instance.value(question.path) for question in instance.asked()}
    return {path: value for path, value in values.items() if value}


def count(tx: Transaction) -> bool:
    """Count the next ballots: in the evening, of a closed box at once; False for none."""
    evening = quiet.last_evening(tx.now)
    for box in ballots.due(tx, evening):
        at = tx.now if box.is_closed else evening
        if ballots.count(tx, box, at.astimezone(quiet.PHNOM_PENH).date()):
            return True
        ballots.counted(tx, box.wave_id)
    return False
