"""Taking part by ear: who chose it hears first; nobody else has a step or a sound more."""

import pytest

from handlers.consent import CONSENT_VERSION
from storage import forms
from surveys.instruments import INSTRUMENTS, PROFILE
from tests.bot.test_calls_per_question import FILES, Dress
from tests.chat import Json, Phone
from tests.conftest import House
from tests.steps import AGREE, at_first_question, publish
from tests.surveys.markdown import converted

SOUNDS = {"voice", "audio"}


def heard(house: House, messages: list[Json]) -> list[str]:
    """Return the names of the sounds among messages, in their order."""
    found = [message[kind] for message in messages for kind in SOUNDS & message.keys()]
    return [house.world.files[sound["file_id"]][0] for sound in found]


def new(phone: Phone) -> list[Json]:
    """Return the messages that weren't there before."""
    return [message for message in phone.news if message["message_id"] not in phone.edited]


async def at_spoken_question(house: House, language: str = "en") -> Phone:
    await publish(house, "spoken")
    return await at_first_question(house, language)


async def test_who_did_not_choose_to_listen_hears_the_question_and_choices_only_when_asked(
    house: House,
) -> None:
    phone = await at_spoken_question(house)
    assert heard(house, phone.messages) == ["hello.mp3", "came.mp3"]

    await phone.taps("🔊 Hear the choices")

    assert heard(house, new(phone)) == ["yes.mp3", "no.mp3", "came.mp3"]
    assert "[1]" not in phone.sees
    assert phone.labels[:2] == ["1", "2"]
    await phone.taps("1")
    assert "What is best" in phone.sees


async def test_who_listens_hears_few_choices_unasked_and_many_by_a_tap(house: House) -> None:
    phone = await at_spoken_question(house)
    await phone.types("listen")
    await phone.taps("🔊 Listen")
    assert heard(house, new(phone)) == ["hello.mp3", "came.mp3", "yes.mp3", "no.mp3"]

    await phone.taps("1")

    assert heard(house, new(phone)) == ["best.mp3"]
    assert phone.labels[6] == "🔊 Hear the choices"


async def test_a_spoken_language_is_heard_where_it_was_recorded_and_khmer_elsewhere(
    house: House,
) -> None:
    phone = await at_spoken_question(house, "km")
    await phone.types("/listen")

    await phone.taps("🔊 ទំពួន")

    assert heard(house, new(phone)) == ["hello.ogg", "came.ogg"]
    await phone.taps("🔊 ស្តាប់ជម្រើស")
    assert heard(house, new(phone)) == ["yn.yes.ogg", "yn.no.ogg", "came.ogg"]
    await phone.taps("១")
    assert heard(house, new(phone)) == ["best-km.ogg"]
    assert house.rows("SELECT listens, spoken FROM respondent") == [(1, "tpu")]


async def test_who_takes_no_voice_messages_has_the_question_as_a_text_and_goes_on(
    house: House,
) -> None:
    await publish(house, "spoken")
    words = "Bad Request: VOICE_MESSAGES_FORBIDDEN"
    await house.telegram.post(
        "/sim/faults", method="sendVoice", code=400, description=words, times=99
    )
    phone = await at_first_question(house, "km")
    assert phone.labels[:2] == ["១", "២"]

    await phone.taps("១")

    assert heard(house, phone.messages) == []
    assert "តើអ្វីល្អជាងគេ" in phone.sees


async def test_what_has_no_room_above_a_question_is_heard_by_a_tap(house: House) -> None:
    xform = converted(Dress("ogg", "png", note=True).form("figures"))["xform"]
    await house.store.call(forms.publish, xform, "dressed", FILES)
    phone = await at_first_question(house)
    assert heard(house, phone.messages) == ["q.ogg"]

    await phone.taps("🔊 Listen")

    assert heard(house, new(phone)) == ["n.ogg", "q.ogg"]
    await phone.types("35")
    assert "hectares" in phone.sees


async def test_who_reads_again_is_asked_in_text(house: House) -> None:
    phone = await at_spoken_question(house)
    for choice in ("🔊 Tampuan", "📖 Read"):
        await phone.types("/listen")
        await phone.taps(choice)

    assert heard(house, new(phone)) == ["hello.mp3", "came.mp3"]
    assert house.rows("SELECT listens, spoken FROM respondent") == [(0, None)]


async def test_where_nothing_was_recorded_nobody_has_a_button_more(house: House) -> None:
    phone = await house.person()

    await phone.types("/start p17")

    assert phone.labels == ["ខ្មែរ", "English"]


async def test_where_nothing_was_recorded_who_asks_to_listen_is_told_so_and_goes_on(
    house: House,
) -> None:
    phone = await at_first_question(house)

    await phone.types("/listen")

    assert "none has been recorded" in phone.sees
    assert "/listen" not in phone.sees
    await phone.types("/help")
    assert "/listen" not in phone.sees
    await phone.taps("Skip ⏭")
    assert not house.failures()


@pytest.mark.parametrize("label", ["🔊 English", "🔊 ទំពួន · Tampuan"])
async def test_the_way_of_taking_part_is_chosen_with_the_language_in_one_tap(
    house: House, label: str
) -> None:
    await publish(house, "spoken")
    phone = await house.person()
    await phone.types("/start p17")

    await phone.taps(label)

    assert len(phone.labels) == 3
    chosen = house.rows("SELECT listens, spoken, language FROM respondent")
    assert chosen == [(1, None, "en") if label == "🔊 English" else (1, "tpu", "km")]


async def recorded_profile(house: House, *names: str) -> None:
    """Publish the questions about a person anew, with recordings."""
    path = next(item.path for item in INSTRUMENTS if item.form_id == PROFILE)
    xform = converted(path.read_text("utf-8"))["xform"].replace('version="', 'version="recorded-')
    files = {f"audio/{name}": FILES["q.ogg"] + name.encode() for name in names}
    assert await house.store.call(forms.publish, xform, ", ".join(names), files)


@pytest.mark.parametrize("code", ["tpu", "km"])
async def test_who_listens_hears_the_consent_and_the_questions_about_them_first(
    house: House, code: str
) -> None:
    stems = (f"consent-{CONSENT_VERSION}", "sector", "sector.citizen", "sex")
    await recorded_profile(house, *(f"{code}/{stem}.ogg" for stem in stems))
    phone = await house.person()
    await phone.types("/start p17")

    await phone.taps({"tpu": "🔊 ទំពួន · Tampuan", "km": "🔊 ខ្មែរ"}[code])
    assert heard(house, new(phone)) == [f"consent-{CONSENT_VERSION}.ogg"]
    assert "voice" not in phone.messages[-1]
    assert len(phone.labels) == 3
    await phone.taps(AGREE["km"])
    assert heard(house, new(phone)) == ["sector.ogg"]
    await phone.taps("🔊 ស្តាប់ជម្រើស")
    assert heard(house, new(phone)) == ["sector.citizen.ogg", "sector.ogg"]
    await phone.taps("១")

    assert "១/៥" in phone.sees
    assert not house.failures()


async def test_a_consent_whose_text_is_new_is_not_heard_in_its_old_words(house: House) -> None:
    await recorded_profile(house, "km/consent-2020-01.ogg", "km/sector.ogg")
    phone = await house.person()
    await phone.types("/start p17")

    await phone.taps("🔊 ខ្មែរ")

    assert heard(house, phone.messages) == []
    assert len(phone.labels) == 3


async def test_who_reads_has_the_consent_as_a_text_alone(house: House) -> None:
    await recorded_profile(house, f"km/consent-{CONSENT_VERSION}.ogg")
    phone = await house.person()
    await phone.types("/start p17")

    await phone.taps("ខ្មែរ")

    assert heard(house, phone.messages) == []


async def test_with_buttons_under_the_text_field_choices_are_heard_too(house: House) -> None:
    phone = await at_spoken_question(house)
    await phone.types("/keyboard")

    await phone.types("🔊 Hear the choices")

    assert heard(house, new(phone)) == ["yes.mp3", "no.mp3", "came.mp3"]
    await phone.types("1")
    assert "What is best" in phone.sees
