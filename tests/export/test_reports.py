"""Reports in the export: issues and commitments in their own sheets, the register, tombstones."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from export.bundle import make
from storage import answers, commitments, dialogues, forms, interviews, readings, reports
from storage.answers import Source
from storage.database import KEY
from storage.responses import EVERYTHING, Part
from surveys.instruments import DIALOGUE_REPORT, instrument
from surveys.interview import Answered
from surveys.xlsform import convert
from tests.export.conftest import Village

DAY = dt.date(2026, 11, 20)
DUE = dt.date(2026, 11, 24)
OLDER = """
| survey | | | | | |
| | type | name | label::English (en) | label::Khmer (km) | calculation |
| | text | place | Where? | នៅទីណា? | |
| | begin_group | attendance | Who | អ្នកណា | |
| | integer | women | Women? | ស្រី? | |
| | integer | men | Men? | ប្រុស? | |
| | calculate | participants | | | ${women} + ${men} |
| | end_group | | | | |
| settings | | |
| | form_title | form_id | version |
| | Report | dialogue_report | 1 |
"""
Sheets = dict[str, list[dict[str, Any]]]


@pytest.fixture
def versions(village: Village, tmp_path: Path) -> dict[str, int]:
    """Publish the form that was, and the one that is."""
    found = instrument(DIALOGUE_REPORT)
    assert found is not None
    older = tmp_path / "older.md"
    older.write_text(OLDER, "utf-8")
    for path in (older, found.path):
        village.store.run(forms.publish, convert(path)["xform"], path.stem)
    newest = village.store.run(forms.newest, DIALOGUE_REPORT)
    assert newest is not None
    return {"older": newest.id - 1, "newest": newest.id}


SAID = {
    "/data/detail": "full",
    "/data/place": "Hall",
    "/data/held_on": DAY.isoformat(),
    "/data/attendance/participants": "45",
    "/data/attendance/women": "20",
    "/data/attendance/men": "25",
    "/data/issue[1]/topic": "road",
    "/data/issue[1]/outcome": "agreed",
    "/data/issue[2]/topic": "water",
    "/data/issue[2]/outcome": "disputed",
    "/data/commitment[1]/office": "d_water",
    "/data/commitment[1]/what": "A well, call 012 345 678",
    "/data/commitment[1]/due_on": DUE.isoformat(),
    "/data/access": "staff",
}


@pytest.fixture
def reported(village: Village, versions: dict[str, int]) -> Callable[..., str]:
    """Submit a report of the dialogue of Kampot; return its id."""
    about = village.store.run(
        dialogues.create, "provincial", "kampot", "Hall", DAY, "maker", held_on=DAY
    )

    def make_one(sector: str = "cso", said: dict[str, str] | None = None, **how: Any) -> str:
        who = village.person(sector=sector, province="siem_reap")
        version = versions[how.get("version", "newest")]
        begun = village.store.run(interviews.start, who, version, DIALOGUE_REPORT, "km")
        done = replace(begun, status="complete", response=said or SAID)
        village.store.run(interviews.save, done)
        if how.get("version") != "older":
            is_sensitive = how.get("is_sensitive", False)
            village.store.run(reports.file, done.id, about.id, "2026-Q4", is_sensitive=is_sensitive)
        return done.id

    return make_one


def promised(village: Village, report: str) -> int:
    path = "/data/commitment[1]"
    what = SAID[f"{path}/what"]
    given = [(Answered(f"{path}/what", what), None)]
    village.store.run(answers.add, report, given, Source(1, 1))
    entry = {"path": path, "office": "d_water", "what": what, "due_on": DUE}
    return village.store.run(commitments.enter, 1, report, "cso", entry, DAY, None)


def exported(village: Village, folder: Path, part: Part = EVERYTHING) -> Sheets:
    """Return each sheet's rows by the names of its columns; each has a CSV of its own too."""
    lines = list(
        make(village.folder, village.folder / KEY, DIALOGUE_REPORT, folder / "out", None, part)
    )
    workbook, *csv = map(Path, lines[-1]["files"])
    assert {path.name.rpartition("_")[2] for path in csv} >= {
        "issue.csv", "commitment.csv", "register.csv",
    }  # fmt: skip
    book = CalamineWorkbook.from_path(workbook)
    found = {}
    for name in book.sheet_names:
        header, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def test_issues_and_commitments_stand_in_sheets_of_their_own_with_their_dialogue(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    reported()

    sheets = exported(village, tmp_path)

    [whole] = sheets["data"]
    about = {
        "_dialogue": 1, "_level": "provincial", "_dialogue_province": "kampot",
        "_held_on": DAY, "_quarter": "2026-Q4", "_side": "cso",
    }  # fmt: skip
    assert about.items() <= whole.items()
    assert (whole["participants"], whole["women"], whole["_status"]) == (45, 20, "complete")
    assert "topic" not in whole
    assert [(row["_instance"], row["topic"], row["outcome"]) for row in sheets["issue"]] == [
        ("1", "road", "agreed"),
        ("2", "water", "disputed"),
    ]
    [commitment] = sheets["commitment"]
    assert {**about, "office": "d_water", "due_on": DUE}.items() <= commitment.items()
    assert commitment["what"] == "A well, call […]"
    assert {row["_id"] for row in sheets["issue"]} == {whole["_id"]} == {commitment["_id"]}
    assert {"topic", "office", "place"} <= {row["variable"] for row in sheets["codebook"]}


def test_the_register_says_what_each_side_says_and_whether_in_time(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    number = promised(village, reported())
    village.store.run(commitments.say, number, "cso", "blocked", None, "budget")
    village.now -= dt.timedelta(days=3)
    for side in ("cso", "gov"):
        village.store.run(commitments.say, number, side, "kept", None)

    sheets = exported(village, tmp_path)

    [row] = sheets["register"]
    assert row["office_en"] == "Department of Water Resources"
    assert (row["state"], row["cso_state"], row["gov_state"]) == ("kept", "kept", "kept")
    assert (row["kept_on"], row["due_on"], row["updates"]) == (dt.date(2026, 11, 22), DUE, 3)
    assert row["what"] == "A well, call […]"
    [told] = [line for line in sheets["README"] if "register" in line.values()]
    assert "1 commitments. Kept by their due day: 1 of 1" in str(told)


def test_words_that_staff_hid_are_hidden_in_every_sheet(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    promised(village, reported())
    village.store.run(lambda tx: readings.mark(tx, 1, hidden=True))

    sheets = exported(village, tmp_path)

    assert [sheets[name][0]["what"] for name in ("commitment", "register")] == ["[…]", "[…]"]


def test_of_a_withdrawn_report_only_its_id_is_left(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    kept, gone = reported(), reported("gov")
    before = exported(village, tmp_path)["data"]
    for entry in village.store.run(commitments.of_report, gone):
        village.store.run(commitments.withdraw, entry.id)
    village.store.run(reports.withdraw, gone)

    sheets = exported(village, tmp_path)

    first, second = sheets["data"]
    assert kept
    assert first == before[0]
    assert {k: v for k, v in second.items() if v != ""} == {
        "_id": before[1]["_id"],
        "_status": "withdrawn",
    }
    assert {row["_id"] for row in sheets["issue"]} == {first["_id"]}
    assert "1 complete" in str(sheets["README"])


def test_a_sensitive_report_and_an_unfinished_one_are_in_no_sheet(
    village: Village, versions: dict[str, int], reported: Callable[..., str], tmp_path: Path
) -> None:
    promised(village, reported(is_sensitive=True))
    who = village.person(sector="cso")
    begun = village.store.run(interviews.start, who, versions["newest"], DIALOGUE_REPORT, "km")
    village.store.run(interviews.save, replace(begun, response=SAID))

    sheets = exported(village, tmp_path)

    assert sheets["data"] == sheets["issue"] == sheets["commitment"] == sheets["register"] == []


def test_reports_of_the_earlier_form_stay_exportable(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    older = {
        "/data/place": "Hall",
        "/data/attendance/women": "12",
        "/data/attendance/men": "15",
        "/data/attendance/participants": "27",
    }
    reported(said=older, version="older")
    reported()

    first, second = exported(village, tmp_path)["data"]

    assert (first["_form_version"], first["women"], first["participants__1"]) == ("1", 12, 27)
    assert (second["women"], second["participants"], second["men"]) == (20, 45, 25)


def test_a_province_has_the_reports_of_its_dialogues_whoever_wrote_them(
    village: Village, reported: Callable[..., str], tmp_path: Path
) -> None:
    promised(village, reported())

    here = exported(village, tmp_path, Part("kampot"))
    there = exported(village, tmp_path, Part("siem_reap"))

    assert (len(here["data"]), len(here["register"])) == (1, 1)
    assert there["data"] == there["register"] == []
