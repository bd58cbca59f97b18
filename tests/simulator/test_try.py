"""`samleng try` and `samleng simulate` as processes: how they begin, fail and end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot import trying
from tests.simulator.running import children, env, is_alive, temporary_folder, tried

PATIENCE_SECONDS = 30


@contextmanager
def taken_port() -> Iterator[int]:
    """Hold a port on loopback."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def run(*arguments: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=env(folder, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.fixture
def temporary() -> Iterator[Path]:
    with temporary_folder() as folder:
        yield folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.mark.parametrize("command", [["simulate"], ["try", "--no-browser"]], ids=" ".join)
def test_a_port_that_is_taken_is_said_in_one_sentence(command: list[str], temporary: Path) -> None:
    with taken_port() as port:
        done = run(*command, "--port", str(port), folder=temporary)

    sentence = f"samleng: port {port} is taken. Please name another, or 0 for any free one.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("port", ["70000", "-1"])
def test_a_port_that_cannot_be_is_said_in_one_sentence(port: str, temporary: Path) -> None:
    done = run("simulate", "--port", port, folder=temporary)

    assert done.returncode == 2
    assert done.stderr.startswith(f"samleng: port {port} can't be used.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ending_it_ends_both_processes_and_leaves_nothing(
    sign: signal.Signals, temporary: Path, log: Path
) -> None:
    with tried(temporary, log) as (process, _):
        both = children(process.pid)
        [folder] = temporary.iterdir()
        assert (folder / "samleng.db").exists()
        process.send_signal(sign)
        process.wait(PATIENCE_SECONDS)

        assert len(both) == 2
        assert not any(map(is_alive, both))
        assert not list(temporary.iterdir())
        assert process.returncode == 0
        assert "Traceback" not in log.read_text()


def test_when_one_process_dies_the_other_is_ended_and_that_is_said(
    temporary: Path, log: Path
) -> None:
    with tried(temporary, log) as (process, _):
        both = children(process.pid)
        os.kill(both[0], signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)

        assert process.returncode == 1
        assert "has ended; what it said stands above" in log.read_text()
        assert not any(map(is_alive, both))
        assert not list(temporary.iterdir())


def test_a_bot_that_dies_at_its_start_says_why(temporary: Path, tmp_path: Path) -> None:
    """Here a package that only the bot needs can't be imported."""
    (tmp_path / "apscheduler").mkdir()
    (tmp_path / "apscheduler" / "__init__.py").write_text("raise ImportError('half installed')")

    done = run("try", "--no-browser", "--port", "0", folder=temporary, PYTHONPATH=str(tmp_path))

    assert done.returncode == 1
    assert "ImportError: half installed" in done.stderr
    assert done.stderr.endswith("samleng: the bot has ended; what it said stands above.\n")
    assert not list(temporary.iterdir())


def test_the_wait_for_a_bot_that_never_gets_ready_ends(
    temporary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trying, "READY_SECONDS", 0)

    with idle() as process, pytest.raises(SystemExit) as ended:
        trying.wait_until_ready(process, temporary)

    assert ended.value.code == 2
    assert "the bot wasn't ready after 0 seconds" in capsys.readouterr().err


@contextmanager
def idle() -> Iterator["subprocess.Popen[str]"]:
    """Run a process that does nothing."""
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_settings_of_a_real_bot_do_not_reach_the_one_that_is_tried(
    temporary: Path, log: Path
) -> None:
    real = log.with_name("real")
    settings = {"SAMLENG_API_URL": "not an address", "SAMLENG_KEY_FILE": str(real)}

    with tried(temporary, log, **settings):
        assert not real.exists()
