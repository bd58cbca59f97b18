"""Dialogues, their reports, and the register of commitments."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OF_ONE = "dialogue_id IS NOT NULL"


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "dialogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("province", sa.String(length=20), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("work_plan", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("reminded_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogue")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialogue_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("side", sa.String(length=3), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("same_as", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("withdrawn_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["dialogue_id"], ["dialogue.id"], name=op.f("fk_commitment_dialogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["interview_id"],
            ["interview.id"],
            name=op.f("fk_commitment_interview_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_commitment_dialogue_id", "commitment", ["dialogue_id"])
    op.create_index("ix_commitment_interview_id", "commitment", ["interview_id"])
    op.create_table(
        "commitment_update",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"],
            ["commitment.id"],
            name=op.f("fk_commitment_update_commitment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_update")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_commitment_update_commitment_id", "commitment_update", ["commitment_id"])
    op.create_index("ix_commitment_update_said_by", "commitment_update", ["said_by"])
    op.create_table(
        "awaited_text",
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondent.id"],
            name=op.f("fk_awaited_text_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("respondent_id", name=op.f("pk_awaited_text")),
    )
    # Not in a batch, which would make the table anew, without its counting on.
    op.add_column("interview", sa.Column("dialogue_id", sa.Integer(), nullable=True))
    op.add_column("interview", sa.Column("counts_in", sa.String(length=7), nullable=True))
    op.add_column("interview", _no("sensitive"))
    op.add_column("interview", sa.Column("withdrawn_at", sa.String(length=32), nullable=True))
    where = sa.text(IS_OF_ONE)
    op.create_index(
        "ix_interview_dialogue",
        "interview",
        ["dialogue_id"],
        sqlite_where=where,
        postgresql_where=where,
    )
    op.add_column("member", _no("reads_sensitive"))


def downgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("reads_sensitive")
    op.drop_index("ix_interview_dialogue", "interview")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        for name in ("withdrawn_at", "sensitive", "counts_in", "dialogue_id"):
            batch_op.drop_column(name)
    op.execute("DELETE FROM slot WHERE schedule LIKE 'dialogue:%'")
    for name in ("awaited_text", "commitment_update", "commitment", "dialogue"):
        op.drop_table(name)
