"""What keeps a form from being released, and how long one takes."""

from dataclasses import replace

import pytest

from surveys import sensitive, wordlists
from surveys.check import check, unnamed
from surveys.definition import Form
from surveys.instruments import INSTRUMENTS
from surveys.minutes import minutes, reading_seconds
from surveys.releasing import in_files, obstacles
from tests.surveys.markdown import converted

ROWS = wordlists.rows(sensitive.WORDS)
# As they stand in everyday questions of the project, and harm nobody.
HARMLESS = (
    "What matters most for the land around your house?",
    "Is there a party for the children on the last day of school?",
    "តើអ្វីសំខាន់ជាងគេសម្រាប់ដីស្រែរបស់អ្នក?",
    "តើប្រជាជននៅក្នុងភូមិអ្នកចូលរួមបានកម្រិតណា?",
    "តើអ្នកទុកចិត្តក្រុមប្រឹក្សាឃុំបានកម្រិតណា?",
)
LACKING = """
| survey | | | | | | | |
| | type | name | label::en | label::km | hint::en | constraint | constraint_message::en |
| | select_one yn | road | Is the road good? | តើផ្លូវល្អទេ? | Look outside. | | |
| | integer | age | Your age? | អាយុ? | | . > 17 | 18 or older. |
| choices | | | |
| | list_name | name | label::en | label::km |
| | yn | yes | Yes | បាទ/ចាស |
| | yn | no | No | |
| settings | | | |
| | form_title | form_id | version |
| | Roads | roads | 1 |
"""


def form(text: str) -> tuple[Form, dict[str, int]]:
    found = converted(text)
    made, _ = check(found)
    assert made is not None
    return made, found["rows"]


def test_each_missing_translation_is_told_by_sheet_and_row() -> None:
    found = obstacles(*form(LACKING))

    assert [(e.sheet, e.row, e.column, e.code) for e in found] == [
        ("survey", 2, "hint", "release.translation"),
        ("choices", 3, "label", "release.translation"),
        ("survey", 3, "constraint_message", "release.translation"),
    ]


def test_a_form_in_one_language_is_told_once() -> None:
    text = LACKING.replace("::km", "::fr")

    [whole, *others] = obstacles(*form(text))

    assert whole.code == "release.language"
    assert "km" in whole.problem
    assert others == []


def test_a_missing_file_keeps_a_form_from_release() -> None:
    assert "map.png" in str(in_files(["map.png"])[0])


@pytest.mark.parametrize("item", INSTRUMENTS, ids=lambda item: item.form_id)
def test_nothing_stands_in_the_way_of_the_projects_own_forms(item: object) -> None:
    made, rows = form(item.path.read_text("utf-8"))  # type: ignore[attr-defined]

    assert obstacles(made, rows) == ()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["words"])
def test_every_sensitive_word_is_found_with_its_reason(row: dict[str, str]) -> None:
    words = row["words"].replace("*", "s")
    asked = f"តើអ្នកគិតយ៉ាងណាអំពី{words}?" if row["language"] == "km" else f"About {words}?"

    assert sensitive.found(asked)[row["words"]] == row["why"]
    assert row["why"] in {"party", "land", "person"}


@pytest.mark.parametrize("text", HARMLESS)
def test_everyday_questions_are_not_sensitive(text: str) -> None:
    assert sensitive.found(text) == {}


def test_a_sensitive_word_is_found_in_labels_hints_choices_and_messages() -> None:
    for clean, asked in (
        ("Is the road good?", "Is the land dispute over?"),
        ("Look outside.", "As Samdech said."),
        ("| Yes |", "| The ruling party |"),
        ("18 or older.", "Please ask the prime minister."),
    ):
        found = obstacles(*form(LACKING.replace(clean, asked)))

        assert any(error.code == "release.sensitive" and error.row for error in found), asked


def test_five_questions_take_about_two_minutes() -> None:
    made, _ = form(INSTRUMENTS[1].path.read_text("utf-8"))

    assert (made.form_id, minutes(made)) == ("citizen_interests", 2)


def test_more_questions_take_longer_and_khmer_is_read_too() -> None:
    made, _ = form(LACKING)
    longer = replace(made, questions=made.questions * 20)

    assert minutes(longer) > minutes(made)
    assert reading_seconds("តើអ្វីគួរផ្លាស់ប្តូរ?") > 1


def test_a_form_needs_an_id_and_a_version_that_stand_in_links_and_files() -> None:
    made, _ = form(LACKING)

    assert unnamed(made) == []
    assert [e.code for e in unnamed(replace(made, form_id="../../etc", version=""))] == [
        "form_id",
        "version",
    ]
    assert [e.code for e in unnamed(replace(made, form_id="profile"))] == ["form_id"]
