"""The direction of imports, and the shape of the house, held by machine."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "handlers", "export", "storage", "surveys")
BREACHES = {
    "surveys/khmer.py": "import storage.keys",
    "storage/vault.py": "import telegram",
    "handlers/links.py": "import bot.pace",
    "export/notes.py": "import handlers.texts",
    "bot/pace.py": "import sqlalchemy",
    "storage/media.py": "import pandas",
    "handlers/exporting.py": "import apscheduler",
    "surveys/check.py": "import pyxform",
}


def modules() -> list[Path]:
    return sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_direction_of_imports_holds() -> None:
    done = lint_imports(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("where", BREACHES)
def test_a_broken_direction_is_found(tmp_path: Path, where: str) -> None:
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, tmp_path / floor)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    source = tmp_path / where
    source.write_text(source.read_text("utf-8") + f"\n{BREACHES[where]}  # noqa\n", "utf-8")

    done = lint_imports(tmp_path)

    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def test_only_the_edge_awaits() -> None:
    for path in modules():
        if not named(path).startswith(("bot/", "storage/store.py")):
            tree = ast.parse(path.read_text("utf-8"))
            awaits = [n for n in ast.walk(tree) if isinstance(n, ast.Await | ast.AsyncFunctionDef)]
            assert not awaits, named(path)


def test_every_module_opens_with_what_it_owns() -> None:
    for path in modules():
        source = path.read_text("utf-8")
        if source.strip() and "/versions/" not in named(path):
            assert ast.get_docstring(ast.parse(source)), named(path)


def test_modules_stay_readable() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    long = {name: n for name, n in lengths.items() if n > 500 and "/versions/" not in name}

    assert not long


def test_one_place_swallows_what_it_did_not_expect() -> None:
    """bot/worker.py, where a failing handler loses nothing. The writers hand failures to whoever
    asked for the work; whoever else catches everything raises again.
    """
    swallowing = {
        named(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and not raises(node)
    }

    assert swallowing == {"bot/worker.py", "storage/sqlite.py", "storage/postgres.py"}


def catches_all(handler: ast.ExceptHandler) -> bool:
    kind = handler.type
    return kind is None or (
        isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}
    )


def raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))


def test_user_text_never_meets_a_parse_mode() -> None:
    for path in modules():
        if "simulator" not in named(path):
            assert "parse_mode" not in path.read_text("utf-8"), named(path)


def test_the_lock_files_pin_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {re.split(r"[<>=\[]", line)[0].lower() for line in project["project"]["dependencies"]}
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        pinned = set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))

        assert wanted <= pinned, name
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index", text)
