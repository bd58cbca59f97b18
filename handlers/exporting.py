"""/export: which form, which part of it; then the PIN, and one message shows how far it is."""

from handlers import offering, pin
from handlers.periods import moments
from handlers.quiet import local
from handlers.visit import Visit
from storage import audit, forms, jobs
from surveys import quarters
from surveys.periods import Every, read
from surveys.respondent import may

EXPORT = "export"
EVER, AGAIN = "ever", "again"
# How often the end of a period can be told.
REGULARLY: tuple[Every, ...] = ("week", "month", "quarter")


def export(visit: Visit) -> None:
    """Ask for the export that the command names, or ask which."""
    if not may(visit.person.role, "export"):
        visit.send(visit.say("only_staff"))
        return
    wanted, known = visit.typed.partition(" ")[2].strip(), offering.exported(visit.tx)
    newest = offering.newest(visit.tx, known)
    if named := next((one for one in newest if one.form.form_id == wanted), None):
        ask_period(visit, named.id)
        return
    rows = [
        [visit.button(offering.title(visit.language, one.form), EXPORT, one.id)] for one in newest
    ]
    visit.send(visit.say("export.which"), rows)


def chosen(visit: Visit) -> None:
    """Ask which part is wanted, or begin once the PIN is typed."""
    assert visit.tap is not None
    if not may(visit.person.role, "export"):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    version_id, *period = visit.tap.arguments
    if not period:
        ask_period(visit, int(version_id))
    elif period == [AGAIN]:
        ask_how_often(visit, version_id)
    elif pin.is_proved(visit, EXPORT, version_id, *period):
        begin(visit, version_id, *period)


def ask_period(visit: Visit, version_id: int) -> None:
    """Ask which answers: all, or those of a quarter; or to be told of each period that is over."""
    quarter = quarters.of_day(local(visit.tx.now))
    named = {EVER: EVER, "quarter": str(quarter), "last": str(quarter.before)}
    rows = [
        [visit.button(visit.say("export." + key), EXPORT, version_id, period)]
        for key, period in named.items()
    ]
    rows.append([visit.button(visit.say("button.regularly"), EXPORT, version_id, AGAIN)])
    name = offering.title(visit.language, forms.by_id(visit.tx, version_id).form)
    visit.answer(visit.say("export.period", form=name), rows)


def ask_how_often(visit: Visit, version_id: str) -> None:
    """Ask how often to be told that a period is over; its export then takes one tap."""
    rows = [
        [visit.button(visit.say("export.every_" + every), "subscribe", EXPORT, version_id, every)]
        for every in (*REGULARLY, "off")
    ]
    name = offering.title(visit.language, forms.by_id(visit.tx, int(version_id)).form)
    visit.answer(visit.say("export.how_often", form=name), rows)


def begin(visit: Visit, version_id: str, period: str) -> None:
    """Ask for an export; staff who are bound to a province get only its answers."""
    form = forms.by_id(visit.tx, int(version_id)).form
    form_id, name = form.form_id, offering.title(visit.language, form)
    text = visit.say("export.progress", form=name, bar=bar(0), percent=0)
    outbox_id = visit.answer(text)
    part = {"province": visit.owner.bound_to, **_moments(period)}
    jobs.add(visit.tx, visit.owner.id, EXPORT, form_id, outbox_id, part)
    audit.record(visit.tx, visit.owner.id, "export", form_id, period=period, **part)


def _moments(period: str) -> dict[str, str]:
    if not (named := read(period)):
        return {}
    since, until = moments(named)
    return {"since": since.isoformat(), "until": until.isoformat()}


def bar(percent: int) -> str:
    """Return a progress bar of ten parts."""
    full = percent // 10
    return "▰" * full + "▱" * (10 - full)
