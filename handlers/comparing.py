"""Two reports of one dialogue side by side: what each says, and what they say otherwise.

Staff see all that counts; a reporter sees that the other side reported, and the differences, never
who wrote it nor any free text of theirs.
"""

from dataclasses import replace
from functools import partial

from handlers import days, texts
from handlers.dialoguetexts import named
from handlers.visit import Visit
from storage import forms, reports
from storage.dialogues import Dialogue
from storage.reports import Report as Kept
from surveys import report
from surveys.dialogue import other
from surveys.instruments import DIALOGUE_REPORT
from surveys.report import FIGURES, Difference, Report

# Which question's choices a code is of.
QUESTIONS = {"led_by": "led_by", "outcome": "outcome", "issue": "topic", "commitment": "office"}
NOTHING = "—"


def label(visit: Visit, question: str, code: str) -> str:
    """Return how the form of a report calls a choice; what is no choice stands for itself."""
    published = forms.newest(visit.tx, DIALOGUE_REPORT)
    known = published.form.by_name.get(question) if published else None
    choices = known.choices if known else ()
    found = next((choice for choice in choices if choice.value == code), None)
    return found.label.outline(visit.language) if found else code


def office(visit: Visit, code: str) -> str:
    """Return what an office is called."""
    return label(visit, "office", code)


def listed_office(visit: Visit, code: str) -> str:
    """Return what an office is called, but no name that somebody typed."""
    called = office(visit, code)
    return called if called != code else office(visit, report.OTHER)


def both_sides(visit: Visit, one: Dialogue) -> str:
    """Set all reports of a dialogue side by side, for staff, and list what differs."""
    kept = reports.of_dialogue(visit.tx, one.id)
    parts = [named(visit, one), *(_one_side(visit, each) for each in kept)]
    newest = {each.side: each for each in kept}
    if not kept:
        parts.append(visit.say("compare.none"))
    elif len(newest) == 1:
        parts.append(visit.say("compare.one_side"))
    else:
        cso, gov = (report.read(newest[side].response) for side in ("cso", "gov"))
        say = partial(visit.say, "compare.staff_line")
        parts.append(_differing(visit, report.differences(cso, gov), say))
    return "\n\n".join(parts)


def _one_side(visit: Visit, kept: Kept) -> str:
    """Say what a report says of figures, issues and commitments; not its free texts."""
    said = report.read(kept.response)
    lines = [_whose(visit, kept)]
    if said.is_short:
        lines.append(visit.say("compare.short"))
    lines += [
        _labelled(visit, visit.say("figure." + name), _value(visit, name, said.figures[name]))
        for name in FIGURES
        if name in said.figures
    ]
    lines += [
        "• "
        + _labelled(
            visit, label(visit, "topic", issue.topic), label(visit, "outcome", issue.outcome)
        )
        for issue in said.issues
    ]
    lines += [f"🤝 {_promised(visit, said, at)}" for at in range(len(said.promises))]
    return "\n".join(lines)


def _whose(visit: Visit, kept: Kept) -> str:
    """Name the side of a report, and the day it came: a side may have sent several."""
    side = visit.say("compare.by_" + kept.side)
    came = [days.shown(visit.language, days.of(kept.completed_at))] if kept.completed_at else []
    return " · ".join([side, *came])


def _labelled(visit: Visit, name: str, value: str) -> str:
    return visit.say("labelled", name=name, value=value)


def _promised(visit: Visit, said: Report, at: int) -> str:
    promise = said.promises[at]
    due = days.shown(visit.language, promise.due_on) if promise.due_on else NOTHING
    return visit.say("compare.promise", office=office(visit, promise.office), due=due)


def for_reporter(visit: Visit, mine: Kept) -> list[str]:
    """Say whether the other side reported, and what it says otherwise."""
    if mine.dialogue_id is None or mine.sensitive or mine.completed_at is None:
        return []
    theirs = [
        each
        for each in reports.of_dialogue(visit.tx, mine.dialogue_id)
        if each.side == other(mine.side)
    ]
    if not theirs:
        return [visit.say("compare.not_yet")]
    said, others = report.read(mine.response), report.read(theirs[-1].response)
    say = partial(visit.say, "compare.own_line")
    found = [_without_names(visit, each) for each in report.differences(said, others)]
    return [visit.say("compare.is_there"), _differing(visit, found, say)]


def _without_names(visit: Visit, each: Difference) -> Difference:
    """Take the name of an office that the other side typed out of a difference."""
    is_theirs = each.kind == "commitment" and each.theirs
    return replace(each, theirs=listed_office(visit, each.theirs)) if is_theirs else each


def _differing(visit: Visit, found: list[Difference], say: partial[str]) -> str:
    if not found:
        return visit.say("compare.same")
    return "\n".join([visit.say("compare.differ"), *(_line(visit, each, say) for each in found)])


def _line(visit: Visit, each: Difference, say: partial[str]) -> str:
    return say(
        what=_what(visit, each),
        ours=_value(visit, each.kind, each.ours),
        theirs=_value(visit, each.kind, each.theirs),
    )


def _what(visit: Visit, each: Difference) -> str:
    """Name what differs: a figure, an issue, a commitment with its day."""
    if each.kind == "outcome":
        return label(visit, "topic", each.of[0])
    called = visit.say("figure." + each.kind)
    if each.kind != "commitment":
        return called
    day = report.day(each.of[1])
    return f"{called} ({days.shown(visit.language, day) if day else NOTHING})"


def _value(visit: Visit, kind: str, code: str) -> str:
    if not code:
        return NOTHING
    if kind in QUESTIONS:
        return label(visit, QUESTIONS[kind], code)
    day = report.day(code) if kind == "held_on" else None
    return days.shown(visit.language, day) if day else texts.number(visit.language, code)
