"""`samleng form play`: a form filled in the terminal means what it means in the chat."""

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from surveys.instruments import FOLDER

FAMILY = """
| survey | | | | | |
| | type | name | label::English (en) | label::Khmer (km) | constraint |
| | begin_repeat | member | Member | សមាជិក | |
| | integer | age | How old? | អាយុប៉ុន្មាន? | . < 120 |
| | end_repeat | | | | |
"""


def played(form: Path, typed: str, *options: str) -> Result:
    """Fill in a form as somebody who types so."""
    return CliRunner().invoke(app, ["form", "play", str(form), *options], input=typed)


def test_a_survey_is_played_in_khmer_by_numbers_words_and_skips() -> None:
    done = played(FOLDER / "citizen_interests.md", "1 2\n\nខ្លះ\nផ្លូវខូច\nចាស\n", "--lang", "km")

    assert done.exit_code == 0
    assert done.stdout.rpartition("> ")[2].split() == [
        "/data/topics:", "road", "water", "/data/influence:", "some", "/data/change:", "ផ្លូវខូច",
        "/data/ask_again:", "yes",
    ]  # fmt: skip


def test_a_repeat_grows_and_an_answer_that_cannot_stand_is_asked_again(tmp_path: Path) -> None:
    (tmp_path / "family.md").write_text(FAMILY, "utf-8")

    done = played(tmp_path / "family.md", "200\n៣៥\ny\n7\nn\n")

    assert "! constraint" in done.stdout
    assert "/data/member[1]/age: 35\n/data/member[2]/age: 7" in done.stdout


def test_a_form_that_cannot_be_read_says_why() -> None:
    done = played(FOLDER / "nothing.md", "")

    assert done.exit_code == 1
    assert "There is no file nothing.md" in done.stderr


def test_ending_early_stores_nothing_and_shows_no_traceback() -> None:
    done = played(FOLDER / "profile.md", "/stop\n")

    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
