"""Published forms, stored verbatim as XForm XML. A published version never changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import bindparam, func, insert, select

from storage import attachments
from storage.store import Transaction
from storage.tables import form_version
from surveys.form import Form, load

PUBLISH = insert(form_version).returning(form_version.c.id)
HASH = select(form_version.c.source_hash).where(
    form_version.c.form_id == bindparam("of"), form_version.c.version == bindparam("version")
)
HASHES = select(form_version.c.source_hash)
BY_ID = select(form_version.c.id, form_version.c.source_hash, form_version.c.xform).where(
    form_version.c.id == bindparam("at")
)
NEWEST_ID = select(func.max(form_version.c.id)).where(form_version.c.form_id == bindparam("of"))

MOST_KNOWN = 64
_known: dict[tuple[str, str], Form] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """A form version as stored, compiled."""

    id: int
    form: Form


def _compiled(source_hash: str, xform: str, files: Callable[[], Mapping[str, bytes]]) -> Form:
    """Compile a form once a process; published versions and their files never change."""
    key = source_hash, xform
    if key not in _known:
        _known[key] = load(xform, files())
        if len(_known) > MOST_KNOWN:
            del _known[next(iter(_known))]
    return _known[key]


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
    return Published(row.id, _compiled(row.source_hash, row.xform, files))
