"""A response as a row: codes that mean the same in every version, blank where nothing was said."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from export.codebook import variables
from export.frames import METADATA, PROFILE, Frame, Redactions
from storage.responses import Response
from surveys import gazetteer
from surveys.form import Form, load
from tests.surveys.markdown import converted

PLACES = Path(__file__).parents[1] / "transcripts" / "forms" / "sent.md"
VOICE = "voice:" + "0123456789abcdef" * 2
Cells = Mapping[str, Any]


def response(form: Form, **values: str) -> Response:
    return Response(
        interview_id="interview",
        version=form.version,
        language="km",
        complete=True,
        at=dt.datetime(2026, 11, 25, 18, 30, tzinfo=dt.UTC),
        sector="citizen",
        province="kampot",
        about={"sex": "f", "age_group": "25_34", "ethnicity": "tampuan", "disability": "yes"},
        values={form.by_name[name].path: value for name, value in values.items()},
    )


@pytest.fixture
def frame(versions: list[Form]) -> Frame:
    spoken = versions[-1].by_name["change"].path
    return Frame(variables(versions), frozenset({spoken}), lambda _: "EXPORTID", {}, Redactions())


@pytest.fixture
def codes(frame: Frame, versions: list[Form]) -> Callable[..., Cells]:
    """Return a response to a version as codes by column."""

    def row(at: int, **values: str) -> Cells:
        return dict(zip(frame.header(), frame.codes(response(versions[at], **values)), strict=True))

    return row


@pytest.fixture
def labels(frame: Frame, versions: list[Form]) -> Callable[..., Cells]:
    """Return a response to a version as labels by column of codes."""

    def row(at: int, language: str, **values: str) -> Cells:
        shown = frame.labels(frame.codes(response(versions[at], **values)), language)
        return dict(zip(frame.header(), shown, strict=True))

    return row


def test_the_columns_are_the_newest_versions_then_what_is_gone(frame: Frame) -> None:
    assert frame.header() == [
        "_id", "_submission_time", "_status", "_form_version", "_lang", "_mode",
        "_event", "_person",
        "_sector", "_province", "_sex", "_age_group",
        "topics", "topics/road", "topics/water", "topics/jobs", "topics/a/b",
        "say", "visits", "half", "since", "size", "change", "change/_voice",
        "size__1", "note",
    ]  # fmt: skip


def test_no_two_columns_have_one_name(frame: Frame) -> None:
    assert len(set(frame.header())) == len(frame.header())


def test_a_row_begins_with_what_is_known_beside_the_answers(codes: Callable[..., Cells]) -> None:
    row = codes(1)

    assert [row[name] for name in (*METADATA, *PROFILE)] == [
        "EXPORTID",
        "2026-11-26T01:30:00+07:00",
        "complete",
        "2",
        "km",
        "self",
        None,
        None,
        "citizen",
        "kampot",
        "f",
        "25_34",
    ]


def test_disability_and_ethnicity_stand_in_no_row(codes: Callable[..., Cells]) -> None:
    assert "tampuan" not in codes(1).values()
    assert not [name for name in codes(1) if "ethnic" in name or "disab" in name]


def test_what_wasnt_answered_is_blank_everywhere(frame: Frame, codes: Callable[..., Cells]) -> None:
    row = codes(1)

    assert {row[name] for name in frame.header()[len(METADATA) + len(PROFILE) :]} == {None}


def test_in_an_answered_select_multiple_0_means_not_chosen(codes: Callable[..., Cells]) -> None:
    row = codes(1, topics="road a/b")

    assert {name: row[name] for name in row if name.startswith("topics")} == {
        "topics": "road a/b",
        "topics/road": 1,
        "topics/water": 0,
        "topics/jobs": 0,
        "topics/a/b": 1,
    }


@pytest.mark.parametrize(
    ("name", "value", "cell"),
    [
        ("visits", "0", 0),
        ("visits", "-12", -12),
        ("since", "2026-11-24", dt.date(2026, 11, 24)),
        ("half", "1.50", Decimal("1.50")),
        ("half", "3", 3),
        ("half", "007", "007"),
        ("half", "1_000", "1_000"),
        ("half", "NaN", "NaN"),
        ("say", "no", "no"),
        ("size", "small", "small"),
        ("change", "42", "42"),
        ("change", "2026-11-24", "2026-11-24"),
        ("change", "ផ្លូវ", "ផ្លូវ"),
    ],
)
def test_a_value_has_the_type_of_its_question(
    frame: Frame, versions: list[Form], name: str, value: str, cell: Any
) -> None:
    newest = versions[-1]
    path = next(node.path for node in newest.nodes.values() if node.name == name)
    answered = response(newest)
    answered.values[path] = value

    row = dict(zip(frame.header(), frame.codes(answered), strict=True))

    assert row[name] == cell
    assert type(row[name]) is type(cell)


def test_a_value_that_no_version_knows_stays_in_its_column(
    frame: Frame, codes: Callable[..., Cells]
) -> None:
    row = codes(1, topics="moon road", say="perhaps", visits="many", since="long ago", size="huge")

    assert len(row) == len(frame.header())
    assert (row["topics"], row["topics/road"], row["topics/water"]) == ("moon road", 1, 0)
    assert (row["say"], row["visits"], row["since"], row["size"]) == (
        "perhaps",
        "many",
        "long ago",
        "huge",
    )


def test_a_removed_question_keeps_its_column(codes: Callable[..., Cells]) -> None:
    assert codes(0, note="ចាស់")["note"] == "ចាស់"
    assert codes(1)["note"] is None


def test_a_question_whose_kind_changed_has_a_column_for_each_kind(
    codes: Callable[..., Cells],
) -> None:
    old, new = codes(0, size="3"), codes(1, size="large")

    assert (old["size__1"], old["size"]) == (3, None)
    assert (new["size__1"], new["size"]) == (None, "large")


def test_the_code_is_the_same_in_all_versions_and_the_label_the_newest(
    codes: Callable[..., Cells], labels: Callable[..., Cells]
) -> None:
    assert [codes(at, say="yes")["say"] for at in (0, 1)] == ["yes", "yes"]
    assert [labels(at, "en", say="yes")["say"] for at in (0, 1)] == ["Yes, fully", "Yes, fully"]
    assert labels(0, "km", topics="water")["topics"] == "ទឹកស្អាត"


def test_labels_of_several_choices_can_be_told_apart(labels: Callable[..., Cells]) -> None:
    row = labels(1, "en", topics="water a/b")

    assert row["topics"] == "Clean water | One, or both"
    assert row["topics/water"] == 1


def test_a_code_without_a_label_stands_for_itself(labels: Callable[..., Cells]) -> None:
    row = labels(1, "en", topics="moon road", say="perhaps")

    assert (row["topics"], row["say"]) == ("moon | Road", "perhaps")


def test_the_columns_are_shown_as_questions_in_each_language(frame: Frame) -> None:
    english, khmer = frame.labels_header("en"), frame.labels_header("km")

    assert len(english) == len(khmer) == len(frame.header())
    at = frame.header().index("topics/water")
    assert (english[at], khmer[at]) == (
        "What matters most?/Clean water",
        "តើអ្វីសំខាន់ជាងគេ?/ទឹកស្អាត",
    )
    assert english[frame.header().index("topics/a/b")] == "What matters most?/One, or both"
    assert english[frame.header().index("half")] == "half"


def test_a_voice_note_is_marked_and_a_text_isnt(codes: Callable[..., Cells]) -> None:
    spoken, written, silent = codes(1, change=VOICE), codes(1, change="ផ្លូវ"), codes(1)

    assert (spoken["change"], spoken["change/_voice"]) == (None, 1)
    assert (written["change"], written["change/_voice"]) == ("ផ្លូវ", 0)
    assert (silent["change"], silent["change/_voice"]) == (None, None)


def test_what_was_spoken_and_written_down_is_a_text_like_any_other_and_marked(
    frame: Frame, versions: list[Form]
) -> None:
    said = response(versions[1], change="សូមទូរសព្ទ 012 345 678")
    row = frame.codes(replace(said, spoken=frozenset({versions[1].by_name["change"].path})))
    cells = dict(zip(frame.header(), row, strict=True))

    assert (cells["change"], cells["change/_voice"]) == ("សូមទូរសព្ទ […]", 1)


def test_a_text_that_only_begins_like_a_voice_note_is_a_text(codes: Callable[..., Cells]) -> None:
    row = codes(1, change="voice: the road is bad")

    assert (row["change"], row["change/_voice"]) == ("voice: the road is bad", 0)


def test_numbers_and_addresses_are_taken_out_of_every_text_and_counted(
    frame: Frame, codes: Callable[..., Cells]
) -> None:
    row = codes(1, change="call 012 345 678 or a@b.example", say="my say: 012 345 678")
    old = codes(0, note="@sokha_dara", size="012 345 678")

    assert row["change"] == "call […] or […]"
    assert row["say"] == "my say: […]"
    assert (old["note"], old["size__1"]) == ("[…]", "[…]")
    assert frame.redactions.count == 5


def test_a_code_is_never_taken_for_a_number_of_somebody(versions: list[Form]) -> None:
    frame = Frame(variables(versions), frozenset(), lambda _: "", {}, Redactions())

    frame.codes(response(versions[1], topics="road water", say="yes", visits="123456789"))

    assert frame.redactions.count == 0


def test_a_place_that_was_chosen_by_its_name_has_its_code_beside_the_point() -> None:
    form = load(converted(PLACES.read_text("utf-8"))["xform"])
    frame = Frame(variables([form]), frozenset(), str, {}, Redactions())
    school, well = form.by_name["school"].path, form.by_name["where"].path
    said = response(form, where=gazetteer.point("170202"), school="13.4 103.9 0 5")
    row = frame.codes(replace(said, places={well: "170202"}))
    codes = dict(zip(frame.header(), row, strict=True))
    named = dict(zip(frame.header(), frame.labels(row, "km"), strict=True))

    assert codes["where"] == "13.31496 103.80543 0 100000"
    assert (codes["where/_place"], codes["school/_place"]) == ("170202", None)
    assert named["where/_place"] == "ឃុំលាងដៃ, ស្រុកអង្គរធំ, ខេត្តសៀមរាប"
    assert frame.labels_header("en").count("Where is the well?/_place") == 1
    assert (school in said.values, frame.redactions.count) == (True, 0)


def test_no_point_is_taken_for_a_phone_number() -> None:
    form = load(converted(PLACES.read_text("utf-8"))["xform"])
    frame = Frame(variables([form]), frozenset(), str, {}, Redactions())

    for province in gazetteer.within(""):
        point = gazetteer.point(province.code)
        assert point in frame.codes(response(form, where=point))
    assert frame.redactions.count == 0
