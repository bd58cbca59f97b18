"""A paused province: nobody there gets anything unasked, and everything once it is resumed."""

import asyncio
from typing import Any

import pytest

from handlers import broadcast, texts
from storage import audit, broadcasts
from storage.broadcasts import Audience
from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_waves import citizen, invitations, opened, tick
from tests.chat import Phone
from tests.conftest import House
from tests.steps import member

WORDS = "We write to all of you"


async def command(house: House, *words: object) -> Any:
    folder = str(house.folder)
    return await asyncio.to_thread(samleng, *words, SAMLENG_DATA_DIR=folder)


async def feed(house: House) -> None:
    await house.application.clock.feed()
    house.application.sender.wake()
    await house.settled()


async def told(phone: Phone) -> int:
    await phone.look()
    return sum(message.get("text") == WORDS for message in phone.messages)


async def test_nobody_there_is_invited_until_it_is_resumed(house: House) -> None:
    phone = await citizen(house)
    staff = await member(house)
    await staff.types("/waves")
    await staff.taps("⏸ Pause a province")
    await staff.taps("⏸ Siem Reap: pause")
    assert texts.say("en", "province_paused.pause", province="Siem Reap") in staff.sees
    assert "▶ Siem Reap: go on" in staff.labels
    await opened(house)
    before = await invitations(phone)

    await staff.taps("Siem Reap: go on")
    await tick(house)

    assert (before, await invitations(phone)) == (0, 1)
    acts = [entry.act for entry in await house.store.call(audit.latest, 9)]
    assert {"pause province", "resume province"} <= set(acts)


async def test_nobody_there_is_reminded_until_it_is_resumed(house: House) -> None:
    phone = await citizen(house)
    await opened(house)
    await phone.look()
    await phone.taps("Begin")
    assert (await command(house, "province", "pause", "siem_reap")).returncode == 0
    house.clock.turn(days=2, hours=1)
    await tick(house)
    await phone.look()
    before = phone.sees

    assert (await command(house, "province", "resume", "siem_reap")).returncode == 0
    await tick(house)
    await phone.look()

    assert not before.startswith("You began this")
    assert phone.sees.startswith("You began this")


async def test_a_broadcast_reaches_them_later_and_nobody_twice(house: House) -> None:
    paused = await citizen(house)
    other = await house.person()
    await other.types("/start p07")
    for label in ("English", "I'm 18 or older and I agree", "Citizen"):
        await other.taps(label)
    await command(house, "province", "pause", "siem_reap")
    await house.store.call(broadcast.begin, WORDS, WORDS, Audience())
    await feed(house)
    before = await told(paused), await told(other)
    [running] = await house.store.call(broadcasts.standings)

    await command(house, "province", "resume", "siem_reap")
    await feed(house)
    await feed(house)

    assert before == (0, 1)
    assert running.status == "running"
    assert (await told(paused), await told(other)) == (1, 1)
    [done] = await house.store.call(broadcasts.standings)
    assert (done.status, done.promised, done.sent) == ("done", 2, 2)


async def test_what_waits_there_is_taken_back(house: House) -> None:
    phone = await citizen(house)
    house.application.sender.stop()
    await house.store.call(broadcast.begin, WORDS, WORDS, Audience())
    await house.store.call(broadcast.feed)
    waiting = house.rows("SELECT count(*) FROM outbox WHERE broadcast_id = 1")

    await command(house, "province", "pause", "siem_reap")

    [one] = await house.store.call(broadcasts.standings)
    assert waiting == [(1,)]
    assert (one.promised, one.waiting, one.forgotten) == (0, 0, 0)
    assert await told(phone) == 0


async def test_a_broadcast_leaves_out_whoever_had_enough_and_says_how_many(house: House) -> None:
    phone = await citizen(house)
    for _ in range(3):
        await house.store.call(broadcast.begin, WORDS, WORDS, Audience())
    for _ in range(4):
        await feed(house)

    assert await told(phone) == 2
    standings = await house.store.call(broadcasts.standings)
    assert [(one.sent, one.withheld, one.status) for one in standings] == [
        (1, 0, "done"),
        (1, 0, "done"),
        (0, 1, "done"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pause", "paris"), "siem_reap"),
        (("resume", "kampot"), "isn't paused"),
    ],
)
async def test_what_cant_be_done_is_one_sentence(
    house: House, words: tuple[str, ...], said: str
) -> None:
    assert says_one_sentence(await command(house, "province", *words), said)


async def test_whoever_is_bound_to_a_province_pauses_no_other(house: House) -> None:
    staff = await member(house, province="kampot")
    await staff.types("/waves")
    await staff.taps("⏸ Pause a province")

    assert staff.labels == ["⏸ Kampot: pause", "↩ All waves"]
    await command(house, "province", "pause", "kampot")
    assert "kampot" in (await command(house, "province", "list")).stdout
