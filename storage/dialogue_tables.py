"""The tables of dialogues and of what was promised there. Private to this folder."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, String, Table, Text

from storage.columns import NUMBER, UtcTime, metadata, respondent_id

dialogue = Table(
    "dialogue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("level", String(10), nullable=False),
    # Blank for a national one.
    Column("province", String(20)),
    Column("place", Text, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("held_on", Date),
    Column("organisations", JSON, nullable=False),
    Column("work_plan", Text, nullable=False),
    Column("status", String(10), nullable=False),
    # As in respondent, no foreign key: the dialogue stays when whoever made it is forgotten, blank.
    Column("created_by", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    # When the reminders of open commitments before it were planned: once.
    Column("reminded_at", UtcTime),
    sqlite_autoincrement=True,
)

commitment = Table(
    "commitment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dialogue_id", Integer, ForeignKey("dialogue.id"), nullable=False, index=True),
    # The report that brought it, and which of its commitments it is.
    Column(
        "interview_id",
        String(32),
        ForeignKey("interview.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("path", String(255), nullable=False),
    Column("side", String(3), nullable=False),
    Column("office", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("due_on", Date),
    Column("made_on", Date, nullable=False),
    # The other side's report named the same promise before: this one isn't counted again.
    Column("same_as", Integer),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)

commitment_update = Table(
    "commitment_update",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column(
        "commitment_id",
        Integer,
        ForeignKey("commitment.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("side", String(3), nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(16)),
    Column("words", Text),
    Column("at", UtcTime, nullable=False),
    # As in respondent, no foreign key: what a side said stays, its words and this go.
    Column("said_by", String(32), index=True),
    sqlite_autoincrement=True,
)

awaited_text = Table(
    "awaited_text",
    metadata,
    respondent_id(primary_key=True),
    Column("purpose", String(64), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
)
