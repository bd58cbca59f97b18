"""What can be made to go wrong, lever by lever, and the ledger that stays honest meanwhile."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.simulator.ledger import key_of
from tests.chat import Json, until
from tests.simulator.conftest import Api, Refused, key, keyboard
from tests.simulator.test_webhook import serving, taken

TAP_SECONDS, TEXT_SECONDS = 150, 86_400


async def fault(api: Api, method: str, **how: Any) -> None:
    await api.telegram.post("/sim/faults", method=method, **how)


async def texts(api: Api, person: int) -> list[str]:
    """Return what the bot said to a person."""
    messages = (await api.chat(person))["messages"]
    return [m["text"] for m in messages if m["from"]["is_bot"]]


async def ledger(api: Api, after: int = 0) -> list[Json]:
    entries: list[Json] = await api.telegram.get(f"/sim/ledger?after={after}")
    return entries


async def test_a_call_cut_off_before_its_delivery_has_no_effect(api: Api) -> None:
    person = await api.person()
    await fault(api, "sendMessage", cut="before")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await api.says(person, "Hello")

    assert await texts(api, person) == []
    assert await ledger(api) == []
    assert await api.says(person, "Hello")


async def test_a_call_cut_off_after_its_delivery_took_effect_once(api: Api) -> None:
    person = await api.person()
    await fault(api, "sendMessage", cut="after")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await api.says(person, "Hello")

    assert await texts(api, person) == ["Hello"]
    assert [entry["key"] for entry in await ledger(api)] == [key_of("Hello")]


async def test_updates_whose_delivery_is_cut_off_come_again(api: Api) -> None:
    person = await api.person()
    await api.does(person, "write", text="Hello")
    await fault(api, "getUpdates", cut="after")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await api.updates()

    api.clock.turn(1)
    assert len(await api.updates()) == 1


async def test_a_call_that_is_refused_anyway_is_cut_off_too(api: Api) -> None:
    await fault(api, "sendMessage", cut="after")

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await api.says(1, "to nobody")

    assert await ledger(api) == []


async def test_a_fault_can_be_for_one_person_alone(api: Api) -> None:
    person, other = await api.person(), await api.person()
    words = "Forbidden: bot was blocked by the user"
    await fault(api, "*", code=403, description=words, person=person, times=2)

    assert await api.refuses("sendMessage", chat_id=person, text="Hello") == words
    assert await api.says(other, "Hello")
    query = (await api.does(person, "tap", message_id=1, data="yes"))["callback_query"]["id"]
    assert await api.refuses("answerCallbackQuery", callback_query_id=query) == words
    assert await api.says(person, "Hello")


async def test_a_fault_tells_how_many_calls_it_met_and_can_be_ended(api: Api) -> None:
    await fault(api, "getMe", code=502, description="Bad Gateway", times=3)

    for _ in range(2):
        with pytest.raises(Refused):
            await api.call("getMe")

    [asked] = await api.telegram.get("/sim/faults")
    assert (asked["times"], asked["met"]) == (1, 2)
    [ended] = await api.telegram.delete("/sim/faults")
    assert (ended["times"], ended["met"]) == (0, 2)
    assert await api.call("getMe")


async def test_a_slow_method_takes_effect_before_its_answer_is_back(api: Api) -> None:
    person = await api.person()
    await api.telegram.post("/sim/latency", method="sendMessage", seconds=0.1)
    began = asyncio.get_running_loop().time()

    async with asyncio.TaskGroup() as group:
        sending = group.create_task(api.says(person, "Hello"))
        await until(_has_arrived(api))
        is_back = sending.done()

    assert not is_back
    assert asyncio.get_running_loop().time() - began >= 0.1
    await api.telegram.post("/sim/latency", method="sendMessage", seconds=0)
    assert await api.says(person, "Hello again")


def _has_arrived(api: Api):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return bool(api.world.ledger.entries)

    return holds


async def test_a_duplicate_comes_once_more_after_it_was_acknowledged(api: Api) -> None:
    person = await api.person()
    await api.telegram.post("/sim/duplicates", times=1)
    await api.does(person, "write", text="twice")
    await api.does(person, "write", text="once")

    first, second = await api.updates()
    again = await api.updates(offset=second["update_id"] + 1)
    after = await api.updates(offset=second["update_id"] + 2)

    assert again == [first]
    assert after == []


async def test_a_duplicate_is_posted_to_a_webhook_twice(api: Api) -> None:
    person = await api.person()
    await api.telegram.post("/sim/duplicates", times=1)
    async with serving() as bot:
        await api.call("setWebhook", url=bot.address)
        for text in ("twice", "once"):
            await api.does(person, "write", text=text)
        await taken(api)

    assert bot.texts == ["twice", "twice", "once"]


@pytest.mark.parametrize("held", ["message", "callback_query"])
async def test_one_queue_of_a_webhook_can_be_made_to_overtake_the_other(
    api: Api, held: str
) -> None:
    person = await api.person()
    await api.telegram.post("/sim/queues", kind=held, held=True)
    async with serving() as bot:
        await api.call("setWebhook", url=bot.address)
        await api.does(person, "write", text="Hello")
        await api.does(person, "tap", message_id=1, data="yes")
        await bot.has(1)
        await api.telegram.post("/sim/queues", kind=held, held=False)
        await taken(api)

    assert [held in update for update in bot.posted] == [False, True]


@pytest.mark.parametrize(("lifetime", "kinds"), [(TAP_SECONDS, ["message"]), (TEXT_SECONDS, [])])
async def test_what_the_bot_does_not_fetch_expires_as_the_clock_is_turned(
    api: Api, lifetime: int, kinds: list[str]
) -> None:
    person = await api.person()
    await api.does(person, "write", text="Hello")
    await api.does(person, "tap", message_id=1, data="yes")

    await api.telegram.post("/sim/clock", seconds=lifetime - 1)
    before = await api.updates(offset=1)
    turned = await api.telegram.post("/sim/clock", seconds=1)

    assert len(before) == (2 if kinds else 1)
    assert [[*update][1] for update in await api.updates(offset=2)] == kinds
    assert turned["now"] == api.clock() + lifetime


async def test_the_ledger_tells_what_each_call_changed(api: Api) -> None:
    person = await api.person()
    message = await api.says(person, "  Question ", reply_markup=keyboard([key()]))
    query = (await api.does(person, "tap", message_id=message, data="yes"))["callback_query"]["id"]
    await api.call("answerCallbackQuery", callback_query_id=query, text="Saved")
    await api.call("editMessageText", chat_id=person, message_id=message, text="Next")
    await api.call(
        "editMessageReplyMarkup", chat_id=person, message_id=message, reply_markup=keyboard([key()])
    )
    await api.refuses("editMessageText", chat_id=person, message_id=message, text="")
    await api.call("getMe")

    entries = await ledger(api)

    assert [
        (e["number"], e["method"], e["chat_id"], e["message_id"], e["key"]) for e in entries
    ] == [
        (1, "sendMessage", person, message, key_of("Question")),
        (2, "answerCallbackQuery", person, None, key_of("Saved")),
        (3, "editMessageText", person, message, key_of("Next")),
        (4, "editMessageReplyMarkup", person, message, key_of("Next")),
    ]
    assert await ledger(api, after=3) == entries[3:]
