"""The tables of waves: whom a form is put to, and what was said for ballot boxes. As tables.py."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
)

from storage.columns import NUMBER, UtcTime, metadata, partial_index, respondent_id

wave = Table(
    "wave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form_version_id", Integer, ForeignKey("form_version.id"), nullable=False),
    Column("status", String(10), nullable=False),
    # The audience; what is blank is open.
    Column("role", String(12)),
    Column("sector", String(12)),
    Column("province", String(20)),
    Column("sex", String(12)),
    Column("age_group", String(12)),
    Column("language", String(8)),
    Column("answered_wave", Integer),
    Column("opens_at", UtcTime, nullable=False),
    Column("closes_at", UtcTime, nullable=False),
    Column("remind_after", Integer, nullable=False),
    Column("remind_most", Integer, nullable=False),
    # As in respondent, no foreign keys: the wave stays when these are forgotten.
    Column("created_by", String(32), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("release_asked_at", UtcTime),
    Column("released_by", String(32)),
    Column("released_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("extend_to", UtcTime),
    Column("extend_by", String(32)),
    # Everybody up to this respondent id has been looked at: for the wave, and for an invitation.
    Column("planned_to", String(32), nullable=False),
    Column("cursor", String(32), nullable=False),
    Column("again_at", UtcTime),
    Column("reminded_to", NUMBER, nullable=False, server_default="0"),
    Column("people", Integer, nullable=False, server_default="0"),
    # A ballot box: who answered and what was answered share no key.
    Column("ballot", Boolean, nullable=False, server_default=false()),
    Column("counted_at", UtcTime),
    # Of the audience, as above.
    Column("organisation", String(20)),
    sqlite_autoincrement=True,
)

wave_person = Table(
    "wave_person",
    metadata,
    respondent_id(primary_key=True),
    Column("wave_id", Integer, ForeignKey("wave.id"), primary_key=True),
    Column("invitation", String(10), nullable=False),
    Column("outbox_id", NUMBER),
    Column("declined_at", UtcTime),
    # Of a ballot box: `begun`, then `cast`; never when.
    Column("ballot", String(5)),
    # In the order of people's ids, as they are planned, so that it only grows at its end.
    Index("ix_wave_person_wave", "wave_id", "respondent_id"),
    partial_index("ix_wave_person_later", "wave_id", "respondent_id", where="invitation = 'later'"),
    partial_index("ix_wave_person_cast", "wave_id", "respondent_id", where="ballot = 'cast'"),
    partial_index("ix_wave_person_promised", "outbox_id", where="invitation = 'promised'"),
)

# How many of a cell shall answer; blank: whatever they are.
wave_quota = Table(
    "wave_quota",
    metadata,
    Column("wave_id", Integer, ForeignKey("wave.id"), primary_key=True),
    Column("province", String(20), primary_key=True),
    Column("sex", String(12), primary_key=True),
    Column("age_group", String(12), primary_key=True),
    Column("target", Integer, nullable=False),
)

# Without rows' numbers, in the order of random ids, so that not even where a row lies on the disk
# says when it came.
ballot_pending = Table(
    "ballot_pending",
    metadata,
    Column("wave_id", Integer, ForeignKey("wave.id"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

ballot = Table(
    "ballot",
    metadata,
    Column("wave_id", Integer, ForeignKey("wave.id"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("province", String(20)),
    Column("sex", String(12)),
    Column("response", JSON, nullable=False),
    sqlite_with_rowid=False,
)
