"""Responses as the export reads them: a stream of one moment, oldest first."""

import datetime as dt
import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from storage import answers, forms, interviews, media, respondents, responses
from storage.database import reading
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.responses import Response
from storage.store import Store, Transaction
from storage.tables import interview, respondent
from surveys.interview import Answered
from surveys.language import detect
from tests.database import plain_sql

Person = Callable[[int], Respondent]
Begin = Callable[[Respondent], Stored]


@pytest.fixture
def profile(store: Store, xform: Callable[[str], str]) -> forms.Published:
    """A form under the profile's id."""
    text = xform("1").replace('id="survey"', 'id="profile"')
    store.run(forms.publish, text, "hash of the profile")
    published = store.run(forms.newest, "profile")
    assert published is not None
    return published


def read(folder: Path, database: str | None) -> list[Response]:
    with reading(folder, database) as connection:
        return list(responses.stream(connection, "survey"))


def respond(store: Store, stored: Stored, status: Any = "complete", **values: str) -> None:
    by_path = {f"/data/{name}": value for name, value in values.items()}
    store.run(interviews.save, replace(stored, status=status, response=by_path))


def test_a_response_is_what_was_answered_and_what_is_known_beside_it(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin, clock: Any
) -> None:
    who = person(1)
    store.run(respondents.change, who.id, sector="citizen", province="kampot")
    stored = begin(who)
    clock.advance(minutes=1)
    respond(store, stored, change="ផ្លូវ")

    assert read(folder, database) == [
        Response(
            interview_id=stored.id,
            version="1",
            language="km",
            complete=True,
            at=dt.datetime(2026, 11, 25, 3, 1, tzinfo=dt.UTC),
            sector="citizen",
            province="kampot",
            about={},
            values={"/data/change": "ផ្លូវ"},
        )
    ]


def test_an_unfinished_response_says_so_and_when_it_changed_last(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin, clock: Any
) -> None:
    stored = begin(person(1))
    respond(store, stored, "paused", change="ផ្លូវ")
    clock.advance(minutes=1)
    respond(store, stored, "paused", change="ទឹក")

    (response,) = read(folder, database)
    assert not response.complete
    assert response.at == clock.now


def test_who_answered_nothing_is_no_response(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin
) -> None:
    begin(person(1))
    respond(store, begin(person(2)), change="ផ្លូវ")

    assert len(read(folder, database)) == 1


def test_responses_come_oldest_first_with_the_version_they_were_given_to(
    store: Store,
    folder: Path,
    database: str | None,
    person: Person,
    begin: Begin,
    xform: Callable[[str], str],
) -> None:
    first = begin(person(1))
    store.run(forms.publish, xform("2"), "hash of 2")
    newest = store.run(forms.newest, "survey")
    assert newest is not None
    second = store.run(interviews.start, person(2).id, newest.id, "survey", "en")
    for stored in (second, first):
        respond(store, stored, change="ផ្លូវ")

    assert [response.version for response in read(folder, database)] == ["1", "2"]


def test_what_people_said_about_themselves_comes_from_their_newest_profile(
    store: Store,
    folder: Path,
    database: str | None,
    person: Person,
    begin: Begin,
    profile: forms.Published,
) -> None:
    who, silent = person(1), person(2)
    for age in ("18_24", "25_34"):
        stored = store.run(interviews.start, who.id, profile.id, "profile", "km")
        respond(store, stored, age_group=age)
    respond(store, begin(who), change="ផ្លូវ")
    respond(store, begin(silent), change="ទឹក")

    assert [response.about for response in read(folder, database)] == [{"age_group": "25_34"}, {}]


def test_questions_answered_by_voice_are_known(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin
) -> None:
    store.run(media.want, begin(person(1)).id, "/data/change", "file", "audio/ogg", 1)

    with reading(folder, database) as connection:
        assert responses.voiced_paths(connection, "survey") == {"/data/change"}
        assert responses.voiced_paths(connection, "other") == frozenset()


def test_what_was_spoken_and_written_down_is_known_until_the_person_changes_it(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin
) -> None:
    spoken, typed, changed = (begin(person(number)) for number in (1, 2, 3))
    path = "/data/change"
    for stored in (spoken, changed):
        mark = store.run(media.want, stored.id, path, "file", "audio/ogg", 1)
        state = replace(stored.interview, values={path: mark})
        store.run(interviews.save, replace(stored, interview=state, response={path: mark}))
        media_id = mark.removeprefix(media.PREFIX)
        guess = detect("ផ្លូវ")
        store.run(answers.write_down, stored.id, mark, "ផ្លូវ", guess, media_id)
    respond(store, typed, change="ផ្លូវ")
    source = answers.Source(1, 1)
    store.run(answers.add, changed.id, [(Answered(path, "ស្ពាន"), None)], source)

    assert [response.spoken for response in read(folder, database)] == [
        frozenset({path}),
        frozenset(),
        frozenset(),
    ]


def test_the_code_of_a_place_that_was_chosen_is_known_until_the_person_sends_another(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin
) -> None:
    chosen, moved = begin(person(1)), begin(person(2))
    path, point, source = "/data/change", "13.3 103.8 0 100000", answers.Source(1, 1)
    event = Answered(path, point, place="170202")
    for stored in (chosen, moved):
        store.run(answers.add, stored.id, [(event, None)], source)
        respond(store, stored, change=point)
    assert store.run(answers.place, moved.id, path, point) == "170202"
    sent = Answered(path, "13.4 103.9 0 5")
    store.run(answers.add, moved.id, [(sent, None)], source)

    assert [response.places for response in read(folder, database)] == [{path: "170202"}, {}]
    assert store.run(answers.place, moved.id, path, sent.value) == ""
    assert store.run(answers.place, chosen.id, path, "1 1 0 0") == ""


def test_a_reader_isnt_disturbed_by_what_is_written_meanwhile(
    store: Store, folder: Path, database: str | None, person: Person, begin: Begin
) -> None:
    respond(store, begin(person(1)), change="ផ្លូវ")

    with reading(folder, database) as connection:
        assert responses.count(connection, "survey") == 1
        respond(store, begin(person(2)), change="ទឹក")
        assert len(list(responses.stream(connection, "survey"))) == 1

    assert len(read(folder, database)) == 2


def fill(tx: Transaction, version_id: int, people: int) -> None:
    ids = [f"{n:032x}" for n in range(people)]
    tx.change_many(
        insert(respondent),
        [{"id": i, "pseudonym": bytes.fromhex(i), "created_at": tx.now} for i in ids],
    )
    filled = {"language": "km", "state": {}, "started_at": tx.now, "updated_at": tx.now}
    for form_version_id in (1, version_id):
        tx.change_many(
            insert(interview),
            [
                {
                    "id": f"{form_version_id:04x}{i[4:]}",
                    "respondent_id": i,
                    "form_version_id": form_version_id,
                    "status": "complete",
                    "response": {"/data/change": "ផ្លូវ" * 20},
                    **filled,
                }
                for i in ids
            ],
        )


def peak(folder: Path) -> int:
    tracemalloc.start()
    try:
        with reading(folder) as connection:
            for _ in responses.stream(connection, "survey"):
                pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.one_file
def test_memory_doesnt_grow_with_the_number_of_responses(
    store: Store,
    folder: Path,
    tmp_path: Path,
    survey: forms.Published,
    profile: forms.Published,
) -> None:
    smaller = tmp_path / "smaller"
    store.run(fill, profile.id, 1_500)
    store.empty_log()
    store.run(lambda _: None)
    shutil.copytree(folder, smaller)
    few = peak(smaller)

    store.run(lambda tx: plain_sql(tx, "DELETE FROM respondent") and None)
    store.run(fill, profile.id, 6_000)
    many = peak(folder)

    assert many < few * 1.3
