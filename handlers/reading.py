"""/review for free texts: one tap says whether a text names somebody, and shows the next.

What is hidden stands as […] in exports. Nothing of a text stays in the chat of staff: the next one
takes its place, and at last a word that none is left.
"""

from handlers import texts
from handlers.visit import Keyboard, Visit
from storage import audit, forms, readings
from storage.readings import Text
from surveys.respondent import may

ACTS = ("fine", "hide", "later")
LONGEST_LABEL, LONGEST_SHOWN = 600, 3000


def waiting(visit: Visit) -> int:
    """Count the texts that wait for this person."""
    return readings.count(visit.tx, visit.owner.bound_to)


def begin(visit: Visit) -> None:
    """Show the oldest text that waits."""
    show(visit, readings.oldest(visit.tx, visit.owner.bound_to))


def button(visit: Visit) -> Keyboard:
    """Return a button that leads to the texts, where any wait."""
    if not waiting(visit):
        return []
    return [[visit.button(visit.say("button.reading_begin"), "reading", "begin", 0)]]


def show(visit: Visit, text: Text | None) -> None:
    """Show a text below its question, or say that none is left."""
    if text is None:
        visit.answer(visit.say("reading.none"))
        return
    form = forms.by_id(visit.tx, text.form_version_id).form
    label = form.question(text.path).label.outline(visit.language)[:LONGEST_LABEL]
    left = texts.number(visit.language, waiting(visit))
    shown = visit.say("reading.text", n=left, question=label, text=text.value[:LONGEST_SHOWN])
    visit.answer(shown, buttons(visit, text))


def buttons(visit: Visit, text: Text) -> Keyboard:
    """Return a button for each verdict."""
    return [
        [visit.button(visit.say("button.reading_" + act), "reading", act, text.id)] for act in ACTS
    ]


def tapped(visit: Visit) -> None:
    """Take the verdict, and show the next text."""
    assert visit.tap is not None
    act, number = visit.tap.arguments
    if not may(visit.owner.role, "review"):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    if act == "begin":
        begin(visit)
        return
    if act != "later":
        readings.mark(visit.tx, int(number), hidden=act == "hide")
        name = "hide text" if act == "hide" else "read text"
        audit.record(visit.tx, visit.owner.id, name, number)
    show(visit, readings.oldest(visit.tx, visit.owner.bound_to, beyond=int(number)))
