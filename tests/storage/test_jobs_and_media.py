"""Work that waits: exports that staff asked for, voice notes still at Telegram."""

from collections.abc import Callable
from typing import Any

import pytest

from storage import jobs, media, respondents
from storage.interviews import Stored
from storage.jobs import Job
from storage.media import Wanted
from storage.respondents import Respondent
from storage.store import Store

Rows = Callable[..., list[dict[str, Any]]]
Person = Callable[[int], Respondent]


@pytest.fixture
def interview(person: Person, begin: Callable[[Respondent], Stored]) -> Stored:
    return begin(person(7))


def want(store: Store, interview: Stored, file_id: str = "AwAC-file-id") -> str:
    value = store.run(media.want, interview.id, "/data/change", file_id, "audio/ogg", 1000)
    return value.removeprefix(media.PREFIX)


def test_jobs_are_taken_one_by_one_in_their_order(store: Store, person: Person) -> None:
    who = person(1)
    first = store.run(jobs.add, who.id, "export", "survey", 5)
    second = store.run(jobs.add, who.id, "export", "other", 6)

    taken = [store.run(jobs.take, "export") for _ in range(3)]

    assert taken == [
        Job(first, who.id, "export", "survey", "en", 5),
        Job(second, who.id, "export", "other", "en", 6),
        None,
    ]


def test_a_job_speaks_the_language_of_whoever_asked(store: Store, person: Person) -> None:
    who = person(1)
    store.run(respondents.change, who.id, language="km")
    store.run(jobs.add, who.id, "export", "survey", 5)

    taken = store.run(jobs.take, "export")

    assert taken is not None
    assert taken.language == "km"


def test_a_jobs_progress_and_end_are_noted(store: Store, person: Person, rows: Rows) -> None:
    job_id = store.run(jobs.add, person(1).id, "export", "survey", 5)
    store.run(jobs.take, "export")

    store.run(jobs.advance, job_id, 40)
    assert rows("SELECT status, progress FROM job") == [{"status": "running", "progress": 40}]

    store.run(jobs.finish, job_id, "done")
    (row,) = rows("SELECT status, finished_at FROM job")
    assert row == {"status": "done", "finished_at": "2026-11-25T03:00:00.000+00:00"}


def test_a_job_that_a_crash_cut_off_begins_again_and_a_finished_one_doesnt(
    store: Store, person: Person, rows: Rows
) -> None:
    who = person(1)
    done, cut = (store.run(jobs.add, who.id, "export", "survey", 5) for _ in range(2))
    store.run(jobs.take, "export")
    store.run(jobs.finish, done, "done")
    store.run(jobs.take, "export")
    store.run(jobs.advance, cut, 60)

    store.run(jobs.recover, "export")

    assert rows("SELECT id, progress FROM job WHERE status = 'waiting'") == [
        {"id": cut, "progress": 0}
    ]
    again = store.run(jobs.take, "export")
    assert again is not None
    assert again.id == cut


def test_a_job_of_somebody_who_was_forgotten_meanwhile_says_so(
    store: Store, person: Person
) -> None:
    who, other = person(1), person(2)
    gone, there = (store.run(jobs.add, one.id, "export", "survey", 5) for one in (who, other))

    store.run(respondents.forget, who.id)

    assert [store.run(jobs.advance, n, 50) for n in (gone, there)] == [False, True]
    assert [store.run(jobs.finish, n, "done") for n in (gone, there)] == [False, True]


def test_a_wanted_file_is_named_by_a_value_that_stands_for_it(
    store: Store, interview: Stored
) -> None:
    value = store.run(media.want, interview.id, "/data/change", "file", "audio/ogg", 1000)

    assert media.is_voice(value)
    assert store.run(media.wanted) == [Wanted(value.removeprefix(media.PREFIX), "file")]


@pytest.mark.parametrize(
    "typed", ["voice: the road", "voice:", "voice", "", "Voice:" + "0" * 32, "voice:" + "0" * 33]
)
def test_what_somebody_typed_is_no_voice_note(typed: str) -> None:
    assert not media.is_voice(typed)


def test_wanted_files_come_oldest_first(store: Store, interview: Stored, clock: Any) -> None:
    ids = []
    for _ in range(3):
        ids.append(want(store, interview))
        clock.advance(seconds=1)

    assert [wanted.id for wanted in store.run(media.wanted)] == ids


def test_the_files_id_at_telegram_is_sealed_and_erased_when_the_file_is_here(
    store: Store, interview: Stored, rows: Rows
) -> None:
    media_id = want(store, interview)
    (row,) = rows("SELECT sealed_file_id FROM media")
    assert b"AwAC" not in row["sealed_file_id"]

    store.run(media.stored, media_id)

    assert rows("SELECT status, sealed_file_id FROM media") == [
        {"status": "stored", "sealed_file_id": None}
    ]
    assert store.run(media.wanted) == []


def test_a_file_is_given_up_after_five_failures(
    store: Store, interview: Stored, rows: Rows
) -> None:
    media_id = want(store, interview)

    assert [store.run(media.failed, media_id) for _ in range(5)] == [False] * 4 + [True]

    assert rows("SELECT status, sealed_file_id FROM media") == [
        {"status": "lost", "sealed_file_id": None}
    ]


def test_a_file_of_a_forgotten_person_fails_quietly(store: Store, interview: Stored) -> None:
    media_id = want(store, interview)
    store.run(respondents.forget, interview.respondent_id)

    assert not store.run(media.failed, media_id)
    store.run(media.stored, media_id)
    assert store.run(media.known) == frozenset()


def test_a_persons_files_are_known(
    store: Store, interview: Stored, person: Person, begin: Callable[[Respondent], Stored]
) -> None:
    of_one, of_other = want(store, interview), want(store, begin(person(8)))

    assert store.run(media.of_person, interview.respondent_id) == [of_one]
    assert store.run(media.known) == {of_one, of_other}
