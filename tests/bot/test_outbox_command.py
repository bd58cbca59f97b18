"""`samleng outbox`: how many messages stand where, with a running bot and without; never a text."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from storage import outbox, respondents
from storage.database import open_store
from storage.outbox import BROADCASTS, REMINDERS
from storage.store import Transaction
from tests.bot.test_cli import samleng
from tests.bot.test_sender import respondent_of
from tests.conftest import BOT_ID, HandClock, House
from tests.steps import at_first_question

TEXT = "A-Text-Nobody-Sees"
NOTHING = {
    "waiting": 0,
    "sending": 0,
    "sent": 0,
    "uncertain": 0,
    "blocked": 0,
    "dead": 0,
    "oldest_waiting": None,
}


def lanes(folder: Path) -> dict[str, dict[str, Any]]:
    done = samleng("outbox", "--json", SAMLENG_DATA_DIR=str(folder))
    assert done.returncode == 0, done
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row.pop("lane"): row for row in rows}


def fill(tx: Transaction) -> None:
    """Promise reminders that end in each way, and a broadcast that waits."""
    for number, fate in enumerate(("dead", "uncertain", "blocked", "sent", "sending")):
        who = respondents.create(tx, BOT_ID, number)
        one = outbox.put(tx, who.id, "sendMessage", {"text": TEXT}, lane=REMINDERS)
        if fate == "sent":
            outbox.sent(tx, one, 1)
        elif fate == "sending":
            outbox.claim(tx, REMINDERS)
        else:
            outbox.drop(tx, one, fate, "Why")
    who = respondents.create(tx, BOT_ID, 9)
    outbox.put(tx, who.id, "sendMessage", {"text": TEXT}, lane=BROADCASTS)


def test_each_fate_is_counted_by_lane(folder: Path, clock: HandClock) -> None:
    store = open_store(folder, clock)
    store.run(fill)
    store.close()

    shown = lanes(folder)

    assert shown["replies"] == NOTHING
    ended = {"sending": 1, "sent": 1, "uncertain": 1, "blocked": 1, "dead": 1}
    assert shown["reminders"] == {**NOTHING, **ended}
    waiting = {"waiting": 1, "oldest_waiting": "2026-11-24 02:00:00+00:00"}
    assert shown["broadcasts"] == {**NOTHING, **waiting}


async def test_the_running_bot_counts_too(house: House) -> None:
    await at_first_question(house)

    shown = await asyncio.to_thread(lanes, house.folder)

    assert shown["replies"]["sent"] > 3
    assert shown["reminders"] == NOTHING


def test_people_read_a_table_without_any_text(folder: Path, clock: HandClock) -> None:
    store = open_store(folder, clock)
    store.run(fill)
    store.close()

    done = samleng("outbox", SAMLENG_DATA_DIR=str(folder))

    assert all(word in done.stdout for word in ("reminders", "uncertain", "oldest_waiting"))
    assert TEXT not in done.stdout


@pytest.mark.parametrize("fate", ["blocked", "dead"])
async def test_who_blocked_the_bot_is_told_apart_from_what_cant_be_sent(
    house: House, fate: str
) -> None:
    phone = await at_first_question(house)
    if fate == "blocked":
        house.world.chats[phone.person_id].blocked = True
    else:
        fault = {"code": 400, "description": "Bad Request: message is too long"}
        await house.telegram.post("/sim/faults", method="sendMessage", **fault)

    person = await respondent_of(house, phone)
    await house.store.call(outbox.put, person, "sendMessage", {"text": TEXT})
    house.application.sender.wake()
    await house.settled()

    shown = await asyncio.to_thread(lanes, house.folder)
    assert shown["replies"][fate] == 1
    assert {shown["replies"]["blocked"], shown["replies"]["dead"]} == {0, 1}
