"""A data folder with a real SQLite file, and what a test needs to fill it and to look into it."""

import datetime as dt
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from storage import forms, interviews, respondents
from storage.database import DATABASE, open_store
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from surveys.xlsform import convert
from tests.postgres import Server

BOT = 42
# How each database says that a row can't be.
REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses a database on both, unless it is about what only a file has."""
    if "database" in metafunc.fixturenames:
        only_file = metafunc.definition.get_closest_marker("one_file")
        kinds = ["sqlite"] if only_file else ["sqlite", "postgres"]
        metafunc.parametrize("database", kinds, indirect=True)


@pytest.fixture(scope="session")
def server_database(template: Path, postgres: Server) -> str:
    """A database that belongs to the template's key."""
    url = postgres.make()
    open_store(template, url=url).close()
    return url


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str | None:
    """The URL of an empty PostgreSQL database, or None for the file in the folder."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("server_database")
    request.getfixturevalue("postgres").empty(url)
    return url


@pytest.fixture
def store(folder: Path, clock: Clock, database: str | None) -> Iterator[Store]:
    store = open_store(folder, clock, url=database)
    yield store
    store.close()


@pytest.fixture
def rows(folder: Path, database: str | None) -> Callable[..., list[dict[str, Any]]]:
    """Read through a connection of its own, so that only what is committed is seen."""

    def read(sql: str, *parameters: Any) -> list[dict[str, Any]]:
        if database is not None:
            with psycopg.connect(database, row_factory=dict_row) as connection:
                return connection.execute(sql.replace("?", "%s"), parameters).fetchall()  # type: ignore[call-overload,no-any-return]
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
