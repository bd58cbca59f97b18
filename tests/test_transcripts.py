"""Whole conversations, in both languages, through the real inbox, transaction, outbox and HTTP."""

import asyncio
import os
import re
import shlex
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.simulator.world import World
from surveys.respondent import Role, Sector
from tests.bot.test_cli import samleng
from tests.chat import Json, Phone, buttons, until
from tests.conftest import HandClock, House, housed, simulator
from tests.steps import at_first_question, publish

FOLDER = Path(__file__).parent / "transcripts"
SIGNS = {"photo": "🖼", "audio": "🎵", "voice": "🔊"}
ACTS = ("> ", "* ", "& ")
# An export carries the day it was made.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?=(_\w+)?\.(xlsx|csv))")
HASH = re.compile(r"\b[0-9a-f]{16,64}\b")
LINK = re.compile(r"(?<=start=)i-[\w-]{32}")
FILLED = {"long": "ក" * 4096, "zero-width": "\u200b\u200b", "tab": "\t"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_the_conversation_goes_as_written(house: House, path: Path) -> None:
    expected = path.read_text("utf-8")

    played = await play(house, expected)

    if os.environ.get("SAMLENG_GOLDEN"):
        path.write_text(played, "utf-8")
    assert played == expected
    assert not house.failures()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
async def test_on_postgresql_it_goes_just_the_same(
    on_server: str, folder: Path, clock: HandClock, path: Path
) -> None:
    world, expected = World(unlimited=True), path.read_text("utf-8")
    async with (
        simulator(world) as telegram,
        housed(telegram, world, folder, clock, database_url=SecretStr(on_server)) as house,
    ):
        assert await play(house, expected) == expected
        assert not house.failures()


async def play(house: House, transcript: str) -> str:
    """Do what the person does in a transcript; return it with what the bot says now."""
    lines: list[str] = []
    phone = invitation = None
    # What a picture with a link said last, whoever saw it: it is passed on outside of the chat.
    link = ""
    known: dict[str, Phone] = {}
    for line in transcript.splitlines():
        if line.startswith("#"):
            lines.append(line)
        elif line.startswith("as "):
            words, name = named(line.removeprefix("as ").split())
            phone, invitation = await opened(house, words)
            known[name] = phone
            lines.append(line)
        elif line.startswith("with "):
            phone = known[line.removeprefix("with ")]
            await phone.look()
            lines += ["", line, *heard(house, phone)]
        elif line.startswith("form "):
            await publish(house, line.removeprefix("form "))
            lines.append(line)
        elif (said := await happened(house, line)) is not None:
            lines += ["", line, *said]
            if line == "tick" and phone is not None:
                await phone.look()
                lines += heard(house, phone)
        elif line.startswith("asked "):
            phone = await asked(house, *line.split()[1:])
            lines += [line, *heard(house, phone)]
        elif line.startswith(ACTS):
            assert phone is not None
            await act(house, phone, line[0], line[2:].replace("{link}", link), invitation or "")
            lines += ["", line, *heard(house, phone)]
            link = linked(phone) or link
    return "\n".join(lines) + "\n"


async def happened(house: House, line: str) -> list[str] | None:
    """Let something happen that no person does in the chat; return what is printed, if anything."""
    if line.startswith("~ "):
        house.clock.turn(days=float(line.split()[1]))
        return []
    if line == "tick":
        await tick(house)
        return []
    command = line.removeprefix("$ samleng ")
    return await commanded(house, command) if command != line else None


async def tick(house: House) -> None:
    """Let the clock do what is due by now, and everything be sent."""
    for _ in range(2):
        for what in (house.application.clock.field, house.application.clock.remind):
            await what()
        house.application.sender.wake()
        await house.settled()


async def commanded(house: House, words: str) -> list[str]:
    """Run a command beside the bot; return what it prints."""
    folder = str(house.folder)
    done = await asyncio.to_thread(samleng, *shlex.split(words), SAMLENG_DATA_DIR=folder)
    await house.settled()
    said = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    return [f"  {known(line)}".rstrip() for line in said]


def linked(phone: Phone) -> str:
    """Return what stands behind /start in the link that a person was shown just now."""
    captions = (message.get("caption", "") for message in phone.news)
    return next((text.rpartition("?start=")[2] for text in captions if "?start=" in text), "")


def named(words: list[str]) -> tuple[list[str], str]:
    """Return the words of an `as` line without the name at its end, and that name if any."""
    is_name = len(words) > 1 and words[-1][:1].isupper()
    return (words[:-1], words[-1]) if is_name else (words, "")


async def opened(house: House, words: list[str]) -> tuple[Phone, str | None]:
    """Make the person of an `as` line, and their invitation where they have one."""
    role, sector = [*words, None, None][:2]
    phone = await house.person()
    invited = role in {"reporter", "staff", "owner"}
    return phone, await house.invitation(_role(role), _sector(sector)) if invited else None


async def asked(house: House, name: str, language: str) -> Phone:
    """Bring a citizen to the first question of one of the forms beside the transcripts."""
    await publish(house, name)
    return await at_first_question(house, language)


def _role(word: str | None) -> Role:
    return word  # type: ignore[return-value]


def _sector(word: str | None) -> Sector | None:
    return word  # type: ignore[return-value]


async def act(house: House, phone: Phone, sign: str, what: str, invitation: str) -> None:
    """Do one thing."""
    if sign == "*":
        await phone.taps(what)
    elif sign == ">":
        await phone.types(what.format(invitation=invitation, **FILLED))
    elif what == "voice":
        await phone.speaks()
        await until(fetched(house))
    elif what.startswith("file "):
        path = FOLDER / "forms" / "brought" / what.removeprefix("file ")
        await phone.sends_file(path.name, path.read_bytes())
    else:
        await phone.sends(what)


def fetched(house: House) -> Callable[[], Awaitable[bool]]:
    """Hold when every file that was sent is in the folder."""

    async def holds() -> bool:
        return house.rows("SELECT id FROM media WHERE status = 'wanted'") == []

    return holds


def heard(house: House, phone: Phone) -> list[str]:
    """Return what the bot said since, as a transcript has it."""
    return [known(line) for line in _heard(house, phone)]


def known(line: str) -> str:
    """Put a name in place of what differs each time: a link that works once, a hash."""
    return HASH.sub("{hash}", LINK.sub("{link}", line))


def _heard(house: House, phone: Phone) -> list[str]:
    lines = [f"  ({notice['text']})" for notice in phone.notices if notice["text"]]
    for message in phone.gone:
        lines.append("  gone")
        lines += [f"    {line}".rstrip() for line in shown(house, message)]
    for message in phone.news:
        lines.append("  edit" if message["message_id"] in phone.edited else "  new")
        lines += [f"    {line}".rstrip() for line in shown(house, message)]
    return lines


def shown(house: House, message: Json) -> list[str]:
    """Return a message line by line, its buttons below; rows of buttons stay rows."""
    if "document" in message:
        return [DAY.sub("{day}", f"📄 {message['document']['file_name']}")]
    markup = message.get("reply_markup", {})
    rows = markup.get("inline_keyboard", [])
    below = markup.get("keyboard", [])
    return [
        *media_of(house, message),
        *message.get("text", message.get("caption", "")).split("\n"),
        *(" ".join(f"[{button['text']}]" for button in row) for row in rows),
        *("⌨ " + " ".join(f"[{button['text']}]" for button in row) for row in below),
        *(["⌨ –"] if "remove_keyboard" in markup else []),
    ]


def media_of(house: House, message: Json) -> list[str]:
    """Return the name of a picture or a sound, as the bot uploaded it."""
    for kind, sign in SIGNS.items():
        if kind in message:
            file = message[kind][-1] if kind == "photo" else message[kind]
            return [f"{sign} {house.world.files[file['file_id']][0]}"]
    return []


def test_everything_a_person_can_do_stands_in_a_transcript() -> None:
    done = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.txt"))

    for command in ("start", "keyboard", "report", "assist", "people", "count", "export", "survey",
                    "language", "help", "stop", "mydata", "forget", "review", "forms", "dialogues",
                    "commitments"):  # fmt: skip
        assert f"> /{command}" in done, command
    for sign in ("* ", "& voice", "& sticker", "& photo", "& location", "& document"):
        assert f"\n{sign}" in done, sign


def test_buttons_are_read_in_rows() -> None:
    keyboard = {"inline_keyboard": [[{"text": "a"}, {"text": "b"}], [{"text": "c"}]]}

    assert [b["text"] for b in buttons({"reply_markup": keyboard})] == ["a", "b", "c"]
