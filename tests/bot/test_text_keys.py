"""Buttons under the text field are there for the open question, and gone or replaced after it."""

import pytest

from tests.chat import Phone, buttons
from tests.conftest import House
from tests.steps import at_first_question, publish


async def reporter(house: House) -> Phone:
    """Bring a reporter, whose buttons are under the text field, to the place of a dialogue."""
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('reporter', 'cso')}")
    await phone.taps("English")
    await phone.taps("I'm 18 or older and I agree")
    await phone.types("/keyboard")
    await phone.taps("Kampot")
    return phone


async def citizen(house: House) -> Phone:
    phone = await at_first_question(house)
    await phone.types("/keyboard")
    assert phone.keys
    return phone


@pytest.mark.parametrize("command", ["/people", "/stop", "⏸ Later"])
async def test_what_ends_or_leaves_a_question_takes_its_buttons_away(
    house: House, command: str
) -> None:
    phone = await citizen(house)

    await phone.types(command)

    assert phone.keys == []
    assert "remove_keyboard" not in phone.messages[-1].get("reply_markup", {})


@pytest.mark.parametrize("command", ["/assist", "/count"])
async def test_a_facilitator_who_turns_to_others_finds_no_buttons_of_their_own_report(
    house: House, command: str
) -> None:
    phone = await reporter(house)
    await phone.types("/report")
    await phone.taps("Another dialogue")
    assert phone.keys

    await phone.types(command)

    assert phone.keys == []
    assert phone.labels


async def test_another_survey_brings_its_buttons_and_no_message_more(house: House) -> None:
    phone = await citizen(house)

    await phone.types("/start p17-dialogue_experience")

    assert len(phone.news) == 1
    assert phone.keys


async def test_the_consent_that_was_tapped_has_no_buttons_beside_those_of_the_question(
    house: House,
) -> None:
    phone = await reporter(house)
    await phone.types("/report")
    await phone.types("/assist")
    await phone.taps("What matters in your commune")
    await phone.taps("They are 18 or older and agree")

    assert phone.keys
    assert not any(buttons(message) for message in phone.news)


async def test_where_no_survey_follows_the_last_question_about_a_person_its_buttons_go(
    house: House,
) -> None:
    phone = await reporter(house)

    assert phone.keys == []
    assert "Kampot" not in phone.sees


@pytest.mark.parametrize("label", ["🗑 Delete my data", "🗑 Delete everybody's on this phone"])
async def test_who_is_forgotten_keeps_no_buttons(house: House, label: str) -> None:
    phone = await citizen(house)
    if label != "🗑 Delete my data":
        await shared(phone)
    await phone.types("/forget")

    await phone.taps(label)

    assert phone.keys == []
    assert not house.rows("SELECT id FROM respondent")


async def test_who_leaves_a_shared_phone_leaves_no_buttons(house: House) -> None:
    phone = await citizen(house)
    await shared(phone)
    await phone.types("/start")
    await phone.taps("👤 Person 1")
    assert phone.keys
    await phone.types("/forget")

    await phone.taps("🗑 Delete my data")

    assert phone.keys == []


async def shared(phone: Phone) -> None:
    """Let a second person begin on a phone."""
    await phone.types("/people")
    await phone.taps("➕ Another person")
    for label in ("English", "I'm 18 or older and I agree", "Citizen"):
        await phone.taps(label)
    assert phone.keys


async def test_the_button_that_sends_a_place_goes_where_something_else_begins(
    house: House,
) -> None:
    await publish(house, "sent")
    phone = await at_first_question(house)
    assert phone.keys

    await phone.types("/people")

    assert phone.keys == []


async def test_a_form_ends_without_its_answers_and_buttons_and_says_thanks_last(
    house: House,
) -> None:
    phone = await citizen(house)
    for _ in range(5):
        await phone.taps("Skip ⏭")
    assert "Your answers" in phone.sees

    await phone.taps("📨 Submit")

    assert phone.keys == []
    assert "Thank you" in phone.sees
    assert not any("Your answers" in message["text"] for message in phone.messages)
    assert not house.failures()
    assert house.rows("SELECT count(*) FROM outbox WHERE status = 'dead'") == [(0,)]
