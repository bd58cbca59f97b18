"""The tables. Private to this folder; docs/data.md says what each column is for."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.columns import NUMBER, UtcTime, metadata, partial_index, respondent_id
from storage.dialogue_tables import awaited_text, commitment, commitment_update, dialogue
from storage.slot_tables import slot, subscription
from storage.wave_tables import ballot, ballot_pending, wave, wave_person, wave_quota

__all__ = [
    "answer",
    "audit",
    "awaited_text",
    "ballot",
    "ballot_pending",
    "broadcast",
    "commitment",
    "commitment_update",
    "consent",
    "contact_vault",
    "dialogue",
    "form_attachment",
    "form_version",
    "group_count",
    "inbox",
    "interview",
    "invitation",
    "job",
    "linkage",
    "media",
    "member",
    "meta",
    "metadata",
    "organisation",
    "outbox",
    "pace",
    "paused_province",
    "preview",
    "respondent",
    "slot",
    "subscription",
    "uploaded_file",
    "wave",
    "wave_person",
    "wave_quota",
]

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("status", String(8), nullable=False),
    Column("payload", LargeBinary),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcTime),
    Column("error", String(80)),
    Column("received_at", UtcTime, nullable=False),
    UniqueConstraint("bot_id", "update_id"),
    # In the order of trying, as for the outbox below.
    partial_index("ix_inbox_pending", "seq", "next_try_at", where="status = 'pending'"),
    partial_index("ix_inbox_kept", "update_id", where="payload IS NOT NULL"),
    sqlite_autoincrement=True,
)

respondent = Table(
    "respondent",
    metadata,
    Column("id", String(32), primary_key=True),
    # Blank for whoever answers on another person's phone: they have no address of their own.
    Column("pseudonym", LargeBinary(16), unique=True),
    Column("language", String(8)),
    Column("role", String(12), nullable=False, server_default="respondent"),
    Column("sector", String(12)),
    Column("province", String(20)),
    Column("wanted_form", String(64)),
    Column("keyboard", Boolean, nullable=False, server_default=false()),
    Column("listens", Boolean, nullable=False, server_default=false()),
    Column("spoken", String(3)),
    Column("stopped_at", UtcTime),
    Column("unreachable_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("mode", String(8), nullable=False, server_default="self"),
    # These two name people, and have no foreign key: a person's rows would hang on other people's.
    Column("host_id", String(32)),
    Column("answering_id", String(32)),
    Column("number", Integer),
    # A role ends by itself; staff may be bound to a province.
    Column("role_until", UtcTime),
    Column("bound_to", String(20)),
    # What the open link said by which they came last: a meeting, a poster.
    Column("event", String(16)),
    # While they answer for a ballot box, what is said to them lies sealed.
    Column("secret", Boolean, nullable=False, server_default=false()),
    Column("organisation", String(20)),
    partial_index("ix_respondent_host", "host_id", "number", where="host_id IS NOT NULL"),
)

contact_vault = Table(
    "contact_vault",
    metadata,
    respondent_id(primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    respondent_id(primary_key=True),
    Column("version", String(12), primary_key=True),
    Column("language", String(8), nullable=False),
    Column("given_at", UtcTime, nullable=False),
)

# Whether somebody's answers of several times may be put side by side; the newest word counts.
linkage = Table(
    "linkage",
    metadata,
    respondent_id(primary_key=True),
    Column("version", String(12), nullable=False),
    Column("agreed", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("decided_at", UtcTime, nullable=False),
)

# No foreign key leads here: people are named by its code, which never changes.
organisation = Table(
    "organisation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(20), nullable=False, unique=True),
    Column("name_en", String(120), nullable=False),
    Column("name_km", String(120), nullable=False),
    sqlite_autoincrement=True,
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("sector", String(12)),
    Column("bound_to", String(20)),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("organisation", String(20)),
)

member = Table(
    "member",
    metadata,
    respondent_id(primary_key=True),
    # What a member is called in lists: nobody's name is known.
    Column("number", Integer, nullable=False, unique=True),
    Column("since", UtcTime, nullable=False),
    Column("pin_hash", LargeBinary(32)),
    Column("wrong_pins", Integer, nullable=False, server_default="0"),
    Column("locked_until", UtcTime),
    Column("proved_until", UtcTime),
    # What was asked and waits for the PIN, or for a new one.
    Column("awaits", JSON(none_as_null=True)),
    # One of the two whom an owner named to read sensitive reports.
    Column("reads_sensitive", Boolean, nullable=False, server_default=false()),
)

audit = Table(
    "audit",
    metadata,
    # Counted by hand, so that a row that is missing shows.
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    # As in respondent, no foreign key: what was done stays when whoever did it is forgotten.
    Column("actor", String(32), nullable=False),
    Column("act", String(40), nullable=False),
    Column("object", String(80), nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

form_version = Table(
    "form_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form_id", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("source_hash", String(64), nullable=False),
    Column("xform", Text, nullable=False),
    # Blank for a draft, which nobody is offered.
    Column("published_at", UtcTime),
    Column("uploaded_at", UtcTime),
    # As in respondent, no foreign keys: the form stays when these are forgotten.
    Column("uploaded_by", String(32)),
    Column("released_by", String(32)),
    # Whom an uploaded form is for: a sector, or `all`.
    Column("audience", String(12)),
    Column("release_asked_at", UtcTime),
    Column("closed_at", UtcTime),
    # Where its author finds each question and choice.
    Column("rows", JSON(none_as_null=True)),
    # Whom a release was asked of, and by which message; who is just writing why they send it back.
    Column("asked", JSON(none_as_null=True)),
    Column("refused_by", String(32)),
    UniqueConstraint("form_id", "version"),
    sqlite_autoincrement=True,
)

form_attachment = Table(
    "form_attachment",
    metadata,
    Column("form_version_id", Integer, ForeignKey("form_version.id"), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

preview = Table(
    "preview",
    metadata,
    respondent_id(primary_key=True),
    Column("form_version_id", Integer, ForeignKey("form_version.id"), nullable=False),
    Column("language_before", String(8)),
)

uploaded_file = Table(
    "uploaded_file",
    metadata,
    Column("bot_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("file_id", Text, nullable=False),
)

interview = Table(
    "interview",
    metadata,
    Column("seq", NUMBER, primary_key=True),
    Column("id", String(32), nullable=False, unique=True),
    respondent_id(index=True),
    Column("form_version_id", Integer, ForeignKey("form_version.id"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("language", String(8), nullable=False),
    Column("state", JSON, nullable=False),
    Column("response", JSON, nullable=False),
    Column("message_id", BigInteger),
    Column("message_outbox_id", NUMBER),
    Column("message_media", JSON(none_as_null=True)),
    Column("started_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("completed_at", UtcTime),
    # "Not this time": never reminded of it again.
    Column("declined_at", UtcTime),
    # The wave it is of. No foreign key: a wave stays for ever.
    Column("wave_id", Integer),
    Column("event", String(16)),
    # For a ballot box, in place of state and response.
    Column("sealed_state", LargeBinary),
    # Of a report: its dialogue, which stays for ever; the quarter that counts it.
    Column("dialogue_id", Integer),
    Column("counts_in", String(7)),
    Column("sensitive", Boolean, nullable=False, server_default=false()),
    Column("withdrawn_at", UtcTime),
    Index("ix_interview_form", "form_version_id", "seq"),
    # A person answers once in a wave.
    partial_index(
        "uq_interview_wave", "wave_id", "respondent_id", where="wave_id IS NOT NULL", unique=True
    ),
    partial_index("ix_interview_wave", "wave_id", "seq", where="wave_id IS NOT NULL"),
    partial_index("ix_interview_dialogue", "dialogue_id", where="dialogue_id IS NOT NULL"),
    # One interview at a time holds a person's chat.
    partial_index("uq_interview_active", "respondent_id", where="status = 'active'", unique=True),
    sqlite_autoincrement=True,
)

answer = Table(
    "answer",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column(
        "interview_id",
        String(32),
        ForeignKey("interview.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("path", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("value", Text, nullable=False),
    Column("language", String(8)),
    Column("language_confidence", String(8)),
    Column("language_method", String(12)),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("answered_at", UtcTime, nullable=False),
    # The voice note that was written down; its row says by whom and when.
    Column("media_id", String(32)),
    Column("place", String(8)),
    # Of free texts: when staff read it, and whether it names somebody.
    Column("read_at", UtcTime),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("interview_id", "path", "revision"),
    partial_index("ix_answer_unread", "id", where="language IS NOT NULL AND read_at IS NULL"),
    sqlite_autoincrement=True,
)

group_count = Table(
    "group_count",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("count_id", String(32), nullable=False),
    Column("form_version_id", Integer, ForeignKey("form_version.id"), nullable=False),
    Column("path", String(255), nullable=False),
    Column("choice", String(255), nullable=False),
    Column("women", Integer),
    Column("men", Integer),
    # As in respondent, no foreign key: the count is a meeting's and stays.
    Column("counted_by", String(32)),
    Column("province", String(20)),
    Column("started_at", UtcTime, nullable=False),
    Column("counted_at", UtcTime),
    UniqueConstraint("count_id", "choice"),
    Index("ix_group_count_form", "form_version_id", "id"),
    Index("ix_group_count_counted_by", "counted_by"),
    sqlite_autoincrement=True,
)

media = Table(
    "media",
    metadata,
    Column("id", String(32), primary_key=True),
    Column(
        "interview_id",
        String(32),
        ForeignKey("interview.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("path", String(255), nullable=False),
    Column("sealed_file_id", LargeBinary),
    Column("mime", String(60), nullable=False),
    Column("size", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("received_at", UtcTime, nullable=False),
    # Only of voice notes that are to be written down, and only until they are.
    Column("review_at", UtcTime),
    Column("reviewer", String(32)),
    Column("draft", Text),
    Column("sound_outbox_id", NUMBER),
    Column("words_outbox_id", NUMBER),
    Column("reviewed_at", UtcTime),
    partial_index("ix_media_wanted", "received_at", where="status = 'wanted'"),
    partial_index("ix_media_erasing", "id", where="status = 'erasing'"),
    partial_index("ix_media_review", "received_at", "reviewer", where="review_at IS NOT NULL"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", NUMBER, primary_key=True),
    respondent_id(nullable=True, index=True),
    # Only for a farewell to a person whose vault row is gone; erased when it is sent.
    Column("sealed_chat", LargeBinary),
    Column("lane", Integer, nullable=False),
    Column("policy", String(6), nullable=False),
    Column("method", String(40), nullable=False),
    Column("body", JSON(none_as_null=True)),
    Column("target_outbox_id", NUMBER),
    Column("status", String(10), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("message_id", BigInteger),
    Column("error", String(80)),
    Column("created_at", UtcTime, nullable=False),
    Column("broadcast_id", Integer),
    # The sound that goes with it, read from its encrypted file when it is sent.
    Column("media_id", String(32)),
    Column("wave_id", Integer),
    # To somebody who answers for a ballot box: method, policy and body together.
    Column("sealed_body", LargeBinary),
    # In the order of claiming, so that a claim reads no more rows than it takes.
    partial_index("ix_outbox_pending", "lane", "id", "due_at", where="status = 'pending'"),
    # What may stand before a person's next message.
    partial_index(
        "ix_outbox_chain", "respondent_id", "id", where="status IN ('pending', 'sending')"
    ),
    # Nobody gets a broadcast twice, whatever crashes.
    partial_index(
        "uq_outbox_broadcast",
        "broadcast_id",
        "respondent_id",
        where="broadcast_id IS NOT NULL",
        unique=True,
    ),
    # Nobody is invited to a wave twice, whatever crashes.
    partial_index(
        "uq_outbox_wave", "wave_id", "respondent_id", where="wave_id IS NOT NULL", unique=True
    ),
    # What is forgotten soon after it was sent.
    partial_index("ix_outbox_sealed", "respondent_id", where="method = 'sealed'"),
    # How a broadcast stands, without reading its messages.
    partial_index(
        "ix_outbox_broadcast", "broadcast_id", "status", where="broadcast_id IS NOT NULL"
    ),
    sqlite_autoincrement=True,
)

paused_province = Table(
    "paused_province",
    metadata,
    Column("province", String(20), primary_key=True),
    Column("paused_at", UtcTime, nullable=False),
)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text_km", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("role", String(12)),
    Column("sector", String(12)),
    Column("province", String(20)),
    Column("status", String(10), nullable=False),
    # Everybody up to this respondent id has been looked at.
    Column("cursor", String(32), nullable=False),
    Column("people", Integer, nullable=False),
    Column("promised", Integer, nullable=False, server_default="0"),
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("uncertain", Integer, nullable=False, server_default="0"),
    Column("blocked", Integer, nullable=False, server_default="0"),
    Column("dead", Integer, nullable=False, server_default="0"),
    # Left out: they had enough messages that week.
    Column("withheld", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    sqlite_autoincrement=True,
)

pace = Table(
    "pace",
    metadata,
    Column("name", String(12), primary_key=True),
    Column("share", Float, nullable=False),
    Column("level", Float, nullable=False),
    Column("pause", Float, nullable=False),
    Column("filled_at", UtcTime, nullable=False),
)

job = Table(
    "job",
    metadata,
    Column("id", Integer, primary_key=True),
    respondent_id(),
    Column("kind", String(20), nullable=False),
    Column("argument", String(64), nullable=False),
    Column("options", JSON(none_as_null=True)),
    Column("status", String(10), nullable=False),
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("message_outbox_id", NUMBER),
    Column("created_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    sqlite_autoincrement=True,
)
