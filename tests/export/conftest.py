"""A village survey in two versions, answered by people who write whatever people write.

Version 1 asks for topics, a say, how often, since when, the size of the field as a number, a note
that is gone in version 2, and a change in one's own words. In version 2 jobs are a topic too, a
label reads otherwise, the size is a choice, and a calculation came in.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from export.bundle import make
from storage import forms, interviews, media, outbox, respondents
from storage.database import KEY, open_store
from storage.forms import Published
from storage.store import Store
from surveys.form import Form, load
from surveys.interview import Instance, World
from surveys.xlsform import convert

BOT = 42
NOW = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)

VILLAGE_1 = """
| survey | | | | |
| | type | name | label::English (en) | label::Khmer (km) |
| | select_multiple topic | topics | What matters? | តើអ្វីសំខាន់? |
| | select_one say | say | Have you a say? | តើអ្នកមានសិទ្ធិបញ្ចេញមតិទេ? |
| | integer | visits | How often? | ប៉ុន្មានដង? |
| | date | since | Since when? | ពីពេលណា? |
| | integer | size | How large is your field? | ស្រែរបស់អ្នកធំប៉ុនណា? |
| | text | note | Anything else? | អ្វីផ្សេងទៀត? |
| | text | change | What should change? | តើអ្វីគួរផ្លាស់ប្តូរ? |
| choices | | | |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | topic | road | Road | ផ្លូវ |
| | topic | water | Water | ទឹក |
| | topic | a/b | One, or both | មួយ ឬទាំងពីរ |
| | say | yes | Yes | បាទ/ចាស |
| | say | no | No | ទេ |
| settings | | | |
| | form_title | form_id | version |
| | Village | village | 1 |
"""
VILLAGE_2 = """
| survey | | | | | |
| | type | name | label::English (en) | label::Khmer (km) | calculation |
| | select_multiple topic | topics | What matters most? | តើអ្វីសំខាន់ជាងគេ? | |
| | select_one say | say | Have you a say? | តើអ្នកមានសិទ្ធិបញ្ចេញមតិទេ? | |
| | integer | visits | How often? | ប៉ុន្មានដង? | |
| | calculate | half | | | ${visits} * 0.5 |
| | date | since | Since when? | ពីពេលណា? | |
| | select_one size | size | How large is your field? | ស្រែរបស់អ្នកធំប៉ុនណា? | |
| | text | change | What should change? | តើអ្វីគួរផ្លាស់ប្តូរ? | |
| choices | | | |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | topic | road | Road | ផ្លូវ |
| | topic | water | Clean water | ទឹកស្អាត |
| | topic | jobs | Jobs | ការងារ |
| | topic | a/b | One, or both | មួយ ឬទាំងពីរ |
| | say | yes | Yes, fully | បាទ/ចាស ពេញលេញ |
| | say | no | No | ទេ |
| | size | small | Small | តូច |
| | size | large | Large | ធំ |
| settings | | | |
| | form_title | form_id | version |
| | Village | village | 2 |
"""
PROFILE = """
| survey | | | | |
| | type | name | label::English (en) | label::Khmer (km) |
| | select_one province | province | Where? | នៅឯណា? |
| | select_one sex | sex | Your sex? | ភេទ? |
| | select_one age | age_group | Your age? | អាយុ? |
| | select_one group | ethnicity | Your group? | ជនជាតិ? |
| choices | | | |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | province | kampot | Kampot | កំពត |
| | sex | f | Female | ស្រី |
| | age | 25_34 | 25–34 years | ២៥-៣៤ ឆ្នាំ |
| | group | tampuan | Tampuan | ទំពួន |
| settings | | | |
| | form_title | form_id | version |
| | Profile | profile | 1 |
"""
# What people write that a spreadsheet must leave alone.
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://x.example/?"&A1,"click")',
    "@SUM(1)",
    "-5+3",
    "+1",
    "=ខ្មែរ",
    "'quoted",
    "\tafter a tab",
    "two\nlines",
    'a "quote", a comma; a semicolon',
    "http://x.example/",
    "mailto:x",
    "012",
    "1e5",
    "_x0041_",
    "<b>&amp;</b>",
    "ខ្ញុំ\u200bចង់\u200bបាន",
    "👨‍👩‍👧 🙏🏽",
    " spaces ",
    "ក" * 4096,
    "voice: the road",
)
# What people write that mustn't leave the house.
SECRETS = (
    "+855 12 345 678",
    "០១២ ៣៤៥ ៦៧៨",
    "012345678",
    "sokha.dara@example.com",
    "@sokha_dara",
    "t.me/sokhadara",
    "០១២៣៤៥៦៧៩",
    "987654321",
)


def form_of(markdown: str, folder: Path) -> str:
    path = folder / "form.md"
    path.write_text(markdown)
    return str(convert(path)["xform"])


@pytest.fixture(scope="session")
def xforms(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str]:
    """The profile and both versions of the survey, as XForms."""
    folder = tmp_path_factory.mktemp("forms")
    profile, one, two = (form_of(text, folder) for text in (PROFILE, VILLAGE_1, VILLAGE_2))
    return profile, one, two


@pytest.fixture(scope="session")
def versions(xforms: tuple[str, str, str]) -> list[Form]:
    return [load(xform) for xform in xforms[1:]]


@pytest.fixture(autouse=True)
def _umask_as_before() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@dataclass
class Village:
    """The survey's database, and what happens in the village."""

    store: Store
    folder: Path
    forms: dict[str, Published]
    now: dt.datetime = NOW
    people: int = 0

    def clock(self) -> dt.datetime:
        return self.now

    def person(self, **known: Any) -> str:
        """Return the id of somebody new, whose Telegram id begins with 71."""
        self.people += 1
        telegram_id = 7_100_000_000 + self.people
        who = self.store.run(respondents.find_or_create, BOT, telegram_id, "v1")
        self.store.run(respondents.change, who.id, language="km", **known)
        self.store.run(outbox.put, who.id, "sendMessage", {"text": "សួស្តី"})
        return who.id

    def answers(
        self,
        who: str,
        version: str = "2",
        status: Literal["complete", "paused"] = "complete",
        **values: str,
    ) -> str:
        """Let somebody answer a form; return the id of the interview."""
        published = self.forms[version]
        form = published.form
        stored = self.store.run(interviews.start, who, published.id, form.form_id, "km")
        by_path = {form.by_name[name].path: value for name, value in values.items()}
        response = Instance(form, by_path, World(self.now)).response()
        self.now += dt.timedelta(minutes=1)
        self.store.run(interviews.save, replace(stored, status=status, response=response))
        return stored.id

    def speaks(self, who: str, name: str = "change") -> str:
        """Let somebody answer with a voice note; return the id of the interview."""
        published = self.forms["2"]
        stored = self.store.run(interviews.start, who, published.id, "village", "km")
        path = published.form.by_name[name].path
        value = self.store.run(media.want, stored.id, path, "file-id", "audio/ogg", 1)
        self.store.run(interviews.save, replace(stored, status="complete", response={path: value}))
        return stored.id


@pytest.fixture(scope="session")
def empty_village(xforms: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("village") / "data"
    before = os.umask(0o022)
    store = open_store(folder)
    for xform in xforms:
        store.run(forms.publish, xform, xform[:0])
    store.close()
    os.umask(before)
    return folder


@pytest.fixture
def village(empty_village: Path, tmp_path: Path) -> Iterator[Village]:
    """A village in which nobody has answered yet."""
    folder = Path(shutil.copytree(empty_village, tmp_path / "data"))
    told = Village(None, folder, {})  # type: ignore[arg-type]
    told.store = open_store(folder, told.clock)
    told.forms = {
        name: told.store.run(forms.by_id, at) for at, name in enumerate(("profile", "1", "2"), 1)
    }
    yield told
    told.store.close()


@dataclass(frozen=True)
class Export:
    """The files of an export, read back."""

    workbook: Path
    csv: Path
    lines: list[dict[str, Any]]

    def sheet(self, name: str) -> list[list[Any]]:
        """Return the rows of a sheet, blanks as ''."""
        return CalamineWorkbook.from_path(self.workbook).get_sheet_by_name(name).to_python()

    @property
    def sheets(self) -> list[str]:
        return CalamineWorkbook.from_path(self.workbook).sheet_names

    def column(self, sheet: str, name: str) -> list[Any]:
        header, *rows = self.sheet(sheet)
        return [row[header.index(name)] for row in rows]

    def xml(self) -> dict[str, str]:
        """Return the parts of the workbook as text."""
        with ZipFile(self.workbook) as parts:
            return {name: parts.read(name).decode() for name in parts.namelist()}

    def everything(self) -> Sequence[str]:
        """Return all that can be read in the export, in every form it can be read in."""
        cells = [str(cell) for name in self.sheets for row in self.sheet(name) for cell in row]
        return [*self.xml().values(), self.csv.read_text("utf-8-sig"), *cells]


@pytest.fixture
def export(village: Village, tmp_path: Path) -> Callable[[], Export]:
    """Export the village as it is now."""

    def run(form_id: str = "village") -> Export:
        target = tmp_path / "export"
        lines = list(make(village.folder, village.folder / KEY, form_id, target))
        workbook, csv = map(Path, lines[-1]["files"])
        return Export(workbook, csv, lines)

    return run


@pytest.fixture
def hostile() -> Sequence[str]:
    return HOSTILE


@pytest.fixture
def secrets() -> Sequence[str]:
    return SECRETS
