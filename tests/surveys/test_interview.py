"""One respondent's way through one form: every step, and what must hold after any of them."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.form import Form
from surveys.interview import Instance, World, answered_paths
from tests.surveys.conftest import NOW
from tests.surveys.markdown import form
from tests.surveys.walking import Walk

HEADINGS = "type | name | label | required | relevant | constraint | calculation | default"
FAIR = """
| survey |
| | type | name | label | required | relevant | constraint | calculation |
| | hidden | invited_by | | | | | |
| | select_one yn | came | Came? | yes | | | |
| | text | why_not | Why not? | | ${came} = 'no' | string-length(.) <= 10 | |
| | begin_group | people | People | | ${came} = 'yes' | | |
| | integer | women | Women? | yes | | . >= 0 and . <= 100 | |
| | integer | men | Men? | | | . >= 0 | |
| | calculate | all | | | | | ${women} + ${men} |
| | end_group | | | | | | |
| | note | many | In all: ${all} | | ${all} > 10 | | |
| | date | day | Day? | ${women} > 0 | | . <= today() | |
| | select_multiple t | topics | Which? | | | count-selected(.) <= if(selected(., 'none'), 1, 2) | |
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | t | road | Road |
| | t | water | Water |
| | t | school | School |
| | t | none | None |
"""


def survey(*rows: str) -> Form:
    lines = "\n".join(f"| | {row} |" for row in (HEADINGS, *rows))
    return form(f"| survey |\n{lines}\n")


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(form(FAIR), world)


def test_an_interview_begins_at_the_first_question(walk):
    assert walk.at == "came"
    assert walk.told == ["Asked came"]


def test_an_answer_opens_the_next_question(walk):
    walk.answers("yes")

    assert walk.told == ["Answered came yes", "Asked women"]
    assert [event.value for event in answered_paths(walk.events)] == ["yes"]


def test_a_question_that_is_not_relevant_is_passed_over(walk):
    walk.answers("no")

    assert walk.at == "why_not"
    assert walk.skips().at == "day"


def test_a_required_question_cannot_be_skipped(walk):
    before = walk.state

    walk.skips()

    assert walk.told == ["Rejected came required"]
    assert walk.state == dataclasses.replace(before, tries=1)


def test_a_blank_answer_is_a_skip(walk):
    assert walk.answers("").told == ["Rejected came required"]

    walk.answers("no", "")

    assert walk.told == ["Asked day"]
    assert walk.response == {"came": "no"}


def test_required_may_depend_on_an_answer(walk):
    walk.answers("yes", "0", "0")
    assert walk.at == "day"
    assert walk.skips().at == "topics"

    walk.edits("women").answers("5")

    assert walk.submits().told == ["Rejected day required", "Asked day"]


def test_an_answer_outside_its_constraint_is_rejected_and_not_stored(walk):
    walk.answers("yes", "101")

    assert walk.told == ["Rejected women constraint"]
    assert walk.at == "women"
    assert "women" not in walk.response


def test_rejections_and_misreadings_are_counted_until_the_question_changes(walk):
    walk.answers("yes", "101").misreads()
    assert walk.told == ["Rejected women integer"]
    assert walk.state.tries == 2

    walk.answers("7")

    assert walk.state.tries == 0


def test_a_date_is_compared_with_the_clock_that_is_handed_in(walk):
    walk.answers("yes", "1", "1", "2026-11-25")
    assert walk.told == ["Rejected day constraint"]

    # Three in the morning in Phnom Penh: still the 23rd in UTC.
    walk.answers("2026-11-24")

    assert walk.at == "topics"


def test_ticks_are_a_draft_until_done(walk):
    walk.answers("no", "far").skips()

    walk.ticks("water", "road", "water", "school")

    assert walk.state.draft == ("road", "school")
    assert "topics" not in walk.response
    assert walk.done().told == ["Answered topics road school", "Summarised"]


def test_ticks_are_stored_in_the_order_of_the_form(walk):
    walk.answers("no", "far").skips().ticks("school", "road").done()

    assert walk.response["topics"] == "road school"


def test_ticks_that_cannot_stand_together_are_rejected_and_kept(walk):
    walk.answers("no", "far").skips().ticks("road", "none").done()

    assert walk.told == ["Rejected topics constraint"]
    assert walk.state.draft == ("road", "none")
    assert walk.ticks("none").done().is_at_the_summary


def test_more_ticks_than_the_constraint_allows_are_rejected(walk):
    walk.answers("no", "far").skips().ticks("road", "water", "school").done()

    assert walk.told == ["Rejected topics constraint"]


def test_nothing_ticked_is_a_skip(walk):
    walk.answers("no", "far").skips().done()

    assert walk.told == ["Summarised"]
    assert walk.response == {"came": "no", "why_not": "far"}


def test_a_tick_of_nothing_on_the_list_is_left_out(walk):
    walk.answers("no", "far").skips().ticks("moon", "road").done()

    assert walk.response["topics"] == "road"


def test_opening_a_question_again_begins_with_its_ticks(walk):
    walk.answers("no", "far").skips().ticks("road").done()

    walk.edits("topics")

    assert walk.state.draft == ("road",)
    assert walk.edits("why_not").state.draft == ()


def test_back_opens_the_question_before(walk):
    walk.answers("yes", "3")

    assert walk.goes_back().at == "women"
    assert walk.goes_back().at == "came"
    assert walk.goes_back().at == "came"


def test_back_from_the_summary_opens_the_last_question(walk):
    walk.answers("no", "far").skips().skips()

    assert walk.is_at_the_summary
    assert walk.goes_back().at == "topics"


def test_a_question_skipped_can_be_answered_after_going_back(walk):
    walk.answers("no").skips().goes_back()

    walk.answers("far")

    assert walk.response == {"came": "no", "why_not": "far"}
    assert walk.state.skipped == frozenset()


def test_skipping_an_answered_question_takes_the_answer_back(walk):
    walk.answers("no", "far").goes_back().skips()

    assert walk.told == ["Answered why_not ", "Asked day"]
    assert walk.response == {"came": "no"}


def test_after_an_edit_the_interview_returns_to_where_it_was(walk):
    walk.answers("yes", "3", "4")

    assert walk.edits("women").answers("5").at == "day"


def test_editing_a_question_that_is_not_asked_changes_nothing(walk):
    walk.answers("yes")
    before = walk.response

    walk.edits("why_not")

    assert walk.at == "women"
    assert walk.response == before


def test_an_answer_that_is_hidden_returns_when_it_is_relevant_again(walk):
    walk.answers("yes", "3", "4").edits("came").answers("no")
    assert walk.at == "why_not"
    assert walk.response == {"came": "no"}

    walk.edits("came").answers("yes")

    assert walk.response == {"came": "yes", "women": "3", "men": "4", "all": "7"}
    assert walk.at == "day"


def test_a_required_question_that_is_not_relevant_does_not_hinder(walk):
    walk.answers("no", "far").skips().skips().submits()

    assert walk.told == ["Submitted"]
    assert walk.state.submitted


def test_a_calculation_follows_its_answers_and_is_blank_while_one_is_missing(walk):
    walk.answers("yes", "3")
    assert "all" not in walk.response

    walk.answers("4")
    assert walk.response["all"] == "7"

    walk.edits("women").answers("5")
    assert walk.response["all"] == "9"


def test_a_calculation_in_a_group_that_is_not_relevant_is_blank(world):
    walk = Walk(
        survey(
            "integer | n | N | | | | | ",
            "begin_group | g | G | | ${n} > 5 | | | ",
            "calculate | double | | | | | 2 * ${n} | ",
            "end_group | | | | | | | ",
            "text | last | Last of ${double} | | ${double} != '' | | | ",
        ),
        world,
    )

    assert walk.answers("3").is_at_the_summary
    assert walk.edits("n").answers("6").at == "last"
    assert walk.response == {"n": "6", "double": "12"}


def test_relevance_may_depend_on_a_later_question(world):
    walk = Walk(
        survey("text | first | A | | ${second} = 'x' | | | ", "text | second | B | | | | | "), world
    )
    assert walk.at == "second"

    assert walk.answers("x").at == "first"
    assert walk.answers("y").is_at_the_summary
    assert walk.response == {"first": "y", "second": "x"}


def test_a_constraint_that_reads_another_answer_is_checked_again_at_submit(world):
    walk = Walk(
        survey("date | held | H | | | | | ", "date | due | D | | | . >= ${held} | | "), world
    )
    walk.answers("2026-11-01", "2026-11-10").edits("held").answers("2026-11-20")

    walk.submits()

    assert walk.told == ["Rejected due constraint", "Asked due"]
    assert not walk.state.submitted


def test_a_long_chain_of_questions_that_depend_on_each_other_can_be_run(world):
    rows = [f"text | q{n} | Q | | ${{q{n - 1}}} != '' | | | " for n in range(1, 300)]
    walk = Walk(survey("text | q0 | Q | | | | | ", *rows), world)

    walk.answers(*["x"] * 300)

    assert walk.is_at_the_summary
    assert len(walk.response) == 300


def test_a_default_is_seen_by_other_questions_and_still_asked(world):
    walk = Walk(survey("integer | n | N | | | | | 5", "text | t | T | | ${n} = 5 | | | "), world)
    assert walk.at == "n"
    assert walk.response == {"n": "5"}

    walk.answers("4")

    assert walk.is_at_the_summary
    assert walk.response == {"n": "4"}


def test_a_default_that_is_skipped_is_gone(world):
    walk = Walk(survey("integer | n | N | | | | | 5"), world)

    walk.skips()

    assert walk.is_at_the_summary
    assert walk.response == {}
    assert walk.edits("n").answers("7").response == {"n": "7"}


def test_a_text_of_spaces_and_quotes_is_stored_as_it_is(walk):
    walk.answers("no", "a \"b\" 'c'")

    assert walk.response["why_not"] == "a \"b\" 'c'"


def test_what_is_changed_after_submit_must_be_submitted_again(walk):
    walk.answers("no", "far").skips().skips().submits()
    assert walk.state.submitted

    walk.edits("why_not")

    assert not walk.state.submitted


def test_progress_counts_the_questions_that_are_asked(walk):
    assert walk.progress == (1, 3)
    assert walk.answers("yes").progress == (2, 5)
    assert walk.answers("1", "1").progress == (4, 5)
    assert walk.answers("2026-11-01").skips().progress == (5, 5)


def test_presets_are_known_from_the_beginning(world):
    walk = Walk(form(FAIR), world, came="yes", invited_by="ngo", no_such_name="x")

    assert walk.at == "women"
    assert walk.response == {"came": "yes", "invited_by": "ngo"}


def test_a_preset_that_comes_later_is_asked_no_more(walk):
    walk.learns(came="no")

    assert walk.at == "why_not"


def test_a_preset_for_a_skipped_question_is_an_answer(walk):
    walk.answers("no").skips()

    walk.learns(why_not="far")

    assert walk.response["why_not"] == "far"
    assert walk.state.skipped == frozenset()


def test_a_blank_preset_leaves_a_skipped_question_skipped(walk):
    walk.answers("no").skips()

    walk.learns(why_not="", invited_by="")

    assert walk.at == "day"


def test_submit_opens_what_became_relevant_in_the_meantime(world):
    tomorrow = World(world.now + dt.timedelta(days=1), "en")
    walk = Walk(
        survey("text | a | A | | | | | ", "text | b | B | | today() > '2026-11-24' | | | "),
        world,
    )
    walk.answers("x")
    assert walk.is_at_the_summary

    walk.world = tomorrow
    walk.submits()

    assert walk.told == ["Asked b"]
    assert not walk.state.submitted


def test_back_works_where_the_clock_made_the_open_question_irrelevant(world):
    walk = Walk(
        survey("text | a | A | | | | | ", "text | b | B | | today() < '2026-11-25' | | | "),
        world,
    )
    walk.answers("x")

    walk.world = World(world.now + dt.timedelta(days=1), "en")

    assert walk.goes_back().at == "a"


def test_a_form_of_which_nothing_is_asked_goes_to_its_summary(world):
    walk = Walk(survey("text | a | A | | false() | | | "), world)

    assert walk.is_at_the_summary
    assert walk.progress == (0, 0)
    assert walk.goes_back().is_at_the_summary
    assert walk.submits().told == ["Submitted"]


def test_a_note_is_shown_before_the_next_question_that_is_asked(world):
    walk = Walk(
        survey(
            "note | hello | Hello | | | | | ",
            "text | a | A | | false() | | | ",
            "note | more | More | | | | | ",
            "note | never | Never | | false() | | | ",
            "text | b | B | | | | | ",
            "note | bye | Bye | | | | | ",
        ),
        world,
    )
    b = walk.form.by_name["b"].path

    assert [note.name for note in walk.instance.notes_before(b)] == ["hello", "more"]
    assert [note.name for note in walk.instance.notes_before("")] == ["bye"]


def test_a_choice_is_shown_by_its_label_and_an_unknown_one_by_itself(walk):
    topics = walk.form.by_name["topics"].path

    assert walk.instance.choice_label(topics, "road") == "Road"
    assert walk.instance.choice_label(topics, "moon") == "moon"
    assert walk.instance.choice_label("/nowhere", "road") == "road"


def test_an_answer_changes_the_turn_and_a_rejection_does_not(walk):
    first = walk.state.turn

    rejected = walk.skips().state.turn
    answered = walk.answers("yes").state.turn

    assert rejected == first
    assert answered > first


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "answer",
                "answer",
                "answer",
                "tick",
                "done",
                "skip",
                "back",
                "edit",
                "submit",
                "misread",
                "learn",
            ]
        ),
        st.integers(0, 9),
    ),
    max_size=40,
)
VALUES = {
    "select_one": ["yes", "no", ""],
    "text": ["far", "much too far away", "road water", ""],
    "integer": ["0", "7", "101", "-1", ""],
    "date": ["2026-11-24", "2026-11-25", "1999-01-01", ""],
    "select_multiple": ["road", "road none", "water school", ""],
}


def act(walk: Walk, name: str, n: int) -> None:
    """Do one act as far as the screen offers it."""
    question = walk.form.by_path.get(walk.state.position)
    if name == "edit":
        walk.edits(walk.form.asked[n % len(walk.form.asked)].name)
    elif name == "back":
        walk.goes_back()
    elif name == "learn":
        walk.learns(**[{"came": "no"}, {"came": ""}, {"invited_by": "x"}, {"men": "2"}][n % 4])
    elif question is None:
        walk.submits()
    elif name == "answer":
        walk.answers(VALUES[question.kind][n % len(VALUES[question.kind])])
    elif name == "misread":
        walk.misreads()
    elif name in {"tick", "done"} and question.kind == "select_multiple":
        walk.ticks(question.choices[n % 4].value) if name == "tick" else walk.done()
    else:
        walk.skips()


@settings(max_examples=200, deadline=None)
@given(ACTS)
def test_whatever_a_person_does_the_interview_stays_whole(acts):
    walk = Walk(form(FAIR), World(NOW, "en"))

    for name, n in acts:
        before = walk.state
        act(walk, name, n)
        after, instance = walk.state, walk.instance

        asked = {question.path for question in instance.asked()}
        filled = {path for path, value in after.values.items() if value}
        at, total = walk.progress
        changed = dataclasses.replace(after, tries=before.tries, draft=before.draft) != before
        assert walk.is_at_the_summary or after.position in asked
        assert after.turn > before.turn if changed else after.turn == before.turn
        assert not after.skipped & filled
        assert all(instance.relevant(path) for path in instance.response())
        assert "" not in instance.response().values()
        assert 0 <= at <= total == len(asked)


@settings(max_examples=100, deadline=None)
@given(ACTS)
def test_whatever_is_submitted_can_stand(acts):
    walk = Walk(form(FAIR), World(NOW, "en"))
    for name, n in acts:
        act(walk, name, n)

    submitted = walk.submits().state.submitted

    instance: Instance = walk.instance
    for question in instance.asked() if submitted else ():
        blank = instance.value(question.path) == ""
        assert instance.satisfied(question)
        assert not (blank and instance.required(question))
        assert not blank or question.path in walk.state.skipped
