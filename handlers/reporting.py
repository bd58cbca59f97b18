"""/report: which dialogues a reporter may report on, what they began, and what they reported.

A short report is kept as it is and goes on in full with what was said. Until its quarter closes a
report can be withdrawn.
"""

from handlers import asking, comparing, days, filing, journey, texts
from handlers.dialoguetexts import named, where
from handlers.visit import Button, Keyboard, Visit
from storage import dialogues, forms, interviews, reports
from storage.dialogues import Dialogue
from storage.reports import Report
from surveys import quarters
from surveys.dialogue import may_be_reported, place_of
from surveys.instruments import DIALOGUE_REPORT
from surveys.quarters import Quarter
from surveys.report import FULL, read
from surveys.respondent import may

REPORT = "report"
MOST = 10


def show_all(visit: Visit) -> None:
    """List what can be reported, completed and withdrawn."""
    if not may(visit.person.role, REPORT):
        visit.send(visit.say("only_reporters"))
        return
    asking.set_aside(visit)
    mine = reports.of_person(visit.tx, visit.person.id)
    begun = [one for one in mine if one.completed_at is None]
    done = [one for one in mine if one.completed_at and not is_closed(visit, one)]
    rows = [
        *(_row(visit, "unfinished", "on", one) for one in begun),
        *(row for one in reversed(done) for row in _done(visit, one)),
        *(_new(visit, one) for one in _reportable(visit, mine)),
        [visit.button(visit.say("button.report_other"), REPORT, "other")],
    ]
    visit.answer(visit.say("report.head"), rows)


def _reportable(visit: Visit, mine: list[Report]) -> list[Dialogue]:
    """Return the dialogues that are over and not reported by them; their province's first."""
    today, known = days.of(visit.tx.now), {one.dialogue_id for one in mine}
    found = [
        one
        for one in dialogues.listed(visit.tx)
        if may_be_reported(one.status, one.day, today) and one.id not in known
    ]
    bound = visit.person.bound_to
    found = [one for one in found if bound is None or one.province in {None, bound}]
    found.sort(key=lambda one: one.province not in {None, visit.person.province})
    return found[:MOST]


def _new(visit: Visit, one: Dialogue) -> list[Button]:
    return [visit.button(f"📝 {named(visit, one)}", REPORT, "new", one.id)]


def _done(visit: Visit, one: Report) -> Keyboard:
    if not read(one.response).is_short:
        return [_row(visit, "done", "show", one)]
    return [_row(visit, "short", "on", one), _row(visit, "show", "show", one)]


def _row(visit: Visit, key: str, act: str, one: Report) -> list[Button]:
    label = visit.say("button.report_" + key, dialogue=subject(visit, one))
    return [visit.button(label, REPORT, act, one.id[:8])]


def subject(visit: Visit, one: Report) -> str:
    """Say what a report is about, on one line."""
    about = dialogues.find(visit.tx, one.dialogue_id) if one.dialogue_id else None
    if about:
        return named(visit, about)
    said = read(one.response)
    place, day = place_of(said.dialogue), said.held_on or days.of(one.started_at)
    shown = where(visit.language, place[1]) if place else visit.say("report.new")
    return f"{shown} · {days.shown(visit.language, day)}"


def is_closed(visit: Visit, one: Report) -> bool:
    """Tell whether nothing of a report can change any more: its quarter is closed."""
    quarter = quarters.read(one.counts_in or "")
    return quarter is not None and quarters.is_closed(quarter, days.of(visit.tx.now))


def tapped(visit: Visit) -> None:
    """Begin a report, go on with one, show or withdraw one."""
    assert visit.tap is not None
    if not may(visit.person.role, REPORT):
        visit.toast(visit.say("only_reporters"), alert=True)
        return
    act, *chosen = visit.tap.arguments
    visit.toast()
    if act == "list":
        show_all(visit)
    elif act == "other":
        begin(visit, None)
    elif act == "new":
        begin(visit, dialogues.find(visit.tx, int(chosen[0])))
    elif one := _mine(visit, chosen[0]):
        {"on": go_on, "show": show, "ask": _ask, "withdraw": withdraw}[act](visit, one)
    else:
        visit.answer(visit.say("report.gone"), [_back(visit)])


def _mine(visit: Visit, prefix: str) -> Report | None:
    mine = reports.of_person(visit.tx, visit.person.id)
    return next((one for one in mine if one.id.startswith(prefix)), None)


def begin(visit: Visit, about: Dialogue | None) -> None:
    """Begin a report: of a dialogue that is known, or of one whose place and day are asked."""
    published = forms.newest(visit.tx, DIALOGUE_REPORT)
    assert published is not None
    if about is None:
        journey.begin(visit, published)
        return
    known = {"known": str(about.id), "place": about.place, "held_on": about.day.isoformat()}
    presets = {name: value for name, value in known.items() if value}
    journey.begin(visit, published, presets, dialogue_id=about.id)


def go_on(visit: Visit, one: Report) -> None:
    """Go on with a report where it stands; a short one in full."""
    stored = interviews.by_id(visit.tx, one.id)
    if one.completed_at is None:
        journey.resume(visit, stored)
    elif is_closed(visit, one):
        show(visit, one)
    else:
        journey.resume(visit, stored, {"detail": FULL})


def show(visit: Visit, one: Report) -> None:
    """Show what a report said, what the other side says otherwise, and what can be done."""
    parts = [subject(visit, one), *_notes(visit, one), *comparing.for_reporter(visit, one)]
    rows: Keyboard = []
    if not is_closed(visit, one):
        rows.append([visit.button(visit.say("button.report_withdraw"), REPORT, "ask", one.id[:8])])
    visit.answer("\n\n".join(parts), [*rows, _back(visit)])


def _notes(visit: Visit, one: Report) -> list[str]:
    """Say which quarter counts a report, where it isn't its own, and that it is sensitive."""
    quarter, day = quarters.read(one.counts_in or ""), read(one.response).held_on
    is_late = quarter is not None and day is not None and quarters.of_day(day) != quarter
    notes = [_counted_in(visit, quarter)] if quarter and is_late else []
    return [*notes, *([visit.say("report.sensitive")] if one.sensitive else [])]


def _counted_in(visit: Visit, quarter: Quarter) -> str:
    n, year = (texts.number(visit.language, part) for part in (quarter.number, quarter.year))
    return visit.say("report.counts_later", n=n, year=year)


def _ask(visit: Visit, one: Report) -> None:
    rows = [
        [visit.button(visit.say("button.report_withdraw_yes"), REPORT, "withdraw", one.id[:8])],
        _back(visit),
    ]
    visit.answer(visit.say("report.withdraw", dialogue=subject(visit, one)), rows)


def withdraw(visit: Visit, one: Report) -> None:
    """Take a report back, where its quarter is still open."""
    if is_closed(visit, one):
        visit.answer(visit.say("report.closed"), [_back(visit)])
        return
    active = interviews.active(visit.tx, visit.person.id)
    if active and active.id == one.id:
        asking.set_aside(visit)
    filing.withdraw(visit, one.id)
    visit.answer(visit.say("report.withdrawn"), [_back(visit)])


def _back(visit: Visit) -> list[Button]:
    return [visit.button(visit.say("button.report_list"), REPORT, "list")]
