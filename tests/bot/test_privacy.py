"""Nobody is exposed: not by the folder, the log, a crash, a voice note, or a forgotten row."""

import logging
from pathlib import Path

import pytest

from bot.logs import JsonFormatter, configure
from bot.projection import place, project
from bot.simulator import people
from bot.simulator.world import World
from storage.database import MEDIA
from tests.chat import Phone, buttons, until
from tests.conftest import TOKEN, HandClock, House
from tests.steps import at_first_question, at_text_question, publish

SAID = "ស្ពាននៅភូមិខ្ញុំបាក់"


def everything_on_disk(folder: Path) -> bytes:
    """Return all bytes of all files but the key."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "secret.key"]
    return b"".join(path.read_bytes() for path in files)


async def test_nothing_of_a_telegram_profile_reaches_the_disk(house: House) -> None:
    phone = await at_text_question(house)
    await phone.types(SAID)
    await phone.sends("contact")
    await phone.blocks()

    found = everything_on_disk(house.folder)

    assert SAID.encode() in found
    for secret in ("Profile-Secret", f"secret_{phone.person_id}", str(phone.person_id),
                   "First-Name-Secret", "+85512345678", TOKEN):  # fmt: skip
        assert secret.encode() not in found, secret


async def test_what_is_forgotten_is_gone_from_the_disk(house: House) -> None:
    phone = await at_text_question(house)
    await phone.types(SAID)
    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    await house.application.clock.keep_house()
    await house.store.call(lambda _: None)

    assert SAID.encode() not in everything_on_disk(house.folder)
    for table in ("respondent", "contact_vault", "consent", "interview", "answer", "media"):
        assert house.rows(f"SELECT count(*) FROM {table}") == [(0,)], table


async def test_the_open_question_loses_its_buttons_when_a_person_is_forgotten(
    house: House,
) -> None:
    phone = await at_first_question(house)
    question = phone.messages[-1]["message_id"]
    await phone.types("/forget")

    await phone.taps("🗑 Delete my data")

    left = next(m for m in phone.messages if m["message_id"] == question)
    assert not buttons(left)


async def test_a_forgotten_person_is_a_stranger_when_they_come_back(house: House) -> None:
    phone = await at_first_question(house)
    before = house.rows("SELECT id FROM respondent")
    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    await phone.types("/start")

    assert "Please choose a language" in phone.sees
    assert house.rows("SELECT id FROM respondent") != before


async def test_a_voice_note_is_fetched_and_kept_encrypted(house: House) -> None:
    phone = await at_text_question(house)

    await phone.speaks()
    await until(_stored(house))

    [(media_id, file_id)] = house.rows("SELECT id, sealed_file_id FROM media")
    sealed = (house.folder / MEDIA / str(media_id)).read_bytes()
    assert file_id is None
    assert b"OggS" not in sealed
    assert house.store.keys.unseal_media(sealed, str(media_id)).startswith(b"OggS")
    assert (house.folder / MEDIA / str(media_id)).stat().st_mode & 0o777 == 0o600


async def test_the_file_of_a_voice_note_goes_with_its_person(house: House) -> None:
    phone = await at_text_question(house)
    await phone.speaks()
    await until(_stored(house))
    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    await house.application.clock.keep_house()

    assert list((house.folder / MEDIA).iterdir()) == []


async def test_a_voice_note_that_cannot_be_fetched_is_counted_lost_and_the_answer_stands(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.telegram.post(
        "/sim/faults", method="getFile", code=400, description="Bad Request: gone", times=99
    )
    house.application.fetcher.pause = 0.001
    phone = await at_text_question(house)

    await phone.speaks()
    await until(_lost(house))

    assert "file not fetched" in caplog.text
    assert "ask you again" in phone.sees


def _stored(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return house.rows("SELECT status FROM media") == [("stored",)]

    return holds


def _lost(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return house.rows("SELECT status FROM media") == [("lost",)]

    return holds


async def test_no_log_line_holds_an_answer_a_name_or_the_token(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.setFormatter(JsonFormatter())
    phone = await at_text_question(house)
    await phone.types(SAID)
    await house.telegram.post(
        "/sim/faults", method="sendMessage", code=400, description=f"Bad Request: {TOKEN}", times=1
    )
    await phone.types("/help")
    await house.telegram.post("/sim/updates", message={"text": SAID})
    await house.settled()

    for logger in ("bot", "handlers", "storage", "telegram"):
        lines = [r for r in caplog.records if r.name.split(".")[0] == logger and r.levelno > 10]
        text = "\n".join(JsonFormatter().format(record) for record in lines)
        for secret in (SAID, TOKEN, str(phone.person_id), "Profile-Secret"):
            assert secret not in text, (logger, secret)


def test_a_log_line_blots_out_tokens_and_keeps_only_allowed_fields() -> None:
    record = logging.makeLogRecord(
        {"msg": f"failed at {TOKEN}", "levelname": "ERROR", "update_id": 7, "text": SAID}
    )

    line = JsonFormatter().format(record)

    assert TOKEN not in line
    assert SAID not in line
    assert '"update_id": 7' in line


def test_a_traceback_is_logged_without_its_message() -> None:
    try:
        raise ValueError(SAID)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.makeLogRecord({"msg": "update parked", "exc_info": info})

    line = JsonFormatter().format(record)

    assert SAID not in line
    assert "ValueError" in line
    assert "test_privacy.py" in line


def test_libraries_that_log_requests_are_kept_quiet() -> None:
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    configure("INFO")
    try:
        for name in ("telegram", "aiohttp", "apscheduler", "sqlalchemy"):
            assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_projection_keeps_ids_and_texts_and_nothing_else() -> None:
    person = {
        "id": 7, "is_bot": False, "first_name": "Sok", "last_name": "Dara", "username": "sokdara",
        "language_code": "km", "is_premium": True,
    }  # fmt: skip
    update = {
        "update_id": 1,
        "message": {
            "message_id": 2, "date": 3, "text": "ផ្លូវ", "from": person,
            "chat": {**person, "type": "private"},
            "forward_origin": {"sender_user": person}, "reply_to_message": {"from": person},
            "entities": [{"type": "mention"}], "contact": {"phone_number": "+85512345678"},
        },
    }  # fmt: skip

    kept = project(update)

    assert kept == {
        "update_id": 1,
        "message": {
            "message_id": 2,
            "date": 3,
            "text": "ផ្លូវ",
            "forwarded": True,
            "content": "contact",
            "from": {"id": 7, "is_bot": False, "first_name": ""},
            "chat": {"id": 7, "type": "private", "first_name": ""},
        },
    }


@pytest.mark.parametrize("kind", ["photo", "video", "audio", "document"])
def test_of_a_file_only_its_id_type_and_size_pass(kind: str) -> None:
    world = World()
    chat = world.add_person("Secret")

    kept = project(people.send_thing(world, chat, kind))["message"]

    assert "Secret" not in str(kept)
    file = kept[kind][-1] if kind == "photo" else kept[kind]
    assert {"file_id", "file_unique_id", "file_size"} <= set(file)
    assert set(file) <= {
        "file_id", "file_unique_id", "file_size", "mime_type", "duration", "width", "height",
    }  # fmt: skip


@pytest.mark.parametrize(
    "location", [None, "here", {}, {"latitude": 13.4}, {"latitude": "13", "longitude": "x"}]
)
def test_a_place_that_is_none_is_none(location: object) -> None:
    assert place({"update_id": 1, "message": {"location": location}}) is None


async def test_where_somebody_is_passes_only_where_a_place_is_asked(house: House) -> None:
    phone = await at_text_question(house)

    await phone.sends("location")
    await phone.sends("venue")

    stored = "".join(
        str(house.rows(f"SELECT * FROM {t}")) for t in ("answer", "inbox", "interview")
    )
    assert "13.36" not in stored
    assert "103.84" not in stored


async def test_a_place_that_is_asked_is_an_answer_and_nothing_else(house: House) -> None:
    await publish(house, "sent")
    phone = await at_first_question(house)

    await phone.sends("venue")

    assert house.rows("SELECT value FROM answer ORDER BY id DESC LIMIT 1") == [
        ("13.3671 103.8448 0 0",)
    ]
    assert "Secret" not in str(house.rows("SELECT * FROM interview"))


async def test_a_photo_is_fetched_in_its_largest_size_and_kept_encrypted(house: House) -> None:
    await publish(house, "sent")
    phone = await at_first_question(house)
    await phone.sends("location")
    await phone.taps("Skip ⏭")

    await phone.sends("photo")

    rows = house.rows("SELECT id, mime FROM media")
    assert [mime for _, mime in rows] == ["image/jpeg"]
    assert house.rows("SELECT value FROM answer ORDER BY id DESC LIMIT 1") == [
        (f"{rows[0][0]}.jpg",)
    ]


async def test_staff_are_known_by_their_number_and_never_by_a_name(
    house: House, clock: HandClock
) -> None:
    officer: Phone = await house.person("M&E officer")
    await officer.types(f"/start {await house.invitation('staff')}")
    await officer.taps("English")
    twin = await house.person("M&E officer")
    house.world.chats[twin.person_id].name = "M&E officer"
    await twin.types("/start")
    await twin.taps("English")
    await twin.taps("I'm 18 or older and I agree")

    await twin.types("/export")

    assert "for the project's staff" in twin.sees


async def test_an_invitation_works_for_the_first_who_opens_it_and_not_after_72_hours(
    house: House, clock: HandClock
) -> None:
    link, late = await house.invitation("staff"), await house.invitation("staff")
    first, second = await house.person(), await house.person()
    await first.types(f"/start {link}")

    await second.types(f"/start {link}")
    clock.turn(hours=73)
    await second.types(f"/start {late}")

    refusals = [m for m in second.messages if "can't be used" in m.get("text", "")]
    assert len(refusals) == 2
    assert house.rows("SELECT role, count(*) FROM respondent GROUP BY role ORDER BY role") == [
        ("respondent", 1),
        ("staff", 1),
    ]
