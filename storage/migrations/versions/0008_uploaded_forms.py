"""Uploaded forms: rows to mend, who was asked to release them, and forms that are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("form_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("rows", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("asked", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("refused_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("form_version", schema=None) as batch_op:
        for name in ("refused_by", "asked", "rows", "closed_at"):
            batch_op.drop_column(name)
