"""The files that come with a form: its lists, pictures and sounds."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "form_attachment",
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["form_version.id"],
            name=op.f("fk_form_attachment_form_version_id"),
        ),
        sa.PrimaryKeyConstraint("form_version_id", "name", name=op.f("pk_form_attachment")),
    )


def downgrade() -> None:
    op.drop_table("form_attachment")
