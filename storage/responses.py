"""Reading for export: streams of plain rows from a read-only connection."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, select

from storage.database import DATABASE
from storage.store import open_engine
from storage.tables import form_version, interview, media, respondent
from surveys.form import Form, load

VERSIONS = (
    select(form_version.c.xform)
    .where(form_version.c.form_id == bindparam("of"))
    .order_by(form_version.c.id)
)
COUNT = (
    select(func.count())
    .select_from(interview)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(form_version.c.form_id == bindparam("of"))
)
ROWS = (
    select(
        interview.c.id,
        interview.c.status,
        interview.c.language,
        interview.c.response,
        interview.c.updated_at,
        interview.c.completed_at,
        form_version.c.version,
        respondent.c.id.label("respondent_id"),
        respondent.c.sector,
        respondent.c.province,
    )
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .where(form_version.c.form_id == bindparam("of"))
    .order_by(interview.c.seq)
)
FORM_IDS = select(form_version.c.form_id).distinct().order_by(form_version.c.form_id)
VOICED = (
    select(media.c.path)
    .distinct()
    .join(interview, interview.c.id == media.c.interview_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(form_version.c.form_id == bindparam("of"))
)
PROFILES = (
    select(interview.c.respondent_id, interview.c.response)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(form_version.c.form_id == "profile")
)


@dataclass(frozen=True, slots=True)
class Response:
    """An interview as a row: what is known of it beside the answers, and the answers by path."""

    interview_id: str
    respondent_id: str
    version: str
    language: str
    complete: bool
    at: dt.datetime
    sector: str | None
    province: str | None
    values: dict[str, str]


@contextmanager
def reading(folder: Path) -> Iterator[Connection]:
    """Open the database of a data folder for reading only, as one consistent moment."""
    engine = open_engine(folder / DATABASE, read_only=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        yield connection
    engine.dispose()


def versions(connection: Connection, form_id: str) -> list[Form]:
    """Return all published versions of a form, oldest first."""
    return [load(xform) for xform in connection.scalars(VERSIONS, {"of": form_id})]


def count(connection: Connection, form_id: str) -> int:
    """Return how many interviews of a form there are."""
    return connection.scalar(COUNT, {"of": form_id}) or 0


def stream(connection: Connection, form_id: str) -> Iterator[Response]:
    """Yield the interviews of a form that hold any answer, oldest first."""
    result = connection.execution_options(yield_per=500).execute(ROWS, {"of": form_id})
    for row in result:
        if row.response:
            yield Response(
                row.id,
                row.respondent_id,
                row.version,
                row.language,
                row.status == "complete",
                row.completed_at or row.updated_at,
                row.sector,
                row.province,
                row.response,
            )


def profiles(connection: Connection) -> dict[str, dict[str, str]]:
    """Return what people said about themselves, by respondent and name of the question."""
    return {
        row.respondent_id: {path.rsplit("/", 1)[-1]: v for path, v in row.response.items()}
        for row in connection.execute(PROFILES)
    }


def form_ids(connection: Connection) -> list[str]:
    """Return the ids of all published forms."""
    return list(connection.scalars(FORM_IDS))


def voiced_paths(connection: Connection, form_id: str) -> frozenset[str]:
    """Return the questions of a form that somebody answered with a voice message."""
    return frozenset(connection.scalars(VOICED, {"of": form_id}))
