"""`samleng inbox`: staff see what couldn't be handled, never what it says, and settle it."""

import asyncio
import json

import pytest

from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_intake import RETRY_SECONDS, break_answers
from tests.chat import Phone
from tests.conftest import HandClock, House
from tests.steps import at_text_question

SAID = "The bridge is broken"


async def inbox(house: House, *arguments: str) -> "list[dict[str, str]]":
    done = await asyncio.to_thread(samleng, "inbox", *arguments, SAMLENG_DATA_DIR=str(house.folder))
    assert done.returncode == 0, done
    assert SAID not in done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()] if "--json" in arguments else []


async def given_up(house: House, clock: HandClock) -> Phone:
    """Let an answer fail until it is given up."""
    phone = await at_text_question(house)
    broken = break_answers()
    await phone.types(SAID)
    for seconds in RETRY_SECONDS:
        clock.turn(seconds=seconds + 1)
        await house.application.clock.retry()
    broken.undo()
    await house.settled()
    return phone


async def test_a_dead_letter_is_listed_without_its_text_and_can_be_tried_again(
    house: House, clock: HandClock
) -> None:
    phone = await given_up(house, clock)
    [dead] = await inbox(house, "list", "--json")

    await inbox(house, "retry", dead["update_id"])
    await house.application.clock.retry()
    await house.settled()
    await phone.look()

    assert (dead["status"], dead["kind"], dead["error"]) == (
        "dead",
        "message: text",
        "RuntimeError",
    )
    assert str(phone.person_id) not in str(dead)
    assert "ask you again" in phone.sees
    assert await inbox(house, "list", "--json") == []


async def test_a_dead_letter_can_be_dropped(house: House, clock: HandClock) -> None:
    await given_up(house, clock)
    [dead] = await inbox(house, "list", "--json")

    await inbox(house, "drop", dead["update_id"])

    assert await inbox(house, "list", "--json") == []
    assert house.rows("SELECT payload FROM inbox WHERE update_id = ?", dead["update_id"]) == [
        (None,)
    ]


async def test_the_list_is_a_table_for_people(house: House, clock: HandClock) -> None:
    await given_up(house, clock)

    done = await asyncio.to_thread(samleng, "inbox", "list", SAMLENG_DATA_DIR=str(house.folder))

    assert "RuntimeError" in done.stdout
    assert SAID not in done.stdout


async def test_one_update_is_shown_with_its_error_and_never_its_text(
    house: House, clock: HandClock
) -> None:
    phone = await given_up(house, clock)
    [(update_id,)] = house.rows("SELECT update_id FROM inbox WHERE status = 'dead'")

    done = await asyncio.to_thread(
        samleng, "inbox", "show", update_id, SAMLENG_DATA_DIR=str(house.folder)
    )

    shown = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert shown["status"] == "dead"
    assert shown["kind"] == "message: text"
    assert shown["error"] == "RuntimeError"
    assert shown["attempts"] == "5"
    assert shown["received_at"].startswith("2026-11-24 02:00")
    assert SAID not in done.stdout
    assert str(phone.person_id) not in done.stdout


async def test_an_update_that_was_handled_is_shown_as_done(house: House) -> None:
    await at_text_question(house)
    [(update_id,)] = house.rows("SELECT max(update_id) FROM inbox")

    done = await asyncio.to_thread(
        samleng, "inbox", "show", update_id, SAMLENG_DATA_DIR=str(house.folder)
    )

    assert "status: done" in done.stdout


@pytest.mark.parametrize("act", ["show", "retry", "drop"])
async def test_a_number_that_is_not_there_is_said_to_be_none(house: House, act: str) -> None:
    done = await asyncio.to_thread(samleng, "inbox", act, 7, SAMLENG_DATA_DIR=str(house.folder))

    assert says_one_sentence(done, "nothing of update 7 is kept")
