"""Dialogues and commitments: what staff plan, what both sides say, who is reminded, and by what."""

import asyncio
import datetime as dt

import pytest

from handlers import chasing
from storage import commitments, dialogues, slots
from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_reports import FULL, does, planned, reporter
from tests.bot.test_staff_commands import command, rows
from tests.chat import Phone
from tests.conftest import House
from tests.steps import member, with_pin

ASKED = "what became of this?"


async def tick(house: House) -> None:
    """Let the clock tick, and everything be sent."""
    await house.application.clock.remind()
    house.application.sender.wake()
    await house.settled()
    await house.application.clock.remind()


async def reminders(phone: Phone) -> int:
    await phone.look()
    return sum(ASKED in message.get("text", "") for message in phone.messages)


def standing(house: House) -> dict[str, int]:
    found = house.store.run(slots.standings)
    return {one.reason or one.status: one.number for one in found}


async def promised(house: House, days: int = 10) -> Phone:
    """Report a commitment, and plan the next dialogue of the place so many days from today."""
    await planned(house)
    phone = await reporter(house)
    await does(phone, *FULL, "* Not now")
    await planned(house, "kampot", days)
    return phone


async def test_a_week_before_the_next_dialogue_its_reporters_are_reminded_once(
    house: House,
) -> None:
    phone = await promised(house)
    await tick(house)
    assert await reminders(phone) == 0

    house.clock.turn(days=3)
    for _ in range(3):
        await tick(house)
    assert await reminders(phone) == 1
    assert "Repair the pump" in phone.sees
    assert phone.labels == ["1 ✅", "1 🔄", "1 ⛔", "1 ⋯"]
    for _ in range(8):
        house.clock.turn(days=1)
        await tick(house)

    assert await reminders(phone) == 1
    assert standing(house) == {"sent": 1}


async def test_a_dialogue_that_is_moved_after_the_reminder_brings_no_second_one(
    house: House,
) -> None:
    phone = await promised(house)
    house.clock.turn(days=3)
    await tick(house)

    [(number,)] = house.rows("SELECT max(id) FROM dialogue")
    later = house.clock().date() + dt.timedelta(days=30)
    await house.store.call(dialogues.change, number, planned_on=later)
    house.clock.turn(days=25)
    await tick(house)

    assert await reminders(phone) == 1


@pytest.mark.parametrize(
    ("what", "reason"),
    [("kept", "finished"), ("stop", "stopped"), ("cancelled", "closed"), ("blocks", "blocked")],
)
async def test_who_has_no_reason_to_be_reminded_isnt(house: House, what: str, reason: str) -> None:
    phone = await promised(house)
    house.clock.turn(days=2, hours=12)  # the night before
    await house.application.clock.remind()
    house.clock.turn(days=1)
    await house.store.call(chasing.plan)
    if what == "kept":
        await does(phone, "> /commitments", "* 1 ✅")
    elif what == "stop":
        await phone.types("/stop")
    elif what == "blocks":
        await phone.blocks()
    else:
        [(number,)] = house.rows("SELECT max(id) FROM dialogue")
        await house.store.call(dialogues.change, number, status="cancelled")

    house.clock.turn(hours=12)
    await tick(house)

    assert await reminders(phone) == 0
    assert standing(house) == {reason: 1}


async def test_a_dialogue_elsewhere_reminds_nobody(house: House) -> None:
    phone = await promised(house, days=60)
    await planned(house, "siem_reap", 6)

    house.clock.turn(days=3)
    await tick(house)

    assert await reminders(phone) == 0
    assert standing(house) == {}


async def test_before_the_forum_everybody_is_reminded_of_what_is_open_in_any_province(
    house: House,
) -> None:
    phone = await promised(house, days=60)
    await planned(house, None, 6)

    house.clock.turn(days=3)
    await tick(house)

    assert await reminders(phone) == 1
    assert "Partnership Forum" in phone.sees


async def test_what_a_side_says_twice_is_written_once_and_both_sides_are_shown(
    house: House,
) -> None:
    phone, staff = await promised(house), await member(house)
    gov = await reporter(house, "gov")

    await does(phone, "> /commitments", "* 1 ✅", "* ✅ Kept")
    await does(gov, "> /commitments", "* Kept (1)", "* 1 🔄")
    await does(staff, "> /commitments", "* 1 ⋯")

    assert "CSO side: Kept\nOfficial side: In progress" in staff.sees
    assert "≠ the sides differ" in staff.sees
    assert house.rows("SELECT side, state FROM commitment_update ORDER BY id") == [
        ("cso", "kept"),
        ("gov", "in_progress"),
    ]
    assert not any("Blocked" in label for label in staff.labels)


async def test_another_reason_is_typed_and_anything_else_gives_it_up(house: House) -> None:
    phone = await promised(house)

    await does(phone, "> /commitments", "* 1 ⛔", "* ✏ Another reason", "> /commitments")
    await does(phone, "> Good morning")
    assert house.rows("SELECT 1 FROM commitment_update") == []

    await does(phone, "* 1 ⛔", "* ✏ Another reason", "> The parts are late")
    assert house.rows("SELECT state, reason, words FROM commitment_update") == [
        ("blocked", "other", "The parts are late")
    ]


async def test_whoever_lives_elsewhere_neither_sees_nor_changes_a_commitment(house: House) -> None:
    phone = await promised(house)
    await phone.types("/commitments")
    away = await reporter(house, bound_to="siem_reap")

    await away.types("/commitments")

    assert "There are none here." in away.sees
    assert house.rows("SELECT 1 FROM commitment_update") == []


async def test_staff_of_a_province_see_its_dialogues_only(house: House) -> None:
    await planned(house)
    await planned(house, "siem_reap")
    staff = await member(house, "staff", "en", "siem_reap")

    await staff.types("/dialogues")

    assert staff.labels == ["2 · Siem Reap · 24/11/2026 · planned", "➕ New dialogue"]
    await staff.taps("New dialogue")
    assert staff.labels == ["Siem Reap", "⬅ All dialogues"]


async def test_a_dialogue_is_cancelled_by_pin_planned_again_and_moved(house: House) -> None:
    staff = await member(house)
    await planned(house)
    await does(staff, "> /dialogues", "* 1 · Kampot · 24/11/2026 · planned", "* ✖ Cancel it")
    await with_pin(staff)
    assert house.rows("SELECT status FROM dialogue") == [("cancelled",)]

    await does(staff, "* ↩ Plan it again", "* ✏ Day", "> soon")
    assert "Please write day/month/year" in staff.sees
    await does(staff, "* ✏ Day", "> ១/១២/២០២៦")

    assert house.rows("SELECT status, planned_on FROM dialogue") == [("planned", "2026-12-01")]
    acts = [act for (act,) in house.rows("SELECT act FROM audit ORDER BY id DESC LIMIT 3")]
    assert acts == ["move dialogue", "plan dialogue again", "cancel dialogue"]


@pytest.mark.parametrize("role", ["reporter", "respondent"])
async def test_dialogues_are_for_staff(house: House, role: str) -> None:
    phone = await (reporter(house) if role == "reporter" else house.person())
    if role == "respondent":
        for label in ("/start p07", "English", "I'm 18 or older and I agree", "Citizen"):
            await (phone.types(label) if label.startswith("/") else phone.taps(label))

    await phone.types("/dialogues")

    assert "for the project's staff" in phone.sees


async def test_dialogues_on_the_command_line(house: House) -> None:
    staff = await member(house)
    asked = ("--province", "kampot", "--place", "Hall", "--organisations", "A, B", "--line", "2.2")
    made = await command(house, "dialogue", "add", "provincial", "2026-11-24", *asked)
    held = await command(house, "dialogue", "held", 1)
    again = await command(house, "dialogue", "cancel", 1)
    moved = await command(
        house, "dialogue", "change", 1, "--day", "2026-11-23", "--place", "Pagoda"
    )
    nowhere = await command(house, "dialogue", "add", "provincial", "2026-11-24")

    assert made.stdout == "1\n"
    assert (held.returncode, moved.returncode) == (0, 0)
    assert says_one_sentence(await command(house, "dialogue", "restore", 1), "state")
    assert says_one_sentence(again, "state")
    assert says_one_sentence(nowhere, "--province")
    assert says_one_sentence(await command(house, "dialogue", "held", 7), "no such")
    assert says_one_sentence(await command(house, "dialogue", "show", 7), "no such")
    [listed] = await rows(house, "dialogue", "list")
    [shown] = await rows(house, "dialogue", "show", 1)
    assert (listed["status"], listed["held_on"], listed["reports_cso"]) == (
        "held", "2026-11-23", "0",
    )  # fmt: skip
    assert shown["place"] == "Pagoda"
    assert (shown["organisations"], shown["work_plan"]) == ("A, B", "2.2")
    assert "province: kampot" in (await command(house, "dialogue", "show", 1)).stdout
    assert staff


async def test_commitments_on_the_command_line(house: House) -> None:
    await promised(house)
    update = ("commitment", "update", 1, "--side", "gov", "--state")

    done = await command(house, *update, "blocked", "--reason", "budget")
    listed = await command(house, "commitment", "list", "--state", "blocked", "--json")
    house.clock.turn(days=40)
    later = await command(house, "commitment", "list")

    assert done.returncode == 0
    assert '"gov": "blocked"' in listed.stdout
    assert "Kept by their due day: 0 of 0" in listed.stderr
    assert "Kept by their due day: 0 of 1" in later.stderr
    assert says_one_sentence(await command(house, *update, "lost"), "in_progress")
    assert says_one_sentence(
        await command(house, "commitment", "update", 9, "--side", "gov", "--state", "kept"),
        "no such",
    )
    assert len(await house.store.call(commitments.history, 1)) == 1


async def test_readers_on_the_command_line(house: House) -> None:
    for _ in range(3):
        await member(house)
    await reporter(house)

    for number in (1, 2):
        assert (await command(house, "team", "reader", number)).returncode == 0
    assert says_one_sentence(await command(house, "team", "reader", 3), "two members")
    assert says_one_sentence(await command(house, "team", "reader", 4), "only staff")
    assert (await command(house, "team", "no-reader", 1)).returncode == 0
    assert (await command(house, "team", "reader", 3)).returncode == 0


async def test_without_a_bot_the_commands_do_it_themselves(house: House) -> None:
    empty = house.folder / "other"
    done = await asyncio.to_thread(samleng, "dialogue", "list", SAMLENG_DATA_DIR=str(empty))

    assert done.returncode == 0
    assert "There is none yet." in done.stderr
