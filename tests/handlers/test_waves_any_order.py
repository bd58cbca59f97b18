"""Made-up people, waves, changes of mind and turns of the clock: what never happens, whatever does.

Nobody is invited twice to a wave, nor after stop, a block or "not this time"; nothing unasked goes
out at night, no reminder on a holiday, and never more than the cap in any seven days.
"""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import fielding, joining, reminding, wave_changes
from handlers.consent import CONSENT_VERSION
from handlers.quiet import is_night
from handlers.quiet_days import is_quiet
from handlers.visit import Visit
from storage import interviews, outbox, respondents, wave_people, waves
from storage.database import open_store
from storage.outbox import BROADCASTS, REMINDERS
from storage.store import Store, Transaction
from surveys.reminders import WEEKLY_CAP
from surveys.wave import Audience, Reminding
from tests.conftest import BOT_ID, HandClock
from tests.database import plain_sql

PEOPLE, RATE = 5, 25.0
WEEK = dt.timedelta(days=7)
WHO, WHICH = st.integers(0, PEOPLE - 1), st.integers(0, 2)
ACTS = st.one_of(
    st.tuples(st.just("turn"), st.integers(1, 60), st.just(0)),
    st.tuples(st.just("turn"), st.integers(20, 28), st.just(0)),
    st.tuples(st.just("make"), st.integers(0, 2), st.integers(1, 3)),
    st.tuples(st.sampled_from(["pause", "resume", "close"]), WHICH, st.just(0)),
    st.tuples(st.sampled_from(["stop", "block", "back"]), WHO, st.just(0)),
    st.tuples(st.sampled_from(["begin", "decline", "finish"]), WHO, WHICH),
)


@dataclass
class World:
    """People with a store and a clock, and all that was sent to them unasked."""

    store: Store
    clock: HandClock
    people: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    declined: set[tuple[int, str]] = field(default_factory=set)
    sent: list[tuple[str, dt.datetime]] = field(default_factory=list)
    invited: Counter[tuple[int, str]] = field(default_factory=Counter)

    def act(self, name: str, first: int, second: int) -> None:
        """Do one thing, then let the clock tick."""
        if name == "turn":
            self.clock.turn(hours=first)
        elif name == "make":
            self.store.run(self.make, first, second)
        elif name in {"pause", "resume", "close"}:
            self.store.run(wave_changes.change, "other", name, first + 1)
        else:
            self.store.run(getattr(self, name), self.people[first], second + 1)
        self.tick()

    def make(self, tx: Transaction, reminders: int, weeks: int) -> None:
        versions = waves.forms_to_put(tx)
        opens_at = tx.now + dt.timedelta(hours=3)
        closes_at = opens_at + dt.timedelta(weeks=weeks)
        wants = (Audience(), opens_at, closes_at, Reminding(24, reminders))
        made = wave_changes.create(tx, "maker", versions[len(versions) // 2], *wants)
        assert wave_changes.release(tx, "maker", made) == "own"
        assert wave_changes.release(tx, "other", made) == ""

    def stop(self, tx: Transaction, who: str, _: int) -> None:
        outbox.cancel_unasked(tx, who)
        respondents.change(tx, who, stopped_at=tx.now)
        self.gone.add(who)

    def block(self, tx: Transaction, who: str, _: int) -> None:
        outbox.cancel(tx, who, REMINDERS)
        respondents.change(tx, who, unreachable_at=tx.now)
        self.gone.add(who)

    def back(self, tx: Transaction, who: str, _: int) -> None:
        respondents.change(tx, who, stopped_at=None, unreachable_at=None)
        self.gone.discard(who)

    def decline(self, tx: Transaction, who: str, wave_id: int) -> None:
        if self.invited[wave_id, who]:
            wave_people.decline(tx, wave_id, who)
            self.declined.add((wave_id, who))

    def begin(self, tx: Transaction, who: str, wave_id: int) -> None:
        one = waves.find(tx, wave_id)
        if one is None or interviews.active(tx, who):
            return
        person = respondents.by_id(tx, who)
        visit = Visit.unprompted(tx, person, person, BOT_ID)
        joined = joining.wave_of(visit, one.form_version_id)
        wave_id = joined.wave_id if joined else None
        interviews.start(tx, who, one.form_version_id, one.form_id, "en", wave_id=wave_id)

    def finish(self, tx: Transaction, who: str, _: int) -> None:
        if stored := interviews.active(tx, who):
            interviews.save(tx, replace(stored, status="complete"))

    def tick(self) -> None:
        """What the clock and the sender do."""
        self.store.run(fielding.turn, RATE)
        for step in (fielding.plan, fielding.invite, reminding.plan):
            while self.store.run(step):
                pass
        self.store.run(reminding.room)
        while self.store.run(reminding.promise, BOT_ID):
            pass
        if not is_night(self.clock()):
            for lane in (REMINDERS, BROADCASTS):
                self.deliver(lane)
        self.store.run(fielding.turn, RATE)
        self.check()

    def deliver(self, lane: int) -> None:
        for promise in self.store.run(outbox.claim, lane):
            who = str(promise.respondent_id)
            assert who not in self.gone
            assert lane == BROADCASTS or not is_quiet(self.clock())
            [(wave_id,)] = self.store.run(
                lambda tx, at: plain_sql(tx, f"SELECT wave_id FROM outbox WHERE id = {at}"),
                promise.id,
            )
            if wave_id:
                assert (wave_id, who) not in self.declined
                self.invited[wave_id, who] += 1
            self.sent.append((who, self.clock()))
            self.store.run(outbox.sent, promise.id, 7)

    def check(self) -> None:
        assert not [one for one, n in self.invited.items() if n > 1]
        for who, at in self.sent:
            week = [t for other, t in self.sent if other == who and at - WEEK < t <= at]
            assert len(week) <= WEEKLY_CAP
        for one in self.store.run(waves.listed):
            counts = self.store.run(wave_people.standing, one, 5)
            sql = f"SELECT count(*) FROM wave_person WHERE wave_id = {one.id}"
            [(people,)] = self.store.run(plain_sql, sql)
            assert sum(counts.values()) == people


@contextmanager
def world(published: Path, url: str | None) -> Iterator[World]:
    """Give a world with some people who are through the first questions."""
    with TemporaryDirectory() as folder:
        shutil.copytree(published, folder, dirs_exist_ok=True)
        clock = HandClock()
        store = open_store(Path(folder), clock, url=url)
        try:
            yield World(store, clock, [store.run(citizen, number) for number in range(PEOPLE)])
        finally:
            store.close()


def citizen(tx: Transaction, number: int) -> str:
    who = respondents.find_or_create(tx, BOT_ID, 1000 + number, CONSENT_VERSION)
    respondents.give_consent(tx, who.id, CONSENT_VERSION, "en")
    respondents.change(tx, who.id, language="en", sector="citizen")
    return who.id


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, min_size=10, max_size=60))
def test_whatever_happens_nobody_is_written_to_who_mustnt_be(
    published: Path, acts: list[tuple[str, int, int]]
) -> None:
    with world(published, None) as made:
        made.act("make", 1, 2)
        for act in acts:
            made.act(*act)


@pytest.mark.parametrize("first", ["begin", "pause", "stop"])
def test_on_postgresql_it_is_the_same(
    published: Path, on_server: str, postgres: object, first: str
) -> None:
    story = [
        ("make", 1, 2), ("turn", 4, 0), (first, 0, 0), ("turn", 30, 0), ("resume", 0, 0),
        ("decline", 1, 0), ("begin", 2, 0), ("finish", 2, 0), ("block", 3, 0), ("turn", 55, 0),
        ("back", 3, 0), ("back", 0, 0), ("make", 2, 1), ("turn", 24, 0), ("begin", 4, 1),
        ("turn", 48, 0), ("turn", 24, 0), ("close", 0, 0), ("turn", 60, 0),
    ]  # fmt: skip
    with world(published, on_server) as made:
        for act in story:
            made.act(*act)

        assert made.invited.total() >= PEOPLE - 1
