"""What is due without an interview: to whoever was invited and hasn't begun."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INVITED = "interview_seq IS NULL"


def upgrade() -> None:
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.alter_column("interview_seq", existing_type=NUMBER, nullable=True)
    where = sa.text(INVITED)
    op.create_index(
        "ix_slot_person", "slot", ["respondent_id"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_slot_person", "slot")
    op.execute(f"DELETE FROM slot WHERE {INVITED}")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.alter_column("interview_seq", existing_type=NUMBER, nullable=False)
