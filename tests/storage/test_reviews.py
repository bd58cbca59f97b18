"""Voice notes that are written down: one after the other, each by one person, each once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage import answers, interviews, media, respondents, reviews
from storage.answers import Source
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.reviews import Counts
from storage.store import Store
from surveys.interview import Answered, Interview
from surveys.language import detect

Rows = Callable[..., list[dict[str, Any]]]
Person = Callable[[int], Respondent]
Speaks = Callable[[int], str]
PATH = "/data/change"
WORDS = "សូមជួសជុលផ្លូវ"


@pytest.fixture
def speaks(store: Store, person: Person, begin: Callable[[Respondent], Stored]) -> Speaks:
    """Let somebody answer with a voice note that is fetched at once; return its id."""

    def speak(number: int) -> str:
        stored = begin(person(number))
        mark = store.run(media.want, stored.id, PATH, "file", "audio/ogg", 9)
        store.run(media.stored, mark.removeprefix(media.PREFIX))
        answer(store, stored, mark)
        return mark.removeprefix(media.PREFIX)

    return speak


def answer(store: Store, stored: Stored, value: str) -> None:
    state = Interview(values={PATH: value}, turn=3)
    store.run(answers.add, stored.id, [(Answered(PATH, value), None)], Source(42, 9))
    store.run(interviews.save, replace(stored, interview=state, response={PATH: value}))


def of(store: Store, person: Respondent) -> Stored:
    [stored] = store.run(interviews.of_person, person.id)
    return stored


def test_the_oldest_is_taken_first_and_nobody_else_gets_it(
    store: Store, speaks: Speaks, clock: Any
) -> None:
    first = speaks(1)
    clock.advance(seconds=1)
    second = speaks(2)

    taken = [store.run(reviews.take, name) for name in ("anna", "bora", "chan")]

    assert [found and found.id for found in taken] == [first, second, None]
    assert store.run(reviews.held, "bora") == taken[1]
    assert store.run(reviews.counts) == Counts(waiting=0, later=0, held=2, unclear=0)


def test_one_that_was_in_hand_for_too_long_is_found_and_can_wait_again(
    store: Store, speaks: Speaks, clock: Any
) -> None:
    at = speaks(1)
    store.run(reviews.take, "anna")
    clock.advance(minutes=29)
    assert store.run(reviews.expired) == []
    clock.advance(minutes=1)

    [found] = store.run(reviews.expired)
    store.run(reviews.put_back, found.id)

    again = store.run(reviews.take, "bora")
    assert (found.id, again and again.id) == (at, at)
    assert store.run(reviews.held, "anna") is None


def test_who_types_has_it_for_another_half_hour(store: Store, speaks: Speaks, clock: Any) -> None:
    at = speaks(1)
    store.run(reviews.take, "anna")
    clock.advance(minutes=29)
    store.run(reviews.words_shown, at, WORDS, 7)
    clock.advance(minutes=29)

    held = store.run(reviews.held, "anna")

    assert store.run(reviews.expired) == []
    assert held is not None
    assert (held.draft, held.words_outbox_id) == (WORDS, 7)


def test_one_that_was_skipped_comes_later(store: Store, speaks: Speaks, clock: Any) -> None:
    at = speaks(1)
    store.run(reviews.take, "anna")

    store.run(reviews.put_back, at, dt.timedelta(minutes=15))

    assert store.run(reviews.take, "bora") is None
    assert store.run(reviews.counts) == Counts(waiting=0, later=1, held=0, unclear=0)
    clock.advance(minutes=15)
    assert store.run(reviews.take, "bora") is not None


def test_the_words_become_a_new_revision_and_the_answer_everywhere(
    store: Store, speaks: Speaks, person: Person, rows: Rows
) -> None:
    at = speaks(1)
    before = of(store, person(1))
    found = store.run(reviews.take, "anna")

    assert store.run(reviews.save, found, WORDS, detect(WORDS))

    after = of(store, person(1))
    assert after.interview == replace(before.interview, values={PATH: WORDS})
    assert after.response == {PATH: WORDS}
    assert rows(
        "SELECT revision, value, language, language_method, bot_id, update_id, media_id"
        " FROM answer ORDER BY revision"
    ) == [
        {"revision": 0, "value": f"voice:{at}", "language": None, "language_method": None,
         "bot_id": 42, "update_id": 9, "media_id": None},
        {"revision": 1, "value": WORDS, "language": "km", "language_method": "script",
         "bot_id": 42, "update_id": 9, "media_id": at},
    ]  # fmt: skip
    assert rows("SELECT status, reviewer, reviewed_at, review_at, draft FROM media") == [
        {"status": "erasing", "reviewer": "anna", "reviewed_at": "2026-11-25T03:00:00.000+00:00",
         "review_at": None, "draft": None}
    ]  # fmt: skip


def test_an_answer_that_was_changed_meanwhile_stays_and_its_sound_goes(
    store: Store, speaks: Speaks, person: Person, rows: Rows
) -> None:
    speaks(1)
    found = store.run(reviews.take, "anna")
    answer(store, of(store, person(1)), "typed")

    assert not store.run(reviews.save, found, WORDS, detect(WORDS))

    assert of(store, person(1)).response == {PATH: "typed"}
    assert [row["value"] for row in rows("SELECT value FROM answer ORDER BY id")][1:] == ["typed"]
    assert rows("SELECT status FROM media") == [{"status": "erasing"}]


def test_one_that_no_answer_names_any_more_is_given_to_nobody_and_goes(
    store: Store, speaks: Speaks, person: Person, rows: Rows
) -> None:
    speaks(1)
    answer(store, of(store, person(1)), "typed")

    assert store.run(reviews.take, "anna") is None

    assert rows("SELECT status FROM media") == [{"status": "erasing"}]


def test_one_of_somebody_who_was_forgotten_changes_nothing(
    store: Store, speaks: Speaks, person: Person
) -> None:
    speaks(1)
    found = store.run(reviews.take, "anna")
    assert [held.id for held in store.run(reviews.held_of, person(1).id)] == [found and found.id]
    store.run(respondents.forget, person(1).id)

    assert not store.run(reviews.save, found, WORDS, detect(WORDS))
    assert store.run(reviews.held, "anna") is None


def test_what_nobody_understood_is_kept_and_can_wait_again(
    store: Store, speaks: Speaks, rows: Rows
) -> None:
    at = speaks(1)
    store.run(lambda tx: reviews.settle(tx, reviews.take(tx, "anna"), erase=False))  # type: ignore[arg-type]

    assert rows("SELECT status FROM media") == [{"status": "stored"}]
    assert store.run(reviews.counts) == Counts(waiting=0, later=0, held=0, unclear=1)
    assert store.run(reviews.take, "anna") is None
    assert store.run(reviews.queue_again) == 1
    again = store.run(reviews.take, "anna")
    assert again is not None
    assert again.id == at


def test_a_file_that_is_an_answer_itself_is_not_written_down(
    store: Store, begin: Callable[[Respondent], Stored], person: Person
) -> None:
    stored = begin(person(1))
    value = store.run(media.want, stored.id, PATH, "file", "audio/ogg", 9, "ogg")
    store.run(media.stored, value.removesuffix(".ogg"))

    assert store.run(reviews.take, "anna") is None


def test_one_that_is_still_at_telegram_waits(
    store: Store, begin: Callable[[Respondent], Stored], person: Person
) -> None:
    stored = begin(person(1))
    answer(store, stored, store.run(media.want, stored.id, PATH, "file", "audio/ogg", 9))

    assert store.run(reviews.take, "anna") is None
    assert store.run(reviews.counts) == Counts(waiting=0, later=1, held=0, unclear=0)


def test_a_file_that_shall_go_is_erasing_and_then_erased(
    store: Store, speaks: Speaks, rows: Rows
) -> None:
    at = speaks(1)
    assert store.run(media.known) == {at}
    store.run(reviews.save, store.run(reviews.take, "anna"), WORDS, detect(WORDS))

    assert store.run(media.erasing) == [at]
    assert store.run(media.known) == frozenset()
    store.run(media.erased, at)

    assert store.run(media.erasing) == []
    assert rows("SELECT status FROM media") == [{"status": "erased"}]
