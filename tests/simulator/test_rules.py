"""What Telegram refuses when a bot sends or changes a message, and in which words."""

import pytest

from tests.simulator.conftest import Api, key, keyboard

NOT_MODIFIED = "Bad Request: message is not modified"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "\u2060 \ufeff", "\u2800\u3000"], ids=repr)
async def test_a_text_nobody_can_see_is_empty(api: Api, text: str) -> None:
    words = await api.refuses("sendMessage", chat_id=await api.person(), text=text)

    assert words == "Bad Request: message text is empty"


@pytest.mark.parametrize("longest", ["ក" * 4096, "🙏" * 2048])
async def test_a_text_is_at_most_4096_utf16_units(api: Api, longest: str) -> None:
    person = await api.person()

    assert await api.says(person, longest)
    assert await api.says(person, f"  {longest}\n")
    words = await api.refuses("sendMessage", chat_id=person, text=longest + "។")
    assert words == "Bad Request: message is too long"


async def test_the_space_around_a_text_is_dropped(api: Api) -> None:
    person = await api.person()

    await api.says(person, "\n សួស្តី \n")

    assert (await api.chat(person))["messages"][-1]["text"] == "សួស្តី"


async def test_a_parse_mode_is_refused_here(api: Api) -> None:
    words = await api.refuses(
        "sendMessage", chat_id=await api.person(), text="x", parse_mode="HTML"
    )

    assert "parse_mode" in words


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([key(data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([key(data="ក" * 22)]), "BUTTON_DATA_INVALID"),
        (keyboard([key(data="")]), "BUTTON_DATA_INVALID"),
        (keyboard([key(text=" ")]), "button text must be non-empty"),
        (keyboard([{"text": "Yes"}]), "text buttons are unallowed"),
        (keyboard([{**key(), "url": "https://example.org"}]), "text buttons are unallowed"),
        (keyboard(*[[key()]] * 101), "reply markup is too long"),
        ({"inline_keyboard": key()}, "can't parse inline keyboard"),
        ({"inline_keyboard": [key()]}, "can't parse inline keyboard"),
        ([], None),
        ([1], "object expected as reply markup"),
        ("{", "object expected as reply markup"),
    ],
)
async def test_a_keyboard_that_cannot_be_is_refused(
    api: Api, markup: object, words: str | None
) -> None:
    call = {"chat_id": await api.person(), "text": "Question", "reply_markup": markup}

    if words is None:
        assert await api.call("sendMessage", **call)
    else:
        assert words in await api.refuses("sendMessage", **call)


async def test_button_data_of_64_bytes_and_100_buttons_are_allowed(api: Api) -> None:
    rows = [[key(data="x" * 64)] * 8] * 12 + [[key()] * 4]

    assert await api.says(await api.person(), reply_markup=keyboard(*rows))


async def test_an_app_shows_no_more_than_eight_buttons_in_a_row(api: Api) -> None:
    person = await api.person()

    await api.says(person, reply_markup=keyboard([key()] * 9))

    [row] = (await api.chat(person))["messages"][-1]["reply_markup"]["inline_keyboard"]
    assert len(row) == 8


async def test_an_edit_changes_the_text_and_takes_the_buttons_away(api: Api) -> None:
    person = await api.person()
    message = await api.says(person, reply_markup=keyboard([key()]))

    await api.call("editMessageText", chat_id=person, message_id=message, text="Thank you")

    shown = (await api.chat(person))["messages"][-1]
    assert (shown["text"], shown["reply_markup"]) == ("Thank you", keyboard())
    assert shown["edit_date"] == int(api.clock())


@pytest.mark.parametrize("text", ["Question", "Question \n"])
async def test_an_edit_that_changes_nothing_is_refused(api: Api, text: str) -> None:
    person = await api.person()
    buttons = keyboard([key()])
    message = await api.says(person, reply_markup=buttons)
    same = {"chat_id": person, "message_id": message, "reply_markup": buttons}

    assert NOT_MODIFIED in await api.refuses("editMessageText", text=text, **same)
    assert NOT_MODIFIED in await api.refuses("editMessageReplyMarkup", **same)
    assert await api.call("editMessageReplyMarkup", chat_id=person, message_id=message)


async def test_only_a_message_of_the_bot_that_is_there_can_be_edited(api: Api) -> None:
    person = await api.person()
    their_own = (await api.chat(person))["messages"][0]["message_id"]
    edit = {"chat_id": person, "text": "New"}

    for message_id, words in [
        (their_own, "message can't be edited"),
        (999_999, "message to edit not found"),
        (None, "message identifier is not specified"),
        ("x", "message identifier is not specified"),
    ]:
        assert words in await api.refuses("editMessageText", message_id=message_id, **edit)
