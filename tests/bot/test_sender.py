"""What goes out: at Telegram's pace, in order, again where it may be, and never to who left."""

import asyncio
import datetime as dt
from pathlib import Path

import pytest

from bot.pace import Bucket
from bot.sender import Sender
from bot.simulator.world import World
from storage import outbox, respondents
from storage.outbox import REMINDERS
from storage.store import Transaction
from tests.chat import Phone, until
from tests.conftest import HandClock, House, housed, settings_for, simulator
from tests.steps import at_first_question


async def respondent_of(house: House, phone: Phone) -> str:
    """Return the id by which the memory knows the person of a phone."""
    found = await house.store.call(respondents.find, 424242, phone.person_id, "")
    assert found is not None
    return found.id


async def fault(house: House, method: str, code: int, description: str, **more: object) -> None:
    await house.telegram.post(
        "/sim/faults", method=method, code=code, description=description, **more
    )


async def test_a_reply_that_telegram_did_not_take_goes_again(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    await fault(house, "sendMessage", 502, "Bad Gateway")

    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
    await until(_has(house, "pending"))
    clock.turn(seconds=2)
    await house.settled()
    await phone.look()

    assert "/stop" in phone.sees


def _has(house: House, status: str):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        query = "SELECT count(*) FROM outbox WHERE status = ? AND attempts > 0"
        return house.rows(query, status) != [(0,)]

    return holds


async def test_a_later_message_waits_behind_one_that_goes_again(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    await fault(house, "sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)

    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
    await until(_has(house, "pending"))
    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/forget")
    await until(_waiting_for_one_person(house))
    clock.turn(seconds=4)
    await house.settled()
    await phone.look()

    said = [m["text"] for m in phone.messages if m["from"]["is_bot"]]
    assert "/stop" in said[-2]
    assert "Do you really want to delete" in said[-1]


def _waiting_for_one_person(house: House):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return house.rows("SELECT count(*) FROM outbox WHERE status = 'pending'") == [(2,)]

    return holds


async def test_a_reminder_with_an_unknown_outcome_is_counted_and_never_sent_again(
    house: House, clock: HandClock
) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)
    await fault(house, "sendMessage", 502, "Bad Gateway")

    await house.store.call(
        outbox.put, person, "sendMessage", {"text": "Remember"}, policy="once", lane=REMINDERS
    )
    house.application.sender.wake()
    await house.settled()
    clock.turn(hours=1)
    await house.settled()
    await phone.look()

    assert "Remember" not in phone.sees
    assert house.rows("SELECT status, body FROM outbox WHERE policy = 'once'") == [
        ("uncertain", None)
    ]


async def test_nothing_more_is_sent_to_somebody_who_blocked_the_bot(house: House) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)
    house.world.chats[phone.person_id].blocked = True

    for text in ("one", "two", "three"):
        await house.store.call(outbox.put, person, "sendMessage", {"text": text})
    house.application.sender.wake()
    await house.settled()

    assert house.rows("SELECT unreachable_at IS NOT NULL FROM respondent") == [(1,)]
    left = house.rows("SELECT status, body FROM outbox ORDER BY id DESC LIMIT 3")
    assert left == [("blocked", None)] * 3


async def test_an_edit_that_is_there_already_counts_as_sent(house: House) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)
    message = phone.messages[-1]
    same = {
        "text": message["text"],
        "message_id": message["message_id"],
        "reply_markup": message["reply_markup"],
    }

    await house.store.call(outbox.put, person, "editMessageText", same, policy="edit")
    house.application.sender.wake()
    await house.settled()

    assert house.rows("SELECT status FROM outbox ORDER BY id DESC LIMIT 1") == [("sent",)]


async def test_what_was_sent_keeps_no_text(house: House) -> None:
    await at_first_question(house)

    assert house.rows("SELECT count(*) FROM outbox WHERE body IS NOT NULL") == [(0,)]


async def test_a_strict_telegram_never_has_to_refuse_a_whole_survey(
    folder: Path, clock: HandClock
) -> None:
    """With the real limits on both sides: one message a second to a chat, after a burst."""
    world = World()
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, chat_rate=1.0, chat_burst=8.0) as house,
    ):
        phone = await at_first_question(house)
        await phone.taps("Skip ⏭")

        assert house.rows("SELECT count(*) FROM outbox WHERE attempts > 0") == [(0,)]
        assert world.calls["editMessageText"] == 4


@pytest.mark.parametrize(("rate", "burst"), [(25.0, 1.0), (1.0, 8.0), (30.0, 60.0)])
def test_a_bucket_never_lets_more_through_than_its_rate_and_burst(
    rate: float, burst: float
) -> None:
    bucket, now, through = Bucket(rate, burst, burst), 0.0, []

    for _ in range(500):
        now += bucket.take(now)
        through.append(now)

    for start in range(0, 500, 7):
        within = [t for t in through if through[start] <= t < through[start] + 1.0]
        assert len(within) <= rate + burst
    assert 500 / max(through[-1], 0.001) >= 0.95 * rate


def test_a_bucket_that_telegram_blocked_waits_so_long() -> None:
    bucket = Bucket(25.0, 1.0, 1.0)

    bucket.block(10.0, 3.0)

    assert bucket.take(10.0) == pytest.approx(3.0, abs=0.05)
    assert dt.timedelta(seconds=3)


async def test_a_message_and_a_change_to_it_can_be_promised_together(house: House) -> None:
    phone = await at_first_question(house)
    person = await respondent_of(house, phone)

    def promise(tx: Transaction) -> None:
        first = outbox.put(tx, person, "sendMessage", {"text": "Counting…"})
        change = {"text": "Counted."}
        outbox.put(tx, person, "editMessageText", change, policy="edit", target_outbox_id=first)

    await house.store.call(promise)
    house.application.sender.wake()
    await house.settled()
    await phone.look()

    assert phone.sees == "Counted."


async def test_a_reply_never_waits_long_for_its_next_try(house: House, clock: HandClock) -> None:
    """However often it failed before: the oldest reply is the first to meet each new fault."""
    phone = await at_first_question(house)
    await fault(house, "sendMessage", 502, "Bad Gateway", times=8)

    await house.telegram.post(f"/sim/people/{phone.person_id}/write", text="/help")
    for tries in range(1, 9):
        await until(_tried(house, tries))
        clock.turn(seconds=5)
        house.application.sender.wake()
    await house.settled()
    await phone.look()

    assert "/stop" in phone.sees


async def test_the_sender_ends_even_if_it_is_woken_at_that_moment(house: House) -> None:
    """Else a bot of which one part fails would hang, instead of ending and being started again."""
    other = Sender(house.application.bot, house.store, settings_for(house.telegram, house.folder))
    running = asyncio.get_running_loop().create_task(other.run())
    for _ in range(20):  # it recovers, finds nothing to claim, and rests
        await house.store.call(lambda _: None)

    other.wake()
    running.cancel()

    async with asyncio.timeout(5):
        await asyncio.wait({running})
    assert running.cancelled()


def _tried(house: House, tries: int):  # type: ignore[no-untyped-def]
    async def holds() -> bool:
        return house.rows("SELECT max(attempts) FROM outbox") == [(tries,)]

    return holds
