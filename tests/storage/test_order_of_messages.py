"""Whatever comes between, what is promised to a person first is sent to them first."""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import outbox, respondents, upkeep
from storage.database import open_store
from storage.outbox import Promise
from storage.store import Store

pytestmark = pytest.mark.one_file

PEOPLE = (1, 2, 3)
LANES = (0, 1, 2)
START = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)

puts = st.tuples(st.just("put"), st.sampled_from(PEOPLE), st.sampled_from(LANES), st.integers(0, 3))
claims = st.tuples(st.just("claim"), st.sampled_from(LANES), st.sampled_from((1, 2, 200)))
arrivals = st.tuples(st.just("arrive"), st.sampled_from(PEOPLE))
failures = st.tuples(st.just("fail"), st.sampled_from(PEOPLE), st.integers(1, 5))
ticks = st.tuples(st.just("tick"), st.integers(1, 3))
crashes = st.tuples(st.just("crash"))
steps = st.lists(st.one_of(puts, puts, claims, claims, arrivals, failures, ticks, crashes))


@dataclass
class Story:
    """A store, a sender that works as bot/sender.py does, and what arrived at each person."""

    store: Store
    now: dt.datetime = START
    lanes: dict[int, int] = field(default_factory=dict)
    on_the_way: dict[int, list[Promise]] = field(default_factory=dict)
    arrived: dict[int, list[int]] = field(default_factory=lambda: {who: [] for who in PEOPLE})

    def clock(self) -> dt.datetime:
        return self.now

    def put(self, who: int, lane: int, later: int) -> None:
        person = self.store.run(respondents.find_or_create, 42, who, "v1")
        due_at = self.now + dt.timedelta(seconds=later)
        outbox_id = self.store.run(
            outbox.put, person.id, "sendMessage", {"text": "x"}, lane=lane, due_at=due_at
        )
        self.lanes[outbox_id] = lane

    def claim(self, lane: int, most: int) -> None:
        claimed = self.store.run(outbox.claim, lane, most)
        for promise in claimed:
            self.on_the_way.setdefault(promise.telegram_id, []).append(promise)
        assert all(len({p.lane for p in batch}) == 1 for batch in self.on_the_way.values())

    def arrive(self, who: int) -> None:
        if waiting := self.on_the_way.get(who):
            promise = waiting.pop(0)
            self.store.run(outbox.sent, promise.id, 100)
            self.arrived[who].append(promise.id)
        self.on_the_way = {one: batch for one, batch in self.on_the_way.items() if batch}

    def fail(self, who: int, seconds: int) -> None:
        """The first can't be sent now; it goes back, and those behind it too."""
        for promise in self.on_the_way.pop(who, []):
            self.store.run(outbox.retry, promise.id, dt.timedelta(seconds=seconds), "NetworkError")

    def tick(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)

    def crash(self) -> None:
        self.on_the_way = {}
        self.store.run(upkeep.recover)

    def finish(self) -> None:
        """Let everything arrive."""
        for _ in range(len(self.lanes) * len(LANES)):
            self.tick(10)
            for lane in LANES:
                self.claim(lane, 200)
                for who in PEOPLE:
                    while who in self.on_the_way:
                        self.arrive(who)


@contextmanager
def story(template: Path) -> Iterator[Story]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(template, folder, dirs_exist_ok=True)
        told = Story(None)  # type: ignore[arg-type]
        told.store = open_store(Path(folder), told.clock)
        yield told
        told.store.close()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_messages_of_one_person_arrive_in_their_order_and_each_once(
    template: Path, steps: list[tuple[str, int]]
) -> None:
    with story(template) as told:
        for name, *arguments in steps:
            getattr(told, name)(*arguments)

        told.finish()

    for arrived in told.arrived.values():
        for at, later in enumerate(arrived):
            assert not [
                earlier
                for earlier in arrived[at + 1 :]
                if earlier < later and told.lanes[earlier] <= told.lanes[later]
            ]
    assert sorted(one for arrived in told.arrived.values() for one in arrived) == sorted(told.lanes)
