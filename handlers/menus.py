"""The commands, who may use each, and where they are listed: Telegram's menu, and /help.

A menu lies at Telegram. That of citizens is the same in all chats; whoever may do more has one in
their own chat, which is sent when they get their role, and to all of them when the menus change.
"""

import hashlib
from typing import Any

import orjson

from handlers import texts
from handlers.visit import Visit
from storage import menus, outbox
from storage.store import Transaction
from surveys.language import EN, KM
from surveys.respondent import ROLES, Role, may

COMMANDS = {
    "start": "ask",
    "survey": "answer",
    "report": "report",
    "assist": "assist",
    "count": "count",
    "export": "export",
    "forms": "forms",
    "review": "review",
    "people": "answer",
    "language": "ask",
    "listen": "ask",
    "keyboard": "ask",
    "mydata": "ask",
    "stop": "ask",
    "forget": "ask",
    "help": "ask",
}
# Telegram's languages: English is what all others see.
CODES = {EN: "", KM: "km"}
CITIZEN: Role = "respondent"


def of(role: Role) -> list[str]:
    """Return what a role may do."""
    return [name for name, act in COMMANDS.items() if may(role, act)]


def commands(role: Role, language: str) -> list[dict[str, str]]:
    """Return the menu of a role as Telegram takes it."""
    return [{"command": n, "description": texts.say(language, f"command.{n}")} for n in of(role)]


def lines(visit: Visit) -> str:
    """Return what the phone's owner may do, a line for each command."""
    return "\n".join(f"/{n} {visit.say('command.' + n)}" for n in of(visit.owner.role))


def give(visit: Visit) -> None:
    """Promise the phone's owner the menu of their role."""
    _promise(visit.tx, visit.owner.id, visit.owner.role)


def take(visit: Visit) -> None:
    """Promise the menu of everybody to a phone whose owner had another one."""
    for code in CODES.values():
        body = {"language_code": code}
        outbox.put(visit.tx, visit.owner.id, "deleteMyCommands", body, policy="edit")


def take_at_farewell(visit: Visit) -> None:
    """Promise the same for somebody who is being forgotten in this transaction."""
    if visit.owner.role != CITIZEN:
        for code in CODES.values():
            body = {"language_code": code}
            outbox.put_farewell(visit.tx, visit.telegram_id, "deleteMyCommands", body)


def digest(bot_id: int) -> str:
    """Return what changes when any menu does, or the bot that has them."""
    every = [commands(role, language) for role in ROLES for language in CODES]
    return hashlib.sha256(orjson.dumps([bot_id, every])).hexdigest()[:32]


def are_new(tx: Transaction, bot_id: int) -> bool:
    """Tell whether Telegram hasn't these menus yet."""
    return menus.known(tx) != digest(bot_id)


def note(tx: Transaction, bot_id: int) -> None:
    """Note that Telegram has everybody's menu, and promise those who have another one theirs."""
    menus.note(tx, digest(bot_id))
    for person_id, role in menus.with_role(tx):
        _promise(tx, person_id, role)


def _promise(tx: Transaction, person_id: str, role: Role) -> None:
    for language, code in CODES.items():
        body: dict[str, Any] = {"commands": commands(role, language), "language_code": code}
        outbox.put(tx, person_id, "setMyCommands", body, policy="edit")
