"""What staff do in the chat can be done on the command line; what is done there is written down."""

import asyncio
import json
import subprocess
from typing import Any

import pytest

from bot import acts
from handlers import texts
from storage import audit, inbox
from surveys.language import LANGUAGES
from tests.bot.test_cli import samleng, says_one_sentence
from tests.conftest import BOT_ID, House
from tests.steps import at_first_question, member

# What each act that changes anything is asked with; an act that is missing here is found out.
ASKED: dict[str, dict[str, Any]] = {
    "invite": {"role": "staff"},
    "broadcast_begin": {"km": "ក", "en": "a", "audience": {}},
    "broadcast_pause": {"id": 1},
    "broadcast_resume": {"id": 1},
    "review_save": {},
    "review_unclear": {},
    "review_again": {},
    "try_again": {"update_id": 7},
    "give_up": {"update_id": 7},
    "text_mark": {"number": 1, "hidden": True},
    "form_upload": {},
    "form_release": {},
    "form_back": {},
    "form_withdraw": {},
    "form_close": {},
    "reminder_pause": {},
    "reminder_resume": {},
    "export_noted": {"form": "citizen_interests", "part": {}},
    "subscription_end": {"number": 1},
    "team_change": {"act": "confirm", "number": 1},
    "wave_create": {
        "form": "citizen_interests", "audience": {}, "opens_at": None, "weeks": 2, "reminders": 1,
        "remind_after": 48, "ballot": False, "quotas": [],
    },
    "organisation_add": {"code": "star", "en": "Star", "km": "ផ្កាយ"},
    "province_change": {"act": "pause", "province": "kampot"},
    "wave_release": {"id": 1},
    "wave_pause": {"id": 1},
    "wave_resume": {"id": 1},
    "wave_close": {"id": 1},
    "wave_extend": {"id": 1, "weeks": 1},
    "dialogue_add": {
        "level": "provincial", "province": "kampot", "day": "2026-12-01", "place": "Hall",
        "organisations": "", "work_plan": "",
    },
    "dialogue_held": {"id": 1},
    "dialogue_cancel": {"id": 1},
    "dialogue_restore": {"id": 1},
    "dialogue_change": {"id": 1, "place": "Hall"},
    "commitment_update": {"id": 1, "side": "cso", "state": "kept"},
}  # fmt: skip
# These need something that is in a certain state first; their own tests look into the log.
ELSEWHERE = {
    "review_save", "review_unclear", "wave_release", "wave_pause", "wave_resume", "wave_close",
    "wave_extend", "form_upload", "form_release", "form_back", "form_withdraw", "form_close",
    "dialogue_held", "dialogue_cancel", "dialogue_restore", "dialogue_change",
    "commitment_update",
}  # fmt: skip


async def command(house: House, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command beside the bot."""
    folder = str(house.folder)
    return await asyncio.to_thread(samleng, *arguments, SAMLENG_DATA_DIR=folder)


async def rows(house: House, *arguments: object) -> list[dict[str, Any]]:
    done = await command(house, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_act_either_only_reads_or_is_known_here() -> None:
    assert set(acts.ACTS) == acts.READING | set(ASKED)
    assert set(ASKED) >= ELSEWHERE
    assert not acts.READING & set(ASKED)


@pytest.mark.parametrize("name", sorted(set(ASKED) - ELSEWHERE))
async def test_an_act_that_changes_anything_is_written_down(house: House, name: str) -> None:
    await member(house, "owner")
    before = await house.store.call(audit.head)

    await house.store.call(acts.ACTS[name], ASKED[name])

    [entry] = await house.store.call(audit.latest, 1)
    assert entry.id == before.number + 1
    assert entry.actor == audit.CONSOLE


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_act_in_the_log_has_a_name_that_staff_read(house: House, language: str) -> None:
    await member(house, "owner")
    for name in sorted(set(ASKED) - ELSEWHERE):
        await house.store.call(acts.ACTS[name], ASKED[name])

    for entry in await house.store.call(audit.latest, 100):
        assert texts.say(language, "act." + entry.act)


async def test_members_are_listed_confirmed_bound_and_ended(house: House) -> None:
    await member(house, "owner")
    await member(house)

    listed = await rows(house, "team", "list")
    for arguments in (("confirm", 2), ("bind", 2, "kampot"), ("reset-pin", 2)):
        assert (await command(house, "team", *arguments)).returncode == 0
    bound = await rows(house, "team", "list")
    await command(house, "team", "end", 2)

    assert [(one["number"], one["role"]) for one in listed] == [("1", "owner"), ("2", "staff")]
    assert bound[1]["bound_to"] == "kampot"
    assert [one["number"] for one in await rows(house, "team", "list")] == ["1"]


async def test_what_cant_be_done_about_members_is_one_sentence(house: House) -> None:
    await member(house, "owner")

    assert says_one_sentence(await command(house, "team", "end", 1), "last owner")
    assert says_one_sentence(await command(house, "team", "end", 9), "no member 9")
    assert says_one_sentence(await command(house, "team", "bind", 1, "paris"), "siem_reap")


async def test_who_answered_is_counted(house: House) -> None:
    await at_first_question(house)

    standing = await rows(house, "status")
    people = await rows(house, "people")

    assert standing == [{"form_id": "citizen_interests", "begun": 1, "finished": 0}]
    assert {one["people"] for one in people} == {"under 5"}
    assert {one["by"] for one in people} == {"sector", "province", "mode", "sex", "age_group"}


async def test_the_log_is_listed_and_verified_against_a_head(house: House) -> None:
    await member(house, "owner")
    head = str(await house.store.call(audit.head))
    await member(house)

    whole = await command(house, "audit", "verify", "--head", head)
    wrong = await command(house, "audit", "verify", "--head", "1:" + "0" * 64)
    longer = await command(house, "audit", "verify", "--head", "99:" + "0" * 64)

    assert (whole.returncode, whole.stdout.partition(":")[0]) == (0, "4")
    assert (wrong.returncode, "entry 1" in wrong.stderr) == (1, True)
    assert (longer.returncode, "entry 5" in longer.stderr) == (1, True)
    assert says_one_sentence(await command(house, "audit", "verify", "--head", "x"), "NUMBER:HASH")
    assert [one["act"] for one in await rows(house, "audit", "list")] == ["join", "invite"] * 2


async def test_an_invitation_is_a_picture_too(house: House) -> None:
    path = house.folder / "invitation.png"

    done = await command(house, "invite", "staff", "--province", "kampot", "--qr", path)

    assert done.stdout.startswith("https://t.me/samleng_try_bot?start=i-")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert house.rows("SELECT bound_to FROM invitation") == [("kampot",)]


async def test_an_export_of_a_province_and_a_time_is_written_down(house: House) -> None:
    await at_first_question(house)
    arguments = ("--province", "kampot", "--since", "2026-10-01", "--until", "2027-01-01")

    done = await command(
        house, "export", "citizen_interests", "--to", house.folder / "out", *arguments
    )

    assert "citizen_interests_kampot_2026Q4_" in done.stdout, done
    [entry] = await house.store.call(audit.latest, 1)
    assert (entry.act, entry.object) == ("export", "citizen_interests")
    assert '"province":"kampot"' in entry.detail


async def test_dead_letters_are_tried_again_or_erased_in_the_chat(house: House) -> None:
    staff = await member(house)
    for update_id in (71, 72):
        await house.store.call(inbox.park, BOT_ID, {"update_id": update_id, "x": {}}, "KeyError")

    await staff.types("/inbox")
    shown = staff.sees
    await staff.taps("Erase 71")
    await staff.types("482913")
    await staff.types("482913")

    assert "71 · x: waits for another try (1 so far, KeyError)" in shown
    assert house.rows("SELECT payload FROM inbox WHERE update_id = 71") == [(None,)]
    assert "erase update" in [e.act for e in await house.store.call(audit.latest, 3)]
