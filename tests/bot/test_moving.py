"""`samleng db`: which database is used, and the move to a server as whoever runs a bot sees it."""

import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.console import CANNOT
from bot.simulator.world import World
from storage.database import DATABASE, lock
from tests.bot.test_cli import samleng, says_one_sentence
from tests.conftest import HandClock, housed, simulator
from tests.postgres import Server
from tests.steps import at_text_question


@pytest.fixture
def empty(postgres: Server) -> str:
    """A new database at a server."""
    return postgres.make()


def moved(folder: Path, url: str) -> "subprocess.CompletedProcess[str]":
    return samleng("db", "move", "--to", url, SAMLENG_DATA_DIR=str(folder))


async def test_a_person_goes_on_where_they_stood_before_the_move(
    folder: Path, clock: HandClock, empty: str
) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        async with housed(telegram, world, folder, clock) as house:
            phone = await at_text_question(house)

        done = moved(folder, empty)
        assert done.returncode == 0, done

        async with housed(telegram, world, folder, clock, database_url=empty) as house:
            phone.settled = house.settled
            await phone.types("A bridge")

            said = house.rows("SELECT path FROM answer WHERE value = 'A bridge'")
            assert len(said) == 1
            assert house.failures() == []


def test_a_move_says_what_was_moved_and_what_to_do_next(folder: Path, empty: str) -> None:
    done = moved(folder, empty)

    assert done.returncode == 0, done
    assert "form_version" in done.stdout
    for word in (
        "SAMLENG_DATABASE_URL",
        str(folder / DATABASE),
        str(folder / "media"),
        "then delete it",
    ):
        assert word in done.stdout
    assert empty not in done.stdout + done.stderr


def test_a_move_while_a_bot_runs_is_refused(folder: Path, empty: str) -> None:
    with lock(folder):
        assert says_one_sentence(moved(folder, empty), "Another samleng process")


def test_a_move_from_nothing_is_refused(tmp_path: Path) -> None:
    done = moved(tmp_path / "none", "postgresql://me:my-secret@127.0.0.1:9/none")

    assert says_one_sentence(done, "There is no database in")
    assert not (tmp_path / "none").exists()


def test_a_move_to_no_server_is_refused_without_showing_a_password(folder: Path) -> None:
    for address in ("mysql://me:my-secret@host/x", "postgresql://me:my-secret@127.0.0.1:9/none"):
        done = moved(folder, address)

        assert says_one_sentence(done, "samleng: ")
        assert "my-secret" not in done.stderr


def test_an_address_may_come_where_no_list_of_processes_shows_it(folder: Path, empty: str) -> None:
    done = samleng("db", "move", "--to", "-", said=f"{empty}\n", SAMLENG_DATA_DIR=str(folder))

    assert done.returncode == 0, done
    assert "Every row is the same on both sides" in done.stdout


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:my-secret@host:port/x",
        "postgresql://me:my-secret@[host/x",
        "postgresql://me:my/secret my-secret@host/x",
        "postgresql://me:my-secret@host/x?no_such_word=1",
        "mysql://me:my-secret@host/x",
    ],
)
def test_an_address_that_cant_be_read_is_refused_in_a_sentence(folder: Path, address: str) -> None:
    variables = {"SAMLENG_DATA_DIR": str(folder), "SAMLENG_DATABASE_URL": address}
    for command in (("db",), ("outbox",), ("export", "citizen_interests", "--to", str(folder))):
        done = CliRunner().invoke(cli.app, command, env=variables)

        assert done.exit_code == CANNOT
        assert "SAMLENG_DATABASE_URL can't be used as it is" in done.output
        assert "my-secret" not in done.output


def test_a_move_to_what_cant_be_read_is_refused(folder: Path) -> None:
    done = moved(folder, "postgresql://me:my-secret@host:port/x")

    assert says_one_sentence(done, "--to takes the address")
    assert "my-secret" not in done.stderr


def test_the_database_in_use_is_named_without_its_password(folder: Path) -> None:
    here = samleng("db", SAMLENG_DATA_DIR=str(folder))
    url = "postgresql://me:my-secret@db.example.org/samleng"
    there = samleng("db", SAMLENG_DATA_DIR=str(folder), SAMLENG_DATABASE_URL=url)

    assert here.stdout.strip() == str(folder / DATABASE)
    assert there.stdout.strip() == "samleng at db.example.org"
