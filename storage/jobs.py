"""Long work that staff asked for: a row each, worked on in a subprocess, with its progress."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.store import Transaction
from storage.tables import job, respondent

ADD = insert(job).values(status="waiting", progress=0).returning(job.c.id)
NEXT = (
    select(job, respondent.c.language)
    .join(respondent, respondent.c.id == job.c.respondent_id)
    .where(job.c.status == "waiting", job.c.kind == bindparam("as_kind"))
    .order_by(job.c.id)
    .limit(1)
)
CHANGE = update(job).where(job.c.id == bindparam("at"))
RECOVER = (
    update(job)
    .where(job.c.status == "running", job.c.kind == bindparam("as_kind"))
    .values(status="waiting", progress=0)
)

TAKING = 0x5A3105


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of long work and the message that shows its progress."""

    id: int
    respondent_id: str
    kind: str
    argument: str
    language: str
    message_outbox_id: int
    options: dict[str, Any] | None = None


def add(
    tx: Transaction,
    respondent_id: str,
    kind: str,
    argument: str,
    message_outbox_id: int,
    options: dict[str, Any] | None = None,
) -> int:
    """Ask for a job; return its id."""
    values = {
        "respondent_id": respondent_id,
        "kind": kind,
        "argument": argument,
        "options": options,
        "message_outbox_id": message_outbox_id,
        "created_at": tx.now,
    }
    new_id: int = tx.value(ADD, values)
    return new_id


def take(tx: Transaction, kind: str) -> Job | None:
    """Take the oldest waiting job of a kind."""
    tx.alone(TAKING)
    row = tx.row(NEXT, {"as_kind": kind})
    if row is None:
        return None
    tx.change(CHANGE, {"at": row.id, "status": "running"})
    return Job(
        row.id,
        row.respondent_id,
        row.kind,
        row.argument,
        row.language or "en",
        row.message_outbox_id,
        row.options,
    )


def advance(tx: Transaction, job_id: int, percent: int) -> bool:
    """Note how far a job is; False where whoever asked for it was forgotten meanwhile."""
    return tx.changed(CHANGE, {"at": job_id, "progress": percent}) == 1


def finish(tx: Transaction, job_id: int, status: str) -> bool:
    """Note that a job is 'done' or 'failed'; False where whoever asked was forgotten meanwhile."""
    change = {"at": job_id, "status": status, "finished_at": tx.now}
    return tx.changed(CHANGE, change) == 1


def forget_options(tx: Transaction, job_id: int) -> None:
    """Erase what a job needed to know, once it is done."""
    tx.change(CHANGE, {"at": job_id, "options": None})


def recover(tx: Transaction, kind: str) -> None:
    """After a crash, begin again what was running of a kind."""
    tx.change(RECOVER, {"as_kind": kind})
