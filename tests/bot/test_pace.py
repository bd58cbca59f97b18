"""How fast messages leave, counted at Telegram: reminders at their rate, replies before them."""

import asyncio
import datetime as dt
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import Refusals
from tests.chat import until
from tests.conftest import HandClock, House, housed, simulator
from tests.crowd import Counting, busiest_second, gather, remind
from tests.daytime import Daytime
from tests.steps import at_first_question

# As it is by itself, at a Telegram that refuses what is too much.
RATE, MANY = 25.0, 90


@asynccontextmanager
async def crowded(
    folder: Path, clock: object, number: int, *, unlimited: bool = True, **settings: object
) -> AsyncIterator[tuple[House, Counting, list[str]]]:
    """Run the bot among so many people whom nothing was promised yet."""
    world = Counting(unlimited=unlimited)
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, **settings) as house,  # type: ignore[arg-type]
    ):
        ids = await asyncio.to_thread(gather, house.store, world, number)
        yield house, world, ids


async def send(house: House, ids: list[str]) -> None:
    await house.store.call(remind, ids)
    house.application.sender.wake()


def reached(world: Counting, number: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return len(world.reached) >= number

    return holds


async def test_no_second_holds_more_reminders_than_are_set(folder: Path) -> None:
    async with crowded(folder, Daytime(), MANY, unlimited=False, rate=RATE) as made:
        house, world, ids = made
        await send(house, ids)
        await house.settled()
        assert house.rows("SELECT count(*) FROM outbox WHERE attempts > 0") == [(0,)]

    assert busiest_second([moment for moment, _, _ in world.reached]) <= RATE


async def test_replies_do_not_wait_for_reminders(folder: Path) -> None:
    async with crowded(folder, Daytime(), 100, rate=20.0) as (house, world, ids):
        phone = await at_first_question(house)
        world.reached.clear()

        await send(house, ids)
        await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
        await until(_replied(world, phone.person_id))

        assert len(world.reached) < 50


def _replied(world: Counting, person_id: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return any(who == person_id and "/stop" in text for _, who, text in world.reached)

    return holds


@pytest.mark.parametrize("days", [-1, 1])
async def test_a_clock_that_is_set_by_a_day_neither_stops_nor_hurries_the_messages(
    folder: Path, days: int
) -> None:
    clock = Daytime()
    async with crowded(folder, clock, 60, rate=25.0) as (house, world, ids):
        await send(house, ids)
        await house.application.worker.polled()
        await until(reached(world, 10))

        clock.set_by = dt.timedelta(days=days)
        await house.application.worker.polled()
        await house.settled()

        moments = [moment for moment, _, _ in world.reached]
        assert len(moments) == 60
        assert busiest_second(moments) <= 25
        assert moments[-1] - moments[0] < 4


async def refuse(house: House, times: int, seconds: int) -> None:
    await house.telegram.post(
        "/sim/faults",
        method="sendMessage",
        code=429,
        description=f"Too Many Requests: retry after {seconds}",
        retry_after=seconds,
        times=times,
    )


async def test_one_refused_chat_waits_alone(folder: Path, clock: HandClock) -> None:
    async with crowded(folder, clock, 5, rate=25.0) as (house, world, ids):
        await refuse(house, 1, 1)

        await send(house, ids)
        await until(reached(world, 4))
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts = 1", 1))

        assert house.rows("SELECT share, pause FROM pace WHERE name = 'unasked'") == [(1.0, 0.0)]
        clock.turn(seconds=2)
        await house.settled()
        assert len(world.reached) == 5


async def test_three_refused_chats_slow_everybody_down(
    folder: Path, clock: HandClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with crowded(folder, clock, 10, rate=25.0) as (house, world, ids):
        phone = await at_first_question(house)
        await refuse(house, 5, 1)

        await send(house, ids)
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts = 1", 5))

        assert house.rows("SELECT share, pause FROM pace WHERE name = 'unasked'") == [
            (pytest.approx(0.7), 1.0)
        ]
        assert [r.seconds for r in caplog.records if r.msg == "telegram asks for less"] == [1.0]
        await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
        await until(_replied(world, phone.person_id))
        assert all(text != "R" for _, _, text in world.reached)

        for number in (5, 10):
            clock.turn(seconds=2)
            house.application.sender.wake()
            sent = "SELECT count(*) FROM outbox WHERE lane = 1 AND status = 'sent'"
            await until(_row(house, sent, number))
        assert sum(text == "R" for _, _, text in world.reached) == 10


def _row(house: House, query: str, number: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return house.rows(query) == [(number,)]

    return holds


async def test_a_refused_reply_slows_no_reminder_down(folder: Path, clock: HandClock) -> None:
    async with crowded(folder, clock, 4, rate=25.0) as (house, _, ids):
        phones = [await at_first_question(house) for _ in range(4)]
        await refuse(house, 4, 1)
        for phone in phones:
            await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts = 1", 4))

        await send(house, ids)
        sent = "SELECT count(*) FROM outbox WHERE lane = 1 AND status = 'sent'"
        await until(_row(house, sent, 4))

        assert house.rows("SELECT share FROM pace WHERE name = 'unasked'") == [(1.0,)]
        clock.turn(seconds=2)
        await house.settled()


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_where_telegram_does_not_know_the_token_the_sender_rests_and_says_so_once(
    folder: Path,
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
    code: int,
    words: str,
) -> None:
    async with crowded(folder, clock, 30, rate=1000.0) as (house, world, ids):
        fault = {"method": "sendMessage", "code": code, "description": words}
        await house.telegram.post("/sim/faults", times=31, **fault)

        await send(house, ids)
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts = 1", 30))
        clock.turn(seconds=31)
        house.application.sender.wake()
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts > 1", 1))
        clock.turn(seconds=31)
        house.application.sender.wake()
        await house.settled()

        said = [r for r in caplog.records if r.msg == "telegram doesn't know the token"]
        assert len(said) == 1
        assert said[0].levelno == logging.ERROR
        assert len(world.reached) == 30


async def test_while_the_token_is_unknown_nothing_new_is_tried(
    folder: Path, clock: HandClock
) -> None:
    async with crowded(folder, clock, 5, rate=1000.0) as (house, world, ids):
        fault = {"method": "sendMessage", "code": 401, "description": "Unauthorized"}
        await house.telegram.post("/sim/faults", times=1, **fault)
        await send(house, ids[:1])
        await until(_row(house, "SELECT count(*) FROM outbox WHERE attempts = 1", 1))
        calls = world.calls["sendMessage"]

        await house.application.worker.polled()
        await send(house, ids[1:])
        await house.application.clock.retry()
        await house.store.call(lambda _: None)
        assert world.calls["sendMessage"] == calls

        clock.turn(seconds=-86_400)  # even if the clock is set back meanwhile
        await house.application.worker.polled()
        house.application.sender.wake()
        await house.settled()
        assert len(world.reached) == 5


CHATS = st.lists(st.tuples(st.integers(1, 9), st.floats(0, 4)), max_size=60)


@given(CHATS)
def test_everybody_waits_only_where_three_chats_were_refused_within_five_seconds(
    refused: list[tuple[int, float]],
) -> None:
    refusals, now, lately, deaf_until = Refusals(), 0.0, {}, 0.0

    for chat, later in refused:
        now += later
        told = refusals.concern_all(chat, now, 1.0)
        if now >= deaf_until:
            lately[chat] = now
        near = [at for at in lately.values() if now - at < 5.0]
        assert told == (now >= deaf_until and len(near) >= 3)
        if told:
            lately, deaf_until = {}, now + 1.0
