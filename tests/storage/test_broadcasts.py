"""Broadcasts: a few people at a time, each at most once, and the sum always right."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from storage import broadcasts, outbox, respondents, upkeep
from storage.broadcasts import AT_ONCE, ENOUGH, Audience, Standing
from storage.outbox import BROADCASTS
from storage.store import Store, Transaction
from storage.tables import consent, respondent
from surveys.reminders import WEEKLY_CAP
from tests.database import plain_sql
from tests.storage.test_outbox import plan

Rows = Callable[..., list[dict[str, Any]]]
KM, EN = {"text": "សួស្តី"}, {"text": "Hello"}
EVERYBODY = Audience()
NEW = insert(respondent)
AGREED = insert(consent)


def people(store: Store, number: int, **columns: Any) -> list[str]:
    """Make people who have consented, in the order of their ids."""
    return store.run(_people, number, columns)


def _people(tx: Transaction, number: int, columns: dict[str, Any]) -> list[str]:
    before = len(plain_sql(tx, "SELECT 1 FROM respondent"))
    ids = [f"{before + at:032x}" for at in range(number)]
    who = {"role": "respondent", "language": "km", "created_at": tx.now, **columns}
    tx.change_many(NEW, [{"id": one, "pseudonym": bytes.fromhex(one), **who} for one in ids])
    agreed = {"version": "v1", "language": "km", "given_at": tx.now}
    tx.change_many(AGREED, [{"respondent_id": one, **agreed} for one in ids])
    return ids


def begin(store: Store, audience: Audience = EVERYBODY) -> Standing:
    return store.run(broadcasts.begin, KM["text"], EN["text"], audience, "v1")


def feed(store: Store) -> int:
    """Promise to the next people; return how many they are."""

    def once(tx: Transaction) -> int:
        row = broadcasts.hungry(tx)
        return broadcasts.feed(tx, KM, EN, row, "v1", WEEKLY_CAP) if row else 0

    return store.run(once)


def promised(rows: Rows) -> list[str]:
    return [row["respondent_id"] for row in rows("SELECT respondent_id FROM outbox ORDER BY id")]


def standing(store: Store, at: int = 0) -> Standing:
    return store.run(broadcasts.standings)[at]


def test_everybody_is_promised_it_in_their_language(store: Store, rows: Rows) -> None:
    people(store, 2, language="km")
    people(store, 1, language="en")

    assert begin(store).people == 3
    assert feed(store) == 3

    assert (
        rows("SELECT lane, policy, method, status, attempts FROM outbox")
        == [
            {
                "lane": BROADCASTS,
                "policy": "once",
                "method": "sendMessage",
                "status": "pending",
                "attempts": 0,
            }
        ]
        * 3
    )
    number = "SELECT count(*) AS n FROM outbox WHERE CAST(body AS TEXT) LIKE ?"
    assert rows(number, "%សួស្តី%") == [{"n": 2}]
    assert rows(number, "%Hello%") == [{"n": 1}]


@pytest.mark.parametrize(
    "change",
    [
        {"stopped_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC)},
        {"unreachable_at": dt.datetime(2026, 11, 1, tzinfo=dt.UTC)},
        {"consented": False},
    ],
)
def test_who_said_stop_cant_be_reached_or_never_consented_is_left_out(
    store: Store, rows: Rows, change: dict[str, Any]
) -> None:
    [left_out, there] = people(store, 2)
    if "consented" not in change:
        store.run(respondents.change, left_out, **change)
    else:
        sql = f"DELETE FROM consent WHERE respondent_id = '{left_out}'"
        store.run(lambda tx: plain_sql(tx, sql) and None)

    assert begin(store).people == 1
    feed(store)

    assert promised(rows) == [there]


@pytest.mark.parametrize(
    ("audience", "meant"),
    [
        (Audience(province="kampot"), {0, 1}),
        (Audience(sector="cso"), {1, 2}),
        (Audience(province="kampot", sector="cso"), {1}),
        (Audience(role="reporter"), {2}),
        (EVERYBODY, {0, 1, 2}),
    ],
)
def test_an_audience_is_a_place_a_sector_and_a_role(
    store: Store, rows: Rows, audience: Audience, meant: set[int]
) -> None:
    ids = people(store, 1, province="kampot", sector="citizen")
    ids += people(store, 1, province="kampot", sector="cso")
    ids += people(store, 1, province="siem_reap", sector="cso", role="reporter")

    assert begin(store, audience).people == len(meant)
    feed(store)

    assert promised(rows) == [ids[at] for at in sorted(meant)]


def test_who_comes_after_it_was_begun_is_left_out_even_ahead_of_the_cursor(
    store: Store, rows: Rows, clock: Any
) -> None:
    before = people(store, 2)
    begin(store)
    clock.advance(seconds=1)
    people(store, 2)

    feed(store)

    assert promised(rows) == before


def test_who_says_stop_before_their_turn_is_left_out(store: Store) -> None:
    ids = people(store, AT_ONCE + 2)
    begin(store)
    feed(store)

    store.run(respondents.change, ids[-1], stopped_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    feed(store)

    now = standing(store)
    assert (now.people, now.promised) == (AT_ONCE + 2, AT_ONCE + 1)


def test_a_thousand_are_promised_it_in_a_transaction_and_none_while_two_thousand_wait(
    store: Store, rows: Rows
) -> None:
    ids = people(store, 3 * AT_ONCE + 7)
    begin(store)

    assert [feed(store) for _ in range(3)] == [AT_ONCE, AT_ONCE, 0]
    waiting = rows("SELECT id FROM outbox")
    assert len(waiting) == ENOUGH
    store.run(lambda tx: [outbox.sent(tx, row["id"], 1) for row in waiting])
    assert [feed(store) for _ in range(3)] == [AT_ONCE, 7, 0]
    assert promised(rows) == ids


def test_few_of_many_are_found_a_thousand_looks_at_a_time(store: Store, rows: Rows) -> None:
    people(store, AT_ONCE)
    few = people(store, 3, province="kampot")
    begin(store, Audience(province="kampot"))

    assert feed(store) == 0
    assert feed(store) == 3
    assert promised(rows) == few


def test_nobody_gets_it_twice_whatever_the_cursor_says(store: Store, rows: Rows) -> None:
    ids = people(store, 5)
    begin(store)
    feed(store)

    sql = "UPDATE broadcast SET cursor = ''"
    store.run(lambda tx: plain_sql(tx, sql) and None)

    assert feed(store) == 0
    assert promised(rows) == ids


def test_two_broadcasts_reach_everybody_one_after_the_other(store: Store, rows: Rows) -> None:
    ids = people(store, 3)
    begin(store)
    begin(store)

    feed(store)
    feed(store)

    assert promised(rows) == ids * 2


def test_everybody_stands_in_one_column(store: Store, rows: Rows) -> None:
    people(store, 6)
    begin(store)
    feed(store)
    fates = ["sent", "uncertain", "blocked", "dead", "waiting"]
    for number, fate in enumerate(fates[:4], start=1):
        if fate == "sent":
            store.run(outbox.sent, number, 1)
        else:
            store.run(outbox.drop, number, fate, "Why")
    store.run(respondents.forget, f"{5:032x}")

    now = standing(store)

    assert {name: getattr(now, name) for name in fates} == dict.fromkeys(fates, 1)
    assert (now.people, now.promised, now.forgotten) == (6, 6, 1)


def test_it_is_done_when_nothing_is_on_its_way_and_keeps_its_counts(
    store: Store, rows: Rows, clock: Any
) -> None:
    people(store, 3)
    begin(store)
    feed(store)
    claimed = store.run(outbox.claim, BROADCASTS)
    assert claimed == []  # nobody here has an address, so all are dead

    assert store.run(broadcasts.finish) == 1
    clock.advance(days=8)
    assert store.run(upkeep.purge) == 3

    now = standing(store)
    assert (now.status, now.dead, now.waiting, now.forgotten) == ("done", 3, 0, 0)
    assert rows("SELECT finished_at FROM broadcast") == [
        {"finished_at": "2026-11-25T03:00:00.000+00:00"}
    ]


def test_messages_of_a_broadcast_that_is_not_done_are_kept(store: Store, clock: Any) -> None:
    people(store, 3)
    begin(store)
    feed(store)
    store.run(outbox.sent, 1, 1)

    clock.advance(days=30)

    assert store.run(upkeep.purge) == 0
    assert standing(store).sent == 1


def test_a_pause_takes_back_what_waits_and_going_on_promises_it_again(
    store: Store, rows: Rows
) -> None:
    ids = people(store, 5)
    begun = begin(store)
    feed(store)
    store.run(outbox.sent, 1, 1)

    assert store.run(broadcasts.pause, begun.id)
    assert feed(store) == 0
    paused = standing(store)
    store.run(respondents.change, ids[3], stopped_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert store.run(broadcasts.resume, begun.id)
    feed(store)

    assert (paused.status, paused.promised, paused.waiting, paused.sent) == ("paused", 1, 0, 1)
    assert promised(rows) == [ids[0], ids[1], ids[2], ids[4]]
    assert standing(store).promised == 4


def test_a_pause_with_nothing_waiting_leaves_the_cursor(store: Store, rows: Rows) -> None:
    people(store, 2)
    begun = begin(store)

    store.run(broadcasts.pause, begun.id)
    store.run(broadcasts.resume, begun.id)

    assert feed(store) == 2


def test_only_what_runs_is_paused_and_only_what_is_paused_goes_on(store: Store) -> None:
    people(store, 1)
    begun = begin(store)

    assert not store.run(broadcasts.resume, begun.id)
    assert not store.run(broadcasts.pause, begun.id + 1)
    assert store.run(broadcasts.pause, begun.id)
    assert not store.run(broadcasts.pause, begun.id)


@pytest.mark.one_file
@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (broadcasts.STANDING, "ix_outbox_broadcast"),
        (broadcasts.ON_THE_WAY, "ix_outbox_broadcast"),
        (broadcasts.WAITING, "ix_outbox_pending"),
        (broadcasts.TAKE_BACK, "outbox_broadcast"),
    ],
)
def test_looking_after_broadcasts_goes_by_index(store: Store, statement: Any, index: str) -> None:
    steps = plan(store, statement, of=1)

    assert any(index in step for step in steps), steps
    assert not any("SCAN" in step for step in steps), steps


@pytest.mark.one_file
def test_promising_looks_at_no_more_people_than_the_chunk_holds(store: Store) -> None:
    values = {
        "beyond": "", "until": "g", "now": "2026", "since": "2026", "of": 1, "consent_to": "v1",
        "with_role": None, "of_sector": None, "in_province": None, "body_km": "", "body_en": "",
    }  # fmt: skip

    steps = plan(store, broadcasts.PROMISE, **values)

    assert any("SEARCH respondent" in step and "id>? AND id<?" in step for step in steps), steps
