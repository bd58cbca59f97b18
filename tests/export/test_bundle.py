"""An export as files: data first, the same in CSV and workbook, whole or not there at all."""

import csv
import datetime as dt
import json
import os
import stat
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from export import bundle, summary
from export.bundle import Files, UnknownForm, make, write
from export.codebook import variables
from export.frames import Frame, Redactions
from export.writers import DoesNotFit
from storage.database import KEY
from storage.responses import Response
from surveys.form import Form

Village = Any
Exporting = Callable[..., Any]
SHEETS = ["README", "data", "labels_en", "labels_km", "codebook", "choices", "summary"]


def csv_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def shown(cell: Any) -> str:
    """Return a cell of a workbook as the CSV has it."""
    if isinstance(cell, float):
        return f"{Decimal(cell).normalize():f}"
    return cell.isoformat() if isinstance(cell, dt.date) else str(cell)


@pytest.fixture
def told(village: Village, hostile: Sequence[str]) -> Village:
    """A village in which a few people answered, and what they wrote is hard to hold."""
    profiled = village.person(sector="citizen", province="kampot")
    village.answers(profiled, "profile", "paused", sex="f", age_group="25_34", ethnicity="tampuan")
    village.answers(profiled, "1", topics="road a/b", say="yes", visits="3", size="7", note="ចាស់")
    village.answers(
        village.person(), "2", topics="jobs", say="no", visits="0", since="2026-11-24", size="small"
    )
    village.answers(village.person(), "2", "paused", say="yes", change="មិនទាន់ចប់")
    village.speaks(village.person())
    for text in hostile:
        village.answers(village.person(), "2", change=text)
    return village


def test_the_workbook_has_its_sheets(told: Village, export: Exporting) -> None:
    assert export().sheets == SHEETS


def test_csv_and_workbook_hold_the_same(told: Village, export: Exporting) -> None:
    made = export()

    header, *rows = csv_rows(made.csv)
    header_there, *there = made.sheet("data")

    assert header == header_there
    assert len(rows) == len(there) == told.people
    assert [[shown(cell) for cell in row] for row in there] == rows


def test_people_appear_in_the_order_in_which_they_began(told: Village, export: Exporting) -> None:
    made = export()

    assert made.column("data", "_form_version")[:4] == ["1", "2", "2", "2"]
    assert made.column("data", "_status")[:4] == ["complete", "complete", "partial", "complete"]
    assert made.column("data", "topics")[:3] == ["road a/b", "jobs", ""]
    assert made.column("data", "visits")[:3] == [3.0, 0.0, ""]
    assert made.column("data", "half")[:3] == ["", 0.0, ""]
    assert made.column("data", "since")[1] == dt.date(2026, 11, 24)
    assert made.column("data", "size__1")[:2] == [7.0, ""]
    assert made.column("data", "change/_voice")[2:5] == [0.0, 1.0, 0.0]


def test_hostile_texts_come_back_to_the_letter(
    told: Village, export: Exporting, hostile: Sequence[str]
) -> None:
    made = export()

    for sheet in ("data", "labels_en", "labels_km"):
        column = made.sheet("data")[0].index("change")
        assert [row[column] for row in made.sheet(sheet)[5:]] == list(hostile)


def test_no_part_of_the_workbook_is_a_formula_or_a_link(told: Village, export: Exporting) -> None:
    parts = export().xml()

    sheets = [xml for name, xml in parts.items() if "worksheets" in name]
    assert len(sheets) == len(SHEETS)
    assert not [xml for xml in sheets if "<f>" in xml or "<f " in xml or "<hyperlink" in xml]
    assert not [name for name in parts if "externalLink" in name or "worksheets/_rels" in name]


def test_every_sheet_keeps_its_header_in_view(told: Village, export: Exporting) -> None:
    sheets = [xml for name, xml in export().xml().items() if "worksheets" in name]

    assert all('state="frozen"' in xml for xml in sheets)


def test_labels_are_the_newest_in_both_languages(told: Village, export: Exporting) -> None:
    made = export()

    assert made.column("labels_en", "Have you a say?")[:3] == ["Yes, fully", "No", "Yes, fully"]
    assert made.column("labels_km", "តើអ្នកមានសិទ្ធិបញ្ចេញមតិទេ?")[0] == "បាទ/ចាស ពេញលេញ"
    assert made.column("labels_en", "What matters most?")[0] == "Road | One, or both"
    assert made.column("labels_en", "_sex")[0] == "Female"
    assert made.column("labels_km", "_province")[0] == "កំពត"


def test_the_codebook_explains_every_column_and_the_choices_every_code(
    told: Village, export: Exporting
) -> None:
    made = export()

    questions = {name.split("/")[0] for name in made.sheet("data")[0] if not name.startswith("_")}
    assert set(made.column("codebook", "variable")) == questions
    versions = dict(
        zip(
            made.column("codebook", "variable"),
            made.column("codebook", "form_versions"),
            strict=True,
        )
    )
    assert (versions["topics"], versions["note"], versions["size__1"]) == ("1, 2", "1", "1")
    assert ["topics", "jobs", "Jobs", "ការងារ"] in made.sheet("choices")


def test_only_complete_responses_are_counted(village: Village, export: Exporting) -> None:
    for _ in range(11):
        village.answers(village.person(), say="yes")
    village.answers(village.person(), say="no")
    for _ in range(5):
        village.answers(village.person(), status="paused", say="no")

    made = export()

    figures = [row[1:] for row in made.sheet("summary") if row[0] == "say"]
    assert figures == [
        ["yes", "Yes, fully", "បាទ/ចាស ពេញលេញ", 11.0, 12.0, 91.7],
        ["no", "No", "ទេ", 1.0, 12.0, 8.3],
    ]
    readme = dict(row[:2] for row in made.sheet("README"))
    assert readme["Rows"] == "17: 12 complete, 5 partial"


def test_the_readme_says_what_was_done(
    village: Village, export: Exporting, secrets: Sequence[str]
) -> None:
    for secret in secrets:
        village.answers(village.person(), change=secret)

    readme = dict(row[:2] for row in export().sheet("README"))

    assert readme["Form"] == "Village (village)"
    assert readme["Versions"] == "1, 2"
    assert readme["Taken out of texts"] == str(len(secrets))
    assert readme["Cut texts"].startswith("0.")
    assert readme["Continued"] == "No sheet was too long."


def test_a_text_that_is_too_long_for_a_cell_is_whole_in_the_csv_and_named_in_the_readme(
    village: Village, export: Exporting
) -> None:
    long = "ខ្មែរ " * 6_000
    village.answers(village.person(), change=long)

    made = export()

    assert long in csv_rows(made.csv)[1]
    assert len(made.column("data", "change")[0]) <= 32_767
    readme = dict(row[:2] for row in made.sheet("README"))
    assert readme["Cut texts"].startswith("3.")


def test_a_form_that_nobody_answered_has_an_export_without_rows(
    village: Village, export: Exporting
) -> None:
    made = export()

    assert made.lines[-1]["rows"] == 0
    assert len(csv_rows(made.csv)) == len(made.sheet("data")) == 1


@pytest.mark.parametrize("form_id", ["nowhere", "", "profile", "../village"])
def test_an_unknown_form_is_refused_with_those_there_are(
    village: Village, tmp_path: Path, form_id: str
) -> None:
    with pytest.raises(UnknownForm) as caught:
        list(make(village.folder, village.folder / KEY, form_id, tmp_path / "export"))

    assert caught.value.known == ("village",)
    assert list((tmp_path / "export").iterdir()) == []


def test_progress_never_goes_back_and_ends_at_100(told: Village, export: Exporting) -> None:
    *progress, last = export().lines

    percents = [line["percent"] for line in progress]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert all(percent < 100 for percent in percents[:-1])
    assert last["rows"] == told.people


def test_files_have_their_names_only_when_they_are_whole(told: Village, tmp_path: Path) -> None:
    target = tmp_path / "export"
    on_the_way = {
        path.suffix
        for line in make(told.folder, told.folder / KEY, "village", target)
        if "percent" in line
        for path in target.iterdir()
    }

    assert on_the_way == {".part"}
    assert sorted(path.suffix for path in target.iterdir()) == [".csv", ".xlsx"]


def test_only_the_owner_can_read_the_files(told: Village, export: Exporting) -> None:
    os.umask(0o022)

    made = export()

    for path in (made.csv, made.workbook):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.csv.parent.stat().st_mode) == 0o700


def test_an_export_that_fails_leaves_nothing_behind(
    told: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "CODEBOOK", ("too", "many", "columns") * 6_000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    with pytest.raises(DoesNotFit):
        list(make(told.folder, told.folder / KEY, "village", tmp_path / "export"))

    assert list((tmp_path / "export").iterdir()) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_same_data_give_the_same_bytes(told: Village, export: Exporting) -> None:
    first = export().csv.read_bytes()

    assert export().csv.read_bytes() == first


def test_an_export_changes_nothing_in_the_database(told: Village, export: Exporting) -> None:
    told.store.empty_log()
    told.store.run(lambda _: None)
    before = told.store.path.read_bytes()

    export()

    assert told.store.path.read_bytes() == before


def run(village: Village, form_id: str, target: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "export",
        village.folder,
        village.folder / KEY,
        form_id,
        target,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_as_a_process_its_last_line_names_the_files(told: Village, tmp_path: Path) -> None:
    done = run(told, "village", tmp_path / "export")

    *progress, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert progress[-1] == {"percent": 100}
    assert [Path(name).exists() for name in last["files"]] == [True, True]
    assert last["rows"] == told.people


def test_as_a_process_an_unknown_form_is_exit_code_1_and_a_list(
    village: Village, tmp_path: Path
) -> None:
    done = run(village, "nowhere", tmp_path / "export")

    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1]) == {"failed": True, "forms": ["village"]}


def responses(form: Form, number: int) -> Iterator[Response]:
    paths = {name: form.by_name[name].path for name in ("topics", "say", "visits", "change")}
    for n in range(number):
        values = {
            paths["topics"]: "road jobs",
            paths["say"]: "yes",
            paths["visits"]: str(n),
            paths["change"]: f"ខ្ញុំចង់បានផ្លូវថ្មី {n}",
        }
        at = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
        yield Response(f"{n:032x}", form.version, "km", True, at, "citizen", None, {}, values)


def peak(versions: list[Form], target: Path, number: int) -> int:
    frame = Frame(variables(versions), frozenset(), str, {}, Redactions())
    files = Files(target, f"of_{number}")
    now = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    tracemalloc.start()
    try:
        rows = responses(versions[-1], number)
        for _ in write(files, frame, rows, number, versions, now):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_doesnt_grow_with_the_number_of_rows(
    versions: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "PIECE", 60)
    peak(versions, tmp_path, 10)

    few, many = peak(versions, tmp_path, 300), peak(versions, tmp_path, 1_200)

    assert many < few * 1.2
