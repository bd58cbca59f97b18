"""The card of the morning: what happened since the last one, by province and sex; what looks odd.

Numbers by province and sex are rounded down to fives, like all that counts people (numbers.py); of
staff who are bound to a province, all are.
"""

import datetime as dt

from export.rounding import rounded
from handlers import links, numbers, texts, wavetexts
from handlers.periods import moments
from handlers.visit import Visit
from storage import forms, morning, waves
from storage.morning import EVENTS, Span
from surveys import oddities, periods
from surveys.instruments import PROFILE

WEEK = dt.timedelta(days=7)
# Before so many answers a province without any says nothing.
ENOUGH = 10


def card(visit: Visit, first: dt.date, last: dt.date) -> str:
    """Return the card of a day, or of some days that follow each other."""
    happened = news(visit, first, last) or [visit.say("card.nothing")]
    days = dict.fromkeys(f"{day:%d/%m/%Y}" for day in (first, last))
    head = visit.say("card.head", day=texts.number(visit.language, " – ".join(days)))
    return "\n\n".join([head, *happened, visit.say("numbers.rounded")])


def news(visit: Visit, first: dt.date, last: dt.date) -> list[str]:
    """Return the parts of a card; none where nothing happened, lacks or looks odd."""
    since, _ = moments(periods.of_day("day", first))
    _, until = moments(periods.of_day("day", last))
    span = Span(since, until, visit.owner.bound_to or morning.EVERYWHERE)
    events = [_event(visit, name, span) for name in EVENTS]
    parts = [*events, _reminders(visit, span), *_quotas(visit), *_odd(visit, span)]
    return [part for part in parts if part]


def _event(visit: Visit, name: str, span: Span) -> str:
    """Say how many there were, and below it each province with who they were; blank for none."""
    cells = morning.counted(visit.tx, name, span, _sex_path(visit))
    total = sum(cells.values())
    if not total:
        return ""
    lines = [visit.say("card." + name, n=_exact_or_rounded(visit, total))]
    for province in (*links.PROVINCES.values(), "other"):
        here = {sex: n for (place, sex), n in cells.items() if place == province}
        if told := _by_sex(visit, here):
            place = visit.say("province." + province)
            lines.append("  " + visit.say("labelled", name=place, value=told))
    return "\n".join(lines)


def _by_sex(visit: Visit, cells: dict[str, int]) -> str:
    """Write women and men, as far as there are five of them."""
    told = rounded({sex: cells.get(sex, 0) for sex in ("f", "m")})
    return ", ".join(
        visit.say("card.sex_" + sex, n=texts.number(visit.language, floor))
        for sex, floor in told.items()
        if floor
    )


def _sex_path(visit: Visit) -> str:
    profile = forms.newest(visit.tx, PROFILE)
    question = numbers.named(profile.form, "sex") if profile else None
    return question.path if question else ""


def _exact_or_rounded(visit: Visit, number: int) -> str:
    bound = visit.owner.bound_to
    return numbers.show(visit, number) if bound else texts.number(visit.language, number)


def _reminders(visit: Visit, span: Span) -> str:
    """Say how many reminders went out, and how many were withheld for which reason."""
    found = morning.reminders(visit.tx, span)
    named = ((visit.say("reminded." + (reason or status)), n) for status, reason, n in found)
    lines = [
        "  " + visit.say("labelled", name=name, value=_exact_or_rounded(visit, n))
        for name, n in named
    ]
    return "\n".join([visit.say("card.reminders"), *lines]) if lines else ""


def _quotas(visit: Visit) -> list[str]:
    """Say how the cells of the open waves stand that have quotas."""
    listed = [one for one in waves.listed(visit.tx) if one.status == "open"]
    told = {one.id: wavetexts.quotas_told(visit, one) for one in listed}
    # By its number alone: a notification may show it.
    named = {visit.say("card.wave", n=texts.number(visit.language, at)): at for at in told}
    return [f"{name}\n{told[at]}" for name, at in named.items() if told[at]]


def _odd(visit: Visit, span: Span) -> list[str]:
    """Say what staff should look at."""
    odd = [*_bursts(visit, span), *_lines(visit, span), *_silent(visit, span)]
    return ["\n".join([visit.say("card.odd"), *(f"  ⚠ {one}" for one in odd)])] if odd else []


def _bursts(visit: Visit, span: Span) -> list[str]:
    fullest = {
        province: oddities.busiest(minutes)
        for province, minutes in morning.by_minute(visit.tx, span).items()
    }
    return [
        visit.say("odd.burst", place=_place(visit, province), n=numbers.show(visit, most))
        for province, most in fullest.items()
        if most >= oddities.MANY
    ]


def _lines(visit: Visit, span: Span) -> list[str]:
    straight: dict[int, list[bool]] = {}
    grids: dict[int, list[tuple[str, ...]]] = {}
    for version_id, answers in morning.responses(visit.tx, span):
        if version_id not in grids:
            grids[version_id] = oddities.grids(forms.by_id(visit.tx, version_id).form)
        for paths in grids[version_id]:
            straight.setdefault(version_id, []).append(oddities.is_straight(answers, paths))
    return [
        visit.say(
            "odd.lines",
            n=numbers.show(visit, sum(found)),
            all=numbers.show(visit, len(found)),
        )
        for found in straight.values()
        if oddities.are_many(sum(found), len(found))
    ]


def _silent(visit: Visit, span: Span) -> list[str]:
    """Name the provinces of the project from which nobody answered in a week, while others did."""
    week = Span(span.until - WEEK, span.until, span.province)
    counts = morning.by_province(visit.tx, week)
    if span.province or sum(counts.values()) < ENOUGH:
        return []
    silent = [name for name in links.DIALOGUES if not counts.get(name)]
    return [visit.say("odd.silent", place=visit.say("province." + name)) for name in silent]


def _place(visit: Visit, province: str) -> str:
    return visit.say("province." + province) if province else visit.say("numbers.unsaid")
