"""Provinces that staff paused; how many a broadcast left out."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "paused_province",
        sa.Column("province", sa.String(length=20), nullable=False),
        sa.Column("paused_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("province", name=op.f("pk_paused_province")),
    )
    withheld = sa.Column("withheld", sa.Integer(), server_default="0", nullable=False)
    op.add_column("broadcast", withheld)


def downgrade() -> None:
    op.drop_column("broadcast", "withheld")
    op.drop_table("paused_province")
