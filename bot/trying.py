"""The simulated Telegram and the bot, each in its own process, and a page to try them on.

Nothing leaves the machine, and the folder is gone afterwards.
"""

import os
import signal
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

# A token in the form that @BotFather gives; the simulator takes any.
TOKEN = "424242:" + "simulated-token-of-nobody-0000000"
ENDING_SECONDS = 10
console = Console(stderr=True)


def try_it(port: int, browser: bool) -> None:
    """Run both until Ctrl-C or until one of them ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samleng-try-")))
        simulator = stack.enter_context(
            running("simulate", "--port", str(port), "--watch", str(folder))
        )
        assert simulator.stdout is not None
        address = simulator.stdout.readline().strip()
        if not address:
            console.print(f"samleng: port {port} is taken. Please name another: --port 0")
            sys.exit(2)
        bot = stack.enter_context(
            running(
                "run",
                SAMLENG_API_URL=address,
                SAMLENG_BOT_TOKEN=TOKEN,
                SAMLENG_DATA_DIR=str(folder),
                SAMLENG_LOG_LEVEL="WARNING",
            )
        )
        announce(address, folder)
        if browser:
            webbrowser.open(address)
        wait_for(bot)


def announce(address: str, folder: Path) -> None:
    """Say where the page is and how to end."""
    print(f"Samleng is ready to try: {address}", flush=True)  # noqa: T201
    console.print(f"Everything is stored in {folder} until you end this with Ctrl-C.")


def wait_for(process: "subprocess.Popen[str]") -> None:
    """Wait until a process ends or we are asked to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        process.wait()
    except KeyboardInterrupt:
        console.print("Ending.")


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a samleng command in its own process; end it, and only it, afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
