"""Interviews: one at a time holds a person's chat, and no answer is ever written over."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from storage import answers, forms, interviews
from storage.answers import Source
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from storage.tables import interview as table
from surveys.interview import Answered, Interview
from surveys.language import Guess
from tests.storage.conftest import REFUSED

Rows = Callable[..., list[dict[str, Any]]]
Person = Callable[[int], Respondent]
Begin = Callable[[Respondent], Stored]
SOURCE = Source(42, 1)


def answer(store: Store, stored: Stored, path: str, value: str, guess: Guess | None = None) -> None:
    store.run(answers.add, stored.id, [(Answered(path, value), guess)], SOURCE)


def test_a_begun_interview_holds_the_chat(store: Store, person: Person, begin: Begin) -> None:
    who = person(1)

    begun = begin(who)

    assert store.run(interviews.active, who.id) == begun
    assert (begun.status, begun.form_id, begun.language) == ("active", "survey", "km")


def test_the_whole_state_comes_back_as_it_was_saved(
    store: Store, person: Person, begin: Begin
) -> None:
    who = person(1)
    state = Interview(
        values={"/data/change": "ផ្លូវ 🙏\n=1+1"},
        position="/data/again",
        turn=7,
        skipped=frozenset({"/data/x", "/data/y"}),
        draft=("road", "water"),
        tries=2,
    )
    saved = replace(
        begin(who),
        interview=state,
        language="en",
        response={"/data/change": "ផ្លូវ"},
        message_id=5_000_000_000,
        message_outbox_id=3,
    )

    store.run(interviews.save, saved)

    assert store.run(interviews.active, who.id) == saved


def test_beginning_another_interview_sets_the_first_aside(
    store: Store, person: Person, begin: Begin
) -> None:
    who = person(1)
    first, second = begin(who), begin(who)

    assert [stored.status for stored in store.run(interviews.of_person, who.id)] == [
        "paused",
        "active",
    ]
    assert store.run(interviews.active, who.id) == second
    assert store.run(interviews.latest, who.id, "survey") == second
    assert first.id != second.id


def test_the_database_refuses_a_second_active_interview(
    store: Store, person: Person, begin: Begin
) -> None:
    who = person(1)
    first = begin(who)
    begin(who)

    with pytest.raises(REFUSED):
        store.run(interviews.save, first)


def test_two_people_have_each_their_own(store: Store, person: Person, begin: Begin) -> None:
    one, other = person(1), person(2)
    of_one, of_other = begin(one), begin(other)

    store.run(interviews.pause, one.id)

    assert store.run(interviews.active, one.id) is None
    assert store.run(interviews.active, other.id) == of_other
    assert store.run(interviews.of_person, one.id) == [replace(of_one, status="paused")]


def test_a_paused_interview_goes_on_where_it_stood(
    store: Store, person: Person, begin: Begin
) -> None:
    who = person(1)
    first = replace(begin(who), interview=Interview(position="/data/again", turn=3))
    store.run(interviews.save, first)
    second = begin(who)

    resumed = store.run(interviews.resume, replace(first, status="paused"))

    assert resumed == first
    assert store.run(interviews.active, who.id) == first
    assert replace(second, status="paused") in store.run(interviews.of_person, who.id)


def test_completion_is_noted_once_with_its_time(
    store: Store, person: Person, begin: Begin, clock: Any
) -> None:
    who = person(1)
    begun = begin(who)
    clock.advance(minutes=5)

    store.run(interviews.save, replace(begun, status="complete"))

    (done,) = store.run(interviews.of_person, who.id)
    assert done.started_at == dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
    assert done.completed_at == dt.datetime(2026, 11, 25, 3, 5, tzinfo=dt.UTC)
    clock.advance(minutes=5)
    store.run(interviews.save, done)
    assert store.run(interviews.of_person, who.id) == [done]


def test_who_began_nothing_has_no_interview(store: Store, person: Person) -> None:
    who = person(1)

    assert store.run(interviews.active, who.id) is None
    assert store.run(interviews.latest, who.id, "survey") is None
    assert store.run(interviews.of_person, who.id) == []


def test_a_changed_answer_is_a_new_revision_and_the_old_one_stays(
    store: Store, person: Person, begin: Begin, rows: Rows
) -> None:
    stored = begin(person(1))

    for value in ("ផ្លូវ", "ទឹក", ""):
        answer(store, stored, "/data/change", value)
    answer(store, stored, "/data/again", "yes")

    assert rows("SELECT path, revision, value FROM answer ORDER BY id") == [
        {"path": "/data/change", "revision": 0, "value": "ផ្លូវ"},
        {"path": "/data/change", "revision": 1, "value": "ទឹក"},
        {"path": "/data/change", "revision": 2, "value": ""},
        {"path": "/data/again", "revision": 0, "value": "yes"},
    ]


def test_revisions_of_two_interviews_are_counted_apart(
    store: Store, person: Person, begin: Begin, rows: Rows
) -> None:
    for who in (person(1), person(2)):
        answer(store, begin(who), "/data/change", "ផ្លូវ")

    assert rows("SELECT revision FROM answer") == [{"revision": 0}, {"revision": 0}]


def test_an_answer_knows_where_it_came_from_and_its_language(
    store: Store, person: Person, begin: Begin, rows: Rows
) -> None:
    answer(store, begin(person(1)), "/data/change", "road", Guess("en", 0.9, "langdetect"))

    (row,) = rows("SELECT * FROM answer")
    assert (row["bot_id"], row["update_id"]) == (42, 1)
    assert row["answered_at"] == "2026-11-25T03:00:00.000+00:00"
    assert (row["language"], row["language_confidence"], row["language_method"]) == (
        "en",
        "0.9",
        "langdetect",
    )


def test_an_interview_belongs_to_a_person_that_exists(
    store: Store, person: Person, begin: Begin
) -> None:
    begin(person(1))
    stranger = {"respondent_id": "0" * 32, "id": "1" * 32, "form_version_id": 1}
    state = {"status": "paused", "language": "km", "state": {}, "response": {}}

    with pytest.raises(REFUSED):
        store.run(
            lambda tx: (
                tx.change(
                    insert(table), {**stranger, **state, "started_at": tx.now, "updated_at": tx.now}
                )
                and None
            )
        )


def test_what_is_known_beside_an_answer_moves_with_it(
    store: Store, person: Person, begin: Begin, rows: Rows
) -> None:
    stored = begin(person(1))
    middle = "13.35 103.85 0 100000"
    chosen = Answered("/data/m[2]/where", middle, place="1710")
    store.run(answers.add, stored.id, [(chosen, None)], SOURCE)

    moved = Answered("/data/m[1]/where", middle, moved_from="/data/m[2]/where")
    gone = Answered("/data/m[2]/where", "")
    store.run(answers.add, stored.id, [(moved, None), (gone, None)], SOURCE)

    assert store.run(answers.place, stored.id, "/data/m[1]/where", middle) == "1710"
    assert rows("SELECT place FROM answer WHERE path = '/data/m[2]/where' AND value = ''") == [
        {"place": None}
    ]


def test_of_a_ballot_nothing_stands_in_clear_and_all_comes_back(
    store: Store, survey: forms.Published, person: Person, rows: Rows
) -> None:
    who = person(1)
    stored = store.run(interviews.start, who.id, survey.id, "survey", "km", is_ballot=True)
    state = Interview(values={"/data/change": "ផ្លូវ"}, position="/data/again", turn=2)
    live = replace(stored, interview=state, message_media=("pictures.jpg",), message_id=7)

    for write in (interviews.save, interviews.show):
        store.run(write, live)
        [row] = rows("SELECT * FROM interview")
        found = store.run(interviews.active, who.id)

        assert {str(row[name]) for name in ("state", "response", "message_media")} == {"{}", "None"}
        assert len(row["sealed_state"]) == 12 + 8192 + 16
        assert found == live
