"""By which meeting or poster somebody came: what an open link says, with them and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TABLES = ("respondent", "interview")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("event", sa.String(length=16), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "event")
