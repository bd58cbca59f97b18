"""The schema: the models and the migrations agree, and nothing is lost on the way up or down."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage import respondents, schema
from storage.database import DATABASE, open_store
from storage.errors import DatabaseNewer
from storage.respondents import Respondent
from storage.schema import KNOWN_SCHEMAS, MIGRATIONS, SCHEMA, at_file, migrate
from storage.sqlite import connected
from storage.store import Store
from storage.tables import metadata

pytestmark = pytest.mark.one_file
# A future migration of the kind that rebuilds a table other tables hang on.
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9002"
down_revision = "LAST"


def upgrade():
    with op.batch_alter_table("respondent", recreate="always") as batch_op:
        batch_op.add_column(sa.Column("village", sa.String(20)))


def downgrade():
    with op.batch_alter_table("respondent", recreate="always") as batch_op:
        batch_op.drop_column("village")
""".replace("LAST", SCHEMA)
BROKEN = NEXT.replace("def downgrade", '    op.execute("SELECT nonsense")\n\n\ndef downgrade', 1)


def run(path: Path, direction: Callable[[Config, str], None], revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with connected(path) as connection:
        config.attributes["connection"] = connection
        direction(config, revision)


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows if not name.startswith("sqlite_")}


def test_a_table_that_gives_no_number_twice_does_so_after_all_migrations(path: Path) -> None:
    migrate(path)

    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        counting = {name for (name,) in rows}
    assert counting == {
        table.name
        for table in metadata.sorted_tables
        if table.dialect_options["sqlite"]["autoincrement"]
    }


def definitions(path: Path) -> dict[str, str]:
    """Return the SQL of every index, white space aside."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%INDEX%'")
        return {name: " ".join(sql.split()) for name, sql in rows}


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    walked = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in reversed(list(walked))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / DATABASE


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Turn this program into one that knows one more migration."""

    def release(migration: str) -> None:
        folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
        (folder / "versions" / "9002_the_next.py").write_text(migration)
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        monkeypatch.setattr(schema, "SCHEMA", "9002")
        monkeypatch.setattr(schema, "KNOWN_SCHEMAS", (*KNOWN_SCHEMAS, "9002"))

    return release


def test_a_new_file_gets_all_tables(path: Path) -> None:
    migrate(path)

    assert tables(path) == {table.name for table in metadata.sorted_tables} | {"alembic_version"}
    assert at_file(path) == SCHEMA


def test_a_missing_file_has_no_schema(path: Path) -> None:
    assert at_file(path) is None
    assert not path.exists()


def test_an_empty_file_has_no_schema_and_becomes_a_database(path: Path) -> None:
    path.touch()

    assert at_file(path) is None
    migrate(path)

    assert at_file(path) == SCHEMA


def test_the_models_match_the_migrations(path: Path) -> None:
    migrate(path)

    with connected(path) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_indices_of_models_and_migrations_are_the_same_to_the_letter(tmp_path: Path) -> None:
    migrate(tmp_path / "migrated.db")
    with connected(tmp_path / "created.db") as connection:
        metadata.create_all(connection)

    assert definitions(tmp_path / "migrated.db") == definitions(tmp_path / "created.db")


def test_every_partial_index_is_partial_on_both_databases() -> None:
    for table in metadata.sorted_tables:
        for index in table.indexes:
            options = index.dialect_options
            here, there = options["sqlite"]["where"], options["postgresql"]["where"]
            assert str(here) == str(there), index.name


def test_the_constants_name_the_newest_migration_and_all_before() -> None:
    assert revisions()[-1] == SCHEMA
    assert list(KNOWN_SCHEMAS) == revisions()


@pytest.mark.parametrize("revision", revisions())
def test_each_migration_goes_up_and_down_and_up_again(path: Path, revision: str) -> None:
    run(path, command.upgrade, revision)
    before = definitions(path), tables(path)

    run(path, command.downgrade, "-1")
    run(path, command.upgrade, revision)

    assert (definitions(path), tables(path)) == before


def test_going_down_to_the_start_leaves_no_table(path: Path) -> None:
    migrate(path)

    run(path, command.downgrade, "base")

    assert tables(path) == {"alembic_version"}


def test_a_database_of_a_newer_program_is_refused_and_untouched(path: Path) -> None:
    migrate(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()

    with pytest.raises(DatabaseNewer, match="newer version"):
        migrate(path)

    assert path.read_bytes() == before
    assert list(path.parent.glob("*-before-*")) == []


def test_a_database_that_is_up_to_date_is_left_alone(path: Path) -> None:
    migrate(path)
    before = path.read_bytes()

    migrate(path)

    assert path.read_bytes() == before


def test_an_upgrade_makes_a_backup_first(
    folder: Path, next_release: Callable[[str], None], clock: Any
) -> None:
    path = folder / DATABASE
    next_release(NEXT)

    open_store(folder, clock).close()

    backup = folder / "samleng-before-9002.db"
    assert (at_file(backup), at_file(path)) == (SCHEMA, "9002")
    assert backup.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_that_rebuilds_a_table_keeps_what_hangs_on_it(
    folder: Path,
    store: Store,
    person: Callable[[int], Respondent],
    begin: Callable[[Respondent], Any],
    rows: Callable[..., list[dict[str, Any]]],
    next_release: Callable[[str], None],
) -> None:
    who = person(1)
    store.run(respondents.give_consent, who.id, "v1", "km")
    interview = begin(who)
    store.close()
    next_release(NEXT)

    migrate(folder / DATABASE)

    assert rows("SELECT village FROM respondent") == [{"village": None}]
    assert rows("SELECT id FROM interview") == [{"id": interview.id}]
    assert len(rows("SELECT * FROM consent")) == len(rows("SELECT * FROM contact_vault")) == 1


def test_an_upgrade_that_fails_changes_nothing(
    folder: Path, next_release: Callable[[str], None]
) -> None:
    path = folder / DATABASE
    before = definitions(path), tables(path)
    next_release(BROKEN)

    with pytest.raises(Exception, match="nonsense"):
        migrate(path)

    assert (definitions(path), tables(path)) == before
    assert at_file(path) == SCHEMA
