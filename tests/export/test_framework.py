"""The results framework: every node stands there, and some form tells something about it."""

import pytest

from export.framework import Node, nodes, nodes_of
from surveys.appraisal import appraise
from surveys.form import Form
from surveys.instruments import DIALOGUE_REPORT, INSTRUMENTS, PROFILE, PUBLISHED
from surveys.language import KM, LANGUAGES, detect
from surveys.releasing import obstacles
from tests.surveys.markdown import converted, form

IDS = ("OC", "1", "1.1", "1.2", "1.3", "2", "2.1", "2.2", "2.3", "3", "3.1", "3.2")
# Filled in by a trained member; asked in two parts.
LONGER = {DIALOGUE_REPORT, PROFILE}
SHORT = [item for item in INSTRUMENTS if item.form_id not in LONGER]
LONGEST_MINUTES = 4


def compiled(form_id: str) -> Form:
    found = next(item for item in INSTRUMENTS if item.form_id == form_id)
    return form(found.path.read_text("utf-8"))


def test_the_framework_is_the_projects() -> None:
    assert tuple(node.id for node in nodes()) == IDS
    assert [node.level for node in nodes()] == [
        "outcome", "output", *3 * ["activity"], "output", *3 * ["activity"], "output",
        *2 * ["activity"],
    ]  # fmt: skip


@pytest.mark.parametrize("node", nodes(), ids=lambda node: node.id)
def test_a_node_is_called_something_in_both_languages(node: Node) -> None:
    assert set(node.title) == set(LANGUAGES)
    assert detect(node.title[KM]).label == KM


@pytest.mark.parametrize("node", IDS)
def test_every_node_has_a_form_that_can_be_put_to_people(node: str) -> None:
    assert [item.form_id for item in PUBLISHED if node in item.nodes]


def test_forms_name_only_nodes_that_there_are() -> None:
    assert {node for item in INSTRUMENTS for node in item.nodes} == set(IDS)


@pytest.mark.parametrize("item", SHORT, ids=lambda item: item.form_id)
def test_a_form_takes_few_minutes_and_asks_five_to_seven_questions(item: object) -> None:
    made = compiled(item.form_id)  # type: ignore[attr-defined]

    assert 5 <= len(made.asked) <= 7
    assert 1 <= appraise(made).minutes <= LONGEST_MINUTES


@pytest.mark.parametrize("item", INSTRUMENTS, ids=lambda item: item.form_id)
def test_nothing_keeps_a_form_from_being_released(item: object) -> None:
    found = converted(item.path.read_text("utf-8"))  # type: ignore[attr-defined]

    assert obstacles(form(item.path.read_text("utf-8")), found["rows"]) == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form_id", "name", "says"),
    [
        ("cso_interview", "trust", "I feel confident and trust when working with public authoriti"),
        ("codesign_feedback", "rel_improved", "The relationship between government and CSOs impr"),
    ],
)
def test_the_published_indicators_have_the_wording_of_the_dialogues(
    form_id: str, name: str, says: str
) -> None:
    twin = {"trust": "trust", "rel_improved": "relationship"}[name]
    ours, theirs = compiled(form_id), compiled("dialogue_experience")

    assert says in ours.by_name[name].label.outline("en")
    assert ours.by_name[name].label.parts == theirs.by_name[twin].label.parts
    assert [c.label.parts for c in ours.by_name[name].choices] == [
        c.label.parts for c in theirs.by_name[twin].choices
    ]


def test_an_export_says_which_nodes_its_form_is_about() -> None:
    assert nodes_of("cso_card") == [
        "1.2 Develop capacity of CSOs",
        "1.2 អភិវឌ្ឍសមត្ថភាពអង្គការសង្គមស៊ីវិល",
    ]
    assert nodes_of("a form of somebody else") == []


def test_six_questions_of_the_washington_group_stand_as_it_words_them_and_are_a_draft() -> None:
    made = compiled("washington_short")
    asked = [question.label.outline("en") for question in made.asked]

    assert "Do you have difficulty seeing, even if wearing glasses?" in asked
    assert "Do you have difficulty hearing, even if using a hearing aid?" in asked
    assert "Do you have difficulty walking or climbing steps?" in asked
    assert "Do you have difficulty remembering or concentrating?" in asked
    assert len(asked) == 6
    assert {tuple(c.label.outline("en") for c in q.choices) for q in made.asked} == {
        (
            "No - no difficulty",
            "Yes - some difficulty",
            "Yes - a lot of difficulty",
            "Cannot do at all",
        )
    }
    assert "draft" in made.title
    assert "washington_short" not in {item.form_id for item in PUBLISHED}
