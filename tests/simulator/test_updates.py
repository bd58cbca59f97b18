"""How a bot gets updates by long polling, and how long Telegram keeps them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.chat import until
from tests.simulator.conftest import Api, Refused, key, keyboard

DAY = 86_400


def texts(updates: list[dict[str, dict[str, object]]]) -> list[object]:
    return [update["message"]["text"] for update in updates]


async def writes(api: Api, *words: str) -> int:
    """Let a person write; return who."""
    person = await api.person()
    for word in words:
        await api.does(person, "write", text=word)
    return person


def polled(api: Api, *, now: bool) -> Callable[[], Awaitable[bool]]:
    """Return a question: does a bot wait for updates, or does none?"""

    async def holds() -> bool:
        return (api.world.poll is not None) == now

    return holds


async def test_updates_come_again_until_the_offset_moves_past_them(api: Api) -> None:
    await writes(api, "a", "b", "c")

    first, second, _ = await api.updates()

    api.clock.turn(1)
    assert texts(await api.updates()) == ["a", "b", "c"]
    assert texts(await api.updates(offset=second["update_id"])) == ["b", "c"]
    assert texts(await api.updates(offset=first["update_id"])) == ["b", "c"]


async def test_a_negative_offset_forgets_all_but_the_last(api: Api) -> None:
    await writes(api, "a", "b", "c")

    assert texts(await api.updates(offset=-1)) == ["c"]
    assert texts(await api.updates(offset=0)) == ["c"]


@pytest.mark.parametrize(
    ("limit", "count"), [(2, 2), (0, 1), (-5, 1), (1000, 100), ("many", 1), (None, 100)]
)
async def test_a_limit_is_brought_between_1_and_100(api: Api, limit: object, count: int) -> None:
    person = await writes(api, *["x"] * 101)

    assert len(await api.updates(limit=limit)) == count
    assert person


async def test_a_tap_is_kept_for_150_seconds_and_a_text_for_a_day(api: Api) -> None:
    person = await writes(api, "a")
    message = await api.says(person, reply_markup=keyboard([key()]))
    await api.does(person, "tap", message_id=message, data="yes")

    kinds = []
    for offset, seconds in enumerate((149, 1, DAY - 151, 1)):
        api.clock.turn(seconds)
        updates = await api.updates(offset=offset)
        kinds.append([next(iter(set(update) - {"update_id"})) for update in updates])

    assert kinds == [["message", "callback_query"], ["message"], ["message"], []]


async def test_a_long_poll_is_answered_when_something_happens(api: Api) -> None:
    person = await api.person()

    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.updates(timeout=50))
        await until(polled(api, now=True))
        await api.does(person, "write", text="Hello")

    assert texts(poll.result()) == ["Hello"]
    assert api.world.poll is None


async def test_a_second_poller_ends_the_first_with_a_conflict(api: Api) -> None:
    async with asyncio.TaskGroup() as group:
        first = group.create_task(ended(api))
        await until(polled(api, now=True))
        assert await api.updates(offset=1) == []

    assert first.result() == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance "
        "is running",
    )


async def ended(api: Api) -> tuple[int, str]:
    """Poll until refused; return how."""
    with pytest.raises(Refused) as refusal:
        await api.updates(timeout=50)
    return refusal.value.code, refusal.value.words


async def test_setting_a_webhook_ends_whoever_polls_and_removing_it_allows_polling(
    api: Api,
) -> None:
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(ended(api))
        await until(polled(api, now=True))
        await api.call("setWebhook", url="http://127.0.0.1:9/")

    assert poll.result() == (409, "Conflict: terminated by setWebhook request")
    assert "can't use getUpdates method while webhook is active" in await api.refuses("getUpdates")
    await api.call("deleteWebhook")
    assert await api.updates(offset=1) == []


async def test_a_poller_that_hangs_up_is_forgotten(api: Api) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await api.updates(timeout=50)

    await until(polled(api, now=False))
    assert await api.updates(offset=1) == []


async def test_a_bot_that_asks_for_the_same_at_once_gets_one_update(api: Api) -> None:
    await writes(api, "a", "b")

    assert texts(await api.updates(offset=5)) == ["a", "b"]
    assert texts(await api.updates(offset=5)) == ["a"]
    api.clock.turn(0.5)
    assert texts(await api.updates(offset=5)) == ["a", "b"]


async def test_a_bot_that_asks_for_the_same_without_patience_is_made_to_wait(api: Api) -> None:
    person = await api.person()
    assert await api.updates(offset=5) == []

    async with asyncio.TaskGroup() as group:
        poll = group.create_task(api.updates(offset=5, timeout=0))
        await until(polled(api, now=True))
        await api.does(person, "write", text="Hello")

    assert texts(poll.result()) == ["Hello"]


async def test_a_bot_gets_only_the_kinds_it_asked_for_from_then_on(api: Api) -> None:
    person = await writes(api, "before")
    await api.updates(allowed_updates=["callback_query"])

    assert await api.does(person, "write", text="after") == {}
    assert await api.does(person, "tap", message_id=1, data="yes")
    api.clock.turn(1)
    assert [set(update) - {"update_id"} for update in await api.updates()] == [
        {"message"},
        {"callback_query"},
    ]

    await api.updates(allowed_updates=[], offset=1)
    assert await api.does(person, "write", text="again")


async def test_an_update_can_be_put_in_just_as_it_is(api: Api) -> None:
    await api.telegram.post("/sim/updates", update_id=7, poll={"lifetime": "odd"})

    assert await api.updates() == [{"update_id": 7, "poll": {"lifetime": "odd"}}]
