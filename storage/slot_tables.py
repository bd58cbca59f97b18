"""The tables of what is due: reminders, and what members get regularly. As tables.py."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, UniqueConstraint

from storage.columns import NUMBER, UtcTime, metadata, partial_index, respondent_id

slot = Table(
    "slot",
    metadata,
    # Nobody is reminded twice of one time by one schedule, whatever crashes. What is planned comes
    # in the order of its time, and so does what an index of a million takes.
    Column("due_at", UtcTime, primary_key=True),
    Column("schedule", String(40), primary_key=True),
    # No foreign key: it goes with the interview, which goes with the person. Where nothing was
    # begun yet there is none, and it is erased by the person.
    Column("respondent_id", String(32), primary_key=True),
    Column("interview_seq", NUMBER, ForeignKey("interview.seq", ondelete="CASCADE"), index=True),
    Column("status", String(10), nullable=False),
    Column("reason", String(10)),
    Column("outbox_id", NUMBER),
    partial_index("ix_slot_due", "due_at", "schedule", "respondent_id", where="status = 'due'"),
    partial_index("ix_slot_promised", "outbox_id", where="status = 'promised'"),
    partial_index("ix_slot_person", "respondent_id", where="interview_seq IS NULL"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Integer, primary_key=True),
    respondent_id(),
    Column("kind", String(8), nullable=False),
    # Blank where there is no form: a key holds no NULLs.
    Column("form_id", String(64), nullable=False),
    Column("every", String(8), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("respondent_id", "kind", "form_id", "every"),
    sqlite_autoincrement=True,
)
