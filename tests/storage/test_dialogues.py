"""Dialogues, their reports and the register on both databases: what counts, what is taken back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from storage import (
    answers,
    awaited,
    commitments,
    dialogues,
    forms,
    interviews,
    media,
    members,
    readings,
    reports,
    respondents,
    slots,
)
from storage.answers import Source
from storage.dialogues import Dialogue
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from surveys.instruments import DIALOGUE_REPORT, instrument
from surveys.interview import Answered
from surveys.xlsform import convert

Rows = Callable[..., list[dict[str, Any]]]
DAY = dt.date(2026, 11, 20)
DUE = dt.date(2026, 12, 31)
PATH = "/data/commitment[1]"


@pytest.fixture
def form(store: Store) -> int:
    found = instrument(DIALOGUE_REPORT)
    assert found is not None
    xform = convert(found.path)["xform"]
    store.run(forms.publish, xform, "hash")
    published = store.run(forms.newest, DIALOGUE_REPORT)
    assert published is not None
    return published.id


@pytest.fixture
def about(store: Store) -> Dialogue:
    return store.run(dialogues.create, "provincial", "kampot", "Hall", DAY, "maker")


@pytest.fixture
def reported(
    store: Store, form: int, about: Dialogue, person: Callable[[int], Respondent]
) -> Callable[..., Stored]:
    """Submit a report of the dialogue."""

    def make(number: int = 1, sector: str = "cso", *, is_sensitive: bool = False) -> Stored:
        who = person(number)
        store.run(respondents.change, who.id, sector=sector)
        begun = store.run(
            interviews.start, who.id, form, DIALOGUE_REPORT, "en", dialogue_id=about.id
        )
        done = replace(begun, status="complete", response={"/data/place": "Hall"})
        store.run(interviews.save, done)
        store.run(reports.file, done.id, about.id, "2026-Q4", is_sensitive=is_sensitive)
        return done

    return make


def promised(store: Store, about: Dialogue, report: Stored, **said: Any) -> int:
    entry = {"path": PATH, "office": "d_water", "what": "A well", "due_on": DUE, **said}
    same_as = entry.pop("same_as", None)
    side = entry.pop("side", "cso")
    return store.run(commitments.enter, about.id, report.id, side, entry, DAY, same_as)


def test_a_dialogue_is_planned_then_held_and_found_by_its_day(
    store: Store, about: Dialogue
) -> None:
    assert (about.status, about.day) == ("planned", DAY)

    store.run(dialogues.change, about.id, status="held", held_on=DAY + dt.timedelta(days=1))

    held = store.run(dialogues.find, about.id)
    assert held is not None
    assert (held.status, held.day) == ("held", DAY + dt.timedelta(days=1))
    on_day = store.run(dialogues.on_day, "provincial", "kampot", held.day)
    assert [one.id for one in on_day] == [about.id]
    assert store.run(dialogues.on_day, "national", None, DAY) == []
    assert [one.id for one in store.run(dialogues.listed)] == [about.id]


def test_a_national_dialogue_has_no_province(store: Store) -> None:
    made = store.run(
        dialogues.create, "national", None, "Hall", DAY, "maker", organisations=("A", "ខ")
    )

    assert (made.province, made.organisations) == (None, ("A", "ខ"))
    assert store.run(dialogues.on_day, "national", None, DAY) == [made]


def test_reports_are_counted_by_side_and_a_sensitive_one_isnt(
    store: Store, about: Dialogue, reported: Callable[..., Stored]
) -> None:
    mine, theirs = reported(1), reported(2, "gov")
    secret = reported(3, is_sensitive=True)

    assert store.run(reports.how_many) == {about.id: {"cso": 1, "gov": 1}}
    found = store.run(reports.of_dialogue, about.id)
    assert [(one.id, one.side) for one in found] == [(mine.id, "cso"), (theirs.id, "gov")]
    assert [one.id for one in store.run(reports.sensitive)] == [secret.id]


def test_a_withdrawn_report_keeps_its_row_and_nothing_else(
    store: Store, about: Dialogue, reported: Callable[..., Stored], rows: Rows
) -> None:
    mine = reported()
    store.run(answers.add, mine.id, [(Answered("/data/place", "Hall"), None)], Source(1, 1))
    store.run(media.want, mine.id, "/data/told", "file", "audio/ogg", 1)

    store.run(reports.withdraw, mine.id)

    [row] = rows("SELECT response, withdrawn_at FROM interview")
    assert row["withdrawn_at"]
    assert "Hall" not in str(row["response"])
    assert rows("SELECT 1 FROM answer") == rows("SELECT 1 FROM media") == []
    assert store.run(reports.how_many) == {}
    assert store.run(reports.of_person, mine.respondent_id) == []


def test_the_register_holds_what_was_said_of_each_commitment(
    store: Store, about: Dialogue, reported: Callable[..., Stored], clock: Any
) -> None:
    number = promised(store, about, reported())

    store.run(commitments.say, number, "cso", "blocked", "somebody", "budget")
    store.run(commitments.say, number, "gov", "kept", "another")
    clock.advance(days=1)
    store.run(commitments.say, number, "cso", "kept", "somebody")

    [one] = store.run(commitments.listed)
    assert [(said.side, said.state, said.reason) for said in one.history] == [
        ("cso", "blocked", "budget"),
        ("gov", "kept", None),
        ("cso", "kept", None),
    ]
    views = one.words(lambda at: at.date())
    assert {(word.side, word.state) for word in views} == {("cso", "kept"), ("gov", "kept")}
    assert (one.level, one.province, one.due_on, one.made_on) == ("provincial", "kampot", DUE, DAY)


def test_what_is_withdrawn_or_sensitive_is_in_no_register(
    store: Store, about: Dialogue, reported: Callable[..., Stored], rows: Rows
) -> None:
    gone = promised(store, about, reported(1))
    promised(store, about, reported(2, is_sensitive=True))
    twin = promised(store, about, reported(3, "gov"), side="gov", same_as=gone)

    store.run(commitments.say, gone, "cso", "blocked", "somebody", "other", "They refuse")

    store.run(commitments.withdraw, gone)

    [left] = store.run(commitments.listed)
    assert (left.id, left.same_as) == (twin, None)
    assert rows("SELECT what, office, due_on FROM commitment WHERE id = ?", gone) == [
        {"what": "", "office": "", "due_on": None}
    ]
    assert rows("SELECT words FROM commitment_update") == []


def test_words_that_staff_hid_are_hidden_in_the_register_too(
    store: Store, about: Dialogue, reported: Callable[..., Stored], rows: Rows
) -> None:
    mine = reported()
    given = [(Answered(f"{PATH}/what", "A well"), None)]
    store.run(answers.add, mine.id, given, Source(1, 1))
    promised(store, about, mine)
    assert not store.run(commitments.listed)[0].is_read

    [row] = rows("SELECT id FROM answer")
    store.run(readings.mark, row["id"], hidden=True)

    [one] = store.run(commitments.listed)
    assert one.is_hidden
    assert one.is_read


def test_a_voice_note_that_is_written_down_is_read_in_the_register(
    store: Store, about: Dialogue, reported: Callable[..., Stored]
) -> None:
    promised(store, about, reported(), what="voice:1")

    store.run(commitments.write_down, "voice:1", "A well")

    assert store.run(commitments.listed)[0].what == "A well"


def test_who_is_forgotten_takes_their_commitments_and_the_other_sides_counts_again(
    store: Store, about: Dialogue, reported: Callable[..., Stored]
) -> None:
    mine = reported(1)
    first = promised(store, about, mine)
    promised(store, about, reported(2, "gov"), side="gov", same_as=first)

    store.run(respondents.forget, mine.respondent_id)

    [left] = store.run(commitments.listed)
    assert (left.side, left.same_as) == ("gov", None)


def test_reminders_before_a_dialogue_are_planned_once_for_each(
    store: Store, about: Dialogue, reported: Callable[..., Stored], clock: Any, rows: Rows
) -> None:
    mine, today = reported(), clock().date()
    near = store.run(dialogues.create, "provincial", "kampot", "", today + dt.timedelta(5), "maker")
    until = today + dt.timedelta(7)

    found = store.run(dialogues.to_remind, today, until)
    assert found is not None
    assert found.id == near.id
    for _ in range(2):
        store.run(slots.plan_before, near.id, [mine.respondent_id], clock())
    store.run(dialogues.change, near.id, reminded_at=clock())

    assert store.run(dialogues.to_remind, today, until) is None
    [due] = store.run(slots.due)
    assert (due.schedule, due.interview_id) == (f"dialogue:{near.id}", None)
    assert rows("SELECT count(*) AS n FROM slot") == [{"n": 1}]


def test_two_members_read_sensitive_reports_and_no_third(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    three = [person(number).id for number in (1, 2, 3)]
    for one in three:
        store.run(members.grant, one, "staff")

    named = [store.run(members.name_reader, one, named=True) for one in three]
    store.run(members.grant, three[0], "respondent")

    assert named == [True, True, False]
    assert [store.run(members.reads_sensitive, one) for one in three] == [False, True, False]
    assert store.run(members.name_reader, three[2], named=True)


def test_the_next_text_is_for_one_thing_and_only_for_an_hour(
    store: Store, person: Callable[[int], Respondent], clock: Any
) -> None:
    who = person(1).id
    store.run(awaited.ask, who, "place:3")
    store.run(awaited.ask, who, "reason:4")
    assert store.run(awaited.purpose, who) == "reason:4"

    clock.advance(hours=1, seconds=1)
    assert store.run(awaited.purpose, who) is None
    store.run(awaited.stop, who)
