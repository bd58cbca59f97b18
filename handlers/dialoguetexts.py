"""A dialogue in words: which one it is, on one line; all that is known of it."""

from collections.abc import Mapping

from handlers import days, texts
from handlers.visit import Visit
from storage.dialogues import Dialogue
from surveys.dialogue import SIDES, Side


def where(language: str | None, province: str | None) -> str:
    """Say where a dialogue is: in a province, or the forum of all."""
    return texts.say(language, "dialogue.national" if province is None else "province." + province)


def named(visit: Visit, one: Dialogue) -> str:
    """Say which dialogue it is, on one line: where and when."""
    return f"{where(visit.language, one.province)} · {days.shown(visit.language, one.day)}"


def listed(visit: Visit, one: Dialogue) -> str:
    """Say which dialogue it is and how it stands, as staff list it."""
    n = texts.number(visit.language, one.id)
    return " · ".join([n, named(visit, one), visit.say("dialogue.is_" + one.status)])


def told(visit: Visit, one: Dialogue, reports: Mapping[Side, int]) -> str:
    """Say all that is known of a dialogue, and how many reports there are of each side."""
    lines = [
        listed(visit, one),
        visit.say("dialogue.place", place=one.place or "—"),
        visit.say("dialogue.organisations", names=", ".join(one.organisations) or "—"),
        visit.say("dialogue.line", line=one.work_plan or "—"),
    ]
    lines += [
        visit.say("dialogue.reports_" + side, n=texts.number(visit.language, reports.get(side, 0)))
        for side in SIDES
    ]
    return "\n".join(lines)
