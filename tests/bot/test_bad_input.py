"""Whatever people or programs send: a kind answer, the person can go on, nothing is lost."""

import pytest

from handlers import buttons as button_data
from tests.conftest import House
from tests.steps import at_first_question, at_number_question, at_text_question


def answers(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT path, value FROM answer ORDER BY id")


@pytest.mark.parametrize("language", ["km", "en"])
@pytest.mark.parametrize("kind", ["sticker", "photo", "location", "contact"])
async def test_what_is_not_an_answer_is_explained_and_the_question_stands(
    house: House, language: str, kind: str
) -> None:
    phone = await at_text_question(house, language)
    before = answers(house)

    await phone.sends(kind)

    assert phone.sees.startswith("⚠️ ")
    assert {"km": "សូមសរសេរ", "en": "Please write"}[language] in phone.sees
    assert answers(house) == before
    await phone.types("ផ្លូវ")
    assert answers(house)[-1] == ("/data/change", "ផ្លូវ")


async def test_a_text_of_4096_characters_is_stored_whole_and_shown_shortened(house: House) -> None:
    phone = await at_text_question(house)
    long = "ក្រុ" * 1024

    await phone.types(long)

    assert answers(house)[-1] == ("/data/change", long)
    assert "…" in next(m["text"] for m in phone.news if m["message_id"] in phone.edited)
    assert "ask you again" in phone.sees


@pytest.mark.parametrize("blank", ["\u200b", "\u200b \u200c\ufeff", "\n\t ", "\u2060" * 50])
async def test_a_text_nobody_can_see_is_asked_again(house: House, blank: str) -> None:
    phone = await at_text_question(house)

    await phone.types(blank)

    assert "can't see anything" in phone.sees


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("en", "9000", "a number from 1 to 5000"),
        ("en", "-1", "a number from 1 to 5000"),
        ("en", "twelve", "whole number"),
        ("en", "1e5", "whole number"),
        ("km", "៩០០០", "សូមបញ្ចូលលេខពី ១ ដល់ ៥០០០"),
        ("km", "១៥នាក់", "តើអ្នកចង់និយាយថា ១៥ មែនទេ?"),
    ],
)
async def test_a_number_that_cannot_stand_is_explained(
    house: House, language: str, typed: str, said: str
) -> None:
    phone = await at_number_question(house, language)
    before = answers(house)

    await phone.types(typed)

    assert said in phone.sees
    assert answers(house) == before


async def test_an_example_then_help_then_a_way_on_and_never_a_loop(house: House) -> None:
    phone = await at_number_question(house)
    seen = []

    for text in ("many", "very many", "so many"):
        await phone.types(text)
        seen.append(phone.sees)

    assert ["for example" in text for text in seen] == [True, True, True]
    assert ["ask somebody near you" in text for text in seen] == [False, True, True]
    assert ["You can also tap Later" in text for text in seen] == [False, False, True]


async def test_a_tap_on_an_old_question_changes_nothing_and_says_so(house: House) -> None:
    phone = await at_first_question(house)
    message_id, old = phone.button("Skip ⏭")
    await phone.taps("Skip ⏭")
    before = answers(house)

    await phone.taps_data(message_id, old)

    assert "no longer works" in phone.notice
    assert answers(house) == before
    assert house.rows("SELECT json_extract(state, '$.position') FROM interview")[-1] == (
        "/data/have_say",
    )


async def test_a_second_tap_on_the_same_button_changes_nothing(house: House) -> None:
    phone = await at_first_question(house)
    await phone.taps("Skip ⏭")
    message_id, data = phone.button("Some")
    await phone.taps_data(message_id, data)

    await phone.taps_data(message_id, data)

    assert house.rows("SELECT value FROM answer WHERE path = '/data/have_say'") == [("some",)]
    assert "no longer works" in phone.notice


async def test_no_byte_of_a_button_can_be_forged(house: House) -> None:
    phone = await at_first_question(house)
    message_id, data = phone.button("Skip ⏭")
    before = house.rows("SELECT state FROM interview")

    for at in range(len(data)):
        changed = data[:at] + ("A" if data[at] != "A" else "B") + data[at + 1 :]
        await phone.taps_data(message_id, changed)

        assert "no longer works" in phone.notice, changed
    assert house.rows("SELECT state FROM interview") == before


async def test_a_button_of_somebody_else_is_no_button(house: House) -> None:
    owner, other = await at_first_question(house), await at_first_question(house)
    message_id, data = owner.button("Skip ⏭")
    before = house.rows("SELECT state FROM interview")

    await other.taps_data(message_id, data)

    assert "no longer works" in other.notice
    assert house.rows("SELECT state FROM interview") == before


@pytest.mark.parametrize("data", ["", "x", "1|a", "1|forget|yes", "|||", "ខ្មែរ", "1" * 64])
async def test_nonsense_for_a_button_gets_a_notice(house: House, data: str) -> None:
    phone = await at_first_question(house)

    await phone.taps_data(phone.messages[-1]["message_id"], data)

    assert "no longer works" in phone.notice
    assert not house.failures()


async def test_a_button_is_never_near_the_limit_of_64_bytes(house: House) -> None:
    phone = await at_first_question(house)
    longest = max(len(data) for data in (phone.button(label)[1] for label in phone.labels))

    assert longest <= 40
    assert button_data.LONGEST == 64


async def test_a_changed_message_leaves_the_answer_as_it_was(house: House) -> None:
    phone = await at_text_question(house)
    await phone.types("First")
    sent = next(m for m in phone.messages if m.get("text") == "First")

    await house.telegram.post("/sim/updates", edited_message={**sent, "text": "Second"})
    await house.settled()

    assert answers(house)[-1] == ("/data/change", "First")


async def test_a_person_writes_again_after_blocking_the_bot(house: House) -> None:
    phone = await at_first_question(house)
    await phone.blocks()
    assert house.rows("SELECT unreachable_at IS NULL FROM respondent") == [(0,)]

    await phone.types("/start")

    assert "What matters most" in phone.sees
    assert house.rows("SELECT unreachable_at IS NULL FROM respondent") == [(1,)]


async def test_a_question_that_arrived_twice_leads_on_from_either_message(house: House) -> None:
    """After a crash Telegram may have a message twice; the second one looks open and isn't."""
    phone = await at_first_question(house)
    first = phone.messages[-1]
    again = house.world.new_message(
        house.world.chats[phone.person_id],
        from_bot=True,
        text=first["text"],
        reply_markup=first["reply_markup"],
    )
    message_id, skip = first["message_id"], phone.button("Skip ⏭")[1]
    await phone.taps_data(message_id, skip)

    await phone.taps_data(again["message_id"], skip)

    assert "no longer works" in phone.notice
    assert "have a say" in phone.sees
    await phone.taps("Some")
    assert answers(house)[-1] == ("/data/have_say", "some")
    assert phone.messages[-1]["message_id"] == again["message_id"]


async def test_ticks_and_done_count_although_the_first_tick_is_not_shown_yet(house: House) -> None:
    """On a slow phone all three are tapped on the same buttons."""
    phone = await at_first_question(house)
    taps = [phone.button(label) for label in ("☐ Road", "☐ School", "✅ Done (0)")]

    for message_id, data in taps:
        await phone.taps_data(message_id, data)

    assert answers(house)[-1] == ("/data/topics", "road school")


async def test_a_double_tap_on_a_tick_ticks_once(house: House) -> None:
    phone = await at_first_question(house)
    message_id, tick = phone.button("☐ Road")

    await phone.taps_data(message_id, tick)
    await phone.taps_data(message_id, tick)

    assert phone.labels[0] == "☑ Road"
