"""Published forms, stored verbatim as XForm XML. A published version never changes."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, insert, select

from storage import attachments
from storage.store import Transaction
from storage.tables import form_version
from surveys.form import Form, load

PUBLISH = insert(form_version).returning(form_version.c.id)
HASH = select(form_version.c.source_hash).where(
    form_version.c.form_id == bindparam("of"), form_version.c.version == bindparam("version")
)
# What staff uploaded is theirs, whatever text it was made from.
HASHES = select(form_version.c.source_hash).where(form_version.c.uploaded_at.is_(None))
BY_ID = select(
    form_version.c.id,
    form_version.c.source_hash,
    form_version.c.xform,
    form_version.c.published_at.is_(None).label("is_draft"),
).where(form_version.c.id == bindparam("at"))
IS_PUBLISHED = form_version.c.published_at.is_not(None)
NEWEST_ID = (
    select(form_version.c.id)
    .where(form_version.c.form_id == bindparam("of"), IS_PUBLISHED)
    .order_by(form_version.c.published_at.desc(), form_version.c.id.desc())
    .limit(1)
)
PUBLISHED = (
    select(
        form_version.c.id,
        form_version.c.form_id,
        form_version.c.version,
        form_version.c.published_at,
    )
    .where(IS_PUBLISHED)
    .order_by(form_version.c.published_at, form_version.c.id)
)
RELEASED = (
    select(
        form_version.c.id,
        form_version.c.form_id,
        form_version.c.audience,
        form_version.c.closed_at,
    )
    .where(IS_PUBLISHED, form_version.c.uploaded_at.is_not(None))
    .order_by(form_version.c.published_at, form_version.c.id)
)

MOST_KNOWN = 64
_known: dict[tuple[str, str], Form] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """A form version as stored, compiled."""

    id: int
    form: Form
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a form, and since when it is one."""

    id: int
    form_id: str
    version: str
    published_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Released:
    """A form that staff uploaded and that was released, in its newest version."""

    id: int
    form_id: str
    audience: str
    is_closed: bool


def compiled(source_hash: str, xform: str, files: Callable[[], Mapping[str, bytes]]) -> Form:
    """Compile a form once a process; what has the same hash has the same text and files."""
    key = source_hash, xform
    form = _known.get(key)
    if form is None:
        form = _known[key] = load(xform, files())
        if len(_known) > MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
    return form


def source_hashes(tx: Transaction) -> frozenset[str]:
    """Return the hashes of all sources that were ever published."""
    return frozenset(tx.values(HASHES))


def publish(
    tx: Transaction, xform: str, source_hash: str, files: Mapping[str, bytes] | None = None
) -> bool:
    """Store a new form version with its files; False where it is published already."""
    form = load(xform, files)
    known = {"of": form.form_id, "version": form.version}
    if tx.rows(HASH, known):
        return False
    version_id = tx.value(
        PUBLISH,
        {
            "form_id": form.form_id,
            "version": form.version,
            "source_hash": source_hash,
            "xform": xform,
            "published_at": tx.now,
        },
    )
    attachments.keep(tx, version_id, files or {})
    return True


def newest(tx: Transaction, form_id: str) -> Published | None:
    """Return the newest version of a form."""
    version_id = tx.value(NEWEST_ID, {"of": form_id})
    return by_id(tx, version_id) if version_id is not None else None


def by_id(tx: Transaction, version_id: int) -> Published:
    """Return a form version."""
    [row] = tx.rows(BY_ID, {"at": version_id})
    files = partial(attachments.read_by, tx, row.id)
    if row.is_draft:
        files = partial(attachments.read_for_draft, tx, row.id, row.xform)
    return Published(row.id, compiled(row.source_hash, row.xform, files), bool(row.is_draft))


def published(tx: Transaction) -> list[Version]:
    """Return the newest version of each published form."""
    newest_of = {row.form_id: Version(*row) for row in tx.rows(PUBLISHED)}
    return list(newest_of.values())


def released(tx: Transaction) -> list[Released]:
    """Return the uploaded forms that were released, in the order of their first release."""
    newest_of = {row.form_id: row for row in tx.rows(RELEASED)}
    return [
        Released(row.id, row.form_id, row.audience or "", row.closed_at is not None)
        for row in newest_of.values()
    ]
