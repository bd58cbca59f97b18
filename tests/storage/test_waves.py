"""Waves on both databases: who is in one, invited once, within the cap, and what became of each."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage import (
    answers,
    forms,
    interviews,
    outbox,
    respondents,
    slots,
    wave_audience,
    wave_invitations,
    wave_people,
    wave_slots,
    waves,
)
from storage.answers import Source
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from storage.waves import Wave
from surveys.instruments import PROFILE, instrument
from surveys.interview import Answered
from surveys.reminders import WEEKLY_CAP
from surveys.wave import DISPOSITIONS, Audience, Reminding
from surveys.xlsform import convert

Rows = Callable[..., list[dict[str, Any]]]
DAY = dt.timedelta(days=1)
EVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
BODY = {"text": "x"}
QUESTIONS = 2


@pytest.fixture
def ready(store: Store, person: Callable[[int], Respondent]) -> Callable[..., Respondent]:
    """Make somebody who consented and said who they are."""

    def make(number: int, **said: Any) -> Respondent:
        who = person(number)
        store.run(respondents.give_consent, who.id, "v1", "km")
        store.run(respondents.change, who.id, **{"language": "km", "sector": "citizen", **said})
        return who

    return make


@pytest.fixture
def opened(store: Store, survey: forms.Published, clock: Any) -> Callable[..., Wave]:
    """Make a wave and open it."""

    def make(reminding: Reminding | None = None, **audience: Any) -> Wave:
        wants = (Audience(**audience), clock(), clock() + 14 * DAY, reminding or Reminding())
        number = store.run(waves.create, survey.id, *wants, "maker")
        store.run(waves.release, number, "another")
        set_status(store, number, "open")
        return found(store, number)

    return make


def found(store: Store, number: int) -> Wave:
    one = store.run(waves.find, number)
    assert one is not None
    return one


def set_status(store: Store, number: int, status: Any) -> bool:
    return store.run(waves.set_status, found(store, number), status)


def plan(store: Store) -> None:
    """Name all people of all open waves."""
    while row := store.run(wave_invitations.to_plan):
        store.run(wave_invitations.plan, row, EVER, "v1")


def invite(store: Store, clock: Any, cap: int = WEEKLY_CAP) -> list[str]:
    """Invite whoever can be; return them."""
    invited: list[str] = []
    while row := store.run(wave_invitations.to_invite):
        until = store.run(wave_invitations.next_part, row)
        people = store.run(wave_invitations.next_people, row, until, EVER, "v1", cap)
        bodies = {one.respondent_id: BODY for one in people}
        store.run(wave_invitations.invite, row, until, bodies)
        store.run(wave_invitations.advance, row, until, clock() + DAY)
        invited += bodies
    return invited


def deliver(store: Store, outcome: str = "sent") -> None:
    for promise in store.run(outbox.claim, outbox.BROADCASTS):
        if outcome == "sent":
            store.run(outbox.sent, promise.id, 7)
        else:
            store.run(outbox.drop, promise.id, outcome, "x")
    store.run(wave_invitations.settle)


def standing(store: Store, one: Wave) -> dict[str, int]:
    counts = store.run(wave_people.standing, one, QUESTIONS)
    assert tuple(counts) == DISPOSITIONS
    return {name: n for name, n in counts.items() if n}


def start(store: Store, who: Respondent, one: Wave) -> Stored:
    store.run(wave_people.join, one.id, who.id)
    version = one.form_version_id
    return store.run(interviews.start, who.id, version, "survey", "km", wave_id=one.id)


def finish(store: Store, stored: Stored) -> None:
    store.run(interviews.save, replace(stored, status="complete"))


def test_everybody_of_the_audience_is_invited_once(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    people = {ready(number).id for number in range(5)}
    one = opened()

    plan(store)
    first = invite(store, clock)
    clock.advance(days=9)
    plan(store)

    assert sorted(first) == sorted(people)
    assert invite(store, clock) == []
    assert found(store, one.id).people == 5


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"sector": "cso"}, {"sector": "cso"}),
        ({"province": "kampot"}, {"province": "kampot"}),
        ({"role": "reporter"}, {"role": "reporter"}),
        ({"language": "en"}, {"language": "en"}),
    ],
)
def test_only_the_audience_is_meant(
    store: Store,
    ready: Callable[..., Respondent],
    opened: Callable[..., Wave],
    clock: Any,
    wanted: dict[str, str],
    said: dict[str, str],
) -> None:
    ready(1)
    meant = ready(2, **said)
    opened(**wanted)

    plan(store)

    assert invite(store, clock) == [meant.id]


def test_what_somebody_said_in_the_profile_can_be_asked_for(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    profile = instrument(PROFILE)
    assert profile is not None
    xform = convert(profile.path)["xform"]
    store.run(forms.publish, xform, "profile")
    published = store.run(forms.newest, PROFILE)
    assert published is not None
    assert set(wave_audience.SAID.values()) <= {q.path for q in published.form.questions}
    for number, sex in ((1, "f"), (2, "m")):
        who = ready(number)
        stored = store.run(interviews.start, who.id, published.id, PROFILE, "km")
        said = {wave_audience.SAID["sex"]: sex, wave_audience.SAID["age_group"]: "25_34"}
        store.run(interviews.save, replace(stored, status="complete", response=said))
        if sex == "f":
            woman = who
    opened(sex="f", age_group="25_34")

    plan(store)

    assert invite(store, clock) == [woman.id]


def test_a_later_wave_can_be_for_those_who_answered_an_earlier_one(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], xform: Any,
    survey: forms.Published, clock: Any,
) -> None:  # fmt: skip
    both, first_only = ready(1), ready(2)
    earlier = opened()
    finish(store, start(store, both, earlier))
    start(store, first_only, earlier)
    other = xform("9").replace("survey", "endline")
    store.run(forms.publish, other, "endline")
    endline = store.run(forms.newest, "endline")
    assert endline is not None
    wants = (Audience(answered_wave=earlier.id), clock(), clock() + DAY, Reminding(), "maker")
    set_status(store, earlier.id, "closed")
    number = store.run(waves.create, endline.id, *wants)
    set_status(store, number, "open")

    plan(store)

    assert invite(store, clock) == [both.id]


@pytest.mark.parametrize(
    "gone",
    [{"stopped_at": EVER}, {"unreachable_at": EVER}, {"pseudonym": None}, {"sector": None}],
    ids=lambda gone: next(iter(gone)),
)
def test_whoever_cant_or_wont_be_asked_is_not_in_it(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    gone: dict[str, Any],
) -> None:  # fmt: skip
    _, after = ready(1, **gone), ready(2)
    opened()
    plan(store)
    store.run(respondents.change, after.id, **gone)

    assert invite(store, clock) == []


def test_whoever_began_or_answered_is_not_invited(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    begin: Callable[[Respondent], Stored],
) -> None:  # fmt: skip
    begun, done, later, fresh = (ready(number) for number in range(4))
    begin(begun)
    finish(store, begin(done))
    one = opened()
    plan(store)
    start(store, later, one)

    assert invite(store, clock) == [fresh.id]


def test_who_had_enough_this_week_is_invited_on_a_later_day(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    who, other = ready(1), ready(2)
    for _ in range(WEEKLY_CAP):
        store.run(outbox.put, who.id, "sendMessage", BODY, lane=outbox.REMINDERS)
    one = opened()
    plan(store)

    assert invite(store, clock) == [other.id]
    assert standing(store, one)["waiting"] == 2
    for _ in range(6):
        clock.advance(days=1)
        assert invite(store, clock) == []
    clock.advance(days=1)
    assert invite(store, clock) == [who.id]


def test_a_pause_takes_back_what_waits_and_going_on_promises_it_again(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    rows: Rows,
) -> None:  # fmt: skip
    people = [ready(number).id for number in range(3)]
    one = opened()
    plan(store)
    invite(store, clock)
    on_its_way = store.run(outbox.claim, outbox.BROADCASTS, 1)

    set_status(store, one.id, "paused")
    store.run(wave_invitations.take_back, one.id)

    assert [row["id"] for row in rows("SELECT id FROM outbox")] == [on_its_way[0].id]
    assert invite(store, clock) == []
    set_status(store, one.id, "open")
    again = invite(store, clock)
    assert sorted([*again, str(on_its_way[0].respondent_id)]) == sorted(people)


def test_of_two_changes_from_one_state_only_the_first_is_done(
    store: Store, opened: Callable[..., Wave]
) -> None:
    one = opened()

    assert store.run(waves.set_status, one, "paused")
    assert not store.run(waves.set_status, one, "closed")
    assert set_status(store, one.id, "closed")
    assert not set_status(store, one.id, "open")


def test_the_disposition_of_each_is_one_and_they_sum_to_the_people(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    rows: Rows,
) -> None:  # fmt: skip
    names = ("complete", "partial", "broken", "declined", "stopped", "blocked", "silent", "gone")
    people = {name: ready(number) for number, name in enumerate(names)}
    capped = ready(99)
    for _ in range(WEEKLY_CAP):
        store.run(outbox.put, capped.id, "sendMessage", BODY, lane=outbox.REMINDERS)
    one = opened()
    plan(store)
    invite(store, clock)
    deliver(store)

    finish(store, start(store, people["complete"], one))
    half = start(store, people["partial"], one)
    store.run(answers.add, half.id, [(Answered("/data/change", "x"), None)], Source(42, 1))
    skipped = start(store, people["broken"], one)
    store.run(answers.add, skipped.id, [(Answered("/data/change", ""), None)], Source(42, 2))
    store.run(wave_people.decline, one.id, people["declined"].id)
    store.run(respondents.change, people["stopped"].id, stopped_at=clock())
    store.run(respondents.change, people["blocked"].id, unreachable_at=clock())
    store.run(respondents.forget, people["gone"].id)

    assert standing(store, one) == {
        "complete": 1, "partial": 1, "break_off": 1, "refused": 2, "unreachable": 1, "invited": 1,
        "waiting": 1,
    }  # fmt: skip
    [counted] = rows("SELECT count(*) AS n FROM wave_person")
    assert counted["n"] == 8
    assert found(store, one.id).people == 9


@pytest.mark.parametrize("outcome", ["blocked", "dead"])
def test_who_couldnt_be_written_to_is_unreachable(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    outcome: str,
) -> None:  # fmt: skip
    ready(1)
    one = opened()
    plan(store)
    invite(store, clock)

    deliver(store, outcome)

    assert standing(store, one) == {"unreachable": 1}


def test_what_is_submitted_after_it_closed_is_partial(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    stored = start(store, ready(1), one := opened())
    clock.advance(days=1)
    set_status(store, one.id, "closed")
    clock.advance(days=1)

    finish(store, stored)

    assert standing(store, one) == {"partial": 1}


def test_who_begins_before_their_invitation_leaves_gets_none(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any,
    rows: Rows,
) -> None:  # fmt: skip
    who = ready(1)
    one = opened()
    plan(store)
    invite(store, clock)

    start(store, who, one)

    assert rows("SELECT * FROM outbox") == []
    assert standing(store, one) == {"break_off": 1}


def test_reminders_follow_the_policy_of_the_wave(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    one = opened(Reminding(after=24, most=2))
    begun = clock()
    start(store, ready(1), one)
    clock.advance(hours=23)
    assert not store.run(wave_slots.plan)

    clock.advance(hours=1)
    assert store.run(wave_slots.plan)
    assert not store.run(wave_slots.plan)
    clock.advance(days=1)

    store.run(slots.plan, dt.timedelta(0))
    assert [(s.schedule, s.due_at - begun) for s in store.run(slots.due)] == [
        (f"wave:{one.id}", DAY),
        (f"wave:{one.id}", 2 * DAY),
    ]


def test_while_it_is_paused_its_reminders_wait(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    one = opened(Reminding(after=24))
    start(store, ready(1), one)
    clock.advance(days=1)
    store.run(wave_slots.plan)

    set_status(store, one.id, "paused")
    waiting = store.run(slots.due)
    set_status(store, one.id, "open")

    assert waiting == []
    assert len(store.run(slots.due)) == 1


def test_a_wave_without_reminders_plans_none(
    store: Store, ready: Callable[..., Respondent], opened: Callable[..., Wave], clock: Any
) -> None:
    start(store, ready(1), opened(Reminding(most=0)))
    clock.advance(days=9)

    store.run(wave_slots.plan)
    store.run(slots.plan, DAY)

    assert store.run(slots.due) == []


def test_it_is_due_to_open_once_released_and_to_close_in_any_case(
    store: Store, survey: forms.Published, clock: Any
) -> None:
    wants = (Audience(), clock() + DAY, clock() + 2 * DAY, Reminding(), "maker")
    number = store.run(waves.create, survey.id, *wants)
    clock.advance(days=1)
    unreleased = store.run(waves.due_to_open)
    store.run(waves.release, number, "another")

    assert unreleased == []
    assert [one.id for one in store.run(waves.due_to_open)] == [number]
    assert store.run(waves.due_to_close) == []
    clock.advance(days=1)
    assert [one.id for one in store.run(waves.due_to_close)] == [number]


def test_a_form_is_put_in_its_newest_published_version(
    store: Store, survey: forms.Published, xform: Callable[[str], str]
) -> None:
    store.run(forms.publish, xform("2"), "hash of 2")
    newest = store.run(forms.newest, "survey")
    assert newest is not None

    assert store.run(waves.forms_to_put) == [newest.id]
