"""What a change opened and closed elsewhere in a form, said to whoever made it. Pure."""

from handlers.layout import shorten
from handlers.opened import Opened
from handlers.visit import Visit
from storage.interviews import Stored
from surveys.form import Form
from surveys.interview import Answered, Cleared, Instance, Removed, Turn

LONGEST_NAME = 60


def said(visit: Visit, form: Form, before: Stored, turn: Turn) -> str:
    """Return which answers a change closed, which no longer fit, and how many questions it opened.

    On the way through a form the first time questions open and close all along; nobody is told.
    """
    answered = [event for event in turn.events if isinstance(event, Answered)]
    is_asked_for = any(isinstance(event, Removed) for event in turn.events)
    is_change = any(before.interview.values.get(event.path) for event in answered)
    if is_asked_for or not (form.is_conditional and (is_change or before.interview.reviewed)):
        return ""
    world = visit.world(before)
    old = Instance(form, before.interview.values, world)
    new = Instance(form, turn.interview.values, world)
    after = {question.path for question in new.asked()}
    lost = [q for q in old.asked() if q.path not in after and old.value(q.path)]
    opened = after - {question.path for question in old.asked()}
    names = [_name(Opened(visit, form, before, question, old)) for question in lost]
    unfit = [
        _name(Opened(visit, form, before, form.question(event.path), new))
        for event in turn.events
        if isinstance(event, Cleared)
    ]
    parts = (
        visit.say("change.closed", names="\n".join(names)) if names else "",
        visit.say("change.cleared", names="\n".join(unfit)) if unfit else "",
        visit.say("change.opened") if opened and before.interview.reviewed else "",
    )
    return "\n\n".join(part for part in parts if part)


def _name(opened: Opened) -> str:
    return "• " + shorten(opened.text(opened.question.label), LONGEST_NAME)
