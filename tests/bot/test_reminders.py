"""Reminders in the chat: once, on the question itself, by day, and never after a no."""

import asyncio
import datetime as dt
from collections import Counter

import pytest

from handlers import reminding
from handlers.quiet_days import is_quiet
from storage import outbox, slots
from storage.store import Transaction
from tests.chat import Phone
from tests.conftest import BOT_ID, HandClock, House
from tests.steps import at_first_question, export_of, member

# The test clock begins on the second day of the Water Festival.
TO_A_WORKDAY = 2


async def tick(house: House) -> None:
    """Let the clock tick once, and everything be sent."""
    await house.application.clock.remind()
    house.application.sender.wake()
    await house.settled()
    await house.application.clock.remind()


async def days_pass(house: House, days: float) -> None:
    house.clock.turn(days=days)
    await tick(house)


def standing(house: House) -> dict[str, int]:
    found = house.store.run(slots.standings)
    return {one.reason or one.status: one.number for one in found}


async def seen(phone: Phone) -> int:
    await phone.look()
    return sum("this is the one reminder" in m.get("text", "") for m in phone.messages)


async def test_whoever_left_a_survey_is_asked_the_question_once_more(house: House) -> None:
    phone = await at_first_question(house)
    before = len(phone.messages)

    await days_pass(house, 3)
    await phone.look()

    assert len(phone.messages) == before + 1
    assert phone.sees.startswith("You began this and haven't finished")
    assert "What matters" in phone.sees
    assert phone.labels[-1] == "Not this time"
    assert standing(house) == {"sent": 1}


async def test_the_reminder_is_the_question_and_can_be_answered(house: House) -> None:
    phone = await at_first_question(house)
    await days_pass(house, 3)
    await phone.look()

    await phone.taps("Road")
    await phone.taps("Done (1)")

    assert house.rows("SELECT value FROM answer WHERE value = 'road'") == [("road",)]


async def test_there_is_one_however_long_nobody_answers(house: House) -> None:
    phone = await at_first_question(house)

    for _ in range(20):
        await days_pass(house, 1.1)

    assert await seen(phone) == 1
    assert standing(house) == {"sent": 1}


async def test_not_this_time_is_the_end_of_it(house: House) -> None:
    phone = await at_first_question(house)
    await days_pass(house, 3)
    await phone.look()

    await phone.taps("Not this time")
    await days_pass(house, 3)

    assert "I won't remind you" in phone.sees
    assert await seen(phone) == 0
    await phone.types("/start")
    assert "What matters" in phone.sees


@pytest.mark.parametrize("act", ["stop", "block", "forget"])
async def test_whoever_left_for_good_is_never_reminded(house: House, act: str) -> None:
    phone = await at_first_question(house)
    if act == "block":
        await phone.blocks()
    else:
        await phone.types(f"/{act}")
        if act == "forget":
            await phone.taps("🗑 Delete my data")

    await days_pass(house, 3)

    assert await seen(phone) == 0
    assert house.rows("SELECT * FROM outbox WHERE lane = 1") == []


async def test_who_finished_meanwhile_is_left_in_peace(house: House) -> None:
    phone = await at_first_question(house)
    house.clock.turn(days=2)
    await asyncio.to_thread(house.store.run, slots.plan, dt.timedelta(days=2))
    for _ in range(5):
        await phone.taps("Skip ⏭")
    await phone.taps(next(label for label in phone.labels if "Submit" in label))

    await days_pass(house, 1)

    assert await seen(phone) == 0
    assert standing(house) == {"finished": 1}


async def test_at_night_and_on_holidays_they_wait_for_the_morning(house: House) -> None:
    phone = await at_first_question(house)
    house.clock.turn(days=TO_A_WORKDAY, hours=12)

    await tick(house)
    at_night = await seen(phone)
    house.clock.turn(hours=11)
    await tick(house)

    assert at_night == 0
    assert await seen(phone) == 1


async def test_what_is_promised_as_the_evening_comes_is_taken_back(house: House) -> None:
    await at_first_question(house)
    house.clock.turn(days=3)
    house.application.sender.stop()
    await asyncio.to_thread(plan_and_promise, house)
    assert standing(house) == {"promised": 1}

    house.clock.turn(hours=12)
    await asyncio.to_thread(house.store.run, reminding.room)

    assert standing(house) == {"due": 1}
    assert house.rows("SELECT * FROM outbox WHERE lane = 1") == []


def plan_and_promise(house: House) -> None:
    while house.store.run(reminding.plan):
        pass
    house.store.run(reminding.promise, BOT_ID)


async def test_staff_pause_them_and_let_them_go_on(house: House) -> None:
    phone = await at_first_question(house)
    await house.store.call(reminding.pause, paused=True)
    await days_pass(house, 3)
    paused = await seen(phone)

    await house.store.call(reminding.pause, paused=False)
    await tick(house)

    assert paused == 0
    assert await seen(phone) == 1


async def test_two_unasked_messages_a_week_are_enough(house: House) -> None:
    phone = await at_first_question(house)
    house.clock.turn(days=3)
    [(person,)] = house.rows("SELECT id FROM respondent")
    for _ in range(2):
        house.store.run(broadcast_to, str(person))
    await house.settled()

    await tick(house)

    assert await seen(phone) == 0
    assert standing(house) == {"cap": 1}


def broadcast_to(tx: Transaction, person: str) -> None:
    body = {"text": "x"}
    outbox.put(tx, person, "sendMessage", body, policy="once", lane=outbox.BROADCASTS)


async def test_a_year_of_turning_the_clock_breaks_no_rule(house: House, clock: HandClock) -> None:
    """Leap day, Khmer New Year, an outage of a day: every tick by day, some people each week."""
    clock.now = dt.datetime(2027, 11, 1, 2, tzinfo=dt.UTC)
    phones: list[Phone] = []
    sent_at: list[dt.datetime] = []
    for week in range(52):
        phones.append(await at_first_question(house))
        for hours in (31, 53, 84) if week % 7 else (168,):
            before = standing(house).get("sent", 0)
            clock.turn(hours=hours)
            await tick(house)
            sent_at += [clock()] * (standing(house).get("sent", 0) - before)

    reminded = Counter([await seen(phone) for phone in phones])
    assert reminded[1] >= 48
    assert set(reminded) <= {0, 1}
    assert not any(is_quiet(at) for at in sent_at)
    assert len(sent_at) == reminded[1]
    assert {at.month for at in sent_at} == set(range(1, 13))
    assert house.rows("SELECT count(*) FROM slot GROUP BY respondent_id HAVING count(*) > 1") == []


async def test_staff_who_only_look_are_not_reminded(house: House) -> None:
    staff = await member(house)
    await export_of(staff)

    await days_pass(house, 3)

    assert await seen(staff) == 0
