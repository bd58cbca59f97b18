"""A wave in words: its number and form, whom it is for, from when to when."""

import datetime as dt
from dataclasses import astuple

from handlers import offering, texts
from handlers.numbers import named as profile_question
from handlers.numbers import show as rounded
from handlers.quiet import PHNOM_PENH
from handlers.visit import Visit
from storage import forms, organisations, quotas
from storage.waves import Wave
from surveys.instruments import PROFILE
from surveys.quota import DIMENSIONS, Quota
from surveys.wave import Audience


def named(visit: Visit, one: Wave) -> str:
    """Say which wave it is, on one line: number, form, state."""
    form = forms.by_id(visit.tx, one.form_version_id).form
    n = texts.number(visit.language, one.id)
    return f"{n} · {offering.title(visit.language, form)} · {visit.say('wave.state_' + state(one))}"


def state(one: Wave) -> str:
    """Return the state of a wave as staff are told it: of a draft, whether it is released."""
    return "released" if one.status == "draft" and not one.waits else one.status


def told(visit: Visit, one: Wave) -> str:
    """Say all that was chosen for a wave."""
    lines = [named(visit, one), whom(visit, one.audience), span(visit, one.opens_at, one.closes_at)]
    if one.is_ballot:
        lines.append(visit.say("ballot.mark"))
    if one.extend_to and one.status != "closed":
        lines.append(visit.say("wave.wants_more_time", until=moment(visit, one.extend_to)))
    return "\n".join(lines)


def whom(visit: Visit, audience: Audience) -> str:
    """Say whom a wave is for."""
    parts = [
        *([visit.say("role." + audience.role)] if audience.role else []),
        visit.say("sector." + audience.sector) if audience.sector else visit.say("wave.everybody"),
        visit.say("province." + audience.province)
        if audience.province
        else visit.say("invite.everywhere"),
        *(
            label(visit, name, value)
            for name in ("language", "sex", "age_group")
            if (value := getattr(audience, name))
        ),
    ]
    if audience.organisation:
        found = organisations.by_code(visit.tx, audience.organisation)
        parts.append(found.name(visit.language) if found else audience.organisation)
    if audience.answered_wave:
        n = texts.number(visit.language, audience.answered_wave)
        parts.append(visit.say("wave.who_answered", n=n))
    return " · ".join(parts)


def label(visit: Visit, name: str, value: str) -> str:
    """Say what people are: a language, a province, or an answer to the profile, by its label."""
    if name == "language":
        return texts.LANGUAGE_NAMES[value]
    if name == "province":
        return visit.say("province." + value)
    published = forms.newest(visit.tx, PROFILE)
    question = profile_question(published.form, name) if published else None
    labels = {choice.value: choice.label for choice in question.choices} if question else {}
    found = labels.get(value)
    return found.outline(visit.language) if found else value


def cell(visit: Visit, one: Quota) -> str:
    """Say which people a quota is of."""
    parts = zip(DIMENSIONS, one.cell, strict=True)
    return " · ".join(label(visit, name, value) for name, value in parts if value)


def quotas_told(visit: Visit, one: Wave) -> str:
    """Say how many of each cell answered, rounded as all numbers of a part of the people.

    Whoever is bound to a province sees only its cells; blank where there are none.
    """
    lines = [
        visit.say(
            "wave.quota",
            cell=cell(visit, filled.quota),
            n=rounded(visit, filled.complete),
            target=texts.number(visit.language, filled.quota.target),
        )
        for filled in quotas.standing(visit.tx, one.id)
        if visit.owner.bound_to in {None, filled.quota.province}
    ]
    return "\n".join([visit.say("wave.quotas"), *lines]) if lines else ""


def span(visit: Visit, opens_at: dt.datetime, closes_at: dt.datetime) -> str:
    """Say from when to when a wave is open."""
    return visit.say("wave.span", since=moment(visit, opens_at), until=moment(visit, closes_at))


def moment(visit: Visit, at: dt.datetime) -> str:
    """Write a moment in Cambodia, day first."""
    return texts.number(visit.language, f"{at.astimezone(PHNOM_PENH):%d/%m/%Y %H:%M}")


def number(visit: Visit, audience: Audience, n: int) -> str:
    """Write a number of people; of a part of them rounded down, so that nobody shows."""
    is_part = any(value is not None for value in astuple(audience))
    return rounded(visit, n) if is_part else texts.number(visit.language, n)
