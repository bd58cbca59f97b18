"""Quotas: how many of each cell of people shall answer in a wave."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "wave_quota",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("province", sa.String(length=20), nullable=False),
        sa.Column("sex", sa.String(length=12), nullable=False),
        sa.Column("age_group", sa.String(length=12), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_quota_wave_id")),
        sa.PrimaryKeyConstraint(
            "wave_id", "province", "sex", "age_group", name=op.f("pk_wave_quota")
        ),
    )


def downgrade() -> None:
    op.drop_table("wave_quota")
