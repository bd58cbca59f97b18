"""Uploads are hostile: whatever a file holds, it ends in a form or a reason, within its limits."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot import conversion
from bot.conversion import beside, convert_all
from surveys.errors import FormRefused
from surveys.instruments import FOLDER

# Two hundred by `make mutations`; a few each time.
MUTATED = max(3, int(os.environ.get("SAMLENG_MUTATIONS", "0")) // 50)


def workbook() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.title = "survey"
    for row in (["type", "name", "label"], ["text", "why", "ហេតុអ្វី?"], ["integer", "n", "N?"]):
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def converted(path: Path) -> object:
    return convert_all([path])[path]


def replaced(part: str, content: bytes) -> bytes:
    """Return the workbook with one part of it replaced."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            body = content if name == part else old.read(name)
            new.writestr(name, body, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def mutations() -> Iterator[bytes]:
    """Yield the workbook with some bytes changed, each time the same ones."""
    whole = workbook()
    for number in range(MUTATED):
        broken = bytearray(whole)
        chance = hashlib.sha512(str(number).encode()).digest()
        for at in range(0, 60, 3):
            broken[int.from_bytes(chance[at : at + 2]) % len(broken)] = chance[at + 2]
        yield bytes(broken)


def test_a_workbook_converts(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(workbook())

    assert isinstance(converted(tmp_path / "form.xlsx"), dict)


BOMB = b"<worksheet>" + b" " * (70 * 1024 * 1024) + b"</worksheet>"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9))
    + b"]><worksheet>&j;</worksheet>"
)


@pytest.mark.parametrize("content", [BOMB, LAUGHS, b"<worksheet", b""], ids=lambda c: str(c[:20]))
def test_a_workbook_made_to_harm_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "form.xlsx").write_bytes(replaced("xl/worksheets/sheet1.xml", content))

    assert isinstance(converted(tmp_path / "form.xlsx"), FormRefused)


def test_one_hostile_file_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(replaced("xl/workbook.xml", LAUGHS))

    answers = convert_all([tmp_path / "form.xlsx", FOLDER / "profile.md"])

    assert isinstance(answers[FOLDER / "profile.md"], dict)


def test_a_broken_workbook_ends_in_a_form_or_a_reason(tmp_path: Path) -> None:
    for number, content in enumerate(mutations()):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)

        assert isinstance(converted(path), dict | FormRefused)


PLACES = """
| survey | | | |
| | type | name | label |
| | select_one_from_file places.csv | place | Where? |
"""


def test_a_list_from_a_file_beside_the_form_is_read_and_one_from_elsewhere_is_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "form.md").write_text(PLACES, "utf-8")
    (tmp_path / "places.csv").write_text("name,label\nkampot,កំពត\n", "utf-8")

    found = beside(tmp_path / "form.md", 'src="jr://file-csv/places.csv" "jr://file/../form.md"')
    answer = converted(tmp_path / "form.md")

    assert list(found) == ["places.csv"]
    assert isinstance(answer, dict)
    assert b"kampot" in answer["attachments"]["places.csv"]


def test_the_files_of_a_form_lie_in_a_folder_named_after_it(tmp_path: Path) -> None:
    (tmp_path / "form-media").mkdir()
    (tmp_path / "form-media" / "a & b.png").write_bytes(b"map")
    (tmp_path / "form-media" / "unnamed.png").write_bytes(b"other")

    found = beside(tmp_path / "form.md", "jr://images/a &amp; b.png<jr://audio/missing.ogg<")

    assert found == {"a & b.png": b"map"}


def test_files_over_the_limits_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversion, "LARGEST_FILE", 10)
    monkeypatch.setattr(conversion, "MOST_FILES", 15)
    for name, size in (("a.png", 10), ("b.png", 11), ("c.png", 6), ("d.png", 5)):
        (tmp_path / name).write_bytes(bytes(size))

    named = "".join(f"<jr://images/{name}<" for name in ("a.png", "b.png", "c.png", "d.png"))

    assert sorted(beside(tmp_path / "form.md", named)) == ["a.png", "d.png"]


def test_sounds_in_spoken_languages_come_along_though_no_form_names_them(tmp_path: Path) -> None:
    for name in ("tpu/q.ogg", "tpu/yn.yes.mp3", "tpu/notes.txt", "zz/q.ogg"):
        file = tmp_path / "form-media" / "audio" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"sound")

    found = beside(tmp_path / "form.md", "")

    assert sorted(found) == ["audio/tpu/q.ogg", "audio/tpu/yn.yes.mp3"]
