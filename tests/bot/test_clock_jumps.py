"""The machine's clock jumps a day: nothing is sent twice, nothing waits a day, all goes on."""

import pytest

from storage import inbox, outages, outbox
from storage.outbox import REMINDERS
from tests.bot.test_intake import RETRY_SECONDS, break_answers
from tests.bot.test_outage import AGAIN
from tests.bot.test_sender import fault, respondent_of
from tests.chat import Phone, until
from tests.conftest import HandClock, House
from tests.steps import at_first_question, at_text_question

DAY = pytest.mark.parametrize("days", [-1, 1])


async def jump(house: House, clock: HandClock, days: float) -> None:
    """Let the clock jump while the bot runs, the next poll come, and the clock tick."""
    clock.turn(days=days)
    await house.application.worker.polled()
    await tick(house, clock)


async def tick(house: House, clock: HandClock) -> None:
    clock.turn(seconds=1)
    await house.application.clock.retry()
    await house.application.clock.ask_again()


def times(phone: Phone, text: str) -> int:
    return sum(text in message.get("text", "") for message in phone.messages)


@DAY
async def test_a_reply_that_waits_for_its_next_try_is_sent_once(
    house: House, clock: HandClock, days: int
) -> None:
    phone = await at_first_question(house)
    await fault(house, "sendMessage", 502, "Bad Gateway")
    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
    await until(_tried_once(house))

    await jump(house, clock, days)
    await house.settled()
    await phone.look()

    assert times(phone, "/mydata") == 1


def _tried_once(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        query = "SELECT count(*) FROM outbox WHERE status = 'pending' AND attempts = 1"
        return house.rows(query) == [(1,)]

    return holds


@DAY
async def test_a_message_promised_just_before_is_sent_once(
    house: House, clock: HandClock, days: int
) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)

    message = {"text": "Remember"}
    await house.store.call(
        outbox.put, person, "sendMessage", message, policy="once", lane=REMINDERS
    )
    await jump(house, clock, days)
    await house.settled()
    await jump(house, clock, -days)
    await house.settled()
    await phone.look()

    assert times(phone, "Remember") == 1


async def test_a_message_planned_for_later_is_not_hurried_by_a_jump_back(
    house: House, clock: HandClock
) -> None:
    person = await respondent_of(house, await at_first_question(house))
    later = clock().replace(hour=5)
    await house.store.call(
        outbox.put, person, "sendMessage", {"text": "Later"}, policy="once", due_at=later
    )

    await jump(house, clock, -1)

    assert house.rows("SELECT status FROM outbox WHERE policy = 'once'") == [("pending",)]
    clock.turn(days=1, hours=4)
    house.application.sender.wake()
    await house.settled()
    assert house.rows("SELECT status FROM outbox WHERE policy = 'once'") == [("sent",)]


@DAY
async def test_an_update_that_waits_for_another_try_is_handled_once(
    house: House, clock: HandClock, days: int
) -> None:
    phone = await at_text_question(house)
    broken = break_answers()
    await phone.types("The bridge is broken")
    for seconds in RETRY_SECONDS[:3]:
        clock.turn(seconds=seconds + 1)
        await house.application.clock.retry()
    broken.undo()
    waits = house.rows("SELECT attempts FROM inbox WHERE status = 'pending'")

    await jump(house, clock, days)
    await house.settled()

    assert waits == [(4,)]
    stored = house.rows("SELECT value FROM answer WHERE path = '/data/change'")
    assert stored == [("The bridge is broken",)]


async def test_a_late_duplicate_is_known_even_a_day_ahead(house: House, clock: HandClock) -> None:
    """Keys are kept twice as long as Telegram keeps an update; the clock may be a day ahead."""
    phone = await at_text_question(house)
    update = await house.telegram.post(
        f"/sim/people/{phone.person_id}/write", text="The bridge is broken"
    )
    await house.settled()

    await jump(house, clock, 1)
    clock.turn(hours=23)
    await house.store.call(inbox.purge)
    await house.application.worker.take([update])

    assert house.rows("SELECT count(*) FROM answer WHERE path = '/data/change'") == [(1,)]


@DAY
async def test_people_answer_on_and_are_asked_again_once_at_most(
    house: House, clock: HandClock, days: int
) -> None:
    """A jump forward looks like an outage; asking once too often, without a sound, is harmless."""
    phone = await at_first_question(house)
    await house.store.call(outages.polled)

    for there_and_back in (days, -days):
        await jump(house, clock, there_and_back)
        await tick(house, clock)
        await house.settled()
    await phone.look()
    await phone.taps("Skip ⏭")

    assert times(phone, AGAIN) <= 1
    assert "have a say" in phone.sees


async def test_an_outage_noted_by_a_clock_that_was_ahead_asks_nobody_for_ever(
    house: House, clock: HandClock
) -> None:
    """The jump forward is noted at night; in the morning before it people are asked once."""
    clock.turn(hours=12)
    phone = await at_first_question(house)
    await house.store.call(outages.polled)
    await jump(house, clock, 1)

    clock.turn(days=-1, hours=12)
    await tick(house, clock)
    await house.application.worker.polled()
    await tick(house, clock)
    await tick(house, clock)
    await house.settled()
    await phone.look()

    assert times(phone, AGAIN) == 1


async def test_outages_are_noticed_again_after_a_jump_back(house: House, clock: HandClock) -> None:
    phone = await at_first_question(house)
    await jump(house, clock, -1)
    await phone.taps("Skip ⏭")

    clock.turn(minutes=5)
    await house.application.worker.polled()
    await tick(house, clock)
    await house.settled()
    await phone.look()

    assert times(phone, AGAIN) == 1
