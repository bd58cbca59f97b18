"""Messages promised: sent in a person's order, each by its policy, and their texts erased."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Executable

from storage import inbox, interviews, media, outbox, upkeep
from storage.interviews import Stored
from storage.outbox import BROADCASTS, REMINDERS, REPLIES, Promise
from storage.respondents import Respondent
from storage.store import Store, Transaction
from storage.tables import contact_vault
from tests.database import plain_sql

Rows = Callable[..., list[dict[str, Any]]]
Person = Callable[[int], Respondent]
SECOND = dt.timedelta(seconds=1)


def put(store: Store, who: Respondent, text: str = "សួស្តី", **options: Any) -> int:
    return store.run(outbox.put, who.id, "sendMessage", {"text": text}, **options)


def claim(store: Store, lane: int = REPLIES, most: int = 200) -> list[int]:
    return [promise.id for promise in store.run(outbox.claim, lane, most)]


def status(rows: Rows, outbox_id: int) -> str:
    return str(rows("SELECT status FROM outbox WHERE id = ?", outbox_id)[0]["status"])


def test_a_promise_comes_back_with_its_address(store: Store, person: Person) -> None:
    who = person(7)
    target = put(store, who)

    outbox_id = store.run(
        outbox.put,
        who.id,
        "editMessageText",
        {"text": "ផ្លូវ", "reply_markup": {"inline_keyboard": []}},
        policy="edit",
        target_outbox_id=target,
    )

    _, promise = store.run(outbox.claim, REPLIES)
    assert promise == Promise(
        id=outbox_id,
        respondent_id=who.id,
        telegram_id=7,
        lane=REPLIES,
        policy="edit",
        method="editMessageText",
        body={"text": "ផ្លូវ", "reply_markup": {"inline_keyboard": []}},
        target_outbox_id=target,
        attempts=0,
    )


def test_a_promise_of_a_unit_that_fails_is_no_promise(store: Store, person: Person) -> None:
    who = person(7)

    def promise_and_fail(tx: Transaction) -> None:
        outbox.put(tx, who.id, "sendMessage", {"text": "never"})
        raise ValueError("a handler's mistake")

    with pytest.raises(ValueError, match="mistake"):
        store.run(promise_and_fail)

    assert claim(store) == []


def test_a_message_is_claimed_once(store: Store, person: Person) -> None:
    outbox_id = put(store, person(7))

    assert claim(store) == [outbox_id]
    assert claim(store) == []


def test_a_message_isnt_claimed_before_it_is_due(store: Store, person: Person, clock: Any) -> None:
    outbox_id = put(store, person(7), due_at=clock.now + SECOND)
    assert claim(store) == []

    clock.advance(seconds=1)

    assert claim(store) == [outbox_id]


def test_several_messages_of_one_person_are_claimed_in_their_order(
    store: Store, person: Person
) -> None:
    one, other = person(1), person(2)
    promised = [put(store, who) for who in (one, other, one, one, other)]

    assert claim(store) == promised


def test_the_oldest_are_claimed_first_where_not_all_are_wanted(
    store: Store, person: Person
) -> None:
    promised = [put(store, person(n)) for n in range(4)]

    assert claim(store, most=3) == promised[:3]
    assert claim(store, most=3) == promised[3:]


def test_nothing_is_claimed_for_a_person_while_a_message_to_them_is_on_the_way(
    store: Store, person: Person
) -> None:
    one, other = person(1), person(2)
    on_the_way = put(store, one)
    claim(store)
    waiting, to_other = put(store, one), put(store, other)

    assert claim(store) == [to_other]
    store.run(outbox.sent, on_the_way, 100)
    assert claim(store) == [waiting]


def test_a_message_that_waits_for_its_next_try_is_not_overtaken(
    store: Store, person: Person, clock: Any
) -> None:
    one, other = person(1), person(2)
    first = put(store, one)
    claim(store)
    store.run(outbox.retry, first, SECOND, "NetworkError")
    second, to_other = put(store, one), put(store, other)

    assert claim(store) == [to_other]
    clock.advance(seconds=1)
    assert claim(store) == [first, second]


def test_a_reminder_doesnt_hold_up_a_reply(store: Store, person: Person, clock: Any) -> None:
    who = person(1)
    put(store, who, lane=REMINDERS, due_at=clock.now + SECOND)

    reply = put(store, who)

    assert claim(store) == [reply]


def test_a_reminder_waits_for_the_replies_before_it(
    store: Store, person: Person, clock: Any
) -> None:
    who = person(1)
    reply = put(store, who, due_at=clock.now + SECOND)
    reminder = put(store, who, lane=REMINDERS)

    assert claim(store, REMINDERS) == []
    clock.advance(seconds=1)
    assert claim(store, REMINDERS) == []
    claim(store)
    assert claim(store, REMINDERS) == []
    store.run(outbox.sent, reply, 100)
    assert claim(store, REMINDERS) == [reminder]


def test_a_broadcast_waits_for_the_reminders_before_it(store: Store, person: Person) -> None:
    who = person(1)
    put(store, who, lane=REMINDERS)
    put(store, who, lane=BROADCASTS)
    to_other = put(store, person(2), lane=BROADCASTS)

    assert claim(store, BROADCASTS) == [to_other]


def test_each_lane_is_claimed_for_itself(store: Store, person: Person) -> None:
    promised = {lane: put(store, person(lane), lane=lane) for lane in range(3)}

    assert {lane: claim(store, lane) for lane in range(3)} == {
        lane: [outbox_id] for lane, outbox_id in promised.items()
    }


def test_a_sent_message_keeps_its_number_and_loses_its_text(
    store: Store, person: Person, rows: Rows
) -> None:
    outbox_id = put(store, person(7), "a text")
    claim(store)

    store.run(outbox.sent, outbox_id, 100)

    assert store.run(outbox.message_id, outbox_id) == 100
    assert rows("SELECT status, body, message_id FROM outbox") == [
        {"status": "sent", "body": None, "message_id": 100}
    ]


def test_an_unsent_message_has_no_number(store: Store, person: Person) -> None:
    assert store.run(outbox.message_id, put(store, person(7))) is None


@pytest.mark.parametrize("fate", ["dead", "uncertain", "blocked"])
def test_a_message_that_is_given_up_loses_its_text(
    store: Store, person: Person, rows: Rows, fate: str
) -> None:
    outbox_id = put(store, person(7))
    claim(store)

    store.run(outbox.drop, outbox_id, fate, "BadRequest")

    assert rows("SELECT status, body, error FROM outbox") == [
        {"status": fate, "body": None, "error": "BadRequest"}
    ]
    assert claim(store) == []


def test_each_try_is_counted_and_its_error_named(
    store: Store, person: Person, rows: Rows, clock: Any
) -> None:
    outbox_id = put(store, person(7))

    for _ in range(3):
        claim(store)
        store.run(outbox.retry, outbox_id, SECOND, "NetworkError")
        clock.advance(seconds=1)

    (promise,) = store.run(outbox.claim, REPLIES)
    assert promise.attempts == 3
    assert rows("SELECT error FROM outbox") == [{"error": "NetworkError"}]


def test_after_a_crash_edits_and_replies_are_repeated_and_once_only_messages_are_uncertain(
    store: Store, person: Person, rows: Rows
) -> None:
    edit, reply = put(store, person(1), policy="edit"), put(store, person(2), policy="reply")
    once = put(store, person(3), policy="once")
    claim(store)
    waiting = put(store, person(4), policy="once")

    uncertain = store.run(upkeep.recover)

    assert uncertain == 1
    assert {n: status(rows, n) for n in (edit, reply, once, waiting)} == {
        edit: "pending",
        reply: "pending",
        once: "uncertain",
        waiting: "pending",
    }
    assert rows("SELECT body FROM outbox WHERE id = ?", once) == [{"body": None}]
    assert store.run(upkeep.recover) == 0


def test_a_message_that_is_repeated_after_a_crash_is_still_before_the_next(
    store: Store, person: Person
) -> None:
    who = person(1)
    first = put(store, who)
    claim(store)
    second = put(store, who)

    store.run(upkeep.recover)

    assert claim(store) == [first, second]


def test_who_cant_be_reached_gets_nothing_more(store: Store, person: Person, rows: Rows) -> None:
    one, other = person(1), person(2)
    sent, to_other = put(store, one), put(store, other)
    claim(store)
    store.run(outbox.sent, sent, 100)
    gone = [put(store, one), put(store, one, lane=REMINDERS)]

    store.run(outbox.cancel, one.id)

    assert {status(rows, n) for n in gone} == {"blocked"}
    assert (status(rows, sent), status(rows, to_other)) == ("sent", "sending")
    assert rows("SELECT count(*) AS n FROM outbox WHERE status = 'blocked' AND body IS NULL") == [
        {"n": 2}
    ]


def test_a_message_that_was_cancelled_on_its_way_doesnt_come_back(
    store: Store, person: Person, rows: Rows, clock: Any
) -> None:
    who = person(1)
    outbox_id = put(store, who)
    claim(store)
    store.run(outbox.cancel, who.id)

    store.run(outbox.retry, outbox_id, SECOND, "NetworkError")

    clock.advance(seconds=1)
    assert claim(store) == []
    assert status(rows, outbox_id) == "blocked"


def test_who_says_stop_gets_replies_and_nothing_else(
    store: Store, person: Person, rows: Rows
) -> None:
    who = person(1)
    reply = put(store, who)
    unasked = [put(store, who, lane=lane) for lane in (REMINDERS, BROADCASTS)]

    store.run(outbox.cancel_unasked, who.id)

    assert {status(rows, n) for n in unasked} == {"dead"}
    assert claim(store) == [reply]


def test_a_farewell_goes_to_somebody_who_has_no_row_any_more(store: Store, rows: Rows) -> None:
    store.run(outbox.put_farewell, 7, "sendMessage", {"text": "លាហើយ"})
    (row,) = rows("SELECT respondent_id, sealed_chat FROM outbox")

    (promise,) = store.run(outbox.claim, REPLIES)
    store.run(outbox.sent, promise.id, 100)

    assert row["respondent_id"] is None
    assert (promise.telegram_id, promise.respondent_id) == (7, None)
    assert rows("SELECT sealed_chat, body FROM outbox") == [{"sealed_chat": None, "body": None}]


def test_two_farewells_go_in_their_order(store: Store) -> None:
    store.run(outbox.put_farewell, 7, "answerCallbackQuery", {})
    store.run(outbox.put_farewell, 7, "sendMessage", {"text": "លាហើយ"})

    methods = [promise.method for promise in store.run(outbox.claim, REPLIES)]

    assert methods == ["answerCallbackQuery", "sendMessage"]


def test_a_message_whose_address_is_gone_holds_up_nobody(
    store: Store, person: Person, rows: Rows
) -> None:
    gone, there = person(1), person(2)
    lost, to_other = put(store, gone), put(store, there)
    of_gone = contact_vault.c.respondent_id == gone.id
    store.run(lambda tx: tx.change(delete(contact_vault).where(of_gone)) and None)

    assert claim(store) == [to_other]
    assert rows("SELECT status, body, error FROM outbox WHERE id = ?", lost) == [
        {"status": "dead", "body": None, "error": "NoAddress"}
    ]


def test_a_message_with_a_strangers_address_holds_up_nobody_and_goes_to_nobody(
    store: Store, person: Person, rows: Rows
) -> None:
    one, other = person(1), person(2)
    lost, to_other = put(store, one), put(store, other)
    seal = rows("SELECT sealed FROM contact_vault WHERE respondent_id = ?", other.id)[0]["sealed"]
    of_one = contact_vault.c.respondent_id == one.id
    forged = update(contact_vault).where(of_one).values(sealed=seal)
    store.run(lambda tx: tx.change(forged) and None)

    assert claim(store) == [to_other]
    assert status(rows, lost) == "dead"


def test_what_was_sent_or_dropped_is_forgotten_after_a_week(
    store: Store, person: Person, clock: Any
) -> None:
    sent, dead, waiting = (put(store, person(n)) for n in range(3))
    claim(store)
    store.run(outbox.sent, sent, 100)
    store.run(outbox.drop, dead, "dead", "BadRequest")
    store.run(outbox.retry, waiting, SECOND, "NetworkError")

    clock.advance(days=7)
    assert store.run(upkeep.purge) == 0
    clock.advance(milliseconds=1)
    assert store.run(upkeep.purge) == 2
    assert claim(store) == [waiting]


def test_the_message_that_an_open_interview_names_is_kept(
    store: Store, person: Person, begin: Callable[[Respondent], Stored], clock: Any
) -> None:
    who = person(7)
    question = put(store, who)
    stored = replace(begin(who), message_outbox_id=question)
    store.run(interviews.save, stored)
    claim(store)
    store.run(outbox.sent, question, 100)

    clock.advance(days=30)
    store.run(upkeep.purge)
    assert store.run(outbox.message_id, question) == 100

    store.run(interviews.save, replace(stored, status="complete"))
    assert store.run(upkeep.purge) == 1


@pytest.mark.one_file
def test_the_message_that_a_waiting_edit_names_is_kept(
    store: Store, person: Person, clock: Any
) -> None:
    who = person(7)
    question = put(store, who)
    claim(store)
    store.run(outbox.sent, question, 100)
    clock.advance(days=8)
    put(store, who, policy="edit", target_outbox_id=question)

    assert store.run(upkeep.purge) == 0
    assert store.run(outbox.message_id, question) == 100


def plan(store: Store, statement: Executable, **parameters: Any) -> list[str]:
    """Return how SQLite goes about a statement whose values it doesn't know yet."""
    compiled = statement.compile(dialect=sqlite.dialect())  # type: ignore[attr-defined]
    values = tuple((compiled.params | parameters)[name] for name in compiled.positiontup)
    sql = f"EXPLAIN QUERY PLAN {compiled}"
    return store.run(lambda tx: [str(row[-1]) for row in plain_sql(tx, sql, values)])


@pytest.mark.one_file
def test_claiming_reads_in_order_and_looks_ahead_by_index(store: Store) -> None:
    steps = plan(store, outbox.CLAIMABLE, now="2026", in_lane=0, most=200)

    assert any("SEARCH outbox USING INDEX ix_outbox_pending (lane=?)" in step for step in steps)
    assert any("USING INDEX ix_outbox_chain (respondent_id=?)" in step for step in steps)
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps)


@pytest.mark.one_file
@pytest.mark.parametrize("statement", [upkeep.RECOVER_REPEATABLE, upkeep.RECOVER_ONCE])
def test_recovering_looks_only_at_what_waits(store: Store, statement: Executable) -> None:
    steps = plan(store, statement, status="", body=None)

    assert any("USING INDEX ix_outbox_chain" in step for step in steps)


@pytest.mark.one_file
@pytest.mark.parametrize("statement", [inbox.PURGE, upkeep.PURGE])
def test_purging_reads_no_more_rows_than_are_old(store: Store, statement: Executable) -> None:
    steps = plan(store, statement, before="2026", dead_before="2026")

    assert any("USING INTEGER PRIMARY KEY (rowid<?)" in step for step in steps)


@pytest.mark.one_file
def test_forgetting_a_person_finds_their_messages_by_index(store: Store) -> None:
    sql = "EXPLAIN QUERY PLAN DELETE FROM outbox WHERE respondent_id = ?"

    steps = store.run(lambda tx: str(plain_sql(tx, sql, ("id",))))

    assert "INDEX ix_outbox_respondent_id (respondent_id=?)" in steps


@pytest.mark.one_file
def test_cancelling_looks_only_at_what_waits(store: Store) -> None:
    steps = plan(store, outbox.CANCEL, of="id", status="blocked", body=None, error="")

    assert any("USING INDEX ix_outbox_chain (respondent_id=?)" in step for step in steps)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (inbox.DUE, "ix_inbox_pending"),
        (inbox.KEPT, "ix_inbox_kept"),
        (media.WANTED, "ix_media_wanted"),
    ],
)
@pytest.mark.one_file
def test_a_partial_index_is_used(store: Store, statement: Executable, index: str) -> None:
    steps = plan(store, statement, now="2026")

    assert any(f"INDEX {index}" in step for step in steps)
