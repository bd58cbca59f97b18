"""The project's own instruments: complete in two languages, short, and what was promised."""

from collections.abc import Iterator

import pytest

from surveys.check import check
from surveys.form import Form, Label
from surveys.instruments import (
    DIALOGUE_REPORT,
    FOLDER,
    INSTRUMENTS,
    PROFILE,
    UNDER_AGE,
    instrument,
    surveys_for,
)
from surveys.interview import Instance, World
from surveys.khmer import CLUSTER, utf16_length
from surveys.language import EN, LANGUAGES, detect
from surveys.reading import Unread, read
from surveys.respondent import ROLES, SECTORS
from tests.surveys.conftest import NOW
from tests.surveys.markdown import converted, form
from tests.surveys.walking import Walk

IDS = [item.form_id for item in INSTRUMENTS]
# The report is filled in by a trained member; the profile is asked in two parts.
LONGER = {DIALOGUE_REPORT, PROFILE}
SHORT = [form_id for form_id in IDS if form_id not in LONGER]
LONGEST_TEXT = 4096
# One keyboard without pages, and an index that is short in the data of a button.
MOST_CHOICES = 20
GIVEN = {"text": "ផ្លូវ", "integer": "១២", "date": "២៣/១១/២០២៦", "select_multiple": "1"}


def source(form_id: str) -> str:
    found = instrument(form_id)
    assert found is not None
    return found.path.read_text("utf-8")


def compiled(form_id: str) -> Form:
    return form(source(form_id))


def labels(form_id: str) -> Iterator[tuple[str, Label]]:
    """Every text that a person can see, and where it stands."""
    it = compiled(form_id)
    for question in it.questions:
        node = question.node
        for text in (question.label, question.hint, node.constraint_message, node.required_message):
            if text is not None:
                yield question.name, text
        for choice in question.choices:
            yield f"{question.name}/{choice.value}", choice.label
    yield from it.group_labels.items()


def shown(form_id: str, name: str, language: str = EN) -> str:
    it = compiled(form_id)
    return it.by_name[name].label.text(language, Instance(it, {}, World(NOW, language)))


def values(form_id: str, name: str) -> list[str]:
    return [choice.value for choice in compiled(form_id).by_name[name].choices]


def test_every_file_of_the_folder_is_an_instrument():
    assert {path.stem for path in FOLDER.glob("*.md")} == set(IDS)
    assert instrument("no_such_form") is None


@pytest.mark.parametrize("form_id", IDS)
def test_an_instrument_has_no_errors_and_no_warnings(form_id):
    it, problems = check(converted(source(form_id)))

    assert problems == ()
    assert it is not None
    assert it.form_id == form_id
    assert it.version.isdigit()
    assert set(it.languages) == set(LANGUAGES)


@pytest.mark.parametrize("form_id", IDS)
def test_every_text_is_there_in_both_languages_and_in_the_right_one(form_id):
    for where, label in labels(form_id):
        assert set(label.parts) == set(LANGUAGES), where
        for code, parts in label.parts.items():
            text = "".join(part for part in parts if isinstance(part, str))
            assert detect(text).label in {code, "und", "other" if code == EN else code}, where


@pytest.mark.parametrize("form_id", IDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_constraint_says_what_is_wrong_and_no_text_breaks_telegrams_limit(form_id, language):
    instance = Instance(compiled(form_id), {}, World(NOW, language))

    assert all(q.node.constraint_message for q in compiled(form_id).asked if q.node.constraint)
    assert all(
        0 < utf16_length(label.text(language, instance)) < LONGEST_TEXT
        for _, label in labels(form_id)
    )


@pytest.mark.parametrize("form_id", IDS)
def test_its_questions_fit_a_keyboard_and_the_data_of_a_button(form_id):
    it = compiled(form_id)

    assert len(it.asked) < 100
    assert all(len(question.choices) <= MOST_CHOICES for question in it.asked)


@pytest.mark.parametrize("form_id", SHORT)
def test_a_survey_has_at_most_seven_questions(form_id):
    assert len(compiled(form_id).asked) <= 7


@pytest.mark.parametrize("form_id", SHORT)
def test_every_question_of_a_survey_can_be_skipped(form_id):
    walk = Walk(compiled(form_id), World(NOW, "km"))

    while not walk.is_at_the_summary:
        walk.skips()

    assert walk.submits().told == ["Submitted"]
    assert walk.response == {}


@pytest.mark.parametrize("form_id", IDS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("choice", ["first", "last"])
def test_an_instrument_is_walked_through_by_typing_alone(form_id, language, choice):
    walk = Walk(compiled(form_id), World(NOW, language), stage="after")

    while not walk.is_at_the_summary:
        question = walk.form.by_path[walk.state.position]
        at = 0 if choice == "first" else -1
        typed = GIVEN.get(question.kind) or question.choices[at].label.text(language, walk.instance)
        value = read(question, typed, walk.instance)
        assert not isinstance(value, Unread), question.name
        walk.answers(value)

    assert walk.submits().told == ["Submitted"]
    assert len(walk.response) >= len(walk.instance.asked())


def test_citizens_are_asked_five_questions_about_their_interests():
    it = compiled("citizen_interests")

    assert [(q.name, q.kind) for q in it.questions] == [
        ("topics", "select_multiple"),
        ("have_say", "select_one"),
        ("influence", "select_one"),
        ("change", "text"),
        ("ask_again", "select_one"),
    ]
    assert "matters most" in shown("citizen_interests", "topics")
    assert "have a say" in shown("citizen_interests", "have_say")
    assert "influence" in shown("citizen_interests", "influence")
    assert "one thing should change" in shown("citizen_interests", "change")
    assert "ask you again" in shown("citizen_interests", "ask_again")


@pytest.mark.parametrize(
    ("topics", "stands"),
    [
        ("road", True),
        ("road water school", True),
        ("road water school health", False),
        ("dont_know", True),
        ("road dont_know", False),
    ],
)
def test_up_to_three_topics_or_only_dont_know(topics, stands):
    walk = Walk(compiled("citizen_interests"), World(NOW, "km"))

    walk.answers(topics)

    assert (walk.at == "have_say") is stands


def test_the_experience_of_a_dialogue_asks_for_the_published_indicators():
    quoted = {
        "felt_heard": "I felt heard in the dialogue",
        "women_heard": "Women were heard in the dialogue",
        "relationship": "The relationship between government and CSOs improved",
        "trust": "I feel confident and trust when working with public authorities",
    }
    it = compiled("dialogue_experience")

    assert [q.name for q in it.asked] == [*quoted, "better"]
    for name, statement in quoted.items():
        # pyxform makes plain quotation marks of “ and ”.
        assert f'"{statement}."' in shown("dialogue_experience", name)
        assert "«" in shown("dialogue_experience", name, "km")
    assert it.by_name["better"].kind == "text"
    assert "one thing" in shown("dialogue_experience", "better")


def test_agreement_is_worded_as_the_glossary_has_it():
    it = compiled("dialogue_experience")
    instance = Instance(it, {}, World(NOW, "km"))
    wording = {c.value: c.label.text("km", instance) for c in it.by_name["trust"].choices}

    assert wording == {
        "5": "យល់ស្របទាំងស្រុង",
        "4": "យល់ស្រប",
        "3": "មិនប្រាកដ",
        "2": "មិនយល់ស្រប",
        "1": "មិនយល់ស្របសោះ",
        "dont_know": "មិនដឹង",
        "no_answer": "មិនចង់ឆ្លើយ",
    }


def test_a_report_says_which_dialogue_where_when_how_many_and_what_was_agreed():
    walk = Walk(compiled(DIALOGUE_REPORT), World(NOW, "en"))

    walk.answers("pd_kampot", "Kampot hall", "2026-11-20", "12", "15", "yes")
    walk.answers("A new road", "Department of public works").skips().submits()

    assert walk.told == ["Submitted"]
    assert walk.response == {
        "dialogue": "pd_kampot",
        "place": "Kampot hall",
        "held_on": "2026-11-20",
        "women": "12",
        "men": "15",
        "participants": "27",
        "any_agreed": "yes",
        "agreed": "A new road",
        "by_whom": "Department of public works",
    }


def test_a_report_asks_for_a_commitment_only_where_there_was_one():
    walk = Walk(compiled(DIALOGUE_REPORT), World(NOW, "en"))

    walk.answers("other", "Youth day", "Kep", "2026-11-20", "1", "0", "no")

    assert walk.is_at_the_summary


def test_a_report_is_not_of_the_future_and_a_promise_not_of_the_past():
    walk = Walk(compiled(DIALOGUE_REPORT), World(NOW, "en"))

    walk.answers("pd_kampot", "Hall", "2026-11-25")
    assert walk.told == ["Rejected held_on constraint"]

    walk.answers("2026-11-24", "1", "1", "yes", "A road", "Public works", "2026-11-23")
    assert walk.told == ["Rejected by_when constraint"]

    assert walk.answers("2026-11-24").is_at_the_summary


def test_the_profile_asks_sector_and_province_first_unless_they_are_known():
    def asked(**presets: str) -> list[str]:
        walk = Walk(compiled(PROFILE), World(NOW, "km"), stage="before", **presets)
        return [question.name for question in walk.instance.asked()]

    assert asked() == ["sector", "province"]
    assert asked(known_sector="cso") == ["province"]
    assert asked(known_province="kampot") == ["sector"]
    assert asked(known_sector="cso", known_province="kampot") == []


def test_after_the_survey_the_rest_of_the_profile_is_asked_and_all_of_it_optional():
    walk = Walk(compiled(PROFILE), World(NOW, "km"), stage="before")
    walk.answers("citizen", "kampot")
    assert walk.is_at_the_summary

    walk.learns(stage="after")

    for name in ("sex", "age_group", "disability", "ethnicity"):
        assert walk.at == name
        walk.skips()
    assert walk.submits().told == ["Submitted"]


def test_the_profile_offers_another_answer_and_no_answer():
    assert values(PROFILE, "sex") == ["f", "m", "o", "na"]
    assert {"yes", "no", "na"} == set(values(PROFILE, "disability"))
    assert {"tampuan", "jarai", "kreung", "cham", "other", "na"} <= set(
        values(PROFILE, "ethnicity")
    )
    assert values(PROFILE, "age_group")[-1] == "na"
    assert UNDER_AGE in values(PROFILE, "age_group")


def test_the_profile_knows_every_sector_and_the_places_of_the_project():
    assert values(PROFILE, "sector") == list(SECTORS)
    assert values(PROFILE, "province")[:5] == [
        "siem_reap",
        "ratanakiri",
        "kampot",
        "kampong_cham",
        "phnom_penh",
    ]


@pytest.mark.parametrize("sector", SECTORS)
def test_everybody_is_offered_a_survey(sector):
    offered = [item.form_id for item in surveys_for(sector)]

    assert offered[-1] == "dialogue_experience"
    assert (offered[0] == "citizen_interests") is (sector in {"citizen", "private"})


def test_an_instrument_is_for_known_sectors_and_roles():
    for item in INSTRUMENTS:
        assert item.sectors <= set(SECTORS)
        assert item.roles <= set(ROLES)


@pytest.mark.parametrize("form_id", IDS)
def test_no_khmer_choice_is_too_long_for_a_button(form_id):
    it = compiled(form_id)
    instance = Instance(it, {}, World(NOW, "km"))

    for question in it.asked:
        for choice in question.choices:
            assert len(CLUSTER.findall(choice.label.text("km", instance))) <= 28
