"""How long a tap can be answered, and how fast a bot may speak."""

import pytest

from bot.simulator.world import CHAT_BURST, OVERALL_BURST
from tests.simulator.conftest import Api, Refused, key, keyboard

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def tapped(api: Api, person: int) -> str:
    """Let a person tap a button; return the id of the tap."""
    message = await api.says(person, reply_markup=keyboard([key()]))
    update = await api.does(person, "tap", message_id=message, data="yes")
    return str(update["callback_query"]["id"])


async def test_a_tap_is_answered_once_with_a_notice(api: Api) -> None:
    person = await api.person()
    query = await tapped(api, person)

    await api.call("answerCallbackQuery", callback_query_id=query, text="Saved", show_alert=True)

    assert (await api.chat(person))["notices"] == [{"text": "Saved", "alert": True}]
    assert await api.refuses("answerCallbackQuery", callback_query_id=query) == TOO_OLD


async def test_a_tap_can_be_answered_for_150_seconds(api: Api) -> None:
    person = await api.person()
    early, late = await tapped(api, person), await tapped(api, person)

    api.clock.turn(149)
    assert await api.call("answerCallbackQuery", callback_query_id=early)
    api.clock.turn(1)
    assert await api.refuses("answerCallbackQuery", callback_query_id=late) == TOO_OLD


async def test_a_tap_that_never_was_cannot_be_answered(api: Api) -> None:
    assert await api.refuses("answerCallbackQuery", callback_query_id="7") == TOO_OLD
    assert await api.refuses("answerCallbackQuery") == TOO_OLD


async def test_a_notice_is_at_most_200_characters_and_a_longer_one_spends_no_tap(api: Api) -> None:
    query = await tapped(api, await api.person())

    words = await api.refuses("answerCallbackQuery", callback_query_id=query, text="ក" * 201)

    assert words == "Bad Request: MESSAGE_TOO_LONG"
    assert await api.call("answerCallbackQuery", callback_query_id=query, text="ក" * 200)


async def test_a_tap_shows_the_message_as_it_was(api: Api) -> None:
    person = await api.person()
    await tapped(api, person)
    message = (await api.chat(person))["messages"][-1]["message_id"]

    await api.call("editMessageText", chat_id=person, message_id=message, text="Next question")

    [update] = await api.updates()
    assert update["callback_query"]["message"]["text"] == "Question"


async def test_one_chat_takes_a_burst_and_then_a_message_a_second(api: Api) -> None:
    person, other = await api.person(), await api.person()
    for _ in range(int(CHAT_BURST)):
        await api.says(person)

    with pytest.raises(Refused, match="Too Many Requests: retry after 2") as refusal:
        await api.says(person)

    assert refusal.value.code == 429
    assert refusal.value.body["parameters"] == {"retry_after": 2}
    assert await api.says(other)
    api.clock.turn(1)
    assert await api.says(person)


async def test_all_chats_together_are_slowed_too(api: Api) -> None:
    people = [await api.person() for _ in range(int(OVERALL_BURST) + 1)]
    for person in people[:-1]:
        await api.says(person)

    assert "Too Many Requests" in await api.refuses(
        "sendMessage", chat_id=people[-1], text="Question"
    )
    api.clock.turn(1)
    assert await api.says(people[-1])


async def test_edits_are_counted_and_answers_to_taps_are_not(api: Api) -> None:
    person = await api.person()
    message = await api.says(person)
    query = await tapped(api, person)
    for number in range(int(CHAT_BURST) - 2):
        await api.call(
            "editMessageText", chat_id=person, message_id=message, text=f"Question {number}"
        )

    edit = {"chat_id": person, "message_id": message, "text": "Once more"}
    assert "Too Many Requests" in await api.refuses("editMessageText", **edit)
    assert await api.call("answerCallbackQuery", callback_query_id=query)
