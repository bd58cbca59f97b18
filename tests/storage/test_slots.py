"""What is due: planned once however often it is planned, promised once whatever happens."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from storage import facts, interviews, outbox, slots
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.slots import Slot
from storage.store import Store

AFTER = dt.timedelta(days=2)
Rows = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def begun(
    store: Store, person: Callable[[int], Respondent], begin: Callable[[Respondent], Stored]
) -> Callable[[int], Stored]:
    return lambda number: begin(person(number))


def plan(store: Store) -> int:
    """Plan all there is; return how many steps it took."""
    steps = 0
    while store.run(slots.plan, AFTER):
        steps += 1
    return steps


def test_an_interview_is_due_two_days_after_it_began_to_the_millisecond(
    store: Store, begun: Callable[[int], Stored], clock: Any
) -> None:
    clock.advance(milliseconds=123)
    begun(1)
    began = clock()
    clock.advance(days=2)

    assert plan(store) == 1
    assert [one.due_at for one in store.run(slots.due)] == [began + AFTER]


def test_one_that_is_younger_waits(
    store: Store, begun: Callable[[int], Stored], clock: Any
) -> None:
    begun(1)
    clock.advance(days=1)
    begun(2)
    clock.advance(days=1)

    plan(store)

    assert len(store.run(slots.due)) == 1
    clock.advance(days=1)
    plan(store)
    assert len(store.run(slots.due)) == 2


def test_planning_again_plans_nothing_twice(
    store: Store, begun: Callable[[int], Stored], clock: Any, rows: Rows
) -> None:
    for number in range(5):
        begun(number)
    clock.advance(days=3)
    plan(store)

    store.run(facts.write, "reminded_to", "0")
    plan(store)

    assert rows("SELECT count(*) AS n FROM slot") == [{"n": 5}]


def test_who_finished_is_not_planned(
    store: Store, begun: Callable[[int], Stored], clock: Any
) -> None:
    done = begun(1)
    complete = Stored(**{**{f: getattr(done, f) for f in done.__slots__}, "status": "complete"})
    store.run(interviews.save, complete)
    clock.advance(days=3)

    plan(store)

    assert store.run(slots.due) == []


def promised(store: Store, one: Slot) -> int:
    body = {"text": "x"}
    outbox_id = store.run(
        outbox.put, one.respondent_id, "sendMessage", body, policy="once", lane=outbox.REMINDERS
    )
    store.run(slots.promised, one, outbox_id)
    return outbox_id


@pytest.fixture
def due(store: Store, begun: Callable[[int], Stored], clock: Any) -> Slot:
    begun(1)
    clock.advance(days=2)
    plan(store)
    [one] = store.run(slots.due)
    return one


def test_a_promised_one_is_due_no_more(store: Store, due: Slot) -> None:
    promised(store, due)

    assert store.run(slots.due) == []
    assert store.run(slots.waiting) == 1


@pytest.mark.parametrize("outcome", ["sent", "uncertain", "blocked", "dead"])
def test_what_became_of_its_message_becomes_of_it(store: Store, due: Slot, outcome: str) -> None:
    outbox_id = promised(store, due)
    store.run(outbox.claim, outbox.REMINDERS)
    if outcome == "sent":
        store.run(outbox.sent, outbox_id, 7)
    else:
        store.run(outbox.drop, outbox_id, outcome, "x")

    store.run(slots.settle)

    assert [(s.status, s.number) for s in store.run(slots.standings)] == [(outcome, 1)]


def test_what_waits_is_taken_back_and_what_is_on_its_way_is_not(
    store: Store, due: Slot, rows: Rows
) -> None:
    promised(store, due)

    assert store.run(slots.take_back) == 1
    [again] = store.run(slots.due)
    assert rows("SELECT id FROM outbox") == []
    promised(store, again)
    store.run(outbox.claim, outbox.REMINDERS)
    assert store.run(slots.take_back) == 0
    assert store.run(slots.due) == []


def test_a_withheld_one_keeps_its_reason(store: Store, due: Slot) -> None:
    store.run(slots.withhold, due, "cap")

    assert [(s.status, s.reason) for s in store.run(slots.standings)] == [("withheld", "cap")]


def test_only_what_was_unasked_and_may_have_arrived_this_week_counts(
    store: Store, due: Slot, clock: Any
) -> None:
    person = due.respondent_id
    store.run(outbox.put, person, "sendMessage", {"text": "x"})
    assert store.run(slots.unasked, person) == 0
    promised(store, due)
    assert store.run(slots.unasked, person) == 1
    clock.advance(days=7)
    assert store.run(slots.unasked, person) == 0


def test_what_follows_a_form_is_planned_once_and_due_on_its_day(
    store: Store, person: Callable[[int], Respondent], clock: Any
) -> None:
    who = person(1).id
    at = clock() + dt.timedelta(days=60)
    for _ in range(2):
        store.run(slots.follow, who, "follow:tour_followup:60", at)
    assert store.run(slots.due) == []

    clock.advance(days=60)

    assert store.run(slots.due) == [Slot("follow:tour_followup:60", who, at, None)]


def test_who_declines_is_asked_nothing_of_that_form_and_others_are(
    store: Store, person: Callable[[int], Respondent], clock: Any
) -> None:
    one, other = person(1).id, person(2).id
    for who in (one, other):
        for form, days in (("training_use", 30), ("training_use", 90), ("tour_followup", 60)):
            at = clock() + dt.timedelta(days=days)
            store.run(slots.follow, who, f"follow:{form}:{days}", at)

    store.run(slots.decline, one, "training_use")
    clock.advance(days=90)

    due = [(slot.respondent_id, slot.schedule.split(":")[1]) for slot in store.run(slots.due)]
    assert sorted(due) == sorted(
        [(one, "tour_followup"), (other, "tour_followup"), *2 * [(other, "training_use")]]
    )
