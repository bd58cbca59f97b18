"""How a bot may call, which calls are refused whatever they say, and faults on demand."""

import json
from typing import Any

import aiohttp
import pytest

from tests.conftest import TOKEN
from tests.simulator.conftest import Api, Refused, key, keyboard

BODIES: dict[str, dict[str, Any]] = {
    "a form": {"data": {"text": "សួស្តី", "reply_markup": json.dumps(keyboard([key()]))}},
    "JSON": {"json": {"text": "សួស្តី", "reply_markup": keyboard([key()])}},
    "JSON in JSON": {"json": {"text": "សួស្តី", "reply_markup": json.dumps(keyboard([key()]))}},
    "the address": {"params": {"text": "សួស្តី", "reply_markup": json.dumps(keyboard([key()]))}},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_call_may_come_in_any_form(api: Api, body: dict[str, Any]) -> None:
    kind, fields = next(iter(body.items()))
    person = str(await api.person())

    sent = await api.post("sendMessage", **{kind: {"chat_id": person, **fields}})

    assert sent["text"] == "សួស្តី"
    assert sent["reply_markup"] == keyboard([key()])


async def test_a_call_may_come_as_multipart_or_by_get(api: Api) -> None:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("chat_id", str(await api.person()))
    form.add_field("text", "សួស្តី")

    assert (await api.post("sendMessage", data=form))["text"] == "សួស្តី"
    assert (await api.telegram.get(f"/bot{TOKEN}/getMe"))["result"]["is_bot"]


@pytest.mark.parametrize(
    "body", [b"{", b"[1, 2]", b"7", b"\xff\xfe", b'{"a": ' + b"[" * 100_000], ids=repr
)
async def test_json_that_cannot_be_read_is_a_bad_request(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    with pytest.raises(Refused, match="400, \"Bad Request: can't parse the request's body"):
        await api.post("sendMessage", data=body, headers=headers)


async def test_half_a_character_is_a_bad_request(api: Api) -> None:
    words = await api.refuses("sendMessage", chat_id=await api.person(), text="\ud83d")

    assert words == "Bad Request: strings must be encoded in UTF-8"


async def test_a_methods_name_is_taken_in_any_case(api: Api) -> None:
    assert (await api.call("GETME"))["username"] == "samleng_try_bot"


async def test_a_method_that_is_not_there_is_not_found(api: Api) -> None:
    assert await api.refuses("sendCoffee") == "Not Found: method not found"


async def test_a_token_that_cannot_be_one_is_unauthorized(api: Api) -> None:
    assert await api.telegram.call("7:short", "getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


@pytest.mark.parametrize(
    ("chat_id", "words"),
    [
        (None, "Bad Request: chat_id is empty"),
        ("", "Bad Request: chat_id is empty"),
        ("nobody", "Bad Request: chat not found"),
        (1, "Bad Request: chat not found"),
        (10**30, "Bad Request: chat not found"),
    ],
)
async def test_nobody_can_be_written_to_who_is_not_there(
    api: Api, chat_id: object, words: str
) -> None:
    assert await api.refuses("sendMessage", chat_id=chat_id, text="Hello") == words


async def test_who_never_wrote_to_the_bot_cannot_be_written_to(api: Api) -> None:
    stranger = await api.person(started=False)

    with pytest.raises(Refused, match="can't initiate conversation with a user") as refusal:
        await api.says(stranger)

    assert refusal.value.code == 403


async def test_who_blocked_the_bot_cannot_be_written_to_until_they_write(api: Api) -> None:
    person = await api.person()
    await api.does(person, "block", blocked=True)

    with pytest.raises(Refused, match="bot was blocked by the user") as refusal:
        await api.says(person)
    assert refusal.value.code == 403

    await api.does(person, "write", text="I am back")
    assert await api.says(person)
    happened = [next(iter(set(update) - {"update_id"})) for update in await api.updates()]
    assert happened == ["my_chat_member", "my_chat_member", "message"]


async def test_a_menu_is_kept_for_each_scope_and_language(api: Api) -> None:
    menu = [{"command": "start", "description": "ចាប់ផ្តើម"}]
    where = {"scope": {"type": "all_private_chats"}, "language_code": "km"}

    await api.call("setMyCommands", commands=menu, **where)

    assert await api.call("getMyCommands", **where) == menu
    assert await api.call("getMyCommands") == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"command": "Start"}, "BOT_COMMAND_INVALID"),
        ({"command": "ចាប់ផ្តើម"}, "BOT_COMMAND_INVALID"),
        ({"command": "x" * 33}, "BOT_COMMAND_INVALID"),
        ({"command": ""}, "BOT_COMMAND_INVALID"),
        ({"description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"description": "ក" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_command_that_cannot_be_is_refused(
    api: Api, changes: dict[str, str], words: str
) -> None:
    command = {"command": "start", "description": "Begin", **changes}

    assert words in await api.refuses("setMyCommands", commands=[command])


async def test_a_chat_shows_its_own_menu_before_everybodys_and_a_language_before_none(
    api: Api,
) -> None:
    person = await api.person()
    own = {"scope": {"type": "chat", "chat_id": person}}

    async def shown(language: str) -> list[str]:
        menu = await api.telegram.get(f"/sim/people/{person}/menu?language={language}")
        return [command["command"] for command in menu]

    async def offer(name: str, **where: Any) -> None:
        menu = [{"command": name, "description": name}]
        await api.call("setMyCommands", commands=menu, **where)

    assert await shown("km") == []
    await offer("everywhere")
    await offer("in_khmer", language_code="km")
    assert (await shown("km"), await shown("en")) == (["in_khmer"], ["everywhere"])
    await offer("private", scope={"type": "all_private_chats"})
    assert await shown("km") == ["private"]
    await offer("own", **own)
    assert await shown("km") == ["own"]
    await api.call("deleteMyCommands", **own)
    assert await shown("km") == ["private"]


async def test_a_menu_that_cannot_be_is_refused(api: Api) -> None:
    command = {"command": "start", "description": "Begin"}

    refused: list[tuple[dict[str, Any], str]] = [
        ({"commands": [command] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": "{"}, "can't parse commands JSON object"),
        ({"commands": ["start"]}, "can't parse BotCommand"),
        ({"commands": [command], "language_code": "khm"}, "invalid language code"),
        ({"commands": [command], "scope": "private"}, "can't parse BotCommandScope"),
        ({"commands": [command], "scope": {"type": "all"}}, "unsupported type"),
        ({"commands": [command], "scope": {"type": "chat"}}, "chat_id is empty"),
        ({"commands": [command], "scope": {"type": "chat", "chat_id": 1}}, "chat not found"),
    ]
    for menu, words in refused:
        assert words in await api.refuses("setMyCommands", **menu)


async def test_a_fault_is_given_as_often_as_asked_and_then_no_more(api: Api) -> None:
    fault = {"method": "sendMessage", "code": 429, "description": "Slow", "retry_after": 7}
    await api.telegram.post("/sim/faults", **fault, times=2)
    person = await api.person()

    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            await api.says(person)
        assert refusal.value.body["parameters"] == {"retry_after": 7}

    assert await api.says(person)
    assert await api.call("getMe")
    assert await api.telegram.get("/sim/calls") == {"sendMessage": 3, "getMe": 1}


async def test_a_message_can_be_deleted_once_whoever_sent_it_and_not_after_two_days(
    api: Api,
) -> None:
    person = await api.person()
    [theirs, *_] = (await api.chat(person))["messages"]
    old, ours = [await api.says(person) for _ in range(2)]

    for message_id in (theirs["message_id"], ours):
        assert await api.call("deleteMessage", chat_id=person, message_id=message_id) is True
    left = (await api.chat(person))["messages"]
    assert [message["message_id"] for message in left] == [old]
    assert await api.refuses("deleteMessage", chat_id=person, message_id=ours) == (
        "Bad Request: message to delete not found"
    )

    await api.telegram.post("/sim/clock", seconds=48 * 3600 + 1)
    assert await api.refuses("deleteMessage", chat_id=person, message_id=old) == (
        "Bad Request: message can't be deleted for everyone"
    )
