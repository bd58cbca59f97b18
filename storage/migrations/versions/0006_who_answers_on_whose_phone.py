"""Who answers on whose phone: people who are helped, and people who share a phone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.alter_column("pseudonym", existing_type=sa.LargeBinary(16), nullable=True)
        batch_op.add_column(
            sa.Column("mode", sa.String(length=8), server_default="self", nullable=False)
        )
        batch_op.add_column(sa.Column("host_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("answering_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
    op.create_index(
        "ix_respondent_host",
        "respondent",
        ["host_id", "number"],
        unique=False,
        sqlite_where=sa.text("host_id IS NOT NULL"),
        postgresql_where=sa.text("host_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_respondent_host", table_name="respondent")
    # An earlier program knows only people with an address of their own.
    op.execute("DELETE FROM respondent WHERE pseudonym IS NULL")
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.drop_column("number")
        batch_op.drop_column("answering_id")
        batch_op.drop_column("host_id")
        batch_op.drop_column("mode")
        batch_op.alter_column("pseudonym", existing_type=sa.LargeBinary(16), nullable=False)
