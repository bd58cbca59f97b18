"""Ballot boxes: waves in which who answered and what was answered share no key."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# What is added to which table.
ADDED = (
    ("respondent", "secret"),
    ("interview", "sealed_state"),
    ("outbox", "sealed_body"),
    ("wave", "ballot"),
    ("wave", "counted_at"),
    ("wave_person", "ballot"),
)


def _columns() -> dict[tuple[str, str], sa.Column[object]]:
    kinds: tuple[sa.Column[object], ...] = (
        sa.Column("secret", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("sealed_state", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=True),
        sa.Column("ballot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("counted_at", sa.String(length=32), nullable=True),
        sa.Column("ballot", sa.String(length=5), nullable=True),
    )
    return dict(zip(ADDED, kinds, strict=True))


def upgrade() -> None:
    for (table, _), column in _columns().items():
        op.add_column(table, column)
    _table("ballot_pending", sa.Column("sealed", sa.LargeBinary(), nullable=False))
    _table(
        "ballot",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("province", sa.String(length=20), nullable=True),
        sa.Column("sex", sa.String(length=12), nullable=True),
        sa.Column("response", sa.JSON(), nullable=False),
    )


def _table(name: str, *columns: sa.Column[object]) -> None:
    """Make a table in the order of random ids, without the numbers that SQLite gives to rows."""
    op.create_table(
        name,
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f(f"fk_{name}_wave_id")),
        sa.PrimaryKeyConstraint("wave_id", "id", name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("ballot")
    op.drop_table("ballot_pending")
    for table, name in reversed(ADDED):
        op.drop_column(table, name)
