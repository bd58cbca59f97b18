"""Too much at once from one person: the others don't notice, and nobody loses a right."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flood import Floods, Verdict
from bot.simulator import people
from bot.simulator.world import World
from handlers import texts
from tests.chat import Phone, until
from tests.conftest import HandClock, House, housed, simulator
from tests.steps import at_first_question

RATE, BURST = 1.0, 20.0
MANY = 2000
TOLD = texts.say("en", "one_at_a_time")


@asynccontextmanager
async def strict(folder: Path, clock: HandClock) -> AsyncIterator[House]:
    """Run the bot as it is by itself."""
    world = World(unlimited=True)
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, person_rate=RATE, person_burst=BURST) as house,
    ):
        yield house


def write(house: House, phone: Phone, *words: str) -> None:
    """Write all of it before the bot looks."""
    for text in words:
        people.write(house.world, house.world.chats[phone.person_id], text)


def said(house: House, phone: Phone) -> list[str]:
    messages = house.world.chats[phone.person_id].messages
    return [m["text"] for m in messages if m["from"]["is_bot"]]


ROUNDS = {"Skip ⏭": "have a say", "⬅ Back": "What matters most"}


async def test_while_one_person_sends_two_thousand_messages_another_waits_under_a_second(
    folder: Path, clock: HandClock, figure: Callable[[str], None]
) -> None:
    async with strict(folder, clock) as house:
        flooding, answering = await at_first_question(house), await at_first_question(house)

        waits = [await waited(house, flooding, answering, label) for label in ROUNDS]

        figure(f"flood: an answer waited {min(waits):.2f} s behind {MANY} messages of one person")
        # The faster of two: whatever else the machine does is nobody's flood.
        assert min(waits) < 1
        assert said(house, flooding).count(TOLD) == 1
        assert len(said(house, flooding)) <= BURST + 10
        query = "SELECT count(*), count(payload) FROM inbox WHERE status = 'done'"
        [(done, kept)] = house.rows(query)
        assert done >= MANY * len(ROUNDS)
        assert kept == 0


async def waited(house: House, flooding: Phone, answering: Phone, label: str) -> float:
    """Return how many seconds a tap waits behind a flood."""
    message_id, data = answering.button(label)
    now = asyncio.get_running_loop().time
    write(house, flooding, *[f"spam {n}" for n in range(MANY)])
    began = now()
    path = f"/sim/people/{answering.person_id}/tap"
    await house.telegram.post(path, message_id=message_id, data=data)
    await until(_sees(house, answering, ROUNDS[label]))
    ended = now()
    await house.settled()
    await answering.look()
    return ended - began


def _sees(house: House, phone: Phone, words: str):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return words in house.world.chats[phone.person_id].messages[-1].get("text", "")

    return holds


@pytest.mark.parametrize(("right", "answer"), [("/stop", "stopped"), ("/forget", "forget.ask")])
async def test_nobody_loses_a_right_in_their_own_flood(
    folder: Path, clock: HandClock, right: str, answer: str
) -> None:
    async with strict(folder, clock) as house:
        phone = await at_first_question(house)

        write(house, phone, *[f"spam {n}" for n in range(50)], right, *["more"] * 50)
        await house.settled()

        assert texts.say("en", answer) in said(house, phone)
        if right == "/forget":
            await phone.look()
            await phone.taps(texts.say("en", "button.forget_yes"))
            assert house.rows("SELECT count(*) FROM respondent") == [(0,)]


async def test_a_right_said_a_thousand_times_is_heard_once_more_than_the_burst(
    folder: Path, clock: HandClock
) -> None:
    async with strict(folder, clock) as house:
        phone = await at_first_question(house)

        write(house, phone, *["/stop"] * 1000)
        await house.settled()

        assert said(house, phone).count(texts.say("en", "stopped")) <= BURST + 5
        assert house.rows("SELECT stopped_at IS NOT NULL FROM respondent") == [(1,)]


async def test_ten_quick_taps_all_count(folder: Path, clock: HandClock) -> None:
    async with strict(folder, clock) as house:
        phone = await at_first_question(house)
        message_id, tick = phone.button("Road")
        path = f"/sim/people/{phone.person_id}"

        for _ in range(5):
            await house.telegram.post(f"{path}/tap", message_id=message_id, data=tick)
        await house.settled()
        for label in ("Skip ⏭", "⬅ Back") * 3:
            await phone.look()
            await phone.taps(label)

        assert TOLD not in said(house, phone)
        assert "have a say" not in phone.sees


async def test_what_was_dropped_is_logged_as_a_number_and_nothing_else(
    folder: Path, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with strict(folder, clock) as house:
        phone = await at_first_question(house)
        write(house, phone, *["spam"] * 100)
        await house.settled()

        await house.application.clock.report()
        await house.application.clock.report()

        [line] = [r for r in caplog.records if r.msg == "updates dropped in a flood"]
        assert line.levelno == logging.WARNING
        assert 75 <= line.count <= 100  # type: ignore[attr-defined]
        assert str(phone.person_id) not in str(line.__dict__)


def text(words: str) -> dict[str, Any]:
    return {"update_id": 1, "message": {"text": words}}


def tap(data: str) -> dict[str, Any]:
    return {"update_id": 1, "callback_query": {"data": data}}


def judge(floods: Floods, updates: list[dict[str, Any]], now: float = 0.0) -> list[Verdict]:
    return [floods.judge(7, update, now) for update in updates]


@pytest.mark.parametrize(
    "right",
    [
        text("/stop"),
        text("/forget"),
        text("ឈប់"),
        text("delete my data"),
        tap("1|forget|yes|mac"),
        {"update_id": 1, "my_chat_member": {"new_chat_member": {"status": "kicked"}}},
    ],
)
def test_a_right_is_always_taken_once(right: dict[str, Any]) -> None:
    floods = Floods(RATE, 2)
    judge(floods, [text("spam")] * 9)

    assert judge(floods, [right, right]) == [Verdict.TAKE, Verdict.DROP]


def test_a_right_is_taken_again_once_something_else_was() -> None:
    floods = Floods(RATE, 1)
    judge(floods, [text("spam"), text("spam"), text("/stop")])

    assert judge(floods, [text("/start"), text("/stop")], now=1.0) == [Verdict.TAKE] * 2


def test_a_flood_is_told_once_and_the_next_one_again() -> None:
    floods = Floods(RATE, 2)

    first = judge(floods, [text("spam")] * 5)
    still = judge(floods, [text("spam")] * 3, now=1.0)
    later = judge(floods, [text("spam")] * 3, now=60.0)

    assert first == [Verdict.TAKE] * 2 + [Verdict.TELL] + [Verdict.DROP] * 2
    assert still == [Verdict.TAKE] + [Verdict.DROP] * 2
    assert later == [Verdict.TAKE] * 2 + [Verdict.TELL]


def test_an_update_that_comes_again_counts_once() -> None:
    floods = Floods(RATE, 2)

    for _ in range(9):
        verdict = floods.judge(7, text("hello"), 0.0)
        floods.unsay(7, verdict)

    assert verdict is Verdict.TAKE


def test_who_could_not_be_told_is_told_the_next_time() -> None:
    floods = Floods(RATE, 1)
    [_, told] = judge(floods, [text("spam")] * 2)
    floods.unsay(7, told)

    assert judge(floods, [text("spam")] * 2) == [Verdict.TELL, Verdict.DROP]


def test_one_persons_flood_is_not_anothers() -> None:
    floods = Floods(RATE, 2)
    judge(floods, [text("spam")] * 9)

    assert floods.judge(8, text("hello"), 0.0) is Verdict.TAKE


def test_so_many_people_are_remembered_and_no_more() -> None:
    floods = Floods(RATE, 1)

    for person in range(floods.REMEMBERED + 5):
        floods.judge(person, text("hello"), 0.0)

    assert floods.judge(0, text("again"), 0.0) is Verdict.TAKE
    assert floods.judge(floods.REMEMBERED + 4, text("again"), 0.0) is Verdict.TELL


@given(st.lists(st.floats(0, 30), max_size=200))
def test_what_is_taken_is_the_burst_and_one_a_second(pauses: list[float]) -> None:
    floods, now, taken = Floods(RATE, BURST), 0.0, 0

    for pause in pauses:
        now += pause
        taken += floods.judge(7, text("hello"), now) is Verdict.TAKE

    assert taken <= BURST + RATE * now
    assert taken >= min(len(pauses), BURST)
