"""Who answers on whose phone: people who are helped, who share one, or who raise their hands."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


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
    op.create_table(
        "group_count",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("count_id", sa.String(length=32), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("choice", sa.String(length=255), nullable=False),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("men", sa.Integer(), nullable=True),
        sa.Column("counted_by", sa.String(length=32), nullable=True),
        sa.Column("province", sa.String(length=20), nullable=True),
        sa.Column("started_at", sa.String(length=32), nullable=False),
        sa.Column("counted_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["form_version_id"],
            ["form_version.id"],
            name=op.f("fk_group_count_form_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_count")),
        sa.UniqueConstraint(
            "count_id", "choice", name=op.f("uq_group_count_count_id_choice")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_group_count_form", "group_count", ["form_version_id", "id"])
    op.create_index("ix_group_count_counted_by", "group_count", ["counted_by"])


def downgrade() -> None:
    op.drop_table("group_count")
    op.drop_index("ix_respondent_host", table_name="respondent")
    # An earlier program knows only people with an address of their own.
    op.execute("DELETE FROM respondent WHERE pseudonym IS NULL")
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.drop_column("number")
        batch_op.drop_column("answering_id")
        batch_op.drop_column("host_id")
        batch_op.drop_column("mode")
        batch_op.alter_column("pseudonym", existing_type=sa.LargeBinary(16), nullable=False)
