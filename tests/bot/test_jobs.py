"""Exports that staff ask for in the chat: progress, the document, and nothing left behind."""

import asyncio
import io

import pytest
from python_calamine import CalamineWorkbook

from storage.database import EXPORTS
from tests.conftest import HandClock, House
from tests.steps import at_text_question, export_of, member


async def test_the_document_in_the_chat_holds_the_answers(house: House) -> None:
    citizen = await at_text_question(house, "km")
    await citizen.types("ស្ពានបាក់")
    staff = await member(house)

    await export_of(staff)

    documents = [m["document"] for m in staff.messages if "document" in m]
    assert [d["file_name"].rpartition(".")[2] for d in documents] == ["xlsx", "csv"]
    content = await house.telegram.download(documents[0]["file_id"])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = book.get_sheet_by_name("data").to_python()
    assert rows[1][rows[0].index("change")] == "ស្ពានបាក់"
    assert "Rows: 1" in next(m["text"] for m in staff.messages if "Exported" in m.get("text", ""))


async def test_a_sent_export_is_not_kept(house: House) -> None:
    staff = await member(house)

    await export_of(staff)

    assert list((house.folder / EXPORTS).iterdir()) == []


async def test_an_export_that_failed_says_so_and_can_be_asked_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await member(house)
    key = house.folder / "secret.key"
    kept = key.read_text()
    key.write_text("not a key")

    await export_of(staff)
    failed = staff.sees
    key.write_text(kept)
    await export_of(staff)

    assert "did not succeed" in failed
    assert any("document" in message for message in staff.messages)


async def test_an_export_that_nobody_got_is_removed_after_a_day(
    house: House, clock: HandClock
) -> None:
    left = house.folder / EXPORTS / "7"
    left.mkdir()
    (left / "citizen_interests.csv").write_text("a")
    now = await asyncio.to_thread(left.stat)

    clock.turn(seconds=now.st_mtime - clock().timestamp() + 60)
    await house.application.clock.keep_house()
    still_there = left.exists()
    clock.turn(days=1)
    await house.application.clock.keep_house()

    assert still_there
    assert not left.exists()


async def test_an_officer_who_is_forgotten_during_their_export_gets_nothing_and_the_bot_goes_on(
    house: House,
) -> None:
    staff = await member(house)
    await export_of(staff)
    await staff.types("/forget")
    message_id, erase = staff.button("🗑 Delete my data")
    await staff.types("/export dialogue_report")
    asked_id, everything = staff.button("All")
    post = house.telegram.post

    await post(f"/sim/people/{staff.person_id}/tap", message_id=asked_id, data=everything)
    await staff.taps_data(message_id, erase)
    await staff.types("/start")

    names = [m["document"]["file_name"] for m in staff.messages if "document" in m]
    assert not any(name.startswith("dialogue_report") for name in names)
    assert "Please choose a language" in staff.sees
