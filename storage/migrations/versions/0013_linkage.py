"""Linkage: whether somebody's answers of several times may be put side by side."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "linkage",
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondent.id"],
            name=op.f("fk_linkage_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("respondent_id", name=op.f("pk_linkage")),
    )


def downgrade() -> None:
    op.drop_table("linkage")
