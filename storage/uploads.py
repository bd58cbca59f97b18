"""Which files of forms are at Telegram already, and by which id: each is uploaded once a bot."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert  # SQLite takes the same

from storage.store import Transaction
from storage.tables import form_attachment, uploaded_file

OF = (
    select(form_attachment.c.sha256, uploaded_file.c.file_id)
    .outerjoin(
        uploaded_file,
        and_(
            uploaded_file.c.sha256 == form_attachment.c.sha256,
            uploaded_file.c.bot_id == bindparam("bot"),
            uploaded_file.c.kind == bindparam("as_kind"),
        ),
    )
    .where(
        form_attachment.c.form_version_id == bindparam("version"),
        form_attachment.c.name == bindparam("at"),
    )
)
CONTENT = select(form_attachment.c.content).where(
    form_attachment.c.form_version_id == bindparam("version"),
    form_attachment.c.name == bindparam("at"),
)
NOTE = (
    insert(uploaded_file)
    .values({column.name: bindparam(column.name) for column in uploaded_file.c})
    .on_conflict_do_update(
        index_elements=["bot_id", "sha256", "kind"], set_={"file_id": bindparam("file_id")}
    )
)
FORGET = delete(uploaded_file).where(
    uploaded_file.c.bot_id == bindparam("bot"), uploaded_file.c.sha256 == bindparam("digest")
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it goes to Telegram: by its id there, or with its content."""

    name: str
    sha256: str
    file_id: str | None = None
    content: bytes = b""


def of(tx: Transaction, bot_id: int, kind: str, version_id: int, name: str) -> Upload | None:
    """Return a file of a form version; with its content where Telegram doesn't have it.

    None where it was a draft's and is gone with it.
    """
    place = {"version": version_id, "at": name}
    row = tx.row(OF, {"bot": bot_id, "as_kind": kind, **place})
    if row is None:
        return None
    last = name.rpartition("/")[2]
    if row.file_id is not None:
        return Upload(last, row.sha256, row.file_id)
    return Upload(last, row.sha256, None, bytes(tx.value(CONTENT, place)))


def note(tx: Transaction, bot_id: int, sha256: str, kind: str, file_id: str) -> None:
    """Note by which id Telegram knows a file."""
    tx.change(NOTE, {"bot_id": bot_id, "sha256": sha256, "kind": kind, "file_id": file_id})


def forget(tx: Transaction, bot_id: int, sha256: str) -> None:
    """Forget a file's ids, where Telegram doesn't know them any more."""
    tx.change(FORGET, {"bot": bot_id, "digest": sha256})
