"""Staff hear voice notes and write down what is said; then nothing of the sound is left."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable

import pytest

from bot import acts
from bot.fetcher import Fetcher
from storage.database import MEDIA
from tests.bot.test_cli import samleng, says_one_sentence
from tests.chat import Phone, until
from tests.conftest import HandClock, House
from tests.steps import at_text_question

WORDS = "Fix the road to the school"
SPOKEN = "SELECT status FROM media ORDER BY received_at"


@pytest.fixture(autouse=True)
def _fetches_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.fetcher.IDLE_SECONDS", 0.01)


async def spoken(house: House) -> Phone:
    """Let a citizen answer by a voice note, which is fetched."""
    phone = await at_text_question(house)
    await phone.speaks()
    await until(no_more(house, "wanted"))
    return phone


def no_more(house: House, status: str) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return house.rows("SELECT id FROM media WHERE status = ?", status) == []

    return holds


async def staff(house: House) -> Phone:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    return phone


def files(house: House) -> list[str]:
    return [path.name for path in (house.folder / MEDIA).iterdir()]


async def writes_down(phone: Phone, words: str = WORDS) -> None:
    await phone.types("/review")
    await phone.types(words)
    await phone.taps("Save")


def told(phone: Phone) -> str:
    return "\n".join(m.get("text", m.get("caption", "")) for m in phone.messages)


async def test_the_sound_is_sent_protected_and_nothing_of_it_stays(house: House) -> None:
    await spoken(house)
    phone = await staff(house)
    await phone.types("/review")
    [sound] = [m for m in phone.messages if "voice" in m]
    heard = await house.telegram.download(sound["voice"]["file_id"])

    await phone.types(WORDS)
    await phone.taps("Save")
    await until(no_more(house, "erasing"))

    assert heard.startswith(b"OggS")
    assert sound["has_protected_content"]
    assert WORDS not in told(phone)
    assert not any("voice" in message for message in phone.messages)
    assert files(house) == []
    assert house.rows(SPOKEN) == [("erased",)]
    assert house.rows("SELECT value FROM answer WHERE media_id IS NOT NULL") == [(WORDS,)]


@pytest.mark.parametrize("words", ["stop", "Delete my data", "I want to stop answering"])
async def test_what_sounds_like_a_wish_of_the_staff_member_is_written_down_like_any_words(
    house: House, words: str
) -> None:
    await spoken(house)
    phone = await staff(house)

    await writes_down(phone, words)

    assert house.rows("SELECT value FROM answer WHERE media_id IS NOT NULL") == [(words,)]
    assert house.rows("SELECT count(*) FROM respondent WHERE stopped_at IS NOT NULL") == [(0,)]


async def test_the_sound_is_nowhere_in_the_database_while_it_is_promised(house: House) -> None:
    await spoken(house)
    phone = await staff(house)
    fault = {"method": "sendVoice", "code": 500, "description": "Internal", "times": 99}
    await house.telegram.post("/sim/faults", **fault)
    promised = "SELECT body, media_id FROM outbox WHERE method = 'sendVoice' AND attempts > 0"

    async def waits_for_another_try() -> bool:
        return house.rows(promised) != []

    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/review")
    await until(waits_for_another_try)
    [(body, media_id)] = house.rows(promised)
    await house.telegram.delete("/sim/faults")

    assert [media_id] == files(house)
    assert "OggS" not in str(body)


async def test_two_staff_never_have_the_same_one(house: House) -> None:
    await spoken(house)
    await spoken(house)
    one, other, third = [await staff(house) for _ in range(3)]

    await asyncio.gather(*(phone.types("/review") for phone in (one, other, third)))

    held = house.rows("SELECT count(DISTINCT reviewer) FROM media WHERE reviewer IS NOT NULL")
    assert held == [(2,)]
    assert sum("No voice message waits" in told(p) for p in (one, other, third)) == 1


async def test_an_answer_typed_meanwhile_stays_and_the_person_is_told_nothing(
    house: House,
) -> None:
    citizen, phone = await spoken(house), await staff(house)
    await phone.types("/review")
    await phone.types(WORDS)
    await citizen.taps("⬅ Back")
    await citizen.types("The bridge")
    before = told(citizen)

    await phone.taps("Save")
    await citizen.look()

    assert "changed this answer meanwhile" in phone.sees
    assert told(citizen) == before
    assert house.rows("SELECT count(*) FROM answer WHERE media_id IS NOT NULL") == [(0,)]


async def test_mydata_shows_the_words_and_the_interview_goes_on_where_it_was(
    house: House,
) -> None:
    citizen, phone = await spoken(house), await staff(house)
    before = told(citizen)

    await writes_down(phone)
    await citizen.look()
    assert told(citizen) == before

    await citizen.taps("Yes")
    assert WORDS in citizen.sees
    await citizen.types("/mydata")
    assert WORDS in citizen.sees
    assert "voice message" not in citizen.sees


async def test_forgetting_takes_the_sound_and_the_words_out_of_the_hands_of_staff(
    house: House,
) -> None:
    citizen, phone = await spoken(house), await staff(house)
    await phone.types("/review")
    await phone.types(WORDS)

    await citizen.types("/forget")
    await citizen.taps("🗑 Delete my data")
    await phone.look()
    await phone.types("and the bridge")

    assert WORDS not in told(phone)
    assert not any("voice" in message for message in phone.messages)
    assert house.rows(SPOKEN) == []
    assert "Welcome" in phone.sees


async def test_what_was_in_hand_too_long_leaves_the_chat_and_waits_again(
    house: House, clock: HandClock
) -> None:
    await spoken(house)
    one, other = await staff(house), await staff(house)
    await one.types("/review")
    clock.turn(minutes=31)

    await house.application.clock.put_back()
    await house.settled()
    await one.look()
    await other.types("/review")

    assert not any("voice" in message for message in one.messages)
    assert any("voice" in message for message in other.messages)


async def test_asked_again_it_is_the_same_one_and_stands_in_the_chat_once(house: House) -> None:
    await spoken(house)
    phone = await staff(house)

    await phone.types("/review")
    await phone.types(WORDS)
    await phone.types("/review")

    assert len([m for m in phone.messages if "voice" in m]) == 1
    assert WORDS not in told(phone)


async def test_a_button_of_one_that_is_gone_changes_nothing(house: House) -> None:
    await spoken(house)
    phone = await staff(house)
    await phone.types("/review")
    await phone.types(WORDS)
    message_id, data = phone.button("Save")
    await phone.taps("Save")

    await phone.taps_data(message_id, data)

    assert "no longer works" in phone.notice
    assert house.rows("SELECT count(*) FROM answer WHERE media_id IS NOT NULL") == [(1,)]


async def test_a_sound_whose_words_are_saved_goes_with_the_next_start(house: House) -> None:
    """The process dies after the commit and before the file is removed."""
    await spoken(house)
    folder, fetcher = house.folder, house.application.fetcher
    phone = await staff(house)
    fetcher.erase = nothing  # type: ignore[method-assign]
    await writes_down(phone)
    assert len(files(house)) == 1
    assert house.rows(SPOKEN) == [("erasing",)]

    await Fetcher(fetcher.bot, house.store, folder / MEDIA).erase()

    assert files(house) == []
    assert house.rows(SPOKEN) == [("erased",)]


async def test_a_file_that_was_removed_just_before_a_crash_is_no_obstacle(house: House) -> None:
    await spoken(house)
    fetcher = house.application.fetcher
    phone = await staff(house)
    fetcher.erase = nothing  # type: ignore[method-assign]
    await writes_down(phone)
    (house.folder / MEDIA / files(house)[0]).unlink()

    await Fetcher(fetcher.bot, house.store, house.folder / MEDIA).erase()

    assert house.rows(SPOKEN) == [("erased",)]


async def test_housekeeping_removes_a_file_whose_row_says_it_is_gone(house: House) -> None:
    await spoken(house)
    phone = await staff(house)
    [name] = files(house)
    await writes_down(phone)
    await until(no_more(house, "erasing"))
    (house.folder / MEDIA / name).write_bytes(b"left over")

    await house.application.clock.keep_house()

    assert files(house) == []


async def nothing() -> None:
    pass


async def reviewed(house: House, *words: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(
        samleng, "review", *words, SAMLENG_DATA_DIR=str(house.folder), said=said
    )


async def test_the_command_line_hears_and_writes_down_while_the_bot_runs(house: House) -> None:
    await spoken(house)
    sound = house.folder / "heard.ogg"

    taken = await reviewed(house, "next", "--to", str(sound))
    number, _, question = taken.stdout.partition(": ")
    counted = await reviewed(house, "list")
    saved = await reviewed(house, "save", number, said=WORDS + "\n")
    await until(no_more(house, "erasing"))

    assert sound.read_bytes().startswith(b"OggS")
    assert sound.stat().st_mode & 0o777 == 0o600
    assert question.strip() == "What one thing should change in your commune?"
    assert counted.stdout.splitlines() == ["waiting: 0", "later: 0", "held: 1", "unclear: 0"]
    assert (saved.returncode, saved.stdout, saved.stderr) == (0, "", "")
    assert house.rows("SELECT value FROM answer WHERE media_id IS NOT NULL") == [(WORDS,)]
    assert house.rows("SELECT reviewer FROM media") == [("console",)]
    assert files(house) == []


async def test_the_command_line_skips_gives_up_and_takes_up_again(
    house: House, clock: HandClock
) -> None:
    await spoken(house)

    async def does(command: str, **more: str) -> acts.Answer:
        request = {"command": f"review_{command}", "lang": "en", **more}
        return await asyncio.to_thread(acts.perform, house.folder, None, None, request)

    number = (await does("next"))["id"]
    assert await does("skip", number=number[:8]) == {"id": number}
    assert await does("next") == {"id": None}
    clock.turn(minutes=16)
    assert (await does("next"))["id"] == number
    assert await does("unclear", number=number[:8]) == {"id": number}
    assert (await does("counts"))["unclear"] == 1
    assert await does("again") == {"number": 1}
    assert (await does("next"))["id"] == number


async def test_the_command_line_refuses_what_it_has_not_in_hand(house: House) -> None:
    await spoken(house)

    assert says_one_sentence(await reviewed(house, "save", "01234567", said="x"), "isn't in hand")
    assert says_one_sentence(await reviewed(house, "save", "01"), "no words")
    assert says_one_sentence(await reviewed(house, "skip", "01"), "eight signs")
    assert house.rows(SPOKEN) == [("stored",)]
