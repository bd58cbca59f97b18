"""Quotas steer: who is of a full cell isn't invited or reminded, and is kindly sent away."""

import asyncio
import datetime as dt
import json
from typing import Any

import pytest

from handlers import texts
from storage import forms, wave_people, waves
from storage.waves import Wave
from surveys import quota
from surveys.wave import Audience, Reminding
from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_subscriptions import turn_to_a_morning
from tests.bot.test_waves import citizen, invitations, standing, tick, to_the_end
from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_first_question, member

SKIP = {"en": "Skip ⏭", "km": "រំលង ⏭"}
WOMEN = (quota.Quota("", "f", "", 1), quota.Quota("", "m", "", 1))


async def opened(
    house: House, grid: tuple[quota.Quota, ...], form_id: str = "dialogue_experience"
) -> Wave:
    number = await house.store.call(make, grid, form_id)
    await tick(house)
    found = await house.store.call(waves.find, number)
    assert found is not None
    return found


def make(tx: Any, grid: tuple[quota.Quota, ...], form_id: str) -> int:
    from storage import quotas

    published = forms.newest(tx, form_id)
    assert published is not None
    span = (tx.now, tx.now + dt.timedelta(weeks=2))
    number = waves.create(tx, published.id, Audience(), *span, Reminding(), "maker")
    quotas.add(tx, number, grid)
    waves.release(tx, number, "another")
    return number


async def who_is(house: House, sex: str, language: str = "en") -> Phone:
    """Bring somebody through the survey, who then says what they are."""
    phone = await citizen(house, language)
    await phone.taps(texts.say(language, "button.more_yes"))
    await phone.taps(sex)
    for _ in range(3):
        await phone.taps(SKIP[language])
    await to_the_end(phone)
    return phone


@pytest.mark.parametrize("language", ["en", "km"])
async def test_everybody_says_what_they_are_before_anybody_is_sent_away(
    house: House, language: str
) -> None:
    words = {"en": ("Female", "25–34 years"), "km": ("ស្រី", "២៥-៣៤ ឆ្នាំ")}[language]
    first, second = await citizen(house, language), await citizen(house, language)
    one = await opened(house, WOMEN)
    for phone in (first, second):
        await phone.look()
        await phone.taps(texts.say(language, "button.wave_begin").removeprefix("▶ "))
        assert words[0] in phone.labels
        for word in words:
            await phone.taps(word)
        if phone is first:
            assert "1/5" in phone.sees or "១/៥" in phone.sees
            await to_the_end(phone)

    assert second.sees == texts.say(language, "wave.over_quota")
    assert standing(house, one) == {"complete": 1, "over_quota": 1}
    said = house.rows("SELECT count(*) FROM answer WHERE path = '/data/more/sex' AND value = 'f'")
    assert said == [(2,)]


async def test_who_rather_doesnt_say_is_of_no_cell_and_asked_all_the_same(house: House) -> None:
    phone = await citizen(house)
    await opened(house, WOMEN)
    await phone.look()
    await phone.taps("Begin")
    for _ in range(2):
        await phone.taps("Skip ⏭")

    assert "1/5" in phone.sees
    await to_the_end(phone)
    assert texts.say("en", "thanks.more") in phone.sees


async def test_of_a_full_cell_nobody_is_invited_or_reminded(house: House) -> None:
    woman, left = await who_is(house, "Female"), await who_is(house, "Female")
    man = await who_is(house, "Male")
    one = await opened(house, WOMEN)
    assert [await invitations(phone) for phone in (woman, left, man)] == [1, 1, 1]
    await left.look()
    await left.taps("Begin")
    await woman.look()
    await woman.taps("Begin")
    await to_the_end(woman)
    late = await who_is(house, "Female")
    house.clock.turn(days=2, hours=1)

    await tick(house)
    await left.look()

    assert await invitations(late) == 0
    assert "You began this" not in left.sees
    reasons = house.rows("SELECT reason, count(*) FROM slot WHERE status = 'withheld' GROUP BY 1")
    assert ("quota", 1) in reasons
    assert standing(house, one)["complete"] == 1


async def test_a_cell_is_invited_as_far_as_it_has_room_and_more_the_next_days(house: House) -> None:
    phones = [await who_is(house, "Female") for _ in range(5)]
    one = await opened(house, WOMEN)
    at_first = [await invitations(phone) for phone in phones]

    for _ in range(4):
        house.clock.turn(days=1)
        await tick(house)
    later = [await invitations(phone) for phone in phones]

    assert sum(at_first) == quota.INVITED_FOR_ONE
    assert sum(later) == 5
    assert standing(house, one) == {"invited": 5}


async def test_staff_see_each_cell_with_its_target(house: House) -> None:
    woman = await who_is(house, "Female")
    folder = str(house.folder)

    def wave(*words: object) -> Any:
        return samleng("wave", *words, SAMLENG_DATA_DIR=folder)

    create = ("create", "dialogue_experience", "--quota")
    bad = await asyncio.to_thread(wave, *create, "f=many")
    twice = await asyncio.to_thread(wave, *create, "f=3", "--quota", "siem_reap/m=3")
    made = await asyncio.to_thread(wave, *create, "siem_reap/f=6", "--quota", "siem_reap/m=6")
    assert says_one_sentence(bad, "ratanakiri/f=60")
    assert says_one_sentence(twice, "ratanakiri/f=60")
    assert made.returncode == 0, made.stderr
    await house.store.call(waves.release, 1, "another")
    await tick(house)
    await woman.look()
    await woman.taps("Begin")
    await woman.taps("Skip ⏭")
    await to_the_end(woman)
    owner = await member(house, "owner")
    await owner.types("/waves")
    await owner.taps(owner.labels[0])

    assert "Siem Reap · Female: under 5 of 6" in owner.sees
    shown = json.loads((await asyncio.to_thread(wave, "show", 1, "--json")).stdout)
    assert shown["siem_reap/f"] == "under 5 of 6"


async def test_each_morning_staff_see_the_cells_too(house: House) -> None:
    staff, bound = await member(house), await member(house, province="kampot")
    await opened(house, (quota.Quota("siem_reap", "f", "", 6),))

    await turn_to_a_morning(house, 1)

    await staff.look()
    assert "Siem Reap · Female: under 5 of 6" in staff.sees
    await bound.look()
    assert "Siem Reap · Female" not in bound.sees


async def test_targets_are_chosen_by_taps(house: House) -> None:
    maker = await member(house)
    await maker.types("/waves")
    for label in (
        "New wave",
        texts.say("en", "form.dialogue_experience"),
        "Kampot",
        "Everybody",
        "Now",
        "Weeks: 2",
        texts.say("en", "button.wave_linked"),
        texts.say("en", "button.wave_targets"),
        "30 of each",
    ):
        await maker.taps(label)
    assert "Wanted of each group: 30 of each" in maker.sees

    await maker.taps("Make it and ask for release")

    rows = house.rows("SELECT province, sex, target FROM wave_quota ORDER BY sex")
    assert rows == [("kampot", "f", 30), ("kampot", "m", 30)]


async def test_who_comes_anew_says_what_they_are_first_too(house: House) -> None:
    await opened(house, WOMEN, "citizen_interests")
    phone = await at_first_question(house)

    assert "Your sex?" in phone.sees
    await phone.taps("Male")
    await phone.taps("Skip ⏭")

    assert "1/5" in phone.sees
    assert house.store.run(wave_people.is_answering, 1, str(person(house)))


def person(house: House) -> object:
    [(found,)] = house.rows("SELECT id FROM respondent")
    return found
