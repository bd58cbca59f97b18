"""What is looked for often and is rare: sealed messages, and who cast a ballot."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

INDICES = (
    ("ix_outbox_sealed", "outbox", ["respondent_id"], "method = 'sealed'"),
    ("ix_wave_person_cast", "wave_person", ["wave_id", "respondent_id"], "ballot = 'cast'"),
)


def upgrade() -> None:
    for name, table, columns, where in INDICES:
        condition = sa.text(where)
        op.create_index(
            name, table, columns, sqlite_where=condition, postgresql_where=condition
        )


def downgrade() -> None:
    for name, table, *_ in INDICES:
        op.drop_index(name, table)
