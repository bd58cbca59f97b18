"""A ballot in the database: what it leaves of an interview, and what it takes out of the outbox."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from storage import ballots, forms, interviews, outbox, respondents, sealing, upkeep, waves
from storage.ballots import Box
from storage.respondents import Respondent
from storage.store import Store
from surveys.ballot import FEWEST, MOST
from surveys.wave import Audience, Reminding

Rows = Callable[..., list[dict[str, Any]]]
BODY = {"text": "ផ្លូវ", "reply_markup": {"inline_keyboard": []}}


@pytest.fixture
def box(store: Store, survey: forms.Published, clock: Any) -> Box:

    wants = (Audience(), clock(), clock(), Reminding(), "maker")
    return Box(store.run(waves.create, survey.id, *wants, is_ballot=True), is_closed=False)


def fill(store: Store, box: Box, number: int) -> None:
    for at in range(number):
        groups = {"province": "kampot", "sex": "f"}
        store.run(ballots.put, box.wave_id, groups, {"/data/change": str(at)})


def numbers(store: Store, box: Box) -> tuple[int, int]:
    waiting = store.run(ballots.waiting, box.wave_id)
    return waiting, store.run(ballots.number, box.wave_id)


def test_few_are_never_counted_and_few_never_left(store: Store, box: Box, clock: Any) -> None:
    closed, day = replace(box, is_closed=True), clock().date()
    fill(store, box, FEWEST - 1)
    for kind in (box, closed):
        assert store.run(ballots.count, kind, day) == 0
    fill(store, box, 1)
    assert store.run(ballots.count, box, day) == 0
    fill(store, box, MOST + 1)

    counted = [store.run(ballots.count, closed, day) for _ in range(3)]

    assert all(n == 0 or n >= FEWEST for n in counted)
    assert sum(counted) == MOST + 1 + FEWEST
    assert numbers(store, box) == (0, MOST + 1 + FEWEST)


def test_each_is_counted_once_under_another_id(
    store: Store, box: Box, clock: Any, rows: Rows
) -> None:
    fill(store, box, 20)
    before = {row["id"] for row in rows("SELECT id FROM ballot_pending")}

    store.run(ballots.count, replace(box, is_closed=True), clock().date())

    after = rows("SELECT id, response FROM ballot")
    assert len({str(row["response"]) for row in after}) == len(after) == 20
    assert not before & {row["id"] for row in after}


def test_a_sealed_message_is_claimed_as_it_was_and_shows_nothing(
    store: Store, person: Callable[[int], Respondent], rows: Rows
) -> None:
    who = person(1)
    store.run(outbox.put, who.id, "editMessageText", BODY, policy="edit", is_secret=True)

    [row] = rows("SELECT method, policy, body, sealed_body FROM outbox")
    [promise] = store.run(outbox.claim, outbox.REPLIES)

    assert (row["method"], row["policy"], row["body"]) == ("sealed", "reply", None)
    assert len(row["sealed_body"]) == 12 + sealing.SIZE + 16
    assert (promise.method, promise.policy, promise.body) == ("editMessageText", "edit", BODY)
    store.run(outbox.sent, promise.id, 7)
    assert rows("SELECT sealed_body FROM outbox") == [{"sealed_body": None}]


def test_with_submit_what_was_sent_is_forgotten_and_no_reminder_waits(
    store: Store, person: Callable[[int], Respondent], rows: Rows
) -> None:
    who, other = person(1), person(2)
    for one in (who, other):
        store.run(outbox.put, one.id, "sendMessage", BODY, is_secret=True)
    for promise in store.run(outbox.claim, outbox.REPLIES):
        store.run(outbox.sent, promise.id, 7)
    reminder = {"policy": "once", "lane": outbox.REMINDERS, "is_secret": True}
    store.run(outbox.put, who.id, "sendMessage", BODY, **reminder)

    store.run(upkeep.purge_secret, who.id)

    left = rows("SELECT respondent_id, lane, status, sealed_body FROM outbox ORDER BY lane")
    assert [(row["respondent_id"], row["lane"], row["status"]) for row in left] == [
        (other.id, 0, "sent"),
        (who.id, 1, "dead"),
    ]
    assert [row["sealed_body"] for row in left] == [None, None]
    store.run(upkeep.purge_secret)
    assert len(rows("SELECT id FROM outbox")) == 1


def test_a_seal_opens_only_in_its_place_and_has_one_size(store: Store) -> None:

    short, long = (sealing.seal(store.keys, "ក" * n, "one") for n in (1, 4000))

    assert len(short) == len(long)
    assert sealing.unseal(store.keys, long, "one") == "ក" * 4000
    with pytest.raises(InvalidTag):
        sealing.unseal(store.keys, short, "two")


def test_what_was_begun_for_a_closed_box_is_erased(
    store: Store, box: Box, person: Callable[[int], Respondent], survey: forms.Published, rows: Rows
) -> None:

    who = person(1)
    wave = {"wave_id": box.wave_id, "is_ballot": True}
    store.run(interviews.start, who.id, survey.id, "survey", "km", **wave)
    store.run(respondents.change, who.id, secret=True)
    assert store.run(ballots.erase_unfinished) == 0
    one = store.run(waves.find, box.wave_id)
    assert one is not None
    store.run(waves.set_status, one, "closed")

    assert store.run(ballots.erase_unfinished) == 1
    assert store.run(ballots.erase_unfinished) == 0
    assert rows("SELECT id FROM interview") == []
    assert not rows("SELECT id FROM respondent WHERE secret")
