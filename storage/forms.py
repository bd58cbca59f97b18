"""Published forms, stored verbatim as XForm XML. A published version never changes."""

import functools
from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select

from storage.store import Transaction
from storage.tables import form_version
from surveys.form import Form, load

PUBLISH = insert(form_version)
HASH = select(form_version.c.source_hash).where(
    form_version.c.form_id == bindparam("of"), form_version.c.version == bindparam("version")
)
HASHES = select(form_version.c.source_hash)
BY_ID = select(form_version.c.id, form_version.c.xform).where(form_version.c.id == bindparam("at"))
NEWEST_ID = select(func.max(form_version.c.id)).where(form_version.c.form_id == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Published:
    """A form version as stored, compiled."""

    id: int
    form: Form


@functools.lru_cache(maxsize=64)
def _compiled(xform: str) -> Form:
    """Compile an XForm once a process; published versions never change."""
    return load(xform)


def source_hashes(tx: Transaction) -> frozenset[str]:
    """Return the hashes of all sources that were ever published."""
    return frozenset(tx.values(HASHES))


def publish(tx: Transaction, xform: str, source_hash: str) -> bool:
    """Store a new form version; False where it is published already and stays as it is."""
    form = _compiled(xform)
    known = {"of": form.form_id, "version": form.version}
    if tx.rows(HASH, known):
        return False
    tx.change(
        PUBLISH,
        {
            "form_id": form.form_id,
            "version": form.version,
            "source_hash": source_hash,
            "xform": xform,
            "published_at": tx.now,
        },
    )
    return True


def newest(tx: Transaction, form_id: str) -> Published | None:
    """Return the newest version of a form."""
    version_id = tx.value(NEWEST_ID, {"of": form_id})
    return by_id(tx, version_id) if version_id is not None else None


def by_id(tx: Transaction, version_id: int) -> Published:
    """Return a form version."""
    [row] = tx.rows(BY_ID, {"at": version_id})
    return Published(row.id, _compiled(row.xform))
