"""May these answers be put beside those of another time? Asked once, after the second Submit: in
another wave, or of a form whose answers are compared over time.

Until somebody says yes, exports give each of their responses a number that joins nothing.
"""

from handlers.visit import Button, Visit
from storage import linkage
from storage.interviews import Stored
from surveys.instruments import instrument

# The version of the question's text; a new text asks again.
LINKAGE_VERSION = "2026-11"
# What stands for a form's version where it was changed in /mydata.
LATER = "0"


def is_due(visit: Visit, stored: Stored) -> bool:
    """Tell whether somebody is to be asked: they answered at two times and never said.

    Whoever is helped answers before somebody else, who would hear that they answered before.
    """
    if visit.is_helped or not _has_answered_before(visit, stored):
        return False
    said = linkage.of(visit.tx, visit.person.id)
    return said is None or said.version != LINKAGE_VERSION


def _has_answered_before(visit: Visit, stored: Stored) -> bool:
    ours, who = instrument(stored.form_id), visit.person.id
    if stored.wave_id and linkage.has_answered_before(visit.tx, who, stored.wave_id):
        return True
    is_paired = ours is not None and ours.paired
    return is_paired and linkage.has_answered_form_before(visit.tx, who, stored.form_id, stored.id)


def ask(visit: Visit, stored: Stored) -> None:
    """Ask it."""
    rows = [[_button(visit, said, str(stored.form_version_id))] for said in ("yes", "no")]
    visit.answer(visit.marked(visit.say("linkage.ask")), rows)


def _button(visit: Visit, said: str, version_id: str) -> Button:
    return visit.button(visit.say("button.linkage_" + said), "linkage", said, version_id)


def decide(visit: Visit, said: str) -> None:
    """Note what somebody said."""
    agreed = said == "yes"
    linkage.decide(visit.tx, visit.person.id, LINKAGE_VERSION, visit.language, agreed=agreed)


def held(visit: Visit) -> None:
    """Show what somebody decided, with a button to change it; nothing where they never did."""
    found = linkage.of(visit.tx, visit.person.id)
    if found is None:
        return
    said, other = ("yes", "no") if found.agreed else ("no", "yes")
    text = visit.marked(visit.say("linkage.is_" + said))
    visit.send(text, [[_button(visit, other, LATER)]])
