"""Messages that nobody asked for: their pace, and broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
OF_BROADCASTS = sa.text("broadcast_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("pause", sa.Float(), nullable=False),
        sa.Column("filled_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    op.create_table(
        "broadcast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_km", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("sector", sa.String(length=12), nullable=True),
        sa.Column("province", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("cursor", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("promised", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dead", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("finished_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sqlite_autoincrement=True,
    )
    op.add_column("outbox", sa.Column("broadcast_id", sa.Integer(), nullable=True))
    op.create_index(
        "uq_outbox_broadcast",
        "outbox",
        ["broadcast_id", "respondent_id"],
        unique=True,
        sqlite_where=OF_BROADCASTS,
        postgresql_where=OF_BROADCASTS,
    )
    op.create_index(
        "ix_outbox_broadcast",
        "outbox",
        ["broadcast_id", "status"],
        sqlite_where=OF_BROADCASTS,
        postgresql_where=OF_BROADCASTS,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_broadcast", "outbox")
    op.drop_index("uq_outbox_broadcast", "outbox")
    op.drop_column("outbox", "broadcast_id")
    op.drop_table("broadcast")
    op.drop_table("pace")
