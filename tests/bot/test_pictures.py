"""Pictures and sounds of forms: uploaded once, in the right place, whatever Telegram forgets."""

import pytest

from bot.simulator.world import World
from handlers.enclosed import AUDIO, IMAGE, Enclosed, Shown, calls
from storage import forms
from surveys.khmer import utf16_length
from tests.chat import Phone, buttons
from tests.conftest import HandClock, House
from tests.steps import at_first_question, brought, publish
from tests.surveys.markdown import converted

ANSWERS = ("> water", "* 2", "> It is shorter.", "* Phsar Leu · ផ្សារលើ", "* Yes", "> 7")


async def answers_all(house: House, language: str = "en") -> Phone:
    phone = await at_first_question(house, language)
    for answer in ANSWERS:
        await (phone.taps if answer[0] == "*" else phone.types)(answer[2:])
    return phone


def uploads(world: World) -> list[str]:
    """Return the names of the files that the bot uploaded, as often as it did."""
    return sorted(world.files[file_id][0] for file_id in world.kinds)


async def test_a_file_is_uploaded_once_however_many_people_see_it(house: House) -> None:
    await publish(house, "pictures")

    for _ in range(3):
        await answers_all(house)

    shown = ["river.png", "road.png", "sign.png", "village.png", "why.mp3"]
    assert uploads(house.world) == shown
    assert not house.failures()


async def test_a_file_that_telegram_has_forgotten_is_uploaded_again(
    house: House, clock: HandClock
) -> None:
    await publish(house, "pictures")
    await answers_all(house)
    for file_id in house.world.kinds:
        del house.world.files[file_id]
    house.world.kinds.clear()

    phone = await house.person()
    await phone.types("/start p17")
    for label in ("English", "I'm 18 or older and I agree"):
        await phone.taps(label)
    message_id, data = phone.button("Citizen")
    await house.telegram.post(
        f"/sim/people/{phone.person_id}/tap", message_id=message_id, data=data
    )
    while "village.png" not in uploads(house.world):
        clock.turn(seconds=2)
        house.application.sender.wake()
        await house.store.call(lambda _: None)
    await house.settled()
    await phone.look()

    assert "photo" in phone.messages[-1]
    assert house.rows("SELECT count(*) FROM outbox WHERE status = 'dead'") == [(0,)]


async def test_what_follows_a_picture_elsewhere_is_a_message_of_its_own(house: House) -> None:
    await publish(house, "pictures")
    phone = await at_first_question(house)
    assert "photo" in phone.messages[-1]

    await phone.taps("⏸ Later")
    later = phone.messages[-1]
    await phone.taps("▶ Continue")

    assert "text" in later
    assert "What does this village need?" in phone.messages[-1]["caption"]
    assert house.rows("SELECT count(*) FROM outbox WHERE status = 'dead'") == [(0,)]


async def test_with_buttons_under_the_text_field_pictures_are_shown_too(house: House) -> None:
    await publish(house, "pictures")
    phone = await at_first_question(house)
    await phone.types("/keyboard")
    assert "photo" in phone.messages[-1]

    for answer in ("☐ Water", "✅ Done (1)"):
        await phone.types(answer)

    assert [("photo" in m, "text" in m) for m in phone.messages[-3:]] == [
        (True, False),
        (True, False),
        (False, True),
    ]
    assert "By river" in phone.messages[-1]["text"]


AGED = """
| survey |
| | type | name | label::English (en) | label::Khmer (km) | media::image |
| | select_one age | age | How old are you? | តើអ្នកអាយុប៉ុន្មាន? | sign.png |
| choices |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | age | under_18 | Under 18 | ក្រោម ១៨ |
| | age | adult | 18 or older | ១៨ ឡើង |
| settings |
| | form_id | form_title | version | default_language |
| | citizen_interests | Aged | aged | English (en) |
"""


async def test_a_farewell_on_a_picture_arrives_and_takes_its_buttons(house: House) -> None:
    _, files = brought("pictures")
    named = {"sign.png": files["sign.png"]}
    await house.store.call(forms.publish, converted(AGED)["xform"], "aged", named)
    phone = await at_first_question(house)

    await phone.taps("Under 18")

    assert "18" in phone.sees
    assert "photo" not in phone.messages[-1]
    assert not any(map(buttons, phone.messages))
    assert house.rows("SELECT count(*) FROM respondent") == [(0,)]


SOUND, PICTURE = Shown(AUDIO, "a.ogg"), Shown(IMAGE, "a.png")


@pytest.mark.parametrize("length", [1024, 1025])
def test_a_caption_that_is_too_long_becomes_a_text_below_its_picture(length: int) -> None:
    files = Enclosed(1, "/data/q", (SOUND,), (PICTURE,))
    text = "ក" * length
    assert utf16_length(text) == length

    assert files.above(text) == ((SOUND,) if length == 1024 else (PICTURE,))
    assert files.left_out(text) == (() if length == 1024 else (SOUND,))
    assert (files.on(text) is None) == (length > 1024)


def test_files_go_out_in_as_few_calls_as_telegram_allows() -> None:
    voices = [Shown(AUDIO, f"{n}.ogg") for n in range(2)]
    songs = [Shown(AUDIO, f"{n}.mp3") for n in range(3)]
    pictures = [Shown(IMAGE, f"{n}.png", str(n)) for n in range(11)]

    made = [method for method, _ in calls(1, [*voices, *songs, *pictures])]

    assert made == ["sendVoice", "sendVoice", "sendMediaGroup", "sendMediaGroup", "sendPhoto"]


def test_a_message_is_edited_only_into_one_with_the_same_files() -> None:
    plain, pictured = Enclosed(1, "/data/a"), Enclosed(1, "/data/a", (), (PICTURE,))
    sounding = Enclosed(1, "/data/a", (SOUND, Shown(AUDIO, "b.ogg")))

    assert plain.mark("x") == Enclosed(1, "/data/b").mark("x") == ()
    assert pictured.mark("x") == Enclosed(1, "/data/b", (), (PICTURE,)).mark("y")
    assert sounding.mark("x") != Enclosed(1, "/data/b", sounding.sounds).mark("x")


async def test_every_file_of_the_form_beside_the_transcripts_is_named_by_it(house: House) -> None:
    _, files = brought("pictures")

    await publish(house, "pictures")

    assert house.rows("SELECT count(*) FROM form_attachment") == [(len(files),)]
