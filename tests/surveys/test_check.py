"""What the author of a form is told: what is wrong, on which sheet, in which row and column."""

from pathlib import Path

import openpyxl
import pytest

from surveys.check import check, is_warning
from surveys.errors import FormError, FormRefused
from surveys.xlsform import convert, placed
from tests.surveys.markdown import converted

TWO_LANGUAGES = """
| survey |
| | type | name | label::English (en) | label::Khmer (km) | constraint | calculation |
| | text | phone | Phone? | ទូរស័ព្ទ? | regex(., '[0-9]+') | |
| | geotrace | size | Size? | ទំហំ? | | |
| | date | day | Day? | ថ្ងៃ? | year(.) > 2000 | |
| | select_one yn | came | Came? | | | |
| | calculate | age | | | | age(today()) |
| choices |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | yn | yes | Yes | បាទ/ចាស |
| | yn | no | | ទេ |
"""
SURVEY = [["type", "name", "label"], ["text", "a", "A"], [], ["text", "b", "B"]]


def told(text: str) -> list[tuple[str, str | None, int | None, str | None]]:
    _, problems = check(converted(text))
    return [(p.code, p.sheet, p.row, p.column) for p in problems]


def workbook(folder: Path, rows: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in rows:
        book.active.append(row)
    book.save(folder / "form.xlsx")
    return folder / "form.xlsx"


def refusal(path: Path) -> FormError:
    with pytest.raises(FormRefused) as refused:
        convert(path)
    (error,) = refused.value.errors
    return error


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_each_problem_has_its_place_and_all_are_told_at_once():
    assert set(told(TWO_LANGUAGES)) == {
        ("warning.regex", "survey", 2, "constraint"),
        ("type", "survey", 3, "type"),
        ("expression", "survey", 4, "constraint"),
        ("warning.translation", "survey", 5, "label"),
        ("expression", "survey", 6, "calculation"),
        ("warning.translation", "choices", 3, "label"),
    }


def test_a_problem_reads_as_a_sentence_with_its_place_and_a_way_out():
    _, problems = check(converted(TWO_LANGUAGES))
    unknown = next(p for p in problems if p.row == 4)

    assert str(unknown) == (
        "[survey, row 4, constraint] “day”: “year(.) > 2000” can't be computed: "
        "the function year() isn't known. Please correct the expression."
    )
    assert FormError(**unknown.as_dict()) == unknown


def test_a_warning_does_not_keep_a_form_from_being_used():
    form, problems = check(converted(TWO_LANGUAGES))

    assert form is not None
    assert {p.code for p in problems if is_warning(p)} == {"warning.regex", "warning.translation"}


def test_a_clean_form_has_nothing_to_tell():
    form, problems = check(converted("| survey |\n| | type | name | label |\n| | text | a | A |"))

    assert form is not None
    assert problems == ()


@pytest.mark.parametrize(
    ("pattern", "warned"),
    [
        ("[0-9]+", True),
        ("^[0-9]+", True),
        ("[0-9]+$", True),
        ("^[0-9]+$", False),
        ("^[a-z]+, [a-z]+$", False),
    ],
)
def test_a_pattern_that_a_part_of_an_answer_satisfies_is_warned_of(pattern, warned):
    text = (
        "| survey |\n| | type | name | label | constraint |\n"
        f"| | text | a | A | regex(., '{pattern}') |"
    )

    assert bool(told(text)) is warned


@pytest.mark.parametrize(
    ("headings", "row", "code", "column"),
    [
        ("hint::en | hint::km", "H | ", "warning.translation", "hint"),
        ("media::video::en | media::video::km", "a.mp4 | a.mp4", "warning.media", "media"),
    ],
    ids=["a hint", "a film"],
)
def test_what_is_not_shown_or_not_translated_is_warned_of(headings, row, code, column):
    text = (
        f"| survey |\n| | type | name | label::en | label::km | {headings} |\n"
        f"| | text | a | A | ក | {row} |"
    )

    assert told(text) == [(code, "survey", 2, column)]


def test_a_message_that_is_not_translated_is_warned_of():
    text = (
        "| survey |\n| | type | name | label::en | label::km | constraint |"
        " constraint_message::en | required | required_message::km |\n"
        "| | text | a | A | ក | . != 'x' | No. | yes | ត្រូវការ |"
    )

    assert {(code, column) for code, _, _, column in told(text) if code != "warning.xlsform"} == {
        ("warning.translation", "constraint_message"),
        ("warning.translation", "required_message"),
    }


def test_metadata_that_stays_blank_is_warned_of():
    text = "| survey |\n| | type | name | label |\n| | deviceid | s | |\n| | text | a | A |"

    assert told(text) == [("warning.preload", "survey", 2, "type")]


def test_a_warning_of_pyxform_has_its_place_too():
    error = placed("warning.xlsform", "[row : 4] Group has no label: {'name': 'g'}")

    assert (error.sheet, error.row) == ("survey", 4)
    assert error.problem == "Group has no label: {'name': 'g'}"


def test_a_workbook_is_read_with_its_rows(tmp_path):
    answer = convert(workbook(tmp_path, SURVEY))

    assert answer["rows"] == {"a": 2, "b": 4}
    assert "<a/>" in answer["xform"]


def test_headings_may_be_written_large(tmp_path):
    answer = convert(workbook(tmp_path, [["Type", "Name", "Label"], ["text", "a", "A"]]))

    assert answer["rows"] == {"a": 2}


def test_a_csv_file_is_read(tmp_path):
    answer = convert(written(tmp_path, "f.csv", "survey,,,\n,type,name,label\n,text,a,A\n"))

    form, problems = check(answer)

    assert [question.name for question in form.questions] == ["a"]
    assert problems == ()


def test_a_markdown_file_may_begin_with_a_byte_order_mark_and_comments(tmp_path):
    path = written(
        tmp_path, "f.md", "\ufeff# About\n| survey |\n| | type | name | label |\n| | text | a | A |"
    )

    assert convert(path)["rows"] == {"a": 2}


@pytest.mark.parametrize(
    ("rows", "sheet", "row"),
    [
        pytest.param([["text", "a", "${lost}"]], "survey", 2, id="a name that isn't there"),
        pytest.param([["text", "a", "A"], ["text", "a", "A"]], "survey", 3, id="a name twice"),
        pytest.param([["text", "a b", "A"]], "survey", 2, id="a blank in a name"),
        pytest.param([["begin_group", "g", "G"]], "survey", 2, id="a group without an end"),
        pytest.param([["text", "a", "A"], ["tekst", "b", "B"]], "survey", 3, id="no such type"),
        pytest.param([["text", "a", "A"], ["text", "b", ""]], "survey", 3, id="no label"),
        pytest.param([["select_one yn", "a", "A"]], None, None, id="no choices sheet"),
    ],
)
def test_a_reason_of_pyxform_has_its_sheet_and_row(rows, sheet, row, tmp_path):
    error = refusal(workbook(tmp_path, [["type", "name", "label"], *rows]))

    assert (error.code, error.sheet, error.row) == ("xlsform", sheet, row)
    assert "[row" not in error.problem


def test_a_choice_given_twice_is_placed_on_the_choices_sheet(tmp_path):
    path = written(
        tmp_path,
        "f.md",
        "| survey |\n| | type | name | label |\n| | select_one yn | a | A |\n| choices |\n"
        "| | list_name | name | label |\n| | yn | y | Y |\n| | yn | y | Y |",
    )

    error = refusal(path)

    assert (error.code, error.sheet, error.row) == ("xlsform", "choices", 3)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.md", b"# Hello\n\nThis is a letter.\n"),
        ("empty.md", b""),
        ("binary.md", b"\xff\xfe\x00"),
        ("text.xlsx", b"hello"),
        ("table.csv", b"a,b\n1,2\n"),
        ("notes.txt", b"hello"),
        ("nothing", b""),
    ],
)
def test_a_file_that_is_no_form_is_unreadable_and_says_what_to_do(name, data, tmp_path):
    path = tmp_path / name
    path.write_bytes(data)

    error = refusal(path)

    assert error.code == "unreadable"
    assert ".xlsx" in error.way_out


def test_a_table_that_is_no_survey_is_refused(tmp_path):
    path = written(tmp_path, "table.md", "# Prices\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")

    assert refusal(path).code == "xlsform"


PICTURED = """
| survey | | | | |
| | type | name | label | media::image | media::audio |
| | select_one way | q | Q | map.png | q.amr |
| choices | | | | |
| | list_name | name | label | media::image |
| | way | road | Road | road.jpg |
| | way | river | River | river.jpg |
"""


def test_a_picture_that_is_missing_and_a_sound_that_no_chat_plays_are_told_by_sheet_and_row():
    files = {"map.png": b"", "q.amr": b"", "road.jpg": b""}

    _, problems = check({**converted(PICTURED), "attachments": files})

    missing, mute = [p for p in problems if not is_warning(p)]
    assert (missing.code, missing.sheet, missing.row) == ("chat.file", "choices", 3)
    assert "river.jpg" in missing.problem
    assert (mute.code, mute.sheet, mute.row) == ("chat.file", "survey", 2)
    assert mute.column == "media::audio"
