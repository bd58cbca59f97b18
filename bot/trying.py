"""The simulated Telegram and the bot, each in its own process, and a page to try them on.

Nothing leaves the machine, and the folder is gone afterwards.
"""

import os
import select
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
READY_SECONDS = 60
ENDING_SECONDS = 10
LOOK_SECONDS = 0.1
CANNOT = 2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Process = subprocess.Popen[str]
console = Console(stderr=True)


def try_it(port: int, browser: bool, *, with_data: bool = False) -> None:
    """Run both until Ctrl-C or until one of them ends."""
    on_signal(signal.default_int_handler)
    try:
        with ExitStack() as stack:
            _try(stack, port, browser, with_data=with_data)
    except KeyboardInterrupt:
        console.print("Ended; nothing is left.")


def _try(stack: ExitStack, port: int, browser: bool, *, with_data: bool) -> None:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="samleng-try-")))
    returning = ["--returning"] if with_data else []
    simulator = stack.enter_context(
        running("simulate", "--port", str(port), "--watch", str(folder), *returning)
    )
    address = address_of(simulator)
    settings = {"SAMLENG_BOT_TOKEN": TOKEN, "SAMLENG_DATA_DIR": str(folder)}
    if with_data:
        fill(settings)
    bot = stack.enter_context(
        running(
            module="bot.turned",
            SAMLENG_API_URL=address,
            SAMLENG_LOG_LEVEL="WARNING",
            **settings,
        )
    )
    # Whoever presses Ctrl-C twice still leaves no process behind.
    stack.callback(on_signal, signal.SIG_IGN)
    wait_until_ready(bot, folder)
    announce(address, folder)
    if browser:
        webbrowser.open(address)
    wait_for_either(simulator, bot)


def fill(settings: dict[str, str]) -> None:
    """Fill the database with a quarter of made-up data; the page's first people are in it."""
    with running("demo-data", "--page", **settings) as filling:
        if code := filling.wait():
            has_ended("filling", code)


def on_signal(handler: object) -> None:
    """Do the same on Ctrl-C, on SIGTERM, and when the terminal is closed."""
    for number in SIGNALS:
        signal.signal(number, handler)  # type: ignore[arg-type]


def address_of(simulator: Process) -> str:
    """Return the address the simulator prints; where it prints none, it has said why."""
    assert simulator.stdout is not None
    ready, _, _ = select.select([simulator.stdout], [], [], READY_SECONDS)
    address = simulator.stdout.readline().strip() if ready else ""
    if not address:
        sys.exit(CANNOT)
    return address


def wait_until_ready(bot: Process, folder: Path) -> None:
    """Wait until the bot answers on its socket; end where it has ended or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while control.ask(folder, {"command": "status"}) is None:
        if bot.poll() is not None:
            has_ended("bot", bot.returncode)
        if time.monotonic() > deadline:
            console.print(f"samleng: the bot wasn't ready after {READY_SECONDS} seconds.")
            sys.exit(CANNOT)
        time.sleep(LOOK_SECONDS)


def announce(address: str, folder: Path) -> None:
    """Say where the page is and how to end."""
    print(f"Samleng is ready to try: {address}", flush=True)  # noqa: T201
    console.print(f"Stored in {folder} until you end this with Ctrl-C.", soft_wrap=True)


def wait_for_either(simulator: Process, bot: Process) -> None:
    """Wait until one of the two ends, which neither should."""
    while bot.poll() is None and simulator.poll() is None:
        time.sleep(LOOK_SECONDS)
    name, process = ("bot", bot) if bot.returncode is not None else ("simulator", simulator)
    has_ended(name, process.returncode)


def has_ended(name: str, code: int) -> None:
    """Say that a part has ended; its own words went to the terminal before."""
    console.print(f"samleng: the {name} has ended; what it said stands above.")
    sys.exit(code if code > 0 else 1)


@contextmanager
def running(*arguments: str, module: str = "bot.cli", **settings: str) -> Iterator[Process]:
    """Run a samleng command, or another module, in a process; end it, and only it, afterwards.

    Settings of a real bot in this shell don't reach it.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("SAMLENG_")}
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env={**ours, **settings},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        end(process)


def end(process: Process) -> None:
    """End a process, gently at first."""
    process.terminate()
    try:
        process.wait(ENDING_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.stdout is not None
    process.stdout.close()
