"""The files of a published form, kept with its version: lists it reads, pictures and sounds."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, insert, select

from storage.store import Transaction
from storage.tables import form_attachment
from surveys.attachments import is_list

KEEP = insert(form_attachment)
NAMES = select(form_attachment.c.name).where(
    form_attachment.c.form_version_id == bindparam("version")
)
CONTENT = select(form_attachment.c.content).where(
    form_attachment.c.form_version_id == bindparam("version"),
    form_attachment.c.name == bindparam("at"),
)


def keep(tx: Transaction, version_id: int, files: Mapping[str, bytes]) -> None:
    """Store the files of a form version."""
    for name, content in files.items():
        tx.change(
            KEEP,
            {
                "form_version_id": version_id,
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "content": content,
            },
        )


def read_by(tx: Transaction, version_id: int) -> dict[str, bytes]:
    """Return all files of a form version by name, with the content of those that the form reads."""
    return {
        name: _content(tx, version_id, name) if is_list(name) else b""
        for name in tx.values(NAMES, {"version": version_id})
    }


def _content(tx: Transaction, version_id: int, name: str) -> bytes:
    return bytes(tx.value(CONTENT, {"version": version_id, "at": name}))


def lists(connection: Connection, version_id: int) -> dict[str, bytes]:
    """Return the lists that a form version reads, to whoever only reads the database."""
    names = [n for n in connection.scalars(NAMES, {"version": version_id}) if is_list(n)]
    wanted = ({"version": version_id, "at": name} for name in names)
    return dict(zip(names, (connection.scalar(CONTENT, at) or b"" for at in wanted), strict=True))
