"""Reports submitted, completed and withdrawn in any order: what the register always holds."""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import filing
from handlers.consent import CONSENT_VERSION
from handlers.visit import Visit
from storage import commitments, dialogues, forms, interviews, reports, respondents
from storage.database import open_store
from storage.store import Store, Transaction
from surveys.dialogue import SIDES
from surveys.instruments import DIALOGUE_REPORT
from tests.conftest import BOT_ID, HandClock

DAY = dt.date(2026, 11, 20)
# Office, what, and how many days after the dialogue; none for no day.
PROMISE = st.tuples(
    st.sampled_from(["d_water", "cso"]), st.sampled_from("ab"), st.sampled_from([None, 1, 2])
)
ACT = st.tuples(st.sampled_from(SIDES), st.lists(PROMISE, max_size=3), st.booleans())
Promise = tuple[str, str, int | None]


@dataclass
class World:
    """Two reporters of one dialogue, and what the report of each says now."""

    store: Store
    said: dict[str, list[Promise]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def submits(self, side: str, promises: list[Promise]) -> None:
        """Submit a report, or submit it once more with what it says now."""
        self.store.run(self._submit, side, promises)
        self.said[side] = promises

    def _submit(self, tx: Transaction, side: str, promises: list[Promise]) -> None:
        person = respondents.by_id(tx, self.people[side])
        if side not in self.ids:
            published = forms.newest(tx, DIALOGUE_REPORT)
            assert published is not None
            wants = (person.id, published.id, DIALOGUE_REPORT, "en")
            self.ids[side] = interviews.start(tx, *wants, dialogue_id=1).id
        stored = interviews.by_id(tx, self.ids[side])
        said = replace(stored, status="complete", response=response(promises))
        interviews.save(tx, said)
        filing.file(Visit.unprompted(tx, person, person, BOT_ID), stored.id)

    def withdraws(self, side: str) -> None:
        """Take a report back, where there is one; the next one is another."""
        if side in self.ids:
            self.store.run(self._withdraw, side)
            del self.ids[side], self.said[side]

    def _withdraw(self, tx: Transaction, side: str) -> None:
        person = respondents.by_id(tx, self.people[side])
        filing.withdraw(Visit.unprompted(tx, person, person, BOT_ID), self.ids[side])

    def check(self) -> None:
        """The register holds what the reports say, and nothing is the same as what isn't there."""
        known = {one.id: one for one in self.store.run(commitments.listed)}
        for side in SIDES:
            held = Counter((c.office, c.what, c.due_on) for c in known.values() if c.side == side)
            assert held == Counter((o, w, due(d)) for o, w, d in self.said.get(side, []))
        twins = [one for one in known.values() if one.same_as is not None]
        for one in twins:
            first = known[one.same_as or 0]
            assert (first.office, first.due_on) == (one.office, one.due_on)
            assert first.side != one.side
            assert first.same_as is None
            assert one.due_on is not None
        assert len({one.same_as for one in twins}) == len(twins)


def due(days: int | None) -> dt.date | None:
    return None if days is None else DAY + dt.timedelta(days=days)


def response(promises: list[Promise]) -> dict[str, str]:
    said = {"/data/detail": "full", "/data/held_on": DAY.isoformat()}
    for at, (office, what, days) in enumerate(promises, 1):
        here = f"/data/commitment[{at}]"
        said |= {f"{here}/office": office, f"{here}/what": what}
        if day := due(days):
            said[f"{here}/due_on"] = day.isoformat()
    return said


@contextmanager
def world(published: Path) -> Iterator[World]:
    """Give a world with a dialogue and a reporter of each side."""
    with TemporaryDirectory() as folder:
        shutil.copytree(published, folder, dirs_exist_ok=True)
        store = open_store(Path(folder), HandClock())
        try:
            made = World(store)
            store.run(dialogues.create, "provincial", "kampot", "Hall", DAY, "maker")
            for number, side in enumerate(SIDES):
                made.people[side] = store.run(reporter, number, side)
            yield made
        finally:
            store.close()


def reporter(tx: Transaction, number: int, side: str) -> str:
    who = respondents.find_or_create(tx, BOT_ID, 1000 + number, CONSENT_VERSION)
    respondents.change(tx, who.id, language="en", sector=side, role="reporter")
    return who.id


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACT, min_size=1, max_size=8))
def test_the_register_always_holds_what_the_reports_say(
    published: Path, acts: list[tuple[str, list[Promise], bool]]
) -> None:
    with world(published) as made:
        for side, promises, withdraws in acts:
            if withdraws:
                made.withdraws(side)
            else:
                made.submits(side, promises)
            made.check()
        assert len(made.store.run(reports.of_dialogue, 1)) == len(made.ids)
