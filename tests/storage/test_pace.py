"""Unasked messages: never faster than set, nearly as fast if there is work, less when refused."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import outbox, pace
from storage.database import open_store
from storage.outbox import BROADCASTS, REMINDERS
from storage.pace import SMALLEST, Pace, burst
from storage.respondents import Respondent
from storage.store import Store

Person = Callable[[int], Respondent]
START = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
RATES = st.floats(0.1, 1000)
# Time passes; Telegram refuses, for so many seconds; a clock is set a day back or ahead.
PASSING = st.floats(0, 600).map(lambda seconds: ("pass", seconds))
REFUSING = st.floats(1, 3600).map(lambda seconds: ("refuse", seconds))
JUMPING = st.sampled_from([("pass", -86_400.0), ("pass", 86_400.0)])
EVENTS = st.lists(st.one_of(PASSING, REFUSING, JUMPING), max_size=30)


def after(events: list[tuple[str, float]], rate: float) -> Pace:
    now = Pace(START, burst(rate))
    for what, seconds in events:
        if what == "refuse":
            now = now.refused(seconds)
        else:
            now = now.at(now.filled_at + dt.timedelta(seconds=seconds), rate)
    return now


@given(EVENTS, RATES)
def test_the_rate_is_never_above_the_set_one_and_never_below_a_tenth_of_it(
    events: list[tuple[str, float]], rate: float
) -> None:
    now = after(events, rate)

    assert SMALLEST <= now.share <= 1
    assert now.level <= burst(rate)


@given(EVENTS, RATES)
def test_the_rate_recovers_within_half_an_hour_whatever_happened(
    events: list[tuple[str, float]], rate: float
) -> None:
    now = after(events, rate)

    rested = now.at(now.filled_at + dt.timedelta(seconds=now.pause + 1800), rate)

    assert rested.share == 1
    assert rested.allows == int(burst(rate))


@given(st.floats(1, 3600), RATES)
def test_a_refusal_is_silence_for_as_long_as_telegram_said_and_less_afterwards(
    seconds: float, rate: float
) -> None:
    now = Pace(START, burst(rate)).refused(seconds)

    shortly_before = now.at(START + dt.timedelta(seconds=seconds - 0.01), rate)

    assert shortly_before.allows == 0
    assert now.wait(rate) >= seconds
    assert now.share == pytest.approx(0.7)


def test_one_message_a_second_more_each_minute_after_a_refusal() -> None:
    now = Pace(START, 5).refused(1)

    later = now.at(START + dt.timedelta(seconds=61), 25.0)

    assert later.share * 25 == pytest.approx(17.5 + 1)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.floats(1, 500))
def test_over_any_time_no_more_goes_than_rate_and_burst(steps: list[int], rate: float) -> None:
    now, taken = Pace(START, burst(rate)), [(START, 0)]
    for milliseconds in steps:
        now = now.at(now.filled_at + dt.timedelta(milliseconds=milliseconds), rate)
        taken.append((now.filled_at, taken[-1][1] + now.allows))
        now = now.less(now.allows)

    for begin in range(len(taken)):
        for end in range(begin + 1, len(taken)):
            seconds = (taken[end][0] - taken[begin][0]).total_seconds()
            assert taken[end][1] - taken[begin][1] <= rate * seconds + burst(rate) + 0.001


def promise(store: Store, person: Person, number: int, lane: int = REMINDERS) -> None:
    for who in range(number):
        body = {"text": "R"}
        store.run(outbox.put, person(who).id, "sendMessage", body, policy="once", lane=lane)


def claim(store: Store, rate: float, most: int = 1000) -> int:
    claimed, _ = store.run(pace.claim, rate, most)
    for one in claimed:
        store.run(outbox.sent, one.id, 1)
    return len(claimed)


def test_a_claim_is_what_the_bucket_holds(store: Store, person: Person, clock: Any) -> None:
    promise(store, person, 20)

    assert claim(store, 25.0) == 5
    assert claim(store, 25.0) == 0
    clock.advance(milliseconds=120)
    assert claim(store, 25.0) == 3
    clock.advance(seconds=60)
    assert claim(store, 25.0, most=4) == 4
    assert claim(store, 25.0) == 1


def test_broadcasts_get_what_reminders_leave(store: Store, person: Person) -> None:
    promise(store, person, 3, REMINDERS)
    promise(store, person, 9, BROADCASTS)

    claimed, wait = store.run(pace.claim, 25.0, 1000)

    # Nobody's broadcast overtakes their reminder.
    assert [one.lane for one in claimed] == [REMINDERS] * 3 + [BROADCASTS] * 2
    assert wait == pytest.approx(0.05)


def test_where_nothing_is_left_nothing_is_written(
    store: Store, rows: Callable[..., list[dict[str, Any]]]
) -> None:
    assert store.run(pace.claim, 25.0, 1000) == ([], None)
    assert rows("SELECT * FROM pace") == []


def test_nineteen_in_twenty_of_the_set_rate_go_out_at_any_rhythm_of_claiming(
    store: Store, person: Person, clock: Any
) -> None:
    promise(store, person, 200)
    began, sent = clock.now, claim(store, 25.0)

    for milliseconds in [3, 50, 177, 20, 90, 11] * 18:
        clock.advance(milliseconds=milliseconds, microseconds=milliseconds * 7 % 1000)
        sent += claim(store, 25.0)

    seconds = (clock.now - began).total_seconds()
    assert 0.95 * 25 * seconds <= sent <= 25 * seconds + 5


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_a_day_neither_stops_the_messages_nor_makes_a_burst(
    store: Store, person: Person, clock: Any, days: int
) -> None:
    promise(store, person, 60)
    claim(store, 25.0)

    clock.advance(days=days)
    store.run(outbox.clock_went_back)
    at_once = claim(store, 25.0)
    clock.advance(seconds=0.2)

    assert at_once <= 5
    assert claim(store, 25.0) == 5


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_a_day_makes_no_silence_longer(
    store: Store, person: Person, clock: Any, days: int
) -> None:
    promise(store, person, 10)
    store.run(pace.refuse, 25.0, 30.0)

    clock.advance(days=days)
    store.run(outbox.clock_went_back)
    claim(store, 25.0)
    clock.advance(seconds=31)

    assert claim(store, 25.0) == 5


@pytest.mark.one_file
def test_a_restart_begins_no_burst_and_forgets_no_refusal(
    store: Store, person: Person, folder: Path, clock: Any
) -> None:
    promise(store, person, 20)
    store.run(pace.refuse, 25.0, 1.0)
    clock.advance(seconds=2)
    assert claim(store, 25.0) == 5
    store.close()

    again = open_store(folder, clock)

    assert claim(again, 25.0) == 0
    assert again.run(pace.current, 25.0).share == pytest.approx(0.7, abs=0.01)
    again.close()


def test_whoever_begins_to_send_knows_whether_another_was_sending_just_now(
    store: Store, person: Person, clock: Any
) -> None:
    assert not store.run(pace.was_busy)
    one = person(7)
    store.run(outbox.put, one.id, "sendMessage", {}, policy="once", lane=REMINDERS)

    store.run(pace.claim, 25.0, 25)
    assert store.run(pace.was_busy)

    clock.advance(seconds=5)
    assert not store.run(pace.was_busy)


def test_times_finer_than_the_row_are_not_counted_twice(
    store: Store, person: Person, clock: Any
) -> None:
    promise(store, person, 100)
    began = clock.now
    moments = []

    for _ in range(2000):
        clock.advance(microseconds=900)
        if claim(store, 25.0):
            moments.append(clock.now)

    assert len(moments) <= 25 * (clock.now - began).total_seconds() + 5
    assert all(later - earlier < dt.timedelta(seconds=1) for earlier, later in pairwise(moments))
