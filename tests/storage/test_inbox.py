"""Updates: each is handled once; what failed is tried again, and then kept sealed for a week."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from storage import inbox
from storage.store import Store, Transaction

BOT = 42
Rows = Callable[..., list[dict[str, Any]]]


def message(update_id: int, text: str = "ផ្លូវ", sender: int = 7) -> dict[str, Any]:
    """Return an update in the shape in which it is kept."""
    person = {"id": sender, "is_bot": False, "first_name": ""}
    return {"update_id": update_id, "message": {"message_id": 1, "from": person, "text": text}}


def park(store: Store, update_id: int, text: str = "ផ្លូវ") -> None:
    store.run(inbox.park, BOT, message(update_id, text), "ValueError")


def only_due(store: Store) -> inbox.Parked:
    (parked,) = store.run(inbox.due)
    return parked


def test_an_update_is_received_once(store: Store) -> None:
    assert [store.run(inbox.receive, BOT, 1) for _ in range(3)] == [True, False, False]


def test_two_bots_may_receive_updates_of_one_number(store: Store) -> None:
    assert [store.run(inbox.receive, bot, 1) for bot in (BOT, BOT + 1)] == [True, True]


def test_an_update_whose_handling_failed_counts_as_not_received(store: Store) -> None:
    def receive_and_fail(tx: Transaction) -> None:
        inbox.receive(tx, BOT, 1)
        raise ValueError("a handler's mistake")

    with pytest.raises(ValueError, match="mistake"):
        store.run(receive_and_fail)

    assert store.run(inbox.receive, BOT, 1)


def test_a_parked_update_isnt_received_again(store: Store) -> None:
    park(store, 1)

    assert not store.run(inbox.receive, BOT, 1)


def test_a_parked_update_comes_back_whole_after_a_second(store: Store, clock: Any) -> None:
    park(store, 1, "ផ្លូវ 🙏")
    assert store.run(inbox.due) == []

    clock.advance(seconds=1)

    assert only_due(store).payload == message(1, "ផ្លូវ 🙏")
    assert only_due(store).update_id == 1


def test_tries_come_after_1_5_30_and_300_seconds_and_then_the_update_is_dead(
    store: Store, clock: Any
) -> None:
    park(store, 1)
    waits, dead = [], False

    while not dead:
        before = clock.now
        while not store.run(inbox.due):
            clock.advance(seconds=1)
        waits.append((clock.now - before).total_seconds())
        dead = store.run(inbox.fail, only_due(store), "ValueError")

    assert waits == [1, 5, 30, 300]
    assert store.run(inbox.counts) == {"dead": 1}
    clock.advance(days=1)
    assert store.run(inbox.due) == []


def test_due_updates_come_in_the_order_they_were_parked(store: Store, clock: Any) -> None:
    for update_id in (3, 1, 2):
        park(store, update_id)
    clock.advance(seconds=1)

    assert [parked.update_id for parked in store.run(inbox.due)] == [3, 1, 2]


def test_what_an_update_holds_is_sealed_while_it_waits(store: Store, rows: Rows) -> None:
    park(store, 1, "the road is bad")

    (row,) = rows("SELECT * FROM inbox")
    assert b"road" not in row["payload"]
    assert "road" not in str({**row, "payload": None})
    with pytest.raises(InvalidTag):
        store.run(lambda tx: tx.keys.unseal(row["payload"], "inbox|2"))


def test_what_an_update_held_is_erased_when_it_is_settled(
    store: Store, clock: Any, rows: Rows
) -> None:
    park(store, 1)
    clock.advance(seconds=1)

    store.run(inbox.settle, only_due(store).seq)

    (row,) = rows("SELECT status, payload, error, next_try_at FROM inbox")
    assert row == {"status": "done", "payload": None, "error": None, "next_try_at": None}
    assert not store.run(inbox.receive, BOT, 1)


def test_a_handled_update_holds_nothing_of_the_message(store: Store, rows: Rows) -> None:
    store.run(inbox.receive, BOT, 1)

    assert [row["payload"] for row in rows("SELECT payload FROM inbox")] == [None]


def test_an_unreadable_update_is_buried_without_its_content(store: Store, rows: Rows) -> None:
    store.run(inbox.bury, BOT, 1, "KeyError")

    assert rows("SELECT status, payload, error FROM inbox") == [
        {"status": "dead", "payload": None, "error": "KeyError"}
    ]
    assert not store.run(inbox.receive, BOT, 1)
    assert store.run(inbox.due) == []


def test_a_handled_update_is_recognised_for_48_hours(store: Store, clock: Any) -> None:
    store.run(inbox.receive, BOT, 1)

    clock.advance(hours=48)
    assert store.run(inbox.purge) == 0
    assert not store.run(inbox.receive, BOT, 1)

    clock.advance(milliseconds=1)
    assert store.run(inbox.purge) == 1


def test_a_waiting_update_is_never_purged(store: Store, clock: Any) -> None:
    park(store, 1)
    clock.advance(days=365)

    assert store.run(inbox.purge) == 0
    assert only_due(store).update_id == 1


def test_a_dead_update_is_kept_for_a_week(store: Store, clock: Any) -> None:
    store.run(inbox.bury, BOT, 1, "KeyError")

    clock.advance(days=7)
    assert store.run(inbox.purge) == 0

    clock.advance(milliseconds=1)
    assert store.run(inbox.purge) == 1


def test_what_one_person_sent_can_be_erased_and_isnt_tried_again(
    store: Store, clock: Any, rows: Rows
) -> None:
    store.run(inbox.park, BOT, message(1, sender=7), "ValueError")
    store.run(inbox.park, BOT, message(2, sender=8), "ValueError")
    tap = {"update_id": 3, "callback_query": {"id": "1", "from": {"id": 7}, "data": "x"}}
    store.run(inbox.park, BOT, tap, "ValueError")

    store.run(inbox.erase_of, 7)

    clock.advance(seconds=1)
    assert only_due(store).update_id == 2
    kept = rows("SELECT update_id FROM inbox WHERE payload IS NOT NULL")
    assert kept == [{"update_id": 2}]


def test_updates_are_counted_by_status(store: Store) -> None:
    store.run(inbox.receive, BOT, 1)
    store.run(inbox.receive, BOT, 2)
    park(store, 3)
    store.run(inbox.bury, BOT, 4, "KeyError")

    assert store.run(inbox.counts) == {"done": 2, "pending": 1, "dead": 1}


def test_times_are_kept_in_utc_and_sort_as_text(store: Store, clock: Any, rows: Rows) -> None:
    for update_id in range(3):
        store.run(inbox.receive, BOT, update_id)
        clock.advance(milliseconds=1)

    kept = [row["received_at"] for row in rows("SELECT received_at FROM inbox")]
    assert kept == sorted(kept)
    assert dt.datetime.fromisoformat(kept[0]).utcoffset() == dt.timedelta(0)
