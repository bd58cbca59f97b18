"""The files of a published form, kept with its version: lists it reads, pictures and sounds."""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from storage.store import Transaction
from storage.tables import form_attachment
from surveys.attachments import is_list, names_in, stand_in

KEEP = insert(form_attachment)
NAMES = select(form_attachment.c.name).where(
    form_attachment.c.form_version_id == bindparam("version")
)
CONTENT = select(form_attachment.c.content).where(
    form_attachment.c.form_version_id == bindparam("version"),
    form_attachment.c.name == bindparam("at"),
)


SIZE = select(func.sum(func.length(form_attachment.c.content))).where(
    form_attachment.c.form_version_id == bindparam("version"),
    form_attachment.c.name != bindparam("at"),
)
DROP = delete(form_attachment).where(form_attachment.c.form_version_id == bindparam("version"))
DROP_ONE = delete(form_attachment).where(
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


def read_for_draft(tx: Transaction, version_id: int, xform: str) -> dict[str, bytes]:
    """Return the same of a draft: for lists that nobody has sent yet something blank."""
    files = read_by(tx, version_id)
    lists_ = [name for name in names_in(xform) if is_list(name)]
    return {name: stand_in(name) for name in lists_} | files


def names(tx: Transaction, version_id: int) -> list[str]:
    """Return the names of the files of a form version."""
    return tx.values(NAMES, {"version": version_id})


def named(tx: Transaction, version_id: int, xform: str) -> list[str]:
    """Return those of a version's files that an XForm names."""
    there = frozenset(names(tx, version_id))
    return [name for name in names_in(xform) if name in there]


def whole(tx: Transaction, version_id: int, wanted: Iterable[str]) -> dict[str, bytes]:
    """Return files of a form version with their content."""
    return {name: _content(tx, version_id, name) for name in wanted}


def size_of_others(tx: Transaction, version_id: int, name: str) -> int:
    """Return how large the files of a form version are together, but for one of them."""
    size: int | None = tx.value(SIZE, {"version": version_id, "at": name})
    return size or 0


def replace(tx: Transaction, version_id: int, name: str, content: bytes) -> None:
    """Store a file of a draft in place of an earlier one of the same name."""
    tx.change(DROP_ONE, {"version": version_id, "at": name})
    keep(tx, version_id, {name: content})


def erase(tx: Transaction, version_id: int) -> None:
    """Erase the files of a draft."""
    tx.change(DROP, {"version": version_id})


def _content(tx: Transaction, version_id: int, name: str) -> bytes:
    return bytes(tx.value(CONTENT, {"version": version_id, "at": name}))


def lists(connection: Connection, version_id: int) -> dict[str, bytes]:
    """Return the lists that a form version reads, to whoever only reads the database."""
    names = [n for n in connection.scalars(NAMES, {"version": version_id}) if is_list(n)]
    wanted = ({"version": version_id, "at": name} for name in names)
    return dict(zip(names, (connection.scalar(CONTENT, at) or b"" for at in wanted), strict=True))
