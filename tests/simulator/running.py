"""`samleng try` as a process of its own, with a folder of its own for temporary files."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY = "Samleng is ready to try: "
READY_SECONDS = 60
ENDING_SECONDS = 30


def env(temporary: Path, **variables: str) -> dict[str, str]:
    """Return an environment without settings of ours, whose temporary files lie in a folder."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SAMLENG_")}
    return {**ours, "TMPDIR": str(temporary), **variables}


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder with a short name: a socket's may not be long."""
    with tempfile.TemporaryDirectory(prefix="t-") as name:
        yield Path(name)


@contextmanager
def tried(
    temporary: Path, log: Path, *arguments: str, **variables: str
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run it until it is ready; yields it and its address. What it says is in the log."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "try", "--no-browser", "--port", "0", *arguments],
            env=env(temporary, **variables),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            yield process, _address(process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(ENDING_SECONDS)


def _address(process: "subprocess.Popen[str]", log: Path) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline().strip() if ready else ""
    assert line.startswith(READY), log.read_text()
    return line.removeprefix(READY)


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [child for child, parent, _ in _processes() if parent == pid]


def is_alive(pid: int) -> bool:
    """Tell whether a process runs, which one that is only waited for doesn't."""
    return any(child == pid and not state.startswith("Z") for child, _, state in _processes())


def _processes() -> list[tuple[int, int, str]]:
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid=,stat="],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [(int(pid), int(parent), state) for pid, parent, state in rows]
