"""What holds of any answers: reading what is shown, answering twice, going back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.instance import Instance
from surveys.interview import World
from surveys.khmer import clean, is_blank
from surveys.reading import read
from surveys.submission import parse, serialise
from tests.surveys.conftest import NOW
from tests.surveys.markdown import engine_form
from tests.surveys.test_forms_from_elsewhere import CASCADE
from tests.surveys.test_interview import FAIR
from tests.surveys.test_reading import FORM, INSTANCE
from tests.surveys.test_repeats import FAMILY
from tests.surveys.walking import Walk

WORLD = World(NOW, "en")
TEXTS = {
    "select_one": st.sampled_from(["yes", "no", "kp", "sr", "chhuk", "bakong", ""]),
    "select_multiple": st.sampled_from(["road", "road water", "none", "chhuk chumkiri", ""]),
    "integer": st.integers(-5, 130).map(str),
    "date": st.dates().map(str),
    "text": st.text(max_size=8).map(clean),
}
FORMS = st.sampled_from([FAIR, FAMILY, CASCADE])


def filled(text: str, data: st.DataObject) -> Walk:
    """Return an interview with any answers to its first questions."""
    walk = Walk(engine_form(text), WORLD)
    for _ in range(data.draw(st.integers(1, 6))):
        if walk.is_at_the_summary:
            break
        question = walk.form.question(walk.state.position)
        walk.answers(data.draw(TEXTS[question.kind]))
    return walk


@settings(max_examples=100, deadline=None)
@given(FORMS, st.data())
def test_going_back_and_giving_the_same_answer_changes_nothing(text, data):
    walk = filled(text, data)
    at, before = walk.state.position, walk.state.values
    walk.goes_back()
    given_before = walk.state.values.get(walk.state.position, "")

    if walk.state.position != at and given_before:
        walk.answers(given_before)

        assert walk.state.values == before
        assert walk.state.position == at


@settings(max_examples=100, deadline=None)
@given(FORMS, st.data())
def test_answering_twice_is_answering_once(text, data):
    walk = filled(text, data)
    if walk.is_at_the_summary:
        return
    asked = walk.form.question(walk.state.position)
    value = data.draw(TEXTS[asked.kind])
    once = walk.answers(value).state
    if once.position != asked.path and asked.path in once.values:
        walk.goes_back()
        if walk.state.position == asked.path:
            walk.answers(value)
            assert (walk.state.values, walk.state.position) == (once.values, once.position)


@settings(max_examples=100, deadline=None)
@given(FORMS, st.data())
def test_a_submission_of_any_interview_reads_as_it_was(text, data):
    walk = filled(text, data)

    values = parse(walk.form, serialise(walk.instance, "uuid:1"))

    assert Instance(walk.form, values, WORLD).response() == walk.instance.response()


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_number_that_is_shown_is_read_as_it_was(number):
    assert read(FORM.by_name["integer"], str(number), INSTANCE) == str(number)


@given(st.dates(max_value=NOW.date()))
def test_a_day_that_is_shown_is_read_as_it_was(day):
    shown = f"{day.day:02}/{day.month:02}/{day.year:04}"

    assert read(FORM.by_name["date"], shown, INSTANCE) == day.isoformat()


@given(st.text(max_size=20))
def test_a_text_that_is_shown_is_read_as_it_was(typed):
    stored = clean(typed)
    if not is_blank(stored):
        assert read(FORM.by_name["text"], stored, INSTANCE) == stored


def test_a_choice_that_is_shown_is_read_as_it_was():
    for name in ("select_one", "scale", "select_multiple"):
        question = FORM.by_name[name]
        for choice in question.choices:
            for language in ("km", "en"):
                shown = choice.label.text(language, INSTANCE)
                assert read(question, shown, INSTANCE) == choice.value
