"""Why an answer can't stand, said kindly; and more help with each try, never the same again."""

from handlers import asking
from handlers.opened import Opened
from handlers.visit import Visit
from storage.interviews import Stored
from surveys.form import Form
from surveys.stops import is_repeat

# The first try gets an example, the second the way to help, the third the way on.
HELP, WAY_ON = 2, 3


def explain(visit: Visit, form: Form, stored: Stored, why: str) -> None:
    """Say kindly why an answer can't stand, and ask again."""
    if is_repeat(form, stored.interview.position):
        asking.repeat(visit, form, stored, visit.say("reject." + why))
        return
    opened = Opened.of(visit, form, stored)
    tries = stored.interview.tries
    parts = [reason(opened, why)]
    if tries >= HELP:
        parts.append(opened.text(opened.question.guidance) or opened.say("help.help"))
    if tries >= WAY_ON:
        parts.append(opened.say("help.required" if opened.is_required else "help.skip"))
    asking.repeat(visit, form, stored, "\n\n".join(part for part in parts if part))


def reason(opened: Opened, why: str) -> str:
    """Return what the form says where an answer can't stand, or else we."""
    node = opened.question.node
    of_form = {"constraint": node.constraint_message, "required": node.required_message}
    return opened.text(of_form.get(why)) or opened.say("reject." + why)
