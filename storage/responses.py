"""Reading for export: streams of plain rows from a read-only connection."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, func, or_, select

from storage import attachments, commitments
from storage.commitments import Commitment
from storage.tables import (
    answer,
    ballot,
    dialogue,
    form_version,
    group_count,
    interview,
    linkage,
    media,
    respondent,
    wave,
)
from surveys.dialogue import side_of
from surveys.form import Form, load
from surveys.instruments import DIALOGUE_REPORT, PROFILE
from surveys.respondent import Mode


@dataclass(frozen=True, slots=True)
class Part:
    """Which responses of a form are wanted: of a province, answered in a time; else all."""

    province: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


EVERYTHING = Part()

# What somebody tries of a draft is nobody's response.
IS_PUBLISHED = form_version.c.published_at.is_not(None)
_of_form = and_(form_version.c.form_id == bindparam("of"), IS_PUBLISHED)
VERSIONS = (
    select(form_version.c.id, form_version.c.xform)
    .where(_of_form)
    .order_by(form_version.c.published_at, form_version.c.id)
)
# A report isn't told of before it is submitted: only then is it known whether it is sensitive.
IS_FOR_ALL = and_(
    interview.c.sensitive.is_(False),
    or_(form_version.c.form_id != DIALOGUE_REPORT, interview.c.completed_at.is_not(None)),
)
COUNT = (
    select(func.count())
    .select_from(interview)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .outerjoin(dialogue, dialogue.c.id == interview.c.dialogue_id)
    .where(_of_form, IS_FOR_ALL)
)
# A person's newest profile, found by the index of their interviews: nothing is kept in memory.
_profile, _profile_form = interview.alias("profile"), form_version.alias("profile_form")
PROFILE_OF = (
    select(_profile.c.response)
    .join(_profile_form, _profile_form.c.id == _profile.c.form_version_id)
    .where(
        _profile.c.respondent_id == interview.c.respondent_id, _profile_form.c.form_id == PROFILE
    )
    .order_by(_profile.c.seq.desc())
    .limit(1)
    .correlate(interview)
    .scalar_subquery()
)
# Only of who agreed that their answers of several times are put side by side.
LINKED_TO = (
    select(linkage.c.respondent_id)
    .where(linkage.c.respondent_id == interview.c.respondent_id, linkage.c.agreed)
    .correlate(interview)
    .scalar_subquery()
)
ROWS = (
    select(
        interview.c.seq,
        interview.c.id,
        interview.c.status,
        interview.c.language,
        interview.c.response,
        interview.c.updated_at,
        interview.c.completed_at,
        form_version.c.version,
        respondent.c.sector,
        respondent.c.province,
        respondent.c.mode,
        interview.c.event,
        PROFILE_OF.label("profile"),
        LINKED_TO.label("linked_to"),
        interview.c.counts_in,
        interview.c.withdrawn_at,
        interview.c.dialogue_id,
        dialogue.c.level,
        dialogue.c.province.label("in_province"),
        func.coalesce(dialogue.c.held_on, dialogue.c.planned_on).label("held_on"),
    )
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .join(respondent, respondent.c.id == interview.c.respondent_id)
    .outerjoin(dialogue, dialogue.c.id == interview.c.dialogue_id)
    .where(_of_form, IS_FOR_ALL)
    .order_by(interview.c.seq)
)
COUNTS = (
    select(
        group_count.c.count_id,
        group_count.c.path,
        group_count.c.choice,
        group_count.c.women,
        group_count.c.men,
        group_count.c.province,
        group_count.c.counted_at,
        form_version.c.version,
    )
    .join(form_version, form_version.c.id == group_count.c.form_version_id)
    .where(form_version.c.form_id == bindparam("of"), group_count.c.counted_at.is_not(None))
    .order_by(group_count.c.id)
)
FORM_IDS = (
    select(form_version.c.form_id).where(IS_PUBLISHED).distinct().order_by(form_version.c.form_id)
)
VOICED = (
    select(media.c.path)
    .distinct()
    .join(interview, interview.c.id == media.c.interview_id)
    .join(form_version, form_version.c.id == interview.c.form_version_id)
    .where(form_version.c.form_id == bindparam("of"), IS_PUBLISHED)
)
_later = answer.alias("later")
# Spoken and written down, chosen as a place, or hidden, as far as nobody changed it after that.
BESIDE = (
    select(interview.c.id, answer.c.path, answer.c.media_id, answer.c.place, answer.c.hidden)
    .join(answer, answer.c.interview_id == interview.c.id)
    .where(
        interview.c.seq.between(bindparam("first"), bindparam("last")),
        or_(answer.c.media_id.is_not(None), answer.c.place.is_not(None), answer.c.hidden.is_(True)),
        ~exists().where(
            _later.c.interview_id == answer.c.interview_id,
            _later.c.path == answer.c.path,
            _later.c.revision > answer.c.revision,
        ),
    )
)
BALLOTS = (
    select(
        ballot.c.id,
        ballot.c.day,
        ballot.c.province,
        ballot.c.sex,
        ballot.c.response,
        form_version.c.version,
    )
    .join(wave, wave.c.id == ballot.c.wave_id)
    .join(form_version, form_version.c.id == wave.c.form_version_id)
    .where(_of_form)
    .order_by(ballot.c.wave_id, ballot.c.id)
)
CHUNK = 500
PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report is about: its dialogue, the quarter that counts it, whose side it is."""

    dialogue: int | None = None
    level: str | None = None
    province: str | None = None
    held_on: dt.date | None = None
    quarter: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An interview as a row: what is known of it beside the answers, and the answers by path.

    `about` is what the person said about themselves, by the name of the question; `spoken` are the
    texts that were spoken and written down by staff, `places` the codes of places that were chosen,
    `hidden` the texts that name somebody. A ballot of a ballot box has a day and no language, and
    is of nobody. `linked_to` is the person, where they agreed to have their answers joined.
    """

    interview_id: str
    version: str
    language: str
    complete: bool
    at: dt.datetime
    sector: str | None
    province: str | None
    about: dict[str, str]
    values: dict[str, str]
    mode: Mode | None = "self"
    spoken: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    event: str | None = None
    is_ballot: bool = False
    linked_to: str | None = None
    report: Reported | None = None
    withdrawn: bool = False


def versions(connection: Connection, form_id: str) -> list[Form]:
    """Return all published versions of a form, oldest first."""
    found = connection.execute(VERSIONS, {"of": form_id}).all()
    return [load(row.xform, attachments.lists(connection, row.id)) for row in found]


def count(connection: Connection, form_id: str, part: Part = EVERYTHING) -> int:
    """Return how many interviews of a form there are, and ballots that were counted."""
    interviews = connection.scalar(_only(COUNT, part), {"of": form_id}) or 0
    cast = _ballots_only(BALLOTS, part).with_only_columns(func.count()).order_by(None)
    return interviews + (connection.scalar(cast, {"of": form_id}) or 0)


def stream(connection: Connection, form_id: str, part: Part = EVERYTHING) -> Iterator[Response]:
    """Yield the interviews of a form that hold any answer, oldest first."""
    options = {"yield_per": CHUNK}
    result = connection.execute(_only(ROWS, part), {"of": form_id}, execution_options=options)
    for rows in result.partitions():
        beside = _beside(connection, rows[0].seq, rows[-1].seq)
        told = (row for row in rows if row.response or row.withdrawn_at)
        yield from (_response(row, beside.get(row.id, ())) for row in told)


def ballots(connection: Connection, form_id: str, part: Part = EVERYTHING) -> Iterator[Response]:
    """Yield the counted ballots of a form, in the order of their random ids."""
    options = {"yield_per": CHUNK}
    statement = _ballots_only(BALLOTS, part)
    for row in connection.execute(statement, {"of": form_id}, execution_options=options):
        yield _ballot(row)


def _ballots_only(statement: Select[Any], part: Part) -> Select[Any]:
    """Narrow a statement to a part: of the days on which ballots were counted."""
    if part.province:
        statement = statement.where(ballot.c.province == part.province)
    if part.since:
        statement = statement.where(ballot.c.day >= _day(part.since))
    if part.until:
        statement = statement.where(ballot.c.day < _day(part.until))
    return statement


def _day(at: dt.datetime) -> str:
    """Return the day of a moment in Cambodia; parts begin and end at midnight."""
    return at.astimezone(PHNOM_PENH).date().isoformat()


def _ballot(row: Any) -> Response:
    """Return a ballot as a row; of its time only the day is known."""
    return Response(
        row.id,
        row.version,
        "",
        complete=True,
        at=dt.datetime.fromisoformat(row.day).replace(tzinfo=PHNOM_PENH),
        sector=None,
        province=row.province,
        about={"sex": row.sex} if row.sex else {},
        values=row.response,
        mode=None,
        is_ballot=True,
    )


def _only(statement: Select[Any], part: Part) -> Select[Any]:
    """Narrow a statement to a part: of when they were submitted, or changed last.

    A report is of the province of its dialogue, all else of where the person lives or works.
    """
    at = func.coalesce(interview.c.completed_at, interview.c.updated_at)
    where = func.coalesce(dialogue.c.province, respondent.c.province)
    if part.province:
        statement = statement.where(where == part.province)
    if part.since:
        statement = statement.where(at >= part.since)
    if part.until:
        statement = statement.where(at < part.until)
    return statement


def _beside(connection: Connection, first: int, last: int) -> dict[str, list[Any]]:
    """Return what is known beside the answers of some interviews, by interview."""
    found: dict[str, list[Any]] = {}
    for row in connection.execute(BESIDE, {"first": first, "last": last}):
        found.setdefault(row.id, []).append(row)
    return found


def _response(row: Any, beside: Collection[Any]) -> Response:
    # A report that is being completed was submitted before and stays so.
    is_submitted = row.status == "complete" or row.counts_in is not None
    complete = is_submitted and row.withdrawn_at is None
    return Response(
        row.id,
        row.version,
        row.language,
        complete,
        (complete and row.completed_at) or row.updated_at,
        row.sector,
        row.province,
        {path.rsplit("/", 1)[-1]: value for path, value in (row.profile or {}).items()},
        row.response,
        row.mode,
        frozenset(answer.path for answer in beside if answer.media_id),
        {answer.path: answer.place for answer in beside if answer.place},
        frozenset(answer.path for answer in beside if answer.hidden),
        event=row.event,
        linked_to=row.linked_to,
        report=_reported(row) if row.counts_in else None,
        withdrawn=row.withdrawn_at is not None,
    )


def _reported(row: Any) -> Reported:
    place = (row.dialogue_id, row.level, row.in_province, row.held_on)
    return Reported(*place, row.counts_in, side_of(row.sector))


def register(connection: Connection, part: Part = EVERYTHING) -> list[Commitment]:
    """Return the register of commitments: of the dialogues of a province, made in a time."""
    rows = connection.execute(commitments.LISTED).all()
    known = commitments.assembled(rows, connection.execute(commitments.UPDATES).all())
    since, until = (at.astimezone(PHNOM_PENH).date() if at else None
                    for at in (part.since, part.until))  # fmt: skip
    return [
        one
        for one in known
        if part.province in {None, one.province}
        and (since is None or one.made_on >= since)
        and (until is None or one.made_on < until)
    ]


def counted(connection: Connection, form_id: str, part: Part = EVERYTHING) -> list[Row[Any]]:
    """Return the lines of the saved counts of hands, oldest first; a project has few."""
    statement = COUNTS
    if part.province:
        statement = statement.where(group_count.c.province == part.province)
    if part.since:
        statement = statement.where(group_count.c.counted_at >= part.since)
    if part.until:
        statement = statement.where(group_count.c.counted_at < part.until)
    return list(connection.execute(statement, {"of": form_id}))


def form_ids(connection: Connection) -> list[str]:
    """Return the ids of all published forms."""
    return list(connection.scalars(FORM_IDS))


def voiced_paths(connection: Connection, form_id: str) -> frozenset[str]:
    """Return the questions of a form that somebody answered with a voice message."""
    return frozenset(connection.scalars(VOICED, {"of": form_id}))
