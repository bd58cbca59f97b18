"""Organisations that members are of, and waves for the people of one."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

TABLES = ("respondent", "invitation", "wave")


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_km", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        sqlite_autoincrement=True,
    )
    for table in TABLES:
        op.add_column(table, sa.Column("organisation", sa.String(length=20), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "organisation")
    op.drop_table("organisation")
