"""Alembic's entry: runs the migrations over the connection it is handed."""

from alembic import context

from storage.tables import metadata

connection = context.config.attributes["connection"]
is_file = connection.dialect.name == "sqlite"
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
connection.exec_driver_sql("BEGIN IMMEDIATE" if is_file else "BEGIN")
try:
    context.run_migrations()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if is_file else []
    assert not orphans, f"rows of {sorted({table for table, *_ in orphans})} lost what they hang on"
except BaseException:
    connection.exec_driver_sql("ROLLBACK")
    raise
connection.exec_driver_sql("COMMIT")
