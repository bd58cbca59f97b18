"""People on others' phones, and hands in a meeting, from the chat to the workbook."""

import asyncio
import csv
from pathlib import Path

from python_calamine import CalamineWorkbook

from export import groups
from export.bundle import make
from storage.database import KEY
from tests.chat import Phone
from tests.conftest import House
from tests.test_transcripts import FOLDER, play

FORM = "citizen_interests"
Rows = list[dict[str, object]]


async def played(house: House, *names: str) -> None:
    for name in names:
        await play(house, (FOLDER / f"{name}.txt").read_text("utf-8"))


async def exported(house: House, target: Path) -> list[Path]:
    def run() -> list[Path]:
        *_, last = make(house.folder, house.folder / KEY, FORM, target)
        return [Path(file) for file in last["files"]]

    return await asyncio.to_thread(run)


def rows(workbook: Path, sheet: str) -> Rows:
    header, *lines = CalamineWorkbook.from_path(workbook).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, header), line, strict=True)) for line in lines]


async def test_an_export_says_how_everybody_answered(house: House, tmp_path: Path) -> None:
    await played(house, "assist_km", "people_km", "citizen_km")

    workbook, _ = await exported(house, tmp_path / "out")

    found = rows(workbook, "data")
    assert [row["change"] for row in found if row["_mode"] == "assisted"] == ["ផ្លូវទៅសាលារៀន"]
    assert {row["_mode"] for row in found} == {"assisted", "self"}
    # Whoever refused, stopped or was under 18 left nothing, and the facilitator is forgotten.
    assert house.rows("SELECT count(*) FROM respondent WHERE mode = 'assisted'") == [(1,)]
    assert house.rows("SELECT count(*) FROM respondent WHERE host_id IS NOT NULL") == [(0,)]


async def test_hands_stand_in_a_sheet_and_a_csv_of_their_own_and_in_no_percentage(
    house: House, tmp_path: Path
) -> None:
    await played(house, "count_km", "count_en")

    workbook, plain, hands = await exported(house, tmp_path / "out")

    found = rows(workbook, groups.SHEET)
    assert [(r["code"], r["women"], r["men"], r["total"]) for r in found] == [
        ("yes", 12, 8, 20),
        ("no", 0, 3, 3),
        ("yes", 1500, 4, 1504),
        ("no", 2, 1, 3),
    ]
    assert [row["_province"] for row in found] == ["", "", "siem_reap", "siem_reap"]
    assert len({row["_count"] for row in found}) == 2
    assert rows(workbook, "data") == []
    assert {row["n"] for row in rows(workbook, "summary")} == {0}
    with hands.open(encoding="utf-8-sig", newline="") as file:
        assert [line["label_km"] for line in csv.DictReader(file)][:2] == ["បាទ/ចាស", "ទេ"]
    assert len(plain.read_text("utf-8-sig").splitlines()) == 1


async def test_where_no_hands_were_counted_there_is_no_such_sheet(
    house: House, tmp_path: Path
) -> None:
    workbook, _ = await exported(house, tmp_path / "out")

    assert groups.SHEET not in CalamineWorkbook.from_path(workbook).sheet_names


async def test_whoever_counted_is_forgotten_and_the_meeting_isnt(house: House) -> None:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    for label in ("English",):
        await phone.taps(label)
    for saved in (True, False):
        await phone.types("/count")
        await phone.taps("What matters in your commune")
        await phone.taps("May we ask you again in a few months?")
        for number in "1234":
            await phone.types(number)
        if saved:
            await phone.taps("💾 Save")
    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    kept = house.rows("SELECT women, men, counted_by FROM group_count ORDER BY id")
    assert kept == [(1, 2, None), (3, 4, None)]


async def test_a_tap_of_the_person_before_changes_nothing_for_the_next(house: House) -> None:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    await phone.types("/assist")
    await phone.taps("What matters in your commune")
    await phone.taps("They are 18 or older and agree")
    old = phone.button("Citizen")
    await phone.taps("⏸ Later")
    await phone.taps("➡ Next person")
    await phone.taps("They are 18 or older and agree")
    await phone.taps_data(*old)

    assert "no longer works" in phone.notice
    assert house.rows("SELECT sector FROM respondent WHERE mode = 'assisted'") == [(None,)] * 2


async def test_a_repeated_next_person_makes_only_one(house: House) -> None:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    await phone.types("/assist")
    tap = phone.button("What matters in your commune")
    await phone.taps_data(*tap)
    await phone.taps_data(*tap)

    assert house.rows("SELECT count(*) FROM respondent WHERE mode = 'assisted'") == [(1,)]


async def test_what_one_person_said_becomes_nobody_elses_answer_when_it_is_tried_again(
    house: House,
) -> None:
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('staff')}")
    await phone.taps("English")
    await phone.types("/assist")
    await phone.taps("What matters in your commune")
    await at_text(phone)
    sender = {"id": phone.person_id, "is_bot": False, "first_name": ""}
    said = {"message_id": 9, "date": 0, "chat": {**sender, "type": "private"}, "from": sender}
    update = {"update_id": 1, "message": {**said, "text": "said by the first"}}
    await house.store.call(house.application.worker.park, update, "ValueError")
    await phone.taps("⏸ Later")
    await phone.taps("➡ Next person")
    await at_text(phone)

    house.clock.turn(seconds=2)
    await house.application.worker.retry()
    await house.settled()
    await phone.look()

    assert "Something went wrong on our side" in phone.sees
    assert house.rows("SELECT count(*) FROM answer WHERE value LIKE 'said%'") == [(0,)]


async def at_text(phone: Phone) -> None:
    """Bring somebody who is helped to the question that is answered by a text."""
    await phone.taps("They are 18 or older and agree")
    await phone.taps("Citizen")
    for _ in range(4):
        await phone.taps("Skip ⏭")
