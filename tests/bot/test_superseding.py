"""Edits that a later one replaces aren't sent: who taps impatiently isn't made to wait for them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.superseding import superseded
from storage import outbox
from storage.outbox import Promise
from storage.store import Transaction
from tests.bot.test_sender import respondent_of
from tests.conftest import House
from tests.steps import at_first_question

METHODS = ("sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery")
Call = tuple[str, int]


async def test_of_many_edits_of_one_message_only_the_last_is_sent(house: House) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)
    message_id = phone.messages[-1]["message_id"]
    before = len(house.world.ledger.entries)

    def promise(tx: Transaction) -> None:
        for number in range(50):
            body: dict[str, Any] = {"text": f"State {number}", "message_id": message_id}
            outbox.put(tx, person, "editMessageText", body, policy="edit")
            outbox.put(tx, person, "sendMessage", {"text": f"Reply {number}"})

    await house.store.call(promise)
    house.application.sender.wake()
    await house.settled()
    await phone.look()

    calls = [entry.method for entry in house.world.ledger.entries[before:]]
    assert (calls.count("editMessageText"), calls.count("sendMessage")) == (1, 50)
    assert "State 49" in [message["text"] for message in phone.messages]
    assert house.rows("SELECT count(*) FROM outbox WHERE status != 'sent'") == [(0,)]


def promised(number: int, method: str, message: int) -> Promise:
    body = {"message_id": message, "text": str(number)}
    return Promise(number, "r", 1, 0, "edit", method, body, None, 0)


def shown(promises: list[Promise]) -> dict[int, tuple[int, int]]:
    """Return which promise gave each message its text, and which its buttons."""
    state: dict[int, tuple[int, int]] = {}
    for promise in promises:
        message = promise.body["message_id"]
        if promise.method == "editMessageText":
            state[message] = promise.id, promise.id
        elif promise.method == "editMessageReplyMarkup":
            state[message] = state.get(message, (0, 0))[0], promise.id
    return state


@given(st.lists(st.tuples(st.sampled_from(METHODS), st.integers(1, 3)), max_size=12))
def test_what_people_see_in_the_end_is_the_same_without_them(calls: list[Call]) -> None:
    promises = [promised(number, *call) for number, call in enumerate(calls, 1)]

    old = superseded(promises)

    left = [promise for promise in promises if promise.id not in old]
    assert shown(left) == shown(promises)
    assert all(promise.method.startswith("edit") for promise in promises if promise.id in old)
    whole = [promise.body["message_id"] for promise in left if promise.method == METHODS[1]]
    assert len(whole) == len(set(whole))
