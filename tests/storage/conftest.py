"""A data folder with a real SQLite file, and what a test needs to fill it and to look into it."""

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import forms, interviews, respondents
from storage.database import DATABASE, open_store
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from surveys.xlsform import convert

BOT = 42
SURVEY = """
| survey | | | |
| | type | name | label |
| | text | change | What should change? |
| | select_one yes_no | again | May we ask again? |
| choices | | | |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No |
| settings | | |
| | form_title | form_id | version |
| | A survey | survey | {version} |
"""


class Clock:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@pytest.fixture(autouse=True)
def _umask_as_before() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first start leaves it; tests work on copies."""
    folder = tmp_path_factory.mktemp("template") / "data"
    before = os.umask(0o022)
    open_store(folder).close()
    os.umask(before)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "data"))


@pytest.fixture
def store(folder: Path, clock: Clock) -> Iterator[Store]:
    store = open_store(folder, clock)
    yield store
    store.close()


@pytest.fixture
def rows(folder: Path) -> Callable[..., list[dict[str, Any]]]:
    """Read through a connection of its own, so that only what is committed is seen."""

    def read(sql: str, *parameters: Any) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql, parameters)]

    return read


@pytest.fixture(scope="session")
def xform(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Return the XForm of a version of a small survey."""
    path = tmp_path_factory.mktemp("forms") / "survey.md"
    path.write_text(SURVEY.format(version="@@"))
    text = convert(path)["xform"]
    return lambda version: text.replace("@@", version)


@pytest.fixture
def person(store: Store) -> Callable[[int], Respondent]:
    return lambda telegram_id: store.run(respondents.find_or_create, BOT, telegram_id, "v1")


@pytest.fixture
def survey(store: Store, xform: Callable[[str], str]) -> forms.Published:
    """A published survey."""
    store.run(forms.publish, xform("1"), "hash of 1")
    published = store.run(forms.newest, "survey")
    assert published is not None
    return published


@pytest.fixture
def begin(store: Store, survey: forms.Published) -> Callable[[Respondent], Stored]:
    return lambda who: store.run(interviews.start, who.id, survey.id, "survey", "km")
