"""Forms that staff uploaded: drafts, until a second person releases them for good.

The row of a draft and that of a published form are the same one (docs/data.md).
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage import attachments, audit, previews
from storage.store import Transaction
from storage.tables import form_version, interview
from surveys.attachments import names_in

EVERYBODY = "all"

_COLUMNS = select(
    form_version.c.id,
    form_version.c.form_id,
    form_version.c.version,
    form_version.c.source_hash,
    form_version.c.published_at,
    form_version.c.uploaded_at,
    form_version.c.uploaded_by,
    form_version.c.released_by,
    form_version.c.audience,
    form_version.c.release_asked_at,
    form_version.c.closed_at,
    form_version.c.rows,
    form_version.c.asked,
    form_version.c.refused_by,
)
LISTED = _COLUMNS.where(form_version.c.uploaded_at.is_not(None)).order_by(form_version.c.id)
BY_ID = _COLUMNS.where(
    form_version.c.id == bindparam("at"), form_version.c.uploaded_at.is_not(None)
)
OF_VERSION = _COLUMNS.where(
    form_version.c.form_id == bindparam("of"), form_version.c.version == bindparam("version")
)
# A new version is for whom the one before was, until somebody says otherwise.
AUDIENCE = (
    select(form_version.c.audience)
    .where(form_version.c.form_id == bindparam("of"), form_version.c.published_at.is_not(None))
    .order_by(form_version.c.published_at.desc(), form_version.c.id.desc())
    .limit(1)
)
XFORM = select(form_version.c.xform).where(form_version.c.id == bindparam("at"))
REFUSED_BY = select(form_version.c.id).where(form_version.c.refused_by == bindparam("by"))
PLAIN = frozenset(_COLUMNS.selected_columns.keys()) - {"rows", "asked"}
STOP_REFUSING = (
    update(form_version).where(form_version.c.refused_by == bindparam("by")).values(refused_by=None)
)
ADD = insert(form_version).returning(form_version.c.id)
CHANGE = update(form_version).where(form_version.c.id == bindparam("at"))
PUBLISH = (
    update(form_version)
    .where(
        form_version.c.id == bindparam("at"),
        form_version.c.published_at.is_(None),
        form_version.c.release_asked_at.is_not(None),
    )
    .values(published_at=bindparam("now"), released_by=bindparam("by"), asked=None, refused_by=None)
)
ERASE_INTERVIEWS = delete(interview).where(interview.c.form_version_id == bindparam("at"))
ERASE = delete(form_version).where(
    form_version.c.id == bindparam("at"), form_version.c.published_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form version that staff uploaded; `published_at` is blank until somebody released it.

    `rows` are where its author finds questions and choices, `asked` whom a release was asked of:
    pairs of a person's id and our number of the message.
    """

    id: int
    form_id: str
    version: str
    source_hash: str
    published_at: dt.datetime | None
    uploaded_at: dt.datetime
    uploaded_by: str
    released_by: str | None
    audience: str | None
    release_asked_at: dt.datetime | None
    closed_at: dt.datetime | None
    rows: Mapping[str, int]
    asked: tuple[tuple[str, int], ...]
    refused_by: str | None

    @property
    def waits(self) -> bool:
        """Whether somebody is asked to release it."""
        return self.published_at is None and self.release_asked_at is not None


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that was read and found to be one: all that is kept of it."""

    form_id: str
    version: str
    xform: str
    source_hash: str
    rows: Mapping[str, int]


def hash_of(*contents: bytes) -> str:
    """Return the SHA-256 of a form and its files, one after the other."""
    return hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in contents)).hexdigest()


def hash_with(draft: Draft, name: str, content: bytes) -> str:
    """Return the hash that a draft has once a file of it is there."""
    return hash_of(draft.source_hash.encode(), name.encode(), content)


def clash(tx: Transaction, form_id: str, version: str, by: str) -> str:
    """Return why a version can't be kept as a draft: "published", "taken", or nothing."""
    row = tx.row(OF_VERSION, {"of": form_id, "version": version})
    if row is None:
        return ""
    if row.published_at is not None:
        return "published"
    return "" if row.uploaded_by == by else "taken"


def foresee(tx: Transaction, upload: Upload, by: str) -> tuple[dict[str, bytes], str]:
    """Return the files that a draft would have from an earlier one, and the hash it would have."""
    before = _earlier(tx, upload)
    files = _files(tx, before.id, upload.xform) if before and before.uploaded_by == by else {}
    return files, _digest(upload, files)


def keep(tx: Transaction, upload: Upload, files: Mapping[str, bytes], by: str) -> Draft:
    """Keep a draft in place of the same person's earlier one; call `clash` before."""
    before = _earlier(tx, upload)
    audience = before.audience if before else tx.value(AUDIENCE, {"of": upload.form_id})
    if before:
        files = {**_files(tx, before.id, upload.xform), **files}
        _erase(tx, before.id)
    new_id = tx.value(
        ADD,
        {
            "form_id": upload.form_id,
            "version": upload.version,
            "source_hash": _digest(upload, files),
            "xform": upload.xform,
            "uploaded_at": tx.now,
            "uploaded_by": by,
            "audience": audience or EVERYBODY,
            "rows": dict(upload.rows),
        },
    )
    attachments.keep(tx, new_id, files)
    audit.record(tx, by, "upload", f"{upload.form_id} {upload.version}")
    kept = find(tx, new_id)
    assert kept is not None
    return kept


def _earlier(tx: Transaction, upload: Upload) -> Any:
    return tx.row(OF_VERSION, {"of": upload.form_id, "version": upload.version})


def _digest(upload: Upload, files: Mapping[str, bytes]) -> str:
    parts = [part for name in sorted(files) for part in (name.encode(), files[name])]
    return hash_of(upload.source_hash.encode(), *parts)


def _files(tx: Transaction, version_id: int, xform: str) -> dict[str, bytes]:
    """Return the files of an earlier draft that the new one names too."""
    return attachments.whole(tx, version_id, attachments.named(tx, version_id, xform))


def find(tx: Transaction, version_id: int) -> Draft | None:
    """Return an uploaded form version."""
    row = tx.row(BY_ID, {"at": version_id})
    return _draft(row) if row else None


def listed(tx: Transaction) -> list[Draft]:
    """Return all uploaded form versions, oldest first."""
    return [_draft(row) for row in tx.rows(LISTED)]


def read(tx: Transaction, version_id: int) -> tuple[Draft | None, str, dict[str, bytes]]:
    """Return a draft that isn't published yet, its XForm, and the lists and names of its files."""
    draft = find(tx, version_id)
    if draft is None or draft.published_at is not None:
        return None, "", {}
    return draft, xform(tx, version_id), attachments.read_by(tx, version_id)


def named(tx: Transaction, draft: Draft) -> list[str]:
    """Return the names of the files that a draft asks for."""
    return names_in(xform(tx, draft.id))


def missing(tx: Transaction, draft: Draft) -> list[str]:
    """Return the names of the files that a draft asks for and that aren't there."""
    there = frozenset(attachments.names(tx, draft.id))
    return [name for name in named(tx, draft) if name not in there]


def xform(tx: Transaction, version_id: int) -> str:
    """Return the XForm of a version."""
    found: str = tx.value(XFORM, {"at": version_id})
    return found


def refused_by(tx: Transaction, person_id: str) -> Draft | None:
    """Return the draft that somebody is just writing a word about, to send it back."""
    version_id = tx.value(REFUSED_BY, {"by": person_id})
    return find(tx, version_id) if version_id is not None else None


def stop_refusing(tx: Transaction, person_id: str) -> None:
    """Note that somebody does something else than to write why they send a draft back."""
    tx.change(STOP_REFUSING, {"by": person_id})


def change(tx: Transaction, version_id: int, **values: Any) -> None:
    """Set columns of a draft."""
    tx.change(CHANGE, {"at": version_id, **values})


def add_file(tx: Transaction, draft: Draft, name: str, content: bytes) -> str:
    """Take up a file that a draft names; return the hash of the draft with it."""
    attachments.replace(tx, draft.id, name, content)
    digest = hash_with(draft, name, content)
    change(tx, draft.id, source_hash=digest)
    return digest


def publish(tx: Transaction, draft: Draft, by: str) -> bool:
    """Publish a draft that waits for it; False where somebody else was faster."""
    if not tx.changed(PUBLISH, {"at": draft.id, "now": tx.now, "by": by}):
        return False
    audit.record(tx, by, "release", f"{draft.form_id} {draft.version}")
    return True


def withdraw(tx: Transaction, draft: Draft, by: str) -> None:
    """Erase a draft with its files and all that was tried of it."""
    _erase(tx, draft.id)
    audit.record(tx, by, "withdraw", f"{draft.form_id} {draft.version}")


def end_previews(tx: Transaction, version_id: int) -> None:
    """Erase what was tried of a draft, whoever tries it just now."""
    for one in previews.of_draft(tx, version_id):
        previews.end(tx, one)
    tx.change(ERASE_INTERVIEWS, {"at": version_id})


def _erase(tx: Transaction, version_id: int) -> None:
    end_previews(tx, version_id)
    attachments.erase(tx, version_id)
    tx.change(ERASE, {"at": version_id})


def _draft(row: Any) -> Draft:
    pairs = tuple((str(person_id), int(message)) for person_id, message in row.asked or ())
    known = {name: getattr(row, name) for name in PLAIN}
    return Draft(**known, rows=row.rows or {}, asked=pairs)
