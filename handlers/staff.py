"""What staff ask of the bot in their private chat: exports."""

from handlers.visit import Visit
from storage import forms, jobs
from surveys.instruments import INSTRUMENTS, PROFILE, instrument
from surveys.respondent import may

EXPORTED = tuple(item for item in INSTRUMENTS if item.form_id != PROFILE)


def export(visit: Visit) -> None:
    """Begin the export that the command names, or ask which."""
    if not may(visit.person.role, "export"):
        visit.send(visit.say("only_staff"))
        return
    named = instrument(visit.typed.partition(" ")[2].strip())
    if named in EXPORTED and named:
        begin(visit, named.form_id)
        return
    rows = []
    for item in EXPORTED:
        if published := forms.newest(visit.tx, item.form_id):
            label = visit.say("form." + item.form_id)
            rows.append([visit.button(label, "export", published.id)])
    visit.send(visit.say("export.which"), rows)


def chosen(visit: Visit) -> None:
    """Begin the export of a button."""
    assert visit.tap is not None
    if not may(visit.person.role, "export"):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    begin(visit, forms.by_id(visit.tx, int(visit.tap.arguments[0])).form.form_id)


def begin(visit: Visit, form_id: str) -> None:
    """Ask for an export; one message shows its progress."""
    name = visit.say("form." + form_id)
    text = visit.say("export.progress", form=name, bar=bar(0), percent=0)
    outbox_id = visit.answer(text)
    jobs.add(visit.tx, visit.person.id, "export", form_id, outbox_id)


def bar(percent: int) -> str:
    """Return a progress bar of ten parts."""
    full = percent // 10
    return "▰" * full + "▱" * (10 - full)
