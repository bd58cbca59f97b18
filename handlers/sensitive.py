"""Sensitive reports: read by two members whom an owner named, after their PIN, and written down."""

from handlers import days, pin, rights
from handlers.reporting import subject
from handlers.visit import Button, Visit
from storage import audit, interviews, members, reports
from surveys.respondent import may

SENSITIVE = "sensitive"


def may_read(visit: Visit) -> bool:
    """Tell whether a person is one of the two who read sensitive reports."""
    return may(visit.owner.role, "dialogues") and members.reads_sensitive(visit.tx, visit.owner.id)


def tapped(visit: Visit, prefix: str = "") -> None:
    """List the sensitive reports, or show one once the PIN is typed."""
    if not may_read(visit):
        visit.answer(visit.say("secret.not_named"), [_back(visit)])
    elif not prefix:
        show_all(visit)
    elif pin.is_proved(visit, SENSITIVE, prefix):
        show(visit, prefix)


def show_all(visit: Visit) -> None:
    """List the sensitive reports, by place and day."""
    rows = [
        [visit.button(f"🔒 {subject(visit, one)}", "dialogues", SENSITIVE, one.id[:8])]
        for one in reports.sensitive(visit.tx)
    ]
    visit.answer(visit.say("secret.head"), [*rows, _back(visit)])


def show(visit: Visit, prefix: str) -> None:
    """Show what a sensitive report says, and write down who read it."""
    kept = reports.sensitive(visit.tx)
    one = next((each for each in kept if each.id.startswith(prefix)), None)
    if one is None or not may_read(visit):
        visit.answer(visit.say("report.gone"), [_back(visit)])
        return
    audit.record(visit.tx, visit.owner.id, "read sensitive report", one.id)
    text = rights.held(visit, interviews.by_id(visit.tx, one.id))
    first, *rest = rights.pieces([days.shown(visit.language, days.of(one.started_at)), text])
    visit.answer(first, [_back(visit)])
    for piece in rest:
        visit.send(piece)


def _back(visit: Visit) -> list[Button]:
    return [visit.button(visit.say("button.dialogue_list"), "dialogues", "list")]
