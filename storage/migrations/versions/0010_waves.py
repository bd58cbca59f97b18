"""Waves: a form version put to some people for some time, and what became of each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def upgrade() -> None:
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=True),
        sa.Column("sector", sa.String(length=12), nullable=True),
        sa.Column("province", sa.String(length=20), nullable=True),
        sa.Column("sex", sa.String(length=12), nullable=True),
        sa.Column("age_group", sa.String(length=12), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("answered_wave", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.String(length=32), nullable=False),
        sa.Column("closes_at", sa.String(length=32), nullable=False),
        sa.Column("remind_after", sa.Integer(), nullable=False),
        sa.Column("remind_most", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("release_asked_at", sa.String(length=32), nullable=True),
        sa.Column("released_by", sa.String(length=32), nullable=True),
        sa.Column("released_at", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("extend_to", sa.String(length=32), nullable=True),
        sa.Column("extend_by", sa.String(length=32), nullable=True),
        sa.Column("planned_to", sa.String(length=32), nullable=False),
        sa.Column("cursor", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.String(length=32), nullable=True),
        sa.Column("reminded_to", NUMBER, server_default="0", nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_version.id"], name=op.f("fk_wave_form_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "wave_person",
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("invitation", sa.String(length=10), nullable=False),
        sa.Column("outbox_id", NUMBER, nullable=True),
        sa.Column("declined_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_person_wave_id")),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondent.id"],
            name=op.f("fk_wave_person_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("respondent_id", "wave_id", name=op.f("pk_wave_person")),
    )
    of_wave = ["wave_id", "respondent_id"]
    op.create_index("ix_wave_person_wave", "wave_person", of_wave)
    _partial("ix_wave_person_later", "wave_person", of_wave, "invitation = 'later'")
    _partial("ix_wave_person_promised", "wave_person", ["outbox_id"], "invitation = 'promised'")
    for table in ("interview", "outbox"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("wave_id", sa.Integer(), nullable=True))
        where = "wave_id IS NOT NULL"
        _partial(f"uq_{table}_wave", table, of_wave, where, unique=True)
    _partial("ix_interview_wave", "interview", ["wave_id", "seq"], "wave_id IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_interview_wave", "interview")
    for table in ("interview", "outbox"):
        op.drop_index(f"uq_{table}_wave", table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("wave_id")
    op.drop_table("wave_person")
    op.drop_table("wave")
