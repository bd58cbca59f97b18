"""Waves in the chat: made by one member, released by another; people are invited once, by day."""

import asyncio
import datetime as dt
import json
from typing import Any

import pytest

from handlers import fielding, texts
from storage import audit, outbox, slots, wave_people, waves
from storage.waves import Wave
from surveys.language import LANGUAGES
from surveys.wave import Audience, Reminding
from tests.bot.test_cli import samleng, says_one_sentence
from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_first_question, member, with_pin

QUESTIONS = 5
INVITED = "We have a few short questions"
INVITED_KM = "យើងមានសំណួរខ្លីៗមួយចំនួន"
USUAL = texts.say("en", "button.wave_linked")
FORM = "Taking part in a dialogue"


async def tick(house: House) -> None:
    """Let the clock tick, everything be sent, and what became of it be noted."""
    for _ in range(2):
        await house.application.clock.field()
        await house.application.clock.remind()
        house.application.sender.wake()
        await house.settled()


async def citizen(house: House, language: str = "en") -> Phone:
    """Bring somebody through the survey that everybody is asked."""
    phone = await at_first_question(house, language)
    await to_the_end(phone)
    return phone


async def to_the_end(phone: Phone) -> None:
    """Skip what can be skipped, and submit."""
    ends = {texts.say(language, "button.submit") for language in LANGUAGES}
    while not ends & set(phone.labels):
        await phone.taps(next(label for label in phone.labels if "⏭" in label))
    await phone.taps(next(label for label in phone.labels if label in ends))


async def opened(house: House, weeks: int = 2, **audience: Any) -> Wave:
    """Open a wave of the dialogue experience, which nobody has begun."""
    [number] = await asyncio.to_thread(make, house, weeks, audience)
    await tick(house)
    found = await house.store.call(waves.find, number)
    assert found is not None
    return found


def make(house: House, weeks: int, audience: dict[str, Any]) -> list[int]:
    [(version,)] = house.rows("SELECT id FROM form_version WHERE form_id = 'dialogue_experience'")
    now = house.clock()
    wants = (Audience(**audience), now, now + dt.timedelta(weeks=weeks), Reminding(), "maker")
    number = house.store.run(waves.create, version, *wants)  # type: ignore[arg-type]
    house.store.run(waves.release, number, "another")
    return [number]


async def invitations(phone: Phone) -> int:
    await phone.look()
    return sum(m.get("text", "").startswith((INVITED, INVITED_KM)) for m in phone.messages)


def standing(house: House, one: Wave) -> dict[str, int]:
    counts = house.store.run(wave_people.standing, one, QUESTIONS)
    return {name: n for name, n in counts.items() if n}


async def made_by_taps(house: House, phone: Phone, *chosen: str) -> None:
    await phone.types("/waves")
    await phone.taps("New wave")
    for label in chosen:
        await phone.taps(label)
    await phone.taps("Make it and ask for release")


async def test_one_makes_a_wave_another_releases_it_and_people_are_invited(house: House) -> None:
    answers, declines = await citizen(house), await citizen(house, "km")
    maker, other = await member(house), await member(house, "owner")

    form = texts.say("en", "form.dialogue_experience")
    await made_by_taps(house, maker, form, "All provinces", "Everybody", "Now", "Weeks: 2", USUAL)
    card = maker.sees
    assert "waits for release" in card
    assert "Release" not in " ".join(maker.labels)
    await other.look()
    assert "waits for somebody else to release it" in other.sees
    await other.types("/waves")
    await other.taps(f"1 · {form} · waits for release")
    await other.taps("Release")
    await with_pin(other)
    assert "Released." in other.sees
    await tick(house)
    [one] = house.store.run(waves.listed)
    assert standing(house, one) == {"invited": 2}

    await answers.look()
    assert answers.sees.startswith(INVITED)
    assert form not in answers.sees
    assert answers.labels == ["▶ Begin", "Not this time"]
    await answers.taps("Begin")
    assert "Not this time" not in answers.labels
    await declines.look()
    assert declines.sees.startswith(INVITED_KM)
    await declines.taps(texts.say("km", "button.not_this_time"))
    assert declines.sees == texts.say("km", "wave.declined")
    assert standing(house, one) == {"break_off": 1, "refused": 1}
    assert house.rows("SELECT count(*) FROM interview WHERE wave_id = 1") == [(1,)]


async def test_an_answered_one_is_complete_and_not_asked_again(house: House) -> None:
    phone = await citizen(house)
    one = await opened(house)
    await phone.look()

    await phone.taps("Begin")
    await to_the_end(phone)
    house.clock.turn(days=8)
    await tick(house)

    assert standing(house, one) == {"complete": 1}
    assert await invitations(phone) == 0


async def test_who_left_is_reminded_unless_the_wave_is_paused_or_closed(house: House) -> None:
    await member(house, "owner")
    reminded, late = await citizen(house), await citizen(house)
    one = await opened(house)
    for phone in (reminded, late):
        await phone.look()
        await phone.taps("Begin")
    await change(house, "pause", one)
    house.clock.turn(days=3)
    await tick(house)
    await reminded.look()
    paused = reminders(house, one)

    await change(house, "resume", one)
    await tick(house)
    await reminded.look()

    assert set(paused) == {"due"}
    # What was due of their invitations is left out: they have begun.
    assert reminders(house, one) == {"sent": 2, "begun": 2}
    assert reminded.sees.startswith("You began this")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_was_invited_and_has_not_begun_is_invited_once_more(
    house: House, language: str
) -> None:
    silent, declines = await citizen(house, language), await citizen(house, language)
    one = await opened(house)
    for phone in (silent, declines):
        await phone.look()
    await declines.taps(texts.say(language, "button.not_this_time"))

    house.clock.turn(days=3)
    await tick(house)
    house.clock.turn(days=3)
    await tick(house)

    await silent.look()
    assert silent.sees.startswith(texts.say(language, "reminder_of_invitation"))
    assert silent.labels == [
        texts.say(language, "button.wave_begin"),
        texts.say(language, "button.not_this_time"),
    ]
    assert reminders(house, one) == {"sent": 1, "declined": 1}
    await silent.taps(texts.say(language, "button.wave_begin"))
    assert standing(house, one) == {"break_off": 1, "refused": 1}


def reminders(house: House, one: Wave) -> dict[object, object]:
    rows = house.rows(
        "SELECT coalesce(reason, status), count(*) FROM slot WHERE schedule = ? OR schedule = ?"
        " GROUP BY 1",
        *(schedule + str(one.id) for schedule in (slots.WAVE, slots.INVITED)),
    )
    return dict(rows)  # type: ignore[arg-type]


async def change(house: House, act: str, one: Wave) -> "Any":
    folder = str(house.folder)
    return await asyncio.to_thread(samleng, "wave", act, one.id, SAMLENG_DATA_DIR=folder)


async def test_after_it_closed_nobody_is_reminded_and_what_was_begun_can_be_ended(
    house: House,
) -> None:
    phone, silent = await citizen(house), await citizen(house)
    one = await opened(house, weeks=1)
    await phone.look()
    await phone.taps("Begin")
    house.clock.turn(days=2, hours=11)
    await tick(house)
    house.clock.turn(days=5, hours=13)
    await tick(house)
    [closed] = house.store.run(waves.listed)
    await silent.look()
    await silent.taps("Begin")

    assert closed.status == "closed"
    # What was due of the first one's invitation was left out: they had begun.
    assert reminders(house, one) == {"begun": 1, "closed": 2}
    assert silent.sees == texts.say("en", "wave.over")
    assert standing(house, one) == {"break_off": 1, "invited": 1}
    await phone.types("/survey")
    await to_the_end(phone)
    assert standing(house, one) == {"partial": 1, "invited": 1}


async def test_a_paused_one_lets_nobody_begin_and_says_so(house: House) -> None:
    phone = await citizen(house)
    one = await opened(house)
    await phone.look()
    await change(house, "pause", one)

    await phone.taps("Begin")

    assert phone.notice == texts.say("en", "wave.rests")
    assert phone.labels == ["▶ Begin", "Not this time"]


async def test_who_belongs_to_it_and_begins_by_themselves_is_in_it(house: House) -> None:
    phone, _ = await citizen(house), await citizen(house)
    one = await opened(house, province="siem_reap")
    form = texts.say("en", "form.dialogue_experience")

    await phone.types("/start p17-dialogue_experience")
    if form in phone.labels:
        await phone.taps(form)

    assert house.rows("SELECT count(*) FROM interview WHERE wave_id = ?", one.id) == [(1,)]
    assert standing(house, one) == {"break_off": 1, "invited": 1}


async def test_at_night_nobody_is_invited(house: House) -> None:
    phone = await citizen(house)
    house.clock.turn(hours=12)
    await opened(house)
    at_night = await invitations(phone)

    house.clock.turn(hours=12)
    await tick(house)

    assert at_night == 0
    assert await invitations(phone) == 1


async def test_what_waits_as_the_evening_comes_is_promised_again_in_the_morning(
    house: House,
) -> None:
    phone = await citizen(house)
    house.application.sender.stop()
    await asyncio.to_thread(make, house, 2, {})
    await asyncio.to_thread(field, house)
    promised = house.rows("SELECT invitation FROM wave_person")

    house.clock.turn(hours=12)
    await asyncio.to_thread(field, house)

    assert promised == [("promised",)]
    assert house.rows("SELECT invitation FROM wave_person") == [("later",)]
    assert house.rows("SELECT * FROM outbox WHERE wave_id IS NOT NULL") == []
    house.clock.turn(hours=12)
    await asyncio.to_thread(field, house)
    assert house.rows("SELECT invitation FROM wave_person") == [("promised",)]
    assert await invitations(phone) == 0


def field(house: House) -> None:
    """What the clock does about waves; nothing is sent."""
    house.store.run(fielding.turn, 25.0)
    for step in (fielding.plan, fielding.invite):
        while house.store.run(step):
            pass


@pytest.mark.parametrize("act", ["stop", "block", "forget"])
async def test_whoever_left_for_good_is_not_invited(house: House, act: str) -> None:
    phone = await citizen(house)
    if act == "block":
        await phone.blocks()
    else:
        await phone.types(f"/{act}")
        if act == "forget":
            await phone.taps("🗑 Delete my data")

    one = await opened(house)

    assert await invitations(phone) == 0
    assert standing(house, one) == {}


async def test_more_time_is_released_by_a_second_person(house: House) -> None:
    asks, agrees = await member(house), await member(house)
    one = await opened(house)
    await asks.types("/waves")
    await asks.taps(asks.labels[0])

    await asks.taps("Keep open longer")
    await asks.taps("Weeks: 1")

    assert "Asked." in asks.sees
    assert "✅ Release" not in asks.labels
    await agrees.types("/waves")
    await agrees.taps(agrees.labels[0])
    await agrees.taps("Release")
    await with_pin(agrees)
    [longer] = house.store.run(waves.listed)
    assert longer.closes_at == one.closes_at + dt.timedelta(weeks=1)
    assert longer.extend_to is None


async def test_whoever_is_bound_to_a_province_sees_only_its_waves(house: House) -> None:
    bound = await member(house, province="kampot")
    await opened(house)

    await bound.types("/waves")
    assert bound.labels == ["➕ New wave", "⏸ Pause a province"]
    await bound.taps("New wave")
    await bound.taps(bound.labels[0])

    assert bound.labels == ["Kampot", "Cancel"]


async def test_the_command_line_does_all_of_it_and_each_act_is_written_down(house: House) -> None:
    await citizen(house)
    owner = await member(house, "owner")

    planned = await command(house, "plan", "dialogue_experience")
    made = await command(house, "create", "dialogue_experience", "--weeks", "1")
    own = await command(house, "release", 1)
    await owner.types("/waves")
    await owner.taps(owner.labels[0])
    await owner.taps("Release")
    await with_pin(owner)
    await tick(house)
    for words in (("pause", 1), ("resume", 1), ("extend", 1), ("close", 1)):
        done = await command(house, *words)
        assert done.returncode == 0, done.stderr
    shown = json.loads((await command(house, "show", 1, "--json")).stdout)
    [listed] = (json.loads((await command(house, "list", "--json")).stdout),)

    assert "1 people: 1 invitations, at most 1 reminders" in planned.stdout
    assert "Wave 1 is made" in made.stdout
    assert says_one_sentence(own, "can't release it")
    assert says_one_sentence(await command(house, "resume", 1), "state")
    assert says_one_sentence(await command(house, "pause", 9), "no such wave")
    assert says_one_sentence(await command(house, "create", "nothing"), "no such form")
    assert says_one_sentence(await command(house, "plan", "x", "--sector", "y"), "citizen")
    assert (shown["state"], shown["people"], shown["invited"]) == ("closed", "1", "1")
    assert listed["made_by"] == "console"
    acts = [entry.act for entry in await house.store.call(audit.latest, 20)]
    for act in ("make", "release", "open", "pause", "resume", "ask to extend", "close"):
        assert f"{act} wave" in acts
    for language in LANGUAGES:
        assert all(texts.say(language, "act." + act) for act in acts)


async def command(house: House, *arguments: object) -> "Any":
    folder = str(house.folder)
    return await asyncio.to_thread(samleng, "wave", *arguments, SAMLENG_DATA_DIR=folder)


async def test_a_part_of_the_people_is_counted_in_fives(house: House) -> None:
    await citizen(house)
    one = await opened(house, province="siem_reap")

    shown = json.loads((await command(house, "show", one.id, "--json")).stdout)
    planned = await command(house, "plan", "dialogue_experience", "--province", "siem_reap")

    assert shown["people"] == "under 5"
    assert "under 5 people" in planned.stdout


async def test_the_weekly_cap_leaves_people_for_later(house: House) -> None:
    phone = await citizen(house)
    [(person,)] = house.rows("SELECT id FROM respondent")
    body = {"text": "x"}
    for _ in range(2):
        await house.store.call(
            outbox.put, str(person), "sendMessage", body, policy="once", lane=outbox.REMINDERS
        )
    await house.settled()
    one = await opened(house)
    now = await invitations(phone), standing(house, one)

    for _ in range(8):
        house.clock.turn(days=1)
        await tick(house)

    assert now == (0, {"waiting": 1})
    assert await invitations(phone) == 1


async def test_in_khmer_a_wave_is_made_by_taps_too(house: House) -> None:
    def km(key: str, **values: str) -> str:
        return texts.say("km", key, **values)

    maker, other = await member(house, language="km"), await member(house, language="km")
    await maker.types("/waves")
    for label in (
        km("button.wave_new"),
        km("form.citizen_interests"),
        km("province.kampot"),
        km("sector.citizen"),
        km("wave.opens_next"),
        km("wave.weeks", n="៤"),
        km("button.wave_linked"),
    ):
        await maker.taps(label)

    assert "25/11/2026 08:00".translate(KHMER_DIGITS) in maker.sees
    assert km("numbers.under", n="៥") in maker.sees
    await maker.taps(km("button.wave_make"))
    assert km("wave.made") in maker.sees
    await other.look()
    assert other.sees == km("wave.asked", n="១")
    await maker.taps(km("button.wave_close"))
    assert km("wave.state_closed") in maker.sees
    assert maker.labels == [km("button.wave_list")]


KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")
