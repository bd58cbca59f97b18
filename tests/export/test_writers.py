"""Files that hold exactly what was put in, and in which no text becomes anything else."""

import csv
import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from export.frames import Cell
from export.writers import LONGEST_TEXT, CsvWriter, DoesNotFit, WorkbookWriter

CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028"


def write(path: Path, rows: Sequence[Sequence[Cell]], **options: Any) -> WorkbookWriter:
    book = WorkbookWriter(path, **options)
    book.sheet("data", [f"c{at}" for at in range(max(map(len, rows), default=1))])
    for row in rows:
        book.add("data", row)
    book.close()
    return book


def read(path: Path, name: str = "data") -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()


def sheet_xml(path: Path) -> str:
    with ZipFile(path) as parts:
        return "".join(
            parts.read(name).decode() for name in parts.namelist() if "worksheets" in name
        )


def test_every_text_comes_back_as_it_was_written(tmp_path: Path, hostile: Sequence[str]) -> None:
    write(tmp_path / "a.xlsx", [[text] for text in hostile])

    assert [row[0] for row in read(tmp_path / "a.xlsx")[1:]] == list(hostile)


def test_no_text_becomes_a_formula_a_link_or_a_number(
    tmp_path: Path, hostile: Sequence[str]
) -> None:
    write(tmp_path / "a.xlsx", [[text] for text in hostile])

    with ZipFile(tmp_path / "a.xlsx") as parts:
        names = parts.namelist()
    xml = sheet_xml(tmp_path / "a.xlsx")
    assert "<f>" not in xml
    assert "<f " not in xml
    assert "<hyperlink" not in xml
    assert not [name for name in names if "_rels/sheet" in name]
    assert "<v>" not in xml


def test_control_characters_come_back_too(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [[f"a{char}b"] for char in CONTROLS])

    back = [row[0] for row in read(tmp_path / "a.xlsx")[1:]]

    assert back == [f"a{char}b" for char in CONTROLS]


def test_numbers_are_numbers_and_dates_are_dates(tmp_path: Path) -> None:
    row: list[Cell] = [0, -12, 999_999_999_999_999, Decimal("12.5"), dt.date(2026, 11, 24)]

    write(tmp_path / "a.xlsx", [row])

    assert read(tmp_path / "a.xlsx")[1] == [
        0.0,
        -12.0,
        999_999_999_999_999.0,
        12.5,
        dt.date(2026, 11, 24),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        1_234_567_890_123_456_789,
        -9_007_199_254_740_993,
        Decimal("0.12345678901234567"),
        dt.date(1900, 2, 28),
        dt.date(202, 1, 1),
    ],
)
def test_what_a_spreadsheet_cant_hold_exactly_is_written_as_text(
    tmp_path: Path, cell: Cell
) -> None:
    write(tmp_path / "a.xlsx", [[cell]])

    assert read(tmp_path / "a.xlsx")[1] == [str(cell)]


def test_blank_and_zero_differ(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [[0, None, 1]])

    assert read(tmp_path / "a.xlsx")[1] == [0.0, "", 1.0]
    assert 'r="B2"' not in sheet_xml(tmp_path / "a.xlsx")


def test_the_header_stays_in_view(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", [["a"]])

    xml = sheet_xml(tmp_path / "a.xlsx")
    assert 'state="frozen"' in xml
    assert 'ySplit="1"' in xml


def test_a_text_that_is_too_long_for_a_cell_is_cut_and_counted(tmp_path: Path) -> None:
    fits, too_long = "ក" * LONGEST_TEXT, "ខ្មែរ" * 10_000

    book = write(tmp_path / "a.xlsx", [[fits], [too_long], ["short"], ["🙏" * 16_384]])

    back = [row[0] for row in read(tmp_path / "a.xlsx")[1:]]
    assert book.cut == 2
    assert (back[0], back[2]) == (fits, "short")
    assert back[1].endswith("ខ្មែរ…")
    assert LONGEST_TEXT - 5 < len(back[1]) <= LONGEST_TEXT
    assert back[3] == "🙏" * 16_383 + "…"


def test_a_sheet_that_is_full_goes_on_in_another(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx", [[n] for n in range(7)], most_rows=4)

    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names == [
        "data",
        "data_2",
        "data_3",
    ]
    assert book.continued == ("data_2", "data_3")
    header = ["c0"]
    assert read(tmp_path / "a.xlsx", "data") == [header, [0.0], [1.0], [2.0]]
    assert read(tmp_path / "a.xlsx", "data_2") == [header, [3.0], [4.0], [5.0]]
    assert read(tmp_path / "a.xlsx", "data_3") == [header, [6.0]]


def test_more_columns_than_a_sheet_has_are_refused(tmp_path: Path) -> None:
    book = WorkbookWriter(tmp_path / "a.xlsx")

    with pytest.raises(DoesNotFit, match="columns"):
        book.sheet("data", ["c"] * 16_385)

    book.close()


def test_a_csv_is_exact_and_begins_with_a_mark(tmp_path: Path, hostile: Sequence[str]) -> None:
    out = CsvWriter(tmp_path / "a.csv", ["ចម្លើយ", "n"])
    for text in hostile:
        out.add([text, None])
    out.add([0, Decimal("0.0000001")])
    out.add([dt.date(2026, 11, 24), Decimal("3.50")])
    out.close()

    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith("\ufeffចម្លើយ,n\r\n".encode())
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.reader(file))
    assert back[1:] == [
        *([text, ""] for text in hostile),
        ["0", "0.0000001"],
        ["2026-11-24", "3.50"],
    ]


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufffe\uffff"), max_size=30)
cells: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    texts.filter(bool),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.dates(dt.date(1900, 3, 1)),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_is_written_is_read_back(tmp_path: Path, rows: list[list[Cell]]) -> None:
    write(tmp_path / "a.xlsx", [["first", "of", "all"], *rows])

    back = read(tmp_path / "a.xlsx")[2:]

    for row, written in zip(back + [["", "", ""]] * len(rows), rows, strict=False):
        for cell, meant in zip(row, written, strict=True):
            same = math.isclose(cell, meant) if isinstance(meant, int) else cell == (meant or "")
            assert same, (cell, meant)
