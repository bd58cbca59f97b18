"""The files that come with a form: its lists, pictures and sounds; and who listens to them."""

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
    op.create_table(
        "uploaded_file",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("bot_id", "sha256", "kind", name=op.f("pk_uploaded_file")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_media", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("listens", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("spoken", sa.String(length=3), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.drop_column("spoken")
        batch_op.drop_column("listens")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_column("message_media")
    op.drop_table("uploaded_file")
    op.drop_table("form_attachment")
