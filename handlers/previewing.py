"""A draft tried on the phone of whoever may release it: asked as people will be, and nothing kept.

It ends with the last question, by Later or stop, and by whatever isn't part of it.
"""

from handlers import asking
from handlers.visit import Visit
from storage import previews
from storage.store import Transaction


def end(visit: Visit) -> Visit:
    """End a person's preview, if there is one; return them in their own language."""
    preview = previews.of(visit.tx, visit.person.id)
    if preview is None:
        return visit
    asking.set_aside(visit)
    previews.end(visit.tx, preview)
    return visit.change(language=preview.language_before)


def finish(visit: Visit) -> None:
    """End a preview from within it: say that nothing was kept, and lead back to the draft."""
    preview = previews.of(visit.tx, visit.person.id)
    back = end(visit)
    rows = []
    if preview:
        label = back.say("button.to_draft")
        rows.append([back.button(label, "form", "card", preview.form_version_id)])
    back.answer(back.say("preview.over"), rows)


def end_old(tx: Transaction) -> int:
    """Erase the previews that somebody left open a day ago; return how many."""
    found = previews.old(tx)
    for one in found:
        previews.end(tx, one)
    return len(found)
