"""Voice notes are written down by staff; places are chosen by their names."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ERASING = sa.text("status = 'erasing'")
IN_REVIEW = sa.text("review_at IS NOT NULL")
ADDED = (
    ("media", "review_at", sa.String(length=32)),
    ("media", "reviewer", sa.String(length=32)),
    ("media", "draft", sa.Text()),
    ("media", "sound_outbox_id", NUMBER),
    ("media", "words_outbox_id", NUMBER),
    ("media", "reviewed_at", sa.String(length=32)),
    ("answer", "media_id", sa.String(length=32)),
    ("answer", "place", sa.String(length=8)),
    ("outbox", "media_id", sa.String(length=32)),
)
# The voice notes that are there already wait too; a file's answer is its name, not this mark.
QUEUE_ALL = sa.text(
    "UPDATE media SET review_at = received_at WHERE status IN ('wanted', 'stored') AND EXISTS ("
    "SELECT 1 FROM answer WHERE answer.interview_id = media.interview_id "
    "AND answer.value = 'voice:' || media.id)"
)


def upgrade() -> None:
    for table, name, kind in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=True))
    for name, columns, condition in (
        ("ix_media_erasing", ["id"], ERASING),
        ("ix_media_review", ["received_at", "reviewer"], IN_REVIEW),
    ):
        op.create_index(
            name, "media", columns, sqlite_where=condition, postgresql_where=condition
        )
    op.execute(QUEUE_ALL)


def downgrade() -> None:
    op.drop_index("ix_media_review", "media")
    op.drop_index("ix_media_erasing", "media")
    for table, name, _ in reversed(ADDED):
        op.drop_column(table, name)
