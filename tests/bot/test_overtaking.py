"""Texts and taps of one chat come to a webhook by different queues, and one overtakes the other.

On a phone of several people nothing that one said becomes another's answer by it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from bot.simulator.world import World
from tests.bot.test_helped_people import at_text
from tests.chat import Phone, until
from tests.conftest import HandClock, House, housed, simulator

SAID = "The bridge"
ANSWERS = "SELECT count(*) FROM answer WHERE path = '/data/change'"
AGREE = "They are 18 or older and agree"


@pytest.fixture
async def house(folder: Path, clock: HandClock) -> AsyncIterator[House]:
    """The whole bot, to which the simulated Telegram posts."""
    world, port = World(unlimited=True), unused_port()
    settings = {"webhook_url": f"http://127.0.0.1:{port}/telegram", "webhook_port": port}
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, **settings) as made,
    ):

        async def is_announced() -> bool:
            return "setWebhook" in world.calls

        await until(is_announced)
        yield made


async def facilitator(house: House) -> Phone:
    """Bring a facilitator with their first person to the question that is answered by a text."""
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    await phone.types("/assist")
    await phone.taps("What matters in your commune")
    await at_text(phone)
    return phone


async def writes(house: House, phone: Phone, text: str) -> None:
    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text=text)


async def taps(house: House, phone: Phone, label: str) -> None:
    """Tap, and wait for nothing."""
    message_id, data = phone.button(label)
    await house.telegram.post(
        f"/sim/people/{phone.person_id}/tap", message_id=message_id, data=data
    )


def reads(phone: Phone, words: str) -> Callable[[], Awaitable[bool]]:
    """Hold when the newest message of the bot says so."""

    async def holds() -> bool:
        await phone.look()
        *_, newest = (m for m in phone.messages if m["from"]["is_bot"])
        return words in newest["text"]

    return holds


async def test_a_text_that_overtakes_later_is_the_answer_of_who_was_asked_and_says_so(
    house: House,
) -> None:
    phone = await facilitator(house)
    house.world.hold("callback_query", held=True)
    await taps(house, phone, "⏸ Later")
    await writes(house, phone, SAID)
    await until(reads(phone, "May we ask you again"))

    house.world.hold("callback_query", held=False)
    await house.settled()
    await phone.look()

    said = [m["text"] for m in phone.messages if SAID in m["text"] and m["from"]["is_bot"]]
    assert said == [f"👤 Person 1\nWhat one thing should change in your commune?\n\n✓ {SAID}"]
    assert house.rows(ANSWERS) == [(1,)]
    assert "👤 Person 1" in phone.sees


async def test_a_text_that_overtakes_next_person_is_nobodys_answer(house: House) -> None:
    phone = await facilitator(house)
    await phone.taps("⏸ Later")
    house.world.hold("callback_query", held=True)
    await taps(house, phone, "➡ Next person")
    await writes(house, phone, SAID)
    await until(reads(phone, "/export"))

    house.world.hold("callback_query", held=False)
    await house.settled()
    await phone.look()

    assert phone.button(AGREE)
    assert house.rows(ANSWERS) == [(0,)]


async def test_a_text_that_comes_when_the_next_person_is_asked_is_not_theirs(
    house: House, clock: HandClock
) -> None:
    phone = await facilitator(house)
    house.world.hold("message", held=True)
    await writes(house, phone, SAID)
    clock.turn(seconds=20)
    steps = ["⏸ Later", "➡ Next person", AGREE, "Citizen", *4 * ["Skip ⏭"]]
    shown = ["go on later", "read aloud", "Who are you", "province", "1/5", "2/5", "3/5", "4/5"]
    for label, words in zip(steps, shown, strict=True):
        await taps(house, phone, label)
        await until(reads(phone, words))

    house.world.hold("message", held=False)
    await house.settled()
    await phone.look()

    assert "from before 👤 Person 2 began came late" in phone.sees
    assert house.rows(ANSWERS) == [(0,)]
    await phone.types("The school")
    assert house.rows(ANSWERS) == [(1,)]
    assert "👤 Person 2" in phone.sees
