"""The simulated Telegram and the bot, each in its own process, and a page to try them on.

Nothing leaves the machine, and the folder is gone afterwards.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rich.console import Console

from bot import control

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
        wait_until_ready(bot, folder)
        announce(address, folder)
        if browser:
            webbrowser.open(address)
        wait_for(bot)


def wait_until_ready(bot: "subprocess.Popen[str]", folder: Path) -> None:
    """Wait until the bot answers on its socket, or has ended."""
    while bot.poll() is None and control.ask(folder, {"command": "status"}) is None:
        time.sleep(0.1)


def announce(address: str, folder: Path) -> None:
    """Say where the page is and how to end."""
    print(f"Samleng is ready to try: {address}", flush=True)  # noqa: T201
    console.print(f"Stored in {folder} until you end this with Ctrl-C.", soft_wrap=True)


def wait_for(process: "subprocess.Popen[str]") -> None:
    """Wait until a process ends or we are asked to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        console.print("Ending.")
        return
    console.print("The bot has ended; what it said stands above.")
    sys.exit(code)


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
