"""A year on a turned clock: leap day, Khmer New Year, an outage of a day, quarters that close.

People are invited, begin, answer, finish, decline, stop and block by chance; waves open and close,
broadcasts go out. Whatever happens: nobody is written to at night or reminded on a holiday, nothing
comes twice, and nobody gets more than two unasked messages in a week.
"""

import datetime as dt
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import broadcast, fielding, reminding
from handlers.consent import CONSENT_VERSION
from handlers.quiet import is_night
from handlers.quiet_days import is_quiet
from storage import (
    forms,
    interviews,
    members,
    outbox,
    respondents,
    slots,
    subscriptions,
    wave_people,
    waves,
)
from storage.broadcasts import Audience as Everybody
from storage.database import open_store
from storage.store import Store, Transaction
from surveys.interview import World, begin
from surveys.reminders import WEEKLY_CAP
from surveys.wave import Audience, Reminding
from tests.conftest import BOT_ID, HandClock
from tests.database import plain_sql

FIRST = dt.datetime(2027, 11, 1, 2, tzinfo=dt.UTC)
PEOPLE, WEEKS = 6, 52
WEEK = dt.timedelta(days=7)
PUT, OWN = ("dialogue_experience", "citizen_interests")
SENT = (
    "SELECT id, respondent_id, lane, wave_id, broadcast_id FROM outbox"
    " WHERE status = 'pending' AND lane > 0"
)
# `SAMLENG_YEARS=50` lives through more of them.
YEARS = int(os.environ.get("SAMLENG_YEARS", "2"))
# Some take what stands before them, some leave it, few go away.
DEEDS = ("begin", "begin", "answer", "answer", "finish", "decline", "nothing", "nothing", "stop")


@dataclass
class Year:
    """A project in its year, and every unasked message that left: when, to whom, which."""

    store: Store
    clock: HandClock
    chance: Any
    people: list[str] = field(default_factory=list)
    left: list[tuple[dt.datetime, str, int]] = field(default_factory=list)

    def live(self) -> None:
        """Go through the year, week by week; each step is one transaction."""
        self.people = self.store.run(arrive)
        for week in range(WEEKS):
            self.store.run(self.event, week)
            # In one week of thirteen the bot is away for days.
            for hours in (25, 30, 23, 40, 26, 24) if week % 13 else (48, 60, 60):
                self.clock.turn(hours=hours, minutes=self.chance.randrange(60))
                self.store.run(self.step)

    def event(self, tx: Transaction, week: int) -> None:
        """Open a wave or send a broadcast, some weeks."""
        if week % 5 == 0:
            open_wave(tx, self.chance)
        if week % 9 == 3:
            broadcast.begin(tx, "សួស្តី", "Hello", Everybody())

    def step(self, tx: Transaction) -> None:
        """Do what the clock does by itself, send what is promised, and let people live on."""
        while broadcast.feed(tx):
            pass
        fielding.turn(tx, 25.0)
        for again in (fielding.plan, fielding.invite, reminding.plan):
            while again(tx):
                pass
        reminding.room(tx)
        while reminding.promise(tx, BOT_ID):
            pass
        self.send(tx)
        for person in self.people:
            live_on(tx, person, self.chance)

    def send(self, tx: Transaction) -> None:
        """Let what waits leave; by night nothing does, as in the sender."""
        if is_night(tx.now):
            return
        for number, person, lane, *_ in plain_sql(tx, SENT):
            outbox.sent(tx, number, number)
            self.left.append((tx.now, person, lane))


def arrive(tx: Transaction) -> list[str]:
    """Make people who consented, and a member of staff who gets a card and word of each quarter."""
    made = [respondents.create(tx, BOT_ID, 1000 + number).id for number in range(PEOPLE + 1)]
    for who in made:
        respondents.change(tx, who, language="km", sector="citizen", province="kampot")
        respondents.give_consent(tx, who, CONSENT_VERSION, "km")
    staff = made.pop()
    members.grant(tx, staff, "owner")
    respondents.change(tx, staff, role_until=None)
    subscriptions.add(tx, staff, "card", "day")
    subscriptions.add(tx, staff, "export", "quarter", OWN)
    return made


def open_wave(tx: Transaction, chance: Any) -> None:
    form = forms.newest(tx, PUT)
    assert form is not None
    reminders = Reminding(chance.choice((24, 48, 96)), chance.choice((0, 1, 2, 3)))
    until = tx.now + dt.timedelta(days=chance.choice((5, 14, 30)))
    number = waves.create(tx, form.id, Audience(), tx.now, until, reminders, "maker")
    waves.release(tx, number, "another")


def live_on(tx: Transaction, person: str, chance: Any) -> None:
    """Let somebody do something about what they have before them, or not."""
    who, deed = respondents.by_id(tx, person), chance.choice(DEEDS)
    if who.stopped_at or who.unreachable_at:
        if chance.random() < 0.2:
            respondents.change(tx, person, stopped_at=None, unreachable_at=None)
    elif deed == "stop" and chance.random() < 0.3:
        respondents.change(tx, person, **{chance.choice(AWAY): tx.now})
        outbox.cancel_unasked(tx, person)
    elif stored := interviews.active(tx, person):
        go_on(tx, stored, deed)
    elif deed == "begin":
        begin_one(tx, person, chance.choice((PUT, OWN)))


AWAY = ("stopped_at", "unreachable_at")


def go_on(tx: Transaction, stored: interviews.Stored, deed: str) -> None:
    if deed == "answer":
        interviews.save(tx, stored)
    elif deed == "finish":
        interviews.save(tx, replace(stored, status="complete"))
    elif deed == "decline":
        interviews.decline(tx, stored.id)
        interviews.pause(tx, stored.respondent_id)


def begin_one(tx: Transaction, person: str, form_id: str) -> None:
    form = forms.newest(tx, form_id)
    assert form is not None
    of = next((row.id for row in waves.open_of(tx, form.id)), None)
    if of is not None and wave_people.is_answering(tx, of, person):
        return
    if of is not None:
        wave_people.join(tx, of, person)
    stored = interviews.start(tx, person, form.id, form_id, "km", wave_id=of)
    turn = begin(form.form, {}, World(tx.now, "km", stored.seed))
    interviews.save(tx, replace(stored, interview=turn.interview))


@contextmanager
def year(published: Path, folder: Path, chance: Any) -> Iterator[Year]:
    """A project that begins its year."""
    shutil.copytree(published, folder, dirs_exist_ok=True)
    clock = HandClock()
    clock.now = FIRST
    store = open_store(folder, clock)
    try:
        yield Year(store, clock, chance)
    finally:
        store.close()


@settings(max_examples=YEARS, deadline=None, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=True))
def test_in_a_year_no_rule_is_broken(
    published: Path, tmp_path_factory: pytest.TempPathFactory, chance: Any
) -> None:
    with year(published, tmp_path_factory.mktemp("year"), chance) as it:
        it.live()
        it.store.run(slots.settle)
        staff = it.store.run(members.owners)[0].respondent_id
        unasked = [one for one in it.left if one[1] != staff]
        found = it.store.run(slots.standings)
        quarters = it.store.run(told_of, "subscription:2")

    assert unasked
    assert not any(is_night(at) for at, *_ in it.left)
    assert not any(is_quiet(at) for at, _, lane in it.left if lane == outbox.REMINDERS)
    for at, person, _ in unasked:
        lately = [one for one in unasked if one[1] == person and at - WEEK < one[0] <= at]
        assert len(lately) <= WEEKLY_CAP, (person, lately)
    # Each slot became one thing, and as many left as are said to have.
    became = Counter({one.status: 0 for one in found})
    for one in found:
        became[one.status] += one.number
    assert became["sent"] == sum(lane == outbox.REMINDERS for *_, lane in it.left)
    assert set(became) <= {"due", "promised", "sent", "withheld", "dead"}
    # Quarters close on the 16th of the month after them: four of them in a year.
    assert [at.date().month for at in quarters] == [1, 4, 7, 10]


def told_of(tx: Transaction, schedule: str) -> list[dt.datetime]:
    sql = f"SELECT due_at FROM slot WHERE schedule = '{schedule}' ORDER BY due_at"
    return [dt.datetime.fromisoformat(row[0]) for row in plain_sql(tx, sql)]
