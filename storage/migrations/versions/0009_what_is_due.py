"""What is due: a row for each reminder, once for each person and time; who said "not this time"."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declined_at", sa.String(length=32), nullable=True))
    op.create_table(
        "slot",
        sa.Column("due_at", sa.String(length=32), nullable=False),
        sa.Column("schedule", sa.String(length=40), nullable=False),
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("interview_seq", NUMBER, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("outbox_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["interview_seq"],
            ["interview.seq"],
            name=op.f("fk_slot_interview_seq"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("due_at", "schedule", "respondent_id", name=op.f("pk_slot")),
    )
    for name, columns, where in (
        ("ix_slot_due", ["due_at", "schedule", "respondent_id"], "status = 'due'"),
        ("ix_slot_promised", ["outbox_id"], "status = 'promised'"),
    ):
        op.create_index(
            name,
            "slot",
            columns,
            unique=False,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index(op.f("ix_slot_interview_seq"), "slot", ["interview_seq"], unique=False)


def downgrade() -> None:
    op.drop_table("slot")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_column("declined_at")
