"""Quotas on both databases: how each cell stands, and who is asked no more."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage import (
    ballots,
    forms,
    interviews,
    outbox,
    quotas,
    respondents,
    wave_audience,
    wave_people,
    waves,
)
from storage.respondents import Respondent
from storage.store import Store
from surveys.instruments import PROFILE, instrument
from surveys.quota import Quota
from surveys.wave import Audience, Reminding
from surveys.xlsform import convert
from tests.database import plain_sql

GRID = (Quota("kampot", "f", "", 2), Quota("kampot", "m", "", 1))


@pytest.fixture
def wave_id(store: Store, survey: forms.Published, clock: Any) -> int:
    """An open wave with quotas."""
    span = (clock(), clock() + dt.timedelta(days=14))
    number = store.run(waves.create, survey.id, Audience(), *span, Reminding(), "maker")
    store.run(quotas.add, number, GRID)
    one = store.run(waves.find, number)
    assert one is not None
    store.run(waves.set_status, one, "open")
    return number


@pytest.fixture
def someone(store: Store, person: Callable[[int], Respondent]) -> Callable[..., Respondent]:
    """Make somebody who said what they are."""
    profile = instrument(PROFILE)
    assert profile is not None
    store.run(forms.publish, convert(profile.path)["xform"], "profile")
    published = store.run(forms.newest, PROFILE)
    assert published is not None

    def make(number: int, sex: str, province: str = "kampot") -> Respondent:
        who = person(number)
        store.run(respondents.change, who.id, province=province, language="km")
        stored = store.run(interviews.start, who.id, published.id, PROFILE, "km")
        said = {wave_audience.SAID["sex"]: sex} if sex else {}
        store.run(interviews.save, replace(stored, status="paused", response=said))
        return who

    return make


def test_each_cell_counts_who_answered_and_who_was_lately_asked(
    store: Store, someone: Callable[..., Respondent], wave_id: int, survey: forms.Published
) -> None:
    woman, asked, man, elsewhere, silent = (
        someone(number, *said)
        for number, said in enumerate([("f",), ("f",), ("m",), ("f", "siem_reap"), ("",)], start=1)
    )
    for who in (woman, asked, man, elsewhere, silent):
        store.run(wave_people.join, wave_id, who.id)
    for who in (woman, elsewhere, silent):
        stored = store.run(interviews.start, who.id, survey.id, "survey", "km", wave_id=wave_id)
        store.run(interviews.save, replace(stored, status="complete"))
    store.run(wave_people.mark, wave_id, man.id, "cast")
    sent = store.run(outbox.put, asked.id, "sendMessage", {"text": "x"})
    store.run(plain_sql, f"UPDATE outbox SET wave_id = {wave_id} WHERE id = {sent}")

    women, men = store.run(quotas.standing, wave_id)

    assert (women.complete, women.asked, women.is_full, women.room) == (1, 1, False, 2)
    assert (men.complete, men.is_full, men.room) == (1, True, 0)
    assert [
        store.run(quotas.is_full, wave_id, who.id) for who in (woman, man, elsewhere, silent)
    ] == [False, True, False, False]
    assert store.run(ballots.waiting, wave_id) == 0


def test_who_is_sent_away_is_counted_so(
    store: Store, someone: Callable[..., Respondent], wave_id: int
) -> None:
    who = someone(1, "m")
    store.run(wave_people.join, wave_id, who.id)

    store.run(quotas.turn_away, wave_id, [who.id])

    one = store.run(waves.find, wave_id)
    assert one is not None
    counts = store.run(wave_people.standing, one, 2)
    assert {name: n for name, n in counts.items() if n} == {"over_quota": 1}
