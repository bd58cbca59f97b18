"""/status and /people for staff: how many answered. Counts only, and none that shows a person.

What says nothing of people is exact: how often a form was begun and finished. What is counted by
province, sex or age is rounded down to fives, and as of the last midnight, so that looking twice on
a day shows nothing new. Staff who are bound to a province see only its numbers, all rounded.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from export.rounding import STEP, rounded
from handlers import offering, texts
from handlers.quiet import PHNOM_PENH
from handlers.visit import Visit
from storage import forms, numbers
from storage.numbers import Standing
from storage.store import Transaction
from surveys.form import Form, Question
from surveys.instruments import PROFILE, UNDER_AGE
from surveys.respondent import Mode, may

WEEK = dt.timedelta(days=7)
# Lets the card of each morning come again (subscribing.py).
CARD_ON = ("subscribe", "card", "on")
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def status(visit: Visit) -> None:
    """Show who answered today, this week and ever: begun and finished, form by form."""
    if not may(visit.owner.role, "numbers"):
        visit.send(visit.say("only_staff"))
        return
    today = midnight(visit.tx.now)
    periods = (("today", today), ("week", today - WEEK), ("ever", EVER))
    parts = [visit.say("status.head", place=_place(visit))]
    for name, since in periods:
        standing = numbers.standing(visit.tx, since, visit.owner.bound_to)
        parts.append("\n".join([visit.say("status." + name), *_lines(visit, standing)]))
    if visit.owner.bound_to:
        parts.append(visit.say("numbers.rounded"))
    visit.send("\n\n".join(parts), [[visit.button(visit.say("button.card_on"), *CARD_ON)]])


def _lines(visit: Visit, standing: Sequence[Standing]) -> Iterable[str]:
    shown = [one for one in standing if one.begun or one.finished]
    for one in shown:
        yield visit.say(
            "status.form",
            form=offering.title_of(visit.tx, visit.language, one.form_id),
            begun=_exact_or_rounded(visit, one.begun),
            finished=_exact_or_rounded(visit, one.finished),
        )
    if not shown:
        yield visit.say("status.nobody")


def _exact_or_rounded(visit: Visit, number: int) -> str:
    """Write a number of answers; that of one province is a cell like any other."""
    return show(visit, number) if visit.owner.bound_to else texts.number(visit.language, number)


def people(visit: Visit) -> None:
    """Show how many people answered, by what they said of themselves."""
    bound = visit.owner.bound_to
    parts = [visit.say("numbers.head", place=_place(visit))]
    for name, question, cells in tables(visit.tx, bound):
        labels = _labels(visit, question)
        lines = [
            f"{labels[value]}: {show(visit, number)}" for value, number in cells.items() if number
        ]
        others = [visit.say("numbers.others", n=texts.number(visit.language, STEP))]
        rest = others if len(lines) < len(cells) else []
        parts.append("\n".join([visit.say("numbers.by_" + name), *lines, *rest]))
    visit.send("\n\n".join([*parts, visit.say("numbers.rounded")]))


Table = tuple[str, Question | None, dict[str, int]]


def tables(tx: Transaction, province: str | None = None) -> Iterator[Table]:
    """Yield each breakdown of those who answered: its name, its question, its rounded cells.

    Every value there can be has its cell, so that none shows by its lack.
    """
    published = forms.newest(tx, PROFILE)
    assert published is not None
    until, form = midnight(tx.now), published.form
    for name in (*numbers.COLUMNS, *numbers.ASKED):
        if name == "province" and province:
            continue
        question = named(form, name)
        path = question.path if question else ""
        counts = numbers.people(tx, name, until, province, path)
        yield name, question, rounded({value: counts.get(value, 0) for value in _values(question)})


def rows(tx: Transaction) -> list[dict[str, str]]:
    """Return the breakdowns as rows, for the command line."""
    return [
        {"by": name, "value": value or "-", "people": f"{n} or more" if n else f"under {STEP}"}
        for name, _, cells in tables(tx)
        for value, n in cells.items()
    ]


def _values(question: Question | None) -> tuple[str, ...]:
    if question is None:
        return get_args(Mode)
    return (*(c.value for c in question.choices if c.value != UNDER_AGE), "")


def _labels(visit: Visit, question: Question | None) -> dict[str, str]:
    if question is None:
        return {mode: visit.say("mode." + mode) for mode in get_args(Mode)}
    choices = {c.value: c.label.outline(visit.language) for c in question.choices if c.label}
    return {**choices, "": visit.say("numbers.unsaid")}


def named(form: Form, name: str) -> Question | None:
    """Return the question of a form by its name."""
    return next((q for q in form.asked if form.nodes[q.path].name == name), None)


def show(visit: Visit, number: int) -> str:
    """Write a number rounded down to fives: "10 or more", "under 5"."""
    floor = rounded({"": number})[""]
    key = "numbers.or_more" if floor else "numbers.under"
    return visit.say(key, n=texts.number(visit.language, floor or STEP))


def midnight(now: dt.datetime) -> dt.datetime:
    """Return when the day began in Cambodia."""
    local = now.astimezone(PHNOM_PENH)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _place(visit: Visit) -> str:
    bound = visit.owner.bound_to
    return visit.say("province." + bound) if bound else visit.say("invite.everywhere")
