"""What holds of dialogues, of the reports on them, and of what was promised there."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import commitment, dialogue, quarters, report
from surveys.commitment import STATES, Word
from surveys.dialogue import SIDES
from surveys.report import Difference, Issue, Promise, Report

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))
WORD = st.builds(Word, st.sampled_from(SIDES), st.sampled_from(STATES), DAYS)
# Each side's newest word: one at most of each.
WORDS = st.lists(WORD, max_size=2, unique_by=lambda word: word.side).map(tuple)
DUE = st.none() | DAYS
NOV = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("status", "day", "today", "may"),
    [
        ("held", NOV, NOV, True),
        ("planned", NOV, NOV, True),
        ("planned", NOV, NOV - dt.timedelta(1), False),
        ("cancelled", NOV, NOV, False),
        ("held", NOV, dt.date(2027, 1, 15), True),
        ("held", NOV, dt.date(2027, 1, 16), False),
    ],
)
def test_a_dialogue_is_reported_once_it_is_over_and_until_its_quarter_closes(
    status, day, today, may
):
    assert dialogue.may_be_reported(status, day, today) is may


def test_a_dialogue_that_was_held_stays_so():
    assert dialogue.may_follow("planned", "held")
    assert dialogue.may_follow("cancelled", "planned")
    assert not any(dialogue.may_follow("held", after) for after in ("planned", "cancelled"))


@pytest.mark.parametrize("province", dialogue.PROVINCES)
def test_the_form_has_a_code_for_the_dialogues_of_each_place(province):
    assert dialogue.place_of(dialogue.code("provincial", province)) == ("provincial", province)
    assert dialogue.place_of(dialogue.code("national", None)) == ("national", None)
    assert dialogue.place_of("other") is None
    assert not dialogue.is_place("national", province)
    assert not dialogue.is_place("provincial", "phnom_penh")


def test_officials_are_one_side_and_all_others_the_other():
    assert [dialogue.side_of(s) for s in ("gov", "cso", "private", None)] == [
        "gov", "cso", "cso", "cso",
    ]  # fmt: skip
    assert {dialogue.other(side) for side in SIDES} == set(SIDES)


@given(words=WORDS)
def test_a_commitment_is_kept_where_nobody_who_spoke_says_otherwise(words):
    is_kept = bool(words) and all(word.state == "kept" for word in words)

    assert (commitment.state(words) == "kept") is is_kept
    assert (commitment.kept_on(words) is not None) is is_kept


@given(due=DUE, words=WORDS, today=DAYS)
def test_what_is_overdue_isnt_kept_and_what_is_kept_in_time_is_never_overdue(due, words, today):
    is_overdue = commitment.is_overdue(due, words, today)

    assert not (is_overdue and commitment.state(words) == "kept")
    assert not (is_overdue and commitment.is_kept_in_time(due, words))
    assert not (due is None and is_overdue)


@given(register=st.lists(st.tuples(DUE, WORDS)), today=DAYS)
def test_the_share_counts_those_whose_day_passed_and_no_others(register, today):
    share = commitment.share(register, today)

    passed = [(due, words) for due, words in register if due and due < today]
    overdue = [each for each in passed if commitment.is_overdue(*each, today)]
    late = [
        each for each in passed if each not in overdue and not commitment.is_kept_in_time(*each)
    ]
    assert share.due == len(passed)
    assert share.kept == len(passed) - len(overdue) - len(late)


@given(register=st.lists(st.tuples(DUE, WORDS)), today=DAYS, later=st.integers(0, 400))
def test_time_alone_takes_nothing_out_of_the_share(register, today, later):
    now = commitment.share(register, today)
    then = commitment.share(register, today + dt.timedelta(later))

    assert now.due <= then.due <= len(register)
    assert now.kept <= then.kept


def test_what_is_kept_on_the_due_day_is_kept_in_time():
    words = (Word("cso", "kept", NOV), Word("gov", "kept", NOV + dt.timedelta(9)))

    assert commitment.is_kept_in_time(NOV, words)
    assert not commitment.is_kept_in_time(NOV - dt.timedelta(1), words)
    # The day itself isn't over yet.
    assert commitment.share([(NOV, words)], NOV) == commitment.Share(0, 0)


def test_where_the_sides_differ_a_commitment_isnt_kept():
    words = (Word("gov", "kept", NOV), Word("cso", "blocked", NOV))

    assert commitment.state(words) == "blocked"
    assert commitment.differ(words)
    assert not commitment.differ(words[:1])


RESPONSE = {
    "/data/detail": "full",
    "/data/held_on": "2026-11-20",
    "/data/attendance/participants": "45",
    "/data/attendance/women": "20",
    "/data/issue[2]/topic": "water",
    "/data/issue[2]/outcome": "disputed",
    "/data/issue[1]/topic": "road",
    "/data/issue[1]/outcome": "agreed",
    "/data/commitment[1]/office": "other",
    "/data/commitment[1]/office_name": "District hall",
    "/data/commitment[1]/what": "A well",
    "/data/commitment[1]/due_on": "2026-12-31",
    "/data/access": "staff",
}


def test_a_report_is_read_by_the_names_of_its_questions():
    found = report.read(RESPONSE)

    assert found.held_on == NOV
    assert found.figures == {"held_on": "2026-11-20", "participants": "45", "women": "20"}
    assert found.issues == (Issue("road", "agreed"), Issue("water", "disputed"))
    assert found.promises == (
        Promise("/data/commitment[1]", "District hall", "A well", dt.date(2026, 12, 31)),
    )
    assert not found.is_short
    assert not found.is_sensitive


def test_an_older_report_is_read_as_far_as_it_goes():
    older = {"/data/dialogue": "pd_kampot", "/data/held_on": "x", "/data/attendance/women": "12"}

    assert report.read(older) == Report("pd_kampot", figures={"held_on": "x", "women": "12"})


def test_two_reports_differ_in_what_both_say_otherwise_and_in_what_only_one_says():
    theirs = report.read({
        **RESPONSE,
        "/data/attendance/participants": "50",
        "/data/issue[1]/outcome": "deferred",
        "/data/issue[2]/topic": "school",
        "/data/commitment[1]/due_on": "2027-01-31",
    })  # fmt: skip

    assert report.differences(report.read(RESPONSE), theirs) == [
        Difference("participants", "45", "50"),
        Difference("outcome", "agreed", "deferred", ("road",)),
        Difference("issue", ours="water", of=("water",)),
        Difference("issue", theirs="school", of=("school",)),
        Difference("commitment", ours="District hall", of=("District hall", "2026-12-31")),
        Difference("commitment", theirs="District hall", of=("District hall", "2027-01-31")),
    ]


def test_a_short_report_doesnt_differ_in_what_it_left_out():
    short = {"/data/detail": "short", "/data/issue[1]/topic": "road", "/data/issue[1]/outcome": "x"}

    assert report.differences(report.read(short), report.read(RESPONSE)) == [
        Difference("outcome", "x", "agreed", ("road",))
    ]
    assert report.differences(report.read({}), report.read(RESPONSE)) == []


def test_a_report_that_comes_late_counts_in_the_next_open_quarter():
    fourth = quarters.of_day(NOV)

    assert quarters.reported_in(fourth, dt.date(2027, 1, 15)) == fourth
    assert quarters.reported_in(fourth, dt.date(2027, 1, 16)) == fourth.next
