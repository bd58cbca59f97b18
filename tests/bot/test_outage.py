"""After an outage: whoever may have tapped in vain is asked once more, without a sound, by day."""

import datetime as dt

import pytest

from handlers.quiet import is_night
from storage import outages
from tests.conftest import START, HandClock, House
from tests.steps import at_first_question, publish

AGAIN = "We were away for a while."


async def away(house: House, clock: HandClock, **time: float) -> None:
    """Let time pass without a poll, then poll again and let the clock tick."""
    await house.store.call(outages.polled)
    clock.turn(**time)
    await house.store.call(outages.polled)
    await house.application.clock.ask_again()
    await house.settled()


async def test_the_open_question_is_asked_again_silently(house: House, clock: HandClock) -> None:
    phone = await at_first_question(house)

    await away(house, clock, minutes=5)
    await phone.look()

    assert phone.sees.startswith(AGAIN)
    await phone.taps("Skip ⏭")
    assert "have a say" in phone.sees


async def test_a_place_is_asked_again_with_its_button(house: House, clock: HandClock) -> None:
    await publish(house, "sent")
    phone = await at_first_question(house)

    await away(house, clock, minutes=5)
    await phone.look()

    assert phone.sees.startswith(AGAIN)
    assert "request_location" in phone.keys[0]
    await phone.sends("location")
    assert "Where is the school?" in phone.sees


async def test_the_older_message_leads_on_too(house: House, clock: HandClock) -> None:
    phone = await at_first_question(house)
    message_id, skip = phone.button("Skip ⏭")

    await away(house, clock, minutes=5)
    await phone.taps_data(message_id, skip)

    older = next(m for m in phone.messages if m["message_id"] == message_id)
    assert "have a say" in older["text"]


async def test_a_short_break_asks_nobody(house: House, clock: HandClock) -> None:
    phone = await at_first_question(house)

    await away(house, clock, seconds=119)
    await phone.look()

    assert AGAIN not in phone.sees


async def test_nobody_is_asked_twice(house: House, clock: HandClock) -> None:
    phone = await at_first_question(house)

    await away(house, clock, minutes=5)
    await house.application.clock.ask_again()
    await house.settled()
    await phone.look()

    assert sum(AGAIN in m.get("text", "") for m in phone.messages) == 1
    assert house.rows("SELECT count(*) FROM meta WHERE key = 'outage'") == [(0,)]


@pytest.mark.parametrize("ending", ["stopped", "blocked", "later", "answered since"])
async def test_who_left_or_went_on_is_not_asked(
    house: House, clock: HandClock, ending: str
) -> None:
    phone = await at_first_question(house)
    await house.store.call(outages.polled)
    clock.turn(minutes=5)
    await house.store.call(outages.polled)
    if ending == "stopped":
        await phone.types("/stop")
    elif ending == "blocked":
        await phone.blocks()
    else:
        await phone.taps({"later": "⏸ Later", "answered since": "Skip ⏭"}[ending])

    await house.application.clock.ask_again()
    await house.settled()
    await phone.look()

    assert not any(AGAIN in m.get("text", "") for m in phone.messages)


async def test_who_stopped_answering_long_before_is_left_in_peace(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    for _ in range(60):
        clock.turn(minutes=2)
        await house.store.call(outages.polled)

    await away(house, clock, minutes=5)
    await phone.look()

    assert AGAIN not in phone.sees


async def test_at_night_people_are_asked_in_the_morning(house: House, clock: HandClock) -> None:
    clock.turn(hours=11, minutes=30)  # half past eight in the evening
    phone = await at_first_question(house)

    await away(house, clock, minutes=5)
    await phone.look()
    at_night = phone.sees
    clock.turn(hours=12)
    await house.application.clock.ask_again()
    await house.settled()
    await phone.look()

    assert AGAIN not in at_night
    assert AGAIN in phone.sees


async def test_a_real_gap_between_two_polls_is_noticed(house: House, clock: HandClock) -> None:
    await at_first_question(house)

    clock.turn(minutes=10)
    await at_first_question(house)

    assert house.rows("SELECT count(*) FROM meta WHERE key = 'outage'") == [(1,)]


@pytest.mark.parametrize(
    ("hour", "night"), [(0, True), (7, True), (8, False), (19, False), (20, True), (23, True)]
)
def test_night_is_from_eight_to_eight_in_cambodia(hour: int, night: bool) -> None:
    midnight = START.replace(hour=17, minute=0)  # in UTC

    assert is_night(midnight + dt.timedelta(hours=hour)) is night
