"""`samleng demo-data`: into an empty database, once, and while no bot runs on it."""

from pathlib import Path

from storage import respondents
from storage.database import lock, open_store
from tests.bot.test_cli import samleng, says_one_sentence


def test_it_fills_an_empty_database_and_then_no_other_time(tmp_path: Path) -> None:
    done = samleng("demo-data", SAMLENG_DATA_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr

    again = samleng("demo-data", SAMLENG_DATA_DIR=str(tmp_path))

    assert says_one_sentence(again, "there are people in this database")
    counted = samleng("status", "--ever", SAMLENG_DATA_DIR=str(tmp_path))
    assert "codesign_feedback" in counted.stdout


def test_it_leaves_a_database_alone_that_knows_anybody(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.run(respondents.create, 1, 1)
    store.close()

    assert says_one_sentence(
        samleng("demo-data", SAMLENG_DATA_DIR=str(tmp_path)), "there are people in this database"
    )


def test_it_leaves_a_folder_alone_that_a_bot_runs_on(tmp_path: Path) -> None:
    with lock(tmp_path):
        done = samleng("demo-data", SAMLENG_DATA_DIR=str(tmp_path))

    assert says_one_sentence(done)
