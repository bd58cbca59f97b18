"""Quotas at work: whoever is of a full cell isn't invited or reminded, and is kindly sent away.

Everybody is asked what they are before anybody is sent away, so that figures can be weighted; what
they said is kept. It is one rule in both languages.
"""

from typing import Any

from handlers.visit import Visit
from storage import forms, interviews, quotas
from storage.interviews import Stored
from storage.store import Transaction
from storage.wave_audience import SAID
from surveys import quota
from surveys.instruments import PROFILE

# The stage of the profile in which only what quotas are made of is asked.
STRATA, WAVE = "strata", "wave"


def to_ask_first(visit: Visit, wave_id: int) -> Stored | None:
    """Return the profile of somebody who wasn't asked yet what a wave's quotas are made of."""
    wanted = quota.strata(quotas.of_wave(visit.tx, wave_id)) & SAID.keys()
    profile = interviews.latest(visit.tx, visit.person.id, PROFILE) if wanted else None
    if profile is None or not _can_ask(visit, profile):
        return None
    state = profile.interview
    is_asked = all(state.values.get(SAID[name]) or SAID[name] in state.skipped for name in wanted)
    return None if is_asked else profile


def _can_ask(visit: Visit, profile: Stored) -> bool:
    """Tell whether somebody's profile is of a version that asks it before a survey."""
    nodes = forms.by_id(visit.tx, profile.form_version_id).form.nodes
    return any(node.name == WAVE for node in nodes.values())


def presets(wave_id: int) -> dict[str, str]:
    """Return what lets the profile ask it, and where it leads to then."""
    return {"stage": STRATA, WAVE: str(wave_id)}


def is_turned_away(visit: Visit, wave_id: int) -> bool:
    """Send somebody away whose cell is full; what they said of themselves is kept."""
    if not quotas.is_full(visit.tx, wave_id, visit.person.id):
        return False
    quotas.turn_away(visit.tx, wave_id, [visit.person.id])
    visit.answer(visit.say("wave.over_quota"))
    return True


def invited(tx: Transaction, wave_id: int, people: list[Any]) -> list[Any]:
    """Return whom to invite of some people: of each cell as many as have room in it now.

    Those of a full cell are counted as not asked; the others wait until the next morning.
    """
    standing = quotas.standing(tx, wave_id)
    room = {one.quota: one.room for one in standing}
    full = {one.quota for one in standing if one.is_full}
    chosen, turned_away = [], []
    for person in people:
        cell = [part or "" for part in (person.province, person.sex, person.age_group)]
        mine = quota.of(room, cell)
        if mine in full:
            turned_away.append(person.respondent_id)
        elif mine is None or room[mine] > 0:
            chosen.append(person)
            room |= {mine: room[mine] - 1} if mine else {}
    quotas.turn_away(tx, wave_id, turned_away)
    return chosen
