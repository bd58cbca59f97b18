"""Taps on what a question showed before: a page, a search, a calendar. They never lead nowhere."""

from tests.conftest import House
from tests.steps import at_first_question, publish


async def test_a_page_of_the_whole_list_tapped_after_a_search_shows_what_was_found(
    house: House,
) -> None:
    await publish(house, "choices")
    phone = await at_first_question(house)
    for label in ("I agree", "Yes", "4", "2", "Siem Reap", "2 ▶"):
        await phone.taps(label)
    message_id, third = phone.button("3 ▶")
    await phone.types("kampong")

    await phone.taps_data(message_id, third)

    older = next(m for m in phone.messages if m["message_id"] == message_id)
    assert "“kampong”: 2 found" in older["text"]
    assert phone.button("Kampong Kdei")
    assert not house.failures()


async def test_an_hour_of_a_day_that_was_given_up_begins_again(house: House) -> None:
    await publish(house, "figures")
    phone = await at_first_question(house)
    await phone.types("35")
    for _ in range(6):
        await phone.taps("Skip ⏭")
    await phone.taps("Today")
    message_id, hour = phone.button("08")
    await phone.types("12/07/2569 8:00")

    await phone.taps_data(message_id, hour)

    assert not house.failures()
    assert phone.button("Today")


async def test_a_yes_to_an_older_guess_confirms_nothing(house: House) -> None:
    await publish(house, "figures")
    phone = await at_first_question(house)
    await phone.types("15 years")
    message_id, fifteen = phone.button("Yes, 15")
    await phone.types("51 years")

    await phone.taps_data(message_id, fifteen)

    assert "no longer works" in phone.notice
    assert house.rows("SELECT count(*) FROM answer WHERE path = '/data/age'") == [(0,)]
    await phone.taps("Yes, 51")
    assert house.rows("SELECT value FROM answer WHERE path = '/data/age'") == [("51",)]


async def test_one_is_removed_once_however_often_it_is_tapped(house: House) -> None:
    await publish(house, "repeats")
    phone = await at_first_question(house)
    for text in ("Sok", "40", "yes", "Dara", "30", "yes", "Chan", "20"):
        await phone.types(text)
    await phone.taps("🗑 1")
    message_id, remove = phone.button("Remove it")

    await phone.taps_data(message_id, remove)
    await phone.taps_data(message_id, remove)

    assert "1. Dara" in phone.sees
    assert "2. Chan" in phone.sees
