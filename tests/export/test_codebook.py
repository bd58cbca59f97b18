"""The variables of a form: what each column is, over all versions."""

from pathlib import Path

import pytest

from export.codebook import variables
from surveys.form import Form, load
from surveys.xlsform import convert

FORM = """
| survey | | | |
| | type | name | label |
{rows}
| settings | | |
| | form_title | form_id | version |
| | A | a | {version} |
"""


@pytest.fixture
def form(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(version: str, *rows: str) -> Form:
        path = tmp_path / "form.md"
        path.write_text(FORM.format(rows="\n".join(rows), version=version))
        return load(convert(path)["xform"])

    return make


def test_a_variable_says_in_which_versions_it_was_asked(versions: list[Form]) -> None:
    known = {variable.name: variable.versions for variable in variables(versions)}

    assert known["topics"] == ("1", "2")
    assert known["note"] == ("1",)
    assert (known["size"], known["size__1"]) == (("2",), ("1",))


def test_choices_of_all_versions_are_kept_with_their_newest_labels(versions: list[Form]) -> None:
    (topics,) = [v for v in variables(list(reversed(versions))) if v.name == "topics"]

    assert [option.value for option in topics.options] == ["road", "water", "a/b", "jobs"]
    assert topics.show("water", "en") == "Water"
    assert topics.show("jobs", "km") == "ការងារ"


def test_a_calculation_is_a_variable_without_a_question(versions: list[Form]) -> None:
    (half,) = [v for v in variables(versions) if v.name == "half"]

    assert (half.kind, half.label("en"), half.columns) == ("calculate", "half", ("half",))


def test_two_questions_of_one_name_stand_with_their_paths(form) -> None:  # type: ignore[no-untyped-def]
    asked = form(
        "1",
        "| | begin_group | g | G |",
        "| | text | q | In the group |",
        "| | end_group | | |",
        "| | text | r | Another |",
    )
    moved = form("2", "| | text | q | Outside |", "| | text | r | Another |")

    names = [variable.name for variable in variables([asked, moved])]

    assert len(set(names)) == 3
    assert "r" in names
    assert all(name.endswith("q") and "/" in name for name in names if name != "r")


def test_a_question_named_like_one_of_our_columns_stands_with_its_path(form) -> None:  # type: ignore[no-untyped-def]
    (variable,) = variables([form("1", "| | text | _id | Your id? |")])

    assert variable.name.endswith("/_id")


def test_notes_are_no_variables(form) -> None:  # type: ignore[no-untyped-def]
    known = variables([form("1", "| | note | n | Read this |", "| | text | q | Question |")])

    assert [variable.name for variable in known] == ["q"]


def test_a_label_that_shows_an_answer_names_it(form) -> None:  # type: ignore[no-untyped-def]
    rows = ("| | text | q | Where? |", "| | text | r | What is wrong in ${q}? |")

    known = variables([form("1", *rows)])

    assert known[1].label("en") == "What is wrong in [q]?"
