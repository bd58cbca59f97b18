"""The `samleng` command: one clear sentence and exit code 2 for what can't be done."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app
from handlers.consent import CONSENT_VERSION
from storage import invitations
from storage.database import DATABASE, open_store
from surveys.instruments import FOLDER
from surveys.spoken import consent_stem
from tests.conftest import TOKEN, House
from tests.processes import environment, process, telegram_process, until_ready
from tests.steps import at_text_question

# What runs until it is told to end.
SERVING = {"run", "try", "simulate"}
NOWHERE = "http://127.0.0.1:9"


def samleng(
    *arguments: object, said: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end: in a process of its own where it may serve, else in this one."""
    if arguments[0] not in SERVING:
        return in_here(*arguments, said=said, **variables)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SAMLENG_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *map(str, arguments)],
        env={**bare, "COLUMNS": "100", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        input=said,
    )


def in_here(
    *arguments: object, said: str = "", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command here: the same program, without the half second that a process takes."""
    unset = {name: None for name in os.environ if name.startswith("SAMLENG_")}
    environ = {**unset, "COLUMNS": "100", **variables}
    done = CliRunner().invoke(app, list(map(str, arguments)), input=said, env=environ)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def says_one_sentence(done: "subprocess.CompletedProcess[str]", *words: str) -> bool:
    """Tell whether a command ended with code 2 and one line that holds the words."""
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (2, 1), done
    return all(word in lines[0] for word in words)


def test_a_missing_token_is_named(tmp_path: Path) -> None:
    done = samleng("run", SAMLENG_DATA_DIR=str(tmp_path))

    assert says_one_sentence(done, "SAMLENG_BOT_TOKEN is missing", "@BotFather")


def test_a_token_that_is_none_is_not_shown(tmp_path: Path) -> None:
    done = in_here("run", SAMLENG_DATA_DIR=str(tmp_path), SAMLENG_BOT_TOKEN="my-secret-word")

    assert says_one_sentence(done, "SAMLENG_BOT_TOKEN")
    assert "my-secret-word" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [("SAMLENG_API_URL", "telegram"), ("SAMLENG_RATE", "fast"), ("SAMLENG_LOG_LEVEL", "DEBUG")],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    variables = {"SAMLENG_BOT_TOKEN": TOKEN, "SAMLENG_DATA_DIR": str(tmp_path), name: value}

    assert says_one_sentence(in_here("run", **variables), name)


def test_a_folder_whose_name_is_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)

    done = in_here("run", SAMLENG_BOT_TOKEN=TOKEN, SAMLENG_DATA_DIR=str(folder))

    assert says_one_sentence(done, "SAMLENG_DATA_DIR", "shorter than 87 bytes")


def test_a_database_newer_than_the_code_is_refused_and_left_alone(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (folder / DATABASE).read_bytes()

    done = samleng("run", **environment(NOWHERE, folder))

    assert says_one_sentence(done, "newer version")
    assert (folder / DATABASE).read_bytes() == before


async def test_a_second_run_on_the_same_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    variables = environment(NOWHERE, folder)
    async with process("run", log=tmp_path / "log", **variables) as bot:
        await until_ready(folder, bot)

        done = await asyncio.to_thread(samleng, "run", **variables)

        assert says_one_sentence(done, "Another samleng process")


async def test_a_token_that_telegram_does_not_know_ends_the_bot(
    folder: Path, tmp_path: Path
) -> None:
    async with telegram_process(tmp_path / "log") as address:
        variables = environment(address, folder, SAMLENG_BOT_TOKEN="1:" + "unknown" * 5)
        await refuse_all(address)

        done = await asyncio.to_thread(samleng, "run", **variables, SAMLENG_LOG_LEVEL="ERROR")

        assert says_one_sentence(done, "Telegram doesn't know this SAMLENG_BOT_TOKEN")
        assert "unknownunknown" not in done.stderr


async def refuse_all(address: str) -> None:
    """Let a simulated Telegram know nobody."""
    fault = {"method": "*", "code": 401, "description": "Unauthorized", "times": 99}
    async with aiohttp.ClientSession() as session:
        await session.post(address + "/sim/faults", json=fault)


def test_an_invitation_is_a_link_that_works_once(folder: Path) -> None:
    done = samleng("invite", "staff", SAMLENG_DATA_DIR=str(folder))

    link = done.stdout.strip()
    assert link.startswith("https://t.me/your_bot")
    assert "put your bot's name in place of your_bot" in done.stderr
    token = link.partition("?start=i-")[2]
    store = open_store(folder)
    assert store.run(invitations.redeem, token) is not None
    assert store.run(invitations.redeem, token) is None
    store.close()


async def test_the_running_bot_makes_the_invitation_with_its_own_name(house: House) -> None:
    done = await asyncio.to_thread(
        samleng, "invite", "reporter", "--sector", "gov", SAMLENG_DATA_DIR=str(house.folder)
    )

    assert done.stdout.startswith("https://t.me/samleng_try_bot?start=i-")


@pytest.mark.parametrize("arguments", [("king",), ("respondent",), ("staff", "--sector", "army")])
def test_only_roles_that_exist_can_be_invited(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = samleng("invite", *arguments, SAMLENG_DATA_DIR=str(tmp_path))

    assert says_one_sentence(done, "owner, staff or reporter")


async def test_the_export_runs_beside_the_bot_and_names_its_files(
    house: House, tmp_path: Path
) -> None:
    phone = await at_text_question(house, "km")
    await phone.types("ផ្លូវខូច សូមទូរស័ព្ទមក ០១២ ៣៤៥ ៦៧៨")
    target = tmp_path / "out"

    done = await asyncio.to_thread(
        samleng, "export", "citizen_interests", "--to", target, SAMLENG_DATA_DIR=str(house.folder)
    )

    paths = [Path(line) for line in done.stdout.splitlines()]
    assert [path.suffix for path in paths] == [".xlsx", ".csv"]
    rows = CalamineWorkbook.from_path(paths[0]).get_sheet_by_name("data").to_python()
    change = rows[0].index("change")
    assert rows[1][change] == "ផ្លូវខូច សូមទូរស័ព្ទមក […]"
    assert paths[1].read_bytes().startswith(b"\xef\xbb\xbf")
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}


def test_an_export_of_an_unknown_form_says_what_there_is(folder: Path, tmp_path: Path) -> None:
    done = samleng("export", "elections", "--to", tmp_path, SAMLENG_DATA_DIR=str(folder))

    assert says_one_sentence(done, "elections can't be exported", "citizen_interests")


def test_an_export_without_a_database_says_so(tmp_path: Path) -> None:
    done = samleng("export", "x", "--to", tmp_path, SAMLENG_DATA_DIR=str(tmp_path / "nothing"))

    assert says_one_sentence(done, "there is no database")


BROKEN = """
| survey | | | | |
| | type | name | label::English (en) | label::Khmer (km) | relevant |
| | integer | age | How old? | អាយុប៉ុន្មាន? | |
| | text | why | Why? | ហេតុអ្វី? | ${age} >> 3 |
| | geotrace | way | Which way? | ផ្លូវណា? | |
"""


def test_a_form_is_checked_by_sheet_and_row(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text(BROKEN, "utf-8")

    done = samleng("form", "check", tmp_path / "broken.md", FOLDER / "profile.md")

    assert done.returncode == 1
    assert "broken.md: can't be used" in done.stdout
    assert "[survey, row 3, relevant]" in done.stdout
    assert "[survey, row 4, type]" in done.stdout
    assert "profile.md: ok, 6 questions" in done.stdout


def test_a_form_is_checked_as_json_for_programs(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text(BROKEN, "utf-8")

    done = samleng("form", "check", "--json", tmp_path / "broken.md", FOLDER / "profile.md")

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["ok"], second["ok"]) == (False, True)
    assert {error["row"] for error in first["errors"]} == {3, 4}
    assert set(first) == {"file", "ok", "errors", "warnings", "questions"}


def test_a_workbook_is_checked_too(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "survey"
    book.active.append(["type", "name", "label"])
    book.active.append(["text", "why", "Why?"])
    book.active.append(["text", "how", "How does ${whom} do it?"])
    book.save(tmp_path / "form.xlsx")

    done = samleng("form", "check", tmp_path / "form.xlsx")

    assert done.returncode == 1
    assert "row 3" in done.stdout


NO_FORMS = {
    "notes.md": b"# Notes\n\nNothing of a form.\n",
    "picture.xlsx": b"\x89PNG\r\n",
    "letters.csv": "\u1780".encode("utf-16"),
    "missing.md": None,
    "large.xlsx": b"0" * (5 * 1024 * 1024 + 1),
}


def test_a_file_that_is_no_form_gets_a_reason_and_no_traceback(tmp_path: Path) -> None:
    for name, content in NO_FORMS.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)

    done = samleng("form", "check", *(tmp_path / name for name in NO_FORMS))

    assert done.returncode == 1
    assert all(f"{name}: can't be used" in done.stdout for name in NO_FORMS)
    assert "Traceback" not in done.stderr + done.stdout


def commands() -> list[tuple[str, ...]]:
    """Return every command by the words that call it."""
    found: list[tuple[str, ...]] = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        found += [(name, sub) for sub in inner] or [(name,)]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = in_here(*command, "--help")

    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 5


def test_a_form_is_checked_in_khmer_too(tmp_path: Path) -> None:
    (tmp_path / "broken.md").write_text(BROKEN, "utf-8")

    done = samleng("form", "check", "--lang", "km", tmp_path / "broken.md")

    assert "មិនអាច" in done.stdout


def test_every_line_gets_one_line_with_its_language_whatever_it_holds() -> None:
    typed = ["yes please", "", "ខ្ញុំចង់បានទឹក", "a\rb\u2028c", "12", "arkun bong"]
    lines = [*map(str.encode, typed), b"\xff"]
    done = CliRunner().invoke(app, ["lang"], input=b"\n".join(lines))

    assert done.exit_code == 0
    rows = [row.split("\t") for row in done.stdout.splitlines()]
    assert [row[0] for row in rows] == ["en", "und", "km", "und", "und", "km-Latn", "und"]
    assert {row[2] for row in rows} == {"words", "script"}
    assert all(0 <= float(row[1]) <= 1 for row in rows)
    assert done.stderr == ""


ONE = """
| survey |
| | type | name | label::Khmer (km) | label::English (en) |
| | text | why | ហេតុអ្វី? | Why? |
"""


def test_what_is_to_be_recorded_of_a_form_is_listed_until_all_is_there(tmp_path: Path) -> None:
    form, folder = tmp_path / "form.md", tmp_path / "form-media" / "audio" / "tpu"
    form.write_text(ONE, "utf-8")

    missing = samleng("form", "audio", form, "--lang", "tpu")
    folder.mkdir(parents=True)
    (folder / "why.m4a").write_bytes(b"sound")
    whole = samleng("form", "audio", form)

    assert (missing.returncode, missing.stdout) == (1, "–\taudio/tpu/why.ogg\tហេតុអ្វី?\tWhy?\n")
    assert (whole.returncode, whole.stdout) == (0, "✓\taudio/tpu/why.m4a\tហេតុអ្វី?\tWhy?\n")
    assert says_one_sentence(samleng("form", "audio", form, "--lang", "khm"), "tpu, jra, krr, brb")


def test_what_is_to_be_recorded_of_the_profile_begins_with_the_consent() -> None:
    done = samleng("form", "audio", FOLDER / "profile.md", "--lang", "km")

    first, second, *_ = done.stdout.splitlines()
    assert done.returncode == 1
    assert first.startswith(f"–\taudio/km/{consent_stem(CONSENT_VERSION)}.ogg\tសូមស្វាគមន៍")
    assert second.startswith("–\taudio/km/sector.ogg\tតើអ្នកជានរណា?\tWho are you?")
