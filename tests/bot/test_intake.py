"""What comes in: committed before it is acknowledged, handled once, never in anybody's way."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.intake import Intake
from bot.simulator.world import World
from storage import answers
from tests.chat import until
from tests.conftest import TOKEN, HandClock, House, housed, simulator
from tests.steps import at_text_question

RETRY_SECONDS = (1, 5, 30, 300)


async def test_an_update_that_comes_twice_is_handled_once(house: House) -> None:
    phone = await at_text_question(house)
    update = await house.telegram.post(
        f"/sim/people/{phone.person_id}/write", text="The bridge is broken"
    )
    await house.settled()

    # Telegram hands it out again with the same number, as it does after a lost acknowledgement.
    await house.application.worker.take([update, update])

    stored = house.rows("SELECT value FROM answer WHERE path = '/data/change'")
    assert stored == [("The bridge is broken",)]
    assert house.rows("SELECT count(*) - count(DISTINCT update_id) FROM inbox") == [(0,)]


async def test_nothing_is_acknowledged_before_it_is_on_disk(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offset moves with the next getUpdates; the row must be there by then."""
    seen: list[tuple[int, int]] = []
    acknowledge = house.world.acknowledge

    def note(offset: int) -> None:
        stored = house.rows("SELECT max(update_id) FROM inbox")[0][0]
        if offset:
            seen.append((offset - 1, int(str(stored))))
        acknowledge(offset)

    monkeypatch.setattr(house.world, "acknowledge", note)
    await at_text_question(house)

    assert seen
    assert all(acknowledged <= stored for acknowledged, stored in seen)


BROKEN = [
    {"message": {}},
    {"message": None},
    {"message": "text"},
    {"message": {"message_id": 1, "date": "?", "chat": {"id": 1, "type": "private"}}},
    {"callback_query": {"id": 1}},
    {"callback_query": {"id": "1", "from": {"id": "a stranger"}, "data": "x"}},
    {"my_chat_member": {"chat": {"type": "private"}}},
    {"message": {"message_id": 10**30, "date": 1, "chat": 7, "from": []}},
]


@pytest.mark.parametrize("event", BROKEN, ids=lambda event: str(event)[:40])
async def test_a_malformed_update_is_logged_kept_by_number_and_holds_nobody_up(
    house: House, event: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    update = await house.telegram.post("/sim/updates", **event)

    phone = await house.person()
    await phone.types("/start")

    assert "Please choose a language" in phone.sees
    status = "SELECT status, payload FROM inbox WHERE update_id = ?"
    assert house.rows(status, update["update_id"]) == [("dead", None)]
    assert "update unreadable" in caplog.text


@pytest.mark.parametrize(
    "event",
    [
        {"poll": {"id": "1"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group"},
                     "from": {"id": 5, "is_bot": False}, "text": "/start"}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"},
                     "from": {"id": 5, "is_bot": True}, "text": "/start"}},
        {"channel_post": {"message_id": 1}},
    ],
    ids=["a poll", "a group", "a bot", "a channel"],
)  # fmt: skip
async def test_what_is_not_a_persons_private_chat_gets_nothing(
    house: House, event: dict[str, object]
) -> None:
    await house.telegram.post("/sim/updates", **event)
    await house.settled()

    assert house.rows("SELECT count(*) FROM respondent") == [(0,)]
    assert house.rows("SELECT count(*) FROM outbox") == [(0,)]


async def test_a_message_that_fails_waits_and_succeeds_without_holding_up_others(
    house: House, clock: HandClock
) -> None:
    phone, other = await at_text_question(house), await at_text_question(house)
    broken = break_answers()
    await phone.types("The bridge is broken")
    assert house.rows("SELECT status, attempts FROM inbox WHERE status != 'done'") == [
        ("pending", 1)
    ]
    assert house.rows("SELECT value FROM answer WHERE path = '/data/change'") == []

    broken.undo()
    await other.types("Clean water")
    clock.turn(seconds=2)
    await house.application.clock.retry()
    await house.settled()
    await phone.look()

    assert "ask you again" in other.sees
    assert "ask you again" in phone.sees
    stored = house.rows("SELECT value FROM answer WHERE path = '/data/change' ORDER BY value")
    assert stored == [("Clean water",), ("The bridge is broken",)]
    assert not house.failures()


def break_answers() -> pytest.MonkeyPatch:
    """Make the answer table refuse, as a bug or a full disk might."""

    def refuse(*_: object) -> None:
        raise RuntimeError("for the test")

    context = pytest.MonkeyPatch()
    context.setattr(answers, "add", refuse)
    return context


async def test_an_update_that_always_fails_is_given_up_and_the_person_is_told(
    house: House, clock: HandClock
) -> None:
    phone = await at_text_question(house)
    broken = break_answers()
    await phone.types("The bridge is broken")

    for seconds in RETRY_SECONDS:
        clock.turn(seconds=seconds + 1)
        await house.application.clock.retry()
    broken.undo()
    await house.settled()
    await phone.look()

    assert "Something went wrong on our side" in phone.sees
    [(status, payload, number)] = house.rows(
        "SELECT status, payload, update_id FROM inbox WHERE status != 'done'"
    )
    assert status == "dead"
    assert payload is not None
    assert b"bridge" not in payload  # type: ignore[operator]
    assert str(number) in phone.sees


async def test_an_unreachable_telegram_is_logged_and_asked_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.telegram.post(
        "/sim/faults", method="getUpdates", code=502, description="Bad Gateway", times=1
    )
    with caplog.at_level(logging.WARNING):
        phone = await house.person()
        await phone.types("/start")
        await phone.types("/help")

    assert "telegram unreachable" in caplog.text
    assert "/stop" in phone.sees


async def test_a_second_poller_is_named_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await until(_polling(house))
    await house.telegram.call(TOKEN, "getUpdates", timeout=0)
    await until(_logged(caplog, "another process polls with this token"))

    phone = await house.person()
    await phone.types("/start")
    assert "Please choose a language" in phone.sees


def _polling(house: House) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return "getUpdates" in house.world.calls

    return holds


def _logged(caplog: pytest.LogCaptureFixture, text: str) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return text in caplog.text

    return holds


async def test_the_poll_begins_without_an_offset_so_that_restarted_numbers_are_not_missed() -> None:
    """Telegram's numbers restart at random after a quiet week."""
    assert Intake(None, None, None)._offset is None  # type: ignore[arg-type]


async def test_after_a_restart_the_person_goes_on_where_they_were(
    folder: Path, clock: HandClock
) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        async with housed(telegram, world, folder, clock) as first:
            phone = await at_text_question(first)
        async with housed(telegram, world, folder, clock) as second:
            phone.settled = second.settled
            await phone.types("The bridge is broken")

            assert "ask you again" in phone.sees
