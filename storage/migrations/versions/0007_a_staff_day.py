"""A staff day: members with a PIN, an audit log that only grows, forms that wait for release."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# A table that SQLite makes anew counts on, and gives no number twice.
COUNTING = {"sqlite_autoincrement": True}
# What is written stays: neither database changes or deletes a row of the audit log.
SQLITE = """
CREATE TRIGGER audit_{act} BEFORE {act} ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END
"""
POSTGRESQL = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$;
CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
"""


def upgrade() -> None:
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("role_until", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("bound_to", sa.String(length=20), nullable=True))
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bound_to", sa.String(length=20), nullable=True))
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(none_as_null=True), nullable=True))
    with op.batch_alter_table("form_version", table_kwargs=COUNTING) as batch_op:
        batch_op.alter_column("published_at", existing_type=sa.String(length=32), nullable=True)
        batch_op.add_column(sa.Column("uploaded_at", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("uploaded_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("released_by", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("audience", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("release_asked_at", sa.String(length=32), nullable=True))
    # Not in a batch, which would make the table anew, without its counting on.
    op.add_column("answer", sa.Column("read_at", sa.String(length=32), nullable=True))
    op.add_column(
        "answer", sa.Column("hidden", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "ix_answer_unread",
        "answer",
        ["id"],
        unique=False,
        sqlite_where=sa.text("language IS NOT NULL AND read_at IS NULL"),
        postgresql_where=sa.text("language IS NOT NULL AND read_at IS NULL"),
    )
    op.create_table(
        "member",
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.Column("pin_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("wrong_pins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=True),
        sa.Column("proved_until", sa.String(length=32), nullable=True),
        sa.Column("awaits", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondent.id"],
            name=op.f("fk_member_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("respondent_id", name=op.f("pk_member")),
        sa.UniqueConstraint("number", name=op.f("uq_member_number")),
    )
    # Whoever was invited before is a member, and keeps the role until somebody ends it.
    op.execute(
        "INSERT INTO member (respondent_id, number, since) "
        "SELECT id, row_number() OVER (ORDER BY created_at, id), created_at FROM respondent "
        "WHERE role != 'respondent'"
    )
    op.create_table(
        "audit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("object", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(act=act))
    op.create_table(
        "preview",
        sa.Column("respondent_id", sa.String(length=32), nullable=False),
        sa.Column("form_version_id", sa.Integer(), nullable=False),
        sa.Column("language_before", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_version.id"], name=op.f("fk_preview_form_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["respondent_id"],
            ["respondent.id"],
            name=op.f("fk_preview_respondent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("respondent_id", name=op.f("pk_preview")),
    )


def downgrade() -> None:
    op.drop_table("preview")
    op.drop_index("ix_answer_unread", table_name="answer")
    for name in ("hidden", "read_at"):
        op.drop_column("answer", name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_only_grows ON audit")
        op.execute("DROP FUNCTION audit_only_grows")
    op.drop_table("audit")
    op.drop_table("member")
    # An earlier program offers every form version it finds.
    drafts = "SELECT id FROM form_version WHERE published_at IS NULL"
    for table in ("interview", "form_attachment"):
        op.execute(f"DELETE FROM {table} WHERE form_version_id IN ({drafts})")
    op.execute("DELETE FROM form_version WHERE published_at IS NULL")
    with op.batch_alter_table("form_version", table_kwargs=COUNTING) as batch_op:
        for name in ("release_asked_at", "audience", "released_by", "uploaded_by", "uploaded_at"):
            batch_op.drop_column(name)
        batch_op.alter_column("published_at", existing_type=sa.String(length=32), nullable=False)
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("options")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_column("bound_to")
    with op.batch_alter_table("respondent", schema=None) as batch_op:
        batch_op.drop_column("bound_to")
        batch_op.drop_column("role_until")
