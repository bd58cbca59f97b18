"""What follows a form by itself: at its day, once, by day, and never after a no."""

import datetime as dt

import pytest

from handlers.quiet import PHNOM_PENH
from storage import slots
from tests.chat import Phone
from tests.conftest import House
from tests.steps import AGREE

INVITED = "We have a few short questions"
# To a day that is no holiday, which the day of the follow-up need not be.
TO_A_WORKDAY = 4


async def travelled(house: House) -> Phone:
    """Bring somebody from a study tour to the end of its form."""
    phone = await house.person()
    await phone.types("/start p16-tour_learning")
    skips = 4 * ["Skip ⏭"]
    for label in ("English", AGREE["en"], "Government official", *skips, "📨 Submit"):
        await phone.taps(label)
    return phone


async def trained(house: House, stage: str) -> Phone:
    phone = await house.person()
    await phone.types("/start p16-training_pulse")
    for label in ("English", AGREE["en"], "Government official", "2", stage):
        await phone.taps(label)
    while "📨 Submit" not in phone.labels:
        await phone.taps("Skip ⏭")
    await phone.taps("📨 Submit")
    return phone


async def days_pass(house: House, days: float) -> None:
    house.clock.turn(days=days)
    for _ in range(2):
        await house.application.clock.remind()
        house.application.sender.wake()
        await house.settled()


def standing(house: House) -> dict[str, int]:
    found = house.store.run(slots.standings)
    return {one.reason or one.status: one.number for one in found}


async def invitations(phone: Phone) -> int:
    await phone.look()
    return sum(m.get("text", "").startswith(INVITED) for m in phone.messages)


async def test_sixty_days_after_a_study_tour_its_follow_up_is_asked_and_begins_by_a_tap(
    house: House,
) -> None:
    phone = await travelled(house)
    await days_pass(house, 58)
    assert await invitations(phone) == 0

    await days_pass(house, TO_A_WORKDAY)

    assert await invitations(phone) == 1
    assert "tour" not in phone.sees
    await phone.taps("▶ Begin")
    assert "Have you applied anything that you saw on the study tour?" in phone.sees
    # The tap made the invitation the question, and none comes after it.
    await days_pass(house, 30)
    assert await invitations(phone) == 0


async def test_a_module_is_asked_about_a_month_and_three_months_after_it(house: House) -> None:
    phone = await trained(house, "After")
    assert standing(house) == {"due": 2}

    await days_pass(house, 33)
    assert await invitations(phone) == 1
    await days_pass(house, 60)
    assert await invitations(phone) == 2


async def test_nothing_follows_what_was_answered_before_a_module(house: House) -> None:
    await trained(house, "Before")

    assert standing(house) == {}


async def test_after_not_this_time_nothing_of_it_is_asked_again(house: House) -> None:
    phone = await trained(house, "After")
    await days_pass(house, 33)
    assert await invitations(phone) == 1

    await phone.taps("Not this time")
    assert "I won't ask again about this" in phone.sees
    await days_pass(house, 60)

    assert await invitations(phone) == 0
    assert standing(house) == {"sent": 1, "declined": 1}


@pytest.mark.parametrize(("word", "reason"), [("/stop", "stopped"), (None, "blocked")])
async def test_who_stopped_or_blocked_the_bot_is_asked_nothing(
    house: House, word: str | None, reason: str
) -> None:
    phone = await travelled(house)
    if word:
        await phone.types(word)
    else:
        await phone.blocks()

    await days_pass(house, 63)

    assert standing(house) == {reason: 1}


async def test_nothing_is_kept_of_who_is_forgotten(house: House) -> None:
    phone = await travelled(house)

    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    assert standing(house) == {}


async def test_what_is_due_at_night_waits_for_the_day(house: House) -> None:
    phone = await travelled(house)
    now = house.clock().astimezone(PHNOM_PENH)
    late = (now + dt.timedelta(days=62)).replace(hour=22, minute=0)
    await days_pass(house, (late - now) / dt.timedelta(days=1))
    assert await invitations(phone) == 0

    await days_pass(house, 14 / 24)
    assert await invitations(phone) == 1
