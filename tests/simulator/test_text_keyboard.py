"""Buttons under the text field: sent with a message, never edited into one or away from one."""

import pytest

from tests.simulator.conftest import Api, Refused, key, keyboard

KEYS = {"keyboard": [[{"text": "Place", "request_location": True}], [{"text": "Skip"}]]}


async def test_they_come_with_a_message_and_go_with_another(api: Api) -> None:
    person = await api.person()

    with_keys = await api.says(person, "Where?", reply_markup=KEYS)
    without = await api.says(person, "Thank you", reply_markup={"remove_keyboard": True})

    shown = {m["message_id"]: m.get("reply_markup") for m in (await api.chat(person))["messages"]}
    assert shown[with_keys] == KEYS
    assert shown[without] == {"remove_keyboard": True}


async def test_a_message_with_them_cannot_be_edited(api: Api) -> None:
    person = await api.person()
    message = await api.says(person, "Where?", reply_markup=KEYS)

    words = await api.refuses("editMessageText", chat_id=person, message_id=message, text="Here")

    assert "can't be edited" in words


@pytest.mark.parametrize("markup", [KEYS, {"remove_keyboard": True}])
async def test_a_message_cannot_be_edited_to_have_them(api: Api, markup: object) -> None:
    person = await api.person()
    message = await api.says(person, "Where?", reply_markup=keyboard([key()]))

    words = await api.refuses(
        "editMessageReplyMarkup", chat_id=person, message_id=message, reply_markup=markup
    )

    assert "inline keyboard expected" in words


@pytest.mark.parametrize(
    "rows", [[], [[]], "x", [[{"text": ""}]], [[{"text": "a", "callback_data": "b"}]]]
)
async def test_broken_ones_are_refused(api: Api, rows: object) -> None:
    person = await api.person()

    with pytest.raises(Refused):
        await api.says(person, "Where?", reply_markup={"keyboard": rows})
