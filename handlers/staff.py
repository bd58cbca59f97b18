"""What staff ask of the bot in their private chat: exports."""

from handlers import offering
from handlers.visit import Visit
from storage import forms, jobs
from surveys.respondent import may


def export(visit: Visit) -> None:
    """Begin the export that the command names, or ask which."""
    if not may(visit.person.role, "export"):
        visit.send(visit.say("only_staff"))
        return
    wanted, known = visit.typed.partition(" ")[2].strip(), offering.exported(visit.tx)
    if wanted in {item.form_id for item in known}:
        begin(visit, wanted)
        return
    rows = []
    for published in offering.newest(visit.tx, known):
        label = offering.title(visit.language, published.form)
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
    name = offering.title_of(visit.tx, visit.language, form_id)
    text = visit.say("export.progress", form=name, bar=bar(0), percent=0)
    outbox_id = visit.answer(text)
    jobs.add(visit.tx, visit.person.id, "export", form_id, outbox_id)


def bar(percent: int) -> str:
    """Return a progress bar of ten parts."""
    full = percent // 10
    return "▰" * full + "▱" * (10 - full)
