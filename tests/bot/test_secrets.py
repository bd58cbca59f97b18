"""Nothing that leaves the processes says who answered, what, or by which key: all is searched."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from bot import cli
from bot.simulator.world import World
from storage.database import KEY
from storage.keys import load
from tests.chat import Telegram, until
from tests.citizens import Citizen, arrive
from tests.conftest import TOKEN, simulator
from tests.processes import environment, process, until_ready

PASSWORD = "password-secret-of-the-database"
NOWHERE = f"postgresql://somebody:{PASSWORD}@127.0.0.1:1/none"
TYPED_WRONG = "4242:token-typed-wrong"
COMMANDS = (
    ("inbox", "list"),
    ("inbox", "list", "--json"),
    ("inbox", "show", "900000001"),
    ("inbox", "retry", "900000001"),
    ("outbox",),
    ("outbox", "--json"),
    ("broadcast", "list"),
    ("export", "nothing", "--to", "nowhere"),
)
GOES_WRONG = (
    {"method": "sendMessage", "code": 500, "description": "Internal Server Error"},
    {"method": "answerCallbackQuery", "code": 400, "description": "Bad Request: no"},
    {"method": "sendMessage", "cut": "after"},
    {"method": "getFile", "code": 400, "description": "Bad Request: gone"},
    {"method": "getUpdates", "code": 502, "description": "Bad Gateway"},
)


def said(*arguments: str, **variables: str) -> str:
    """Run a command; return all that it wrote."""
    return CliRunner().invoke(cli.app, arguments, env=variables).output


def refuses(**variables: str) -> str:
    """Begin a bot that can't run; return all that it wrote."""
    command = [sys.executable, "-m", "bot.cli", "run"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def unreadable(citizen: Citizen) -> dict[str, object]:
    """Return an update that can be stored but not handled."""
    person = {"id": citizen.person_id, "is_bot": False, "first_name": "First-Name-Secret"}
    chat = {"id": citizen.person_id, "type": "private"}
    rest = {"date": 10**18, "message_id": 7, "text": citizen.words}
    return {"message": {"from": person, "chat": chat, **rest}}


async def live_through_everything(telegram: Telegram) -> Citizen:
    """Have somebody answer a whole survey while much goes wrong."""
    citizen = await arrive(telegram, 1)
    for fault in GOES_WRONG:
        await telegram.post("/sim/faults", **fault, times=1)
    await citizen.answer_all()
    for what in ("contact", "location", "photo"):
        await citizen.act("thing", kind=what)
    await citizen.act("speak")
    await telegram.post("/sim/updates", **unreadable(citizen))
    await citizen.act("write", text=citizen.words)
    await citizen.act("write", text="/mydata")
    return citizen


async def test_no_output_holds_an_answer_a_person_or_a_key(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with simulator(World()) as telegram:
        variables = environment(telegram.address, folder)
        async with process("run", log=log, **variables) as bot:
            await until_ready(folder, bot)
            citizen = await live_through_everything(telegram)
            await until(lambda: is_parked(folder))
            beside = [await asyncio.to_thread(said, *line, **variables) for line in COMMANDS]
            bot.send_signal(signal.SIGTERM)
            await bot.wait()
        alone = [await asyncio.to_thread(said, *line, **variables) for line in COMMANDS]
    away = said("inbox", "list", **{**variables, "SAMLENG_DATABASE_URL": NOWHERE})
    refused = refuses(**{**variables, "SAMLENG_BOT_TOKEN": TYPED_WRONG})

    outputs = {"log": log.read_text(), "away": away, "refused": refused}
    outputs |= {f"{line} beside": text for line, text in zip(COMMANDS, beside, strict=True)}
    outputs |= {f"{line} alone": text for line, text in zip(COMMANDS, alone, strict=True)}
    secrets = secrets_of(folder, citizen)

    assert "update parked" in outputs["log"]
    assert all(outputs.values())
    assert [
        (name, secret)
        for name, text in outputs.items()
        for secret in secrets
        if secret in text or json.dumps(secret).strip('"') in text
    ] == []


async def is_parked(folder: Path) -> bool:
    listed = await asyncio.to_thread(
        said, "inbox", "list", "--json", **environment("http://127.0.0.1:1", folder)
    )
    return "pending" in listed


def secrets_of(folder: Path, citizen: Citizen) -> list[str]:
    """Return all that must not be said."""
    key = (folder / KEY).read_text().strip()
    return [
        TOKEN,
        TOKEN.partition(":")[2],
        TYPED_WRONG,
        PASSWORD,
        key,
        load(folder / KEY).webhook_secret(),
        citizen.words,
        str(citizen.person_id),
        "First-Name-Secret",
        "Profile-Secret",
        f"secret_{citizen.person_id}",
        "ពលរដ្ឋ 1",
        "+855",
    ]
