"""The pace of messages that nobody asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


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


def downgrade() -> None:
    op.drop_table("pace")
