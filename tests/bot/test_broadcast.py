"""`samleng broadcast`: to everybody it is meant for, by day, silently, once, through any kill."""

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.server import Server, serving
from handlers import broadcast as conversation
from storage.database import DATABASE, open_store
from storage.store import Store
from tests.bot.test_cli import samleng, says_one_sentence
from tests.chat import until
from tests.conftest import HandClock, House
from tests.crowd import Counting, gather
from tests.processes import bot_by_day, environment, kill
from tests.steps import at_first_question

KM, EN = "ព័ត៌មានថ្មីពីកិច្ចសន្ទនា", "News of the dialogue"
TEXTS = ("--km", KM, "--en", EN)
ENDS = ("sent", "uncertain", "blocked", "dead")


async def broadcast(folder: Path, *arguments: object, **variables: str) -> Any:
    """Run a command beside the bot."""
    variables = {"SAMLENG_DATA_DIR": str(folder), **variables}
    return await asyncio.to_thread(samleng, "broadcast", *arguments, **variables)


async def listed(folder: Path) -> list[dict[str, Any]]:
    done = await broadcast(folder, "list", "--json")
    return [json.loads(line) for line in done.stdout.splitlines()]


async def go_on(house: House) -> None:
    """Let the clock tick and everything be sent."""
    await house.application.clock.feed()
    house.application.sender.wake()
    await house.settled()
    await house.application.clock.feed()


def texts(world: Any, person_id: int) -> list[str]:
    return [m["text"] for m in world.chats[person_id].messages if m["from"]["is_bot"]]


async def test_everybody_reads_it_in_their_language_without_a_sound(house: House) -> None:
    khmer, english = await at_first_question(house, "km"), await at_first_question(house, "en")

    done = await broadcast(house.folder, "send", *TEXTS, "--yes")
    await go_on(house)

    assert "Broadcast 1 has begun" in done.stdout
    assert texts(house.world, khmer.person_id)[-1] == KM
    assert texts(house.world, english.person_id)[-1] == EN
    [one] = await listed(house.folder)
    assert (one["status"], one["people"], one["promised"], one["sent"]) == ("done", 2, 2, 2)


async def test_before_it_begins_it_says_to_how_many_how_long_and_until_when(
    house: House,
) -> None:
    await at_first_question(house)

    done = await broadcast(house.folder, "send", *TEXTS, "--dry-run", SAMLENG_RATE="0.01")

    assert "1 people; 1 min 40 s at 0.01 a second" in done.stderr
    assert "2026-11-24 09:01 in Phnom Penh" in done.stderr
    assert await listed(house.folder) == []


async def test_a_text_that_begins_with_a_survey_is_refused_with_the_reason(house: House) -> None:
    named = ("--km", KM, "--en", "What matters in your commune: the results")

    done = await broadcast(house.folder, "send", *named, "--yes")

    assert says_one_sentence(done, "--en names the survey “What matters in your commune”")
    assert await listed(house.folder) == []


async def test_without_a_yes_nothing_is_sent(house: House) -> None:
    await at_first_question(house)

    done = await broadcast(house.folder, "send", *TEXTS)

    assert "Send it? [y/N]" in done.stdout + done.stderr
    assert done.returncode == 1
    assert await listed(house.folder) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--km", " ", "--en", EN), ("--km is blank",)),
        ((*TEXTS, "--province", "paris"), ("--province is one of", "siem_reap", "other")),
        ((*TEXTS, "--sector", "army"), ("--sector is one of", "cso")),
        ((*TEXTS, "--role", "king"), ("--role is one of", "reporter")),
    ],
)
async def test_what_makes_no_sense_is_said_in_a_sentence(
    folder: Path, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    assert says_one_sentence(await broadcast(folder, "send", *arguments), *words)


async def test_nobody_to_write_to_is_said(folder: Path) -> None:
    done = await broadcast(folder, "send", *TEXTS, "--yes")

    assert done.returncode == 2
    assert "nobody to write to" in done.stderr


@pytest.mark.parametrize("act", ["pause", "resume"])
async def test_a_number_that_is_not_there_is_said_to_be_none(folder: Path, act: str) -> None:
    assert says_one_sentence(await broadcast(folder, act, 7), "no broadcast 7")


async def test_it_can_be_paused_and_gone_on_with(house: House) -> None:
    phone = await at_first_question(house)
    await broadcast(house.folder, "send", *TEXTS, "--yes")
    await broadcast(house.folder, "pause", 1)
    await go_on(house)
    [paused] = await listed(house.folder)
    before = texts(house.world, phone.person_id)

    await broadcast(house.folder, "resume", 1)
    await go_on(house)

    # It may have gone out before the pause.
    assert paused["status"] in {"paused", "done"}
    assert (EN in before) == (paused["sent"] == 1)
    assert texts(house.world, phone.person_id).count(EN) == 1


async def test_at_night_nobody_is_promised_it_before_the_morning(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    clock.turn(hours=12)
    await broadcast(house.folder, "send", *TEXTS, "--yes")

    await house.application.clock.feed()
    [at_night] = await listed(house.folder)
    clock.turn(hours=12)
    await go_on(house)

    assert at_night["promised"] == 0
    assert texts(house.world, phone.person_id).count(EN) == 1


async def test_what_was_promised_by_day_is_not_sent_at_night(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    clock.turn(hours=12)
    await broadcast(house.folder, "send", *TEXTS, "--yes")
    await house.store.call(_promise_by_day, HandClock())

    # A reply passes at any hour.
    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
    await until(_reads(house, phone.person_id, "/stop"))
    [at_night] = await listed(house.folder)
    clock.turn(hours=12)
    await go_on(house)

    assert (at_night["waiting"], at_night["sent"]) == (1, 0)
    assert texts(house.world, phone.person_id).count(EN) == 1


def _reads(house: House, person_id: int, words: str):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return words in texts(house.world, person_id)[-1]

    return holds


def _promise_by_day(tx: Any, day: HandClock) -> None:
    conversation.feed(replace(tx, now=day()))


@pytest.mark.parametrize("leaves", ["/stop", "block"])
async def test_who_leaves_while_it_waits_does_not_get_it(
    house: House, clock: HandClock, leaves: str
) -> None:
    phone = await at_first_question(house)
    clock.turn(hours=12)
    await broadcast(house.folder, "send", *TEXTS, "--yes")
    await house.store.call(_promise_by_day, HandClock())

    if leaves == "block":
        await house.telegram.post(f"/sim/people/{phone.person_id}/block", blocked=True)
    else:
        await house.telegram.post(f"/sim/people/{phone.person_id}/write", text=leaves)
    await house.settled()
    clock.turn(hours=12)
    await go_on(house)

    [one] = await listed(house.folder)
    assert (one["dead"], one["blocked"]) == ((0, 1) if leaves == "block" else (1, 0))
    assert EN not in texts(house.world, phone.person_id)


PEOPLE, BLOCKING, KILLS, RATE = 400, 20, 3, 100


def prepare(folder: Path, world: Counting) -> None:
    store: Store = open_store(folder)
    gather(store, world, PEOPLE)
    store.close()
    for chat in list(world.chats.values())[:: PEOPLE // BLOCKING]:
        chat.blocked = True


async def test_through_kills_everybody_stands_in_one_column_and_nobody_got_it_twice(
    folder: Path, tmp_path_factory: Any, figure: Callable[[str], None]
) -> None:
    log = tmp_path_factory.mktemp("logs") / "log"
    world = Counting(unlimited=True)
    await asyncio.to_thread(prepare, folder, world)
    done = await broadcast(folder, "send", *TEXTS, "--yes", SAMLENG_RATE=str(RATE))
    assert f"{PEOPLE} people; 0 min 4 s at {RATE} a second" in done.stderr

    async with serving(Server(world)) as address:
        variables = environment(address, folder, SAMLENG_RATE=str(RATE))
        for round_ in range(1, KILLS + 1):
            async with bot_by_day(log, **variables) as bot:
                await until(_reached(world, round_ * PEOPLE // (KILLS + 1)), seconds=30)
                await kill(bot)
        async with bot_by_day(log, **variables):
            await until(_done(folder), seconds=60)

    [one] = await listed(folder)
    arrived = Counter(person for _, person, _ in world.reached)
    shown = ", ".join(f"{one[end]} {end}" for end in ENDS)
    figure(f"broadcast: {KILLS} kills, {PEOPLE} people = {shown}; {arrived.total()} arrived")
    assert one["promised"] == PEOPLE == sum(one[end] for end in ENDS)
    assert max(arrived.values()) == 1
    assert one["sent"] <= arrived.total() <= one["sent"] + one["uncertain"]
    assert one["dead"] == one["waiting"] == one["forgotten"] == 0
    # No more than a second's worth was on its way at each kill.
    assert one["uncertain"] <= KILLS * RATE
    assert one["blocked"] <= BLOCKING <= one["blocked"] + one["uncertain"]


def _reached(world: Counting, number: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return len(world.reached) >= number

    return holds


def _done(folder: Path):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        uri = f"file:{folder / DATABASE}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return connection.execute("SELECT status FROM broadcast").fetchall() == [("done",)]

    return holds
