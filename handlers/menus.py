"""The commands, who may use each, and where they are listed: Telegram's menu, and /help.

A menu lies at Telegram. That of citizens is the same in all chats; whoever may do more has one in
their own chat, which is sent when they get their role, and to all of them when the menus change.
"""

import hashlib
from typing import Any

import orjson

from handlers import listening, texts
from handlers.visit import Visit
from storage import facts, menus, outbox
from storage.store import Transaction
from surveys.language import EN, KM
from surveys.respondent import ROLES, Role, may

COMMANDS = {
    "start": "ask",
    "survey": "answer",
    "report": "report",
    "commitments": "promises",
    "assist": "assist",
    "count": "count",
    "status": "numbers",
    "export": "export",
    "forms": "forms",
    "review": "review",
    "invite": "invite",
    "team": "roles",
    "inbox": "inbox",
    "audit": "audit",
    "waves": "waves",
    "dialogues": "dialogues",
    "people": "answer",
    "language": "ask",
    "listen": "ask",
    "keyboard": "ask",
    "mydata": "ask",
    "stop": "ask",
    "forget": "ask",
    "help": "ask",
}
# What the same word means to whoever looks after a project: by which act, and its text.
INSTEAD = {"people": ("numbers", "command.people_numbers")}
# Telegram's languages: English is what all others see.
CODES = {EN: "", KM: "km"}
CITIZEN: Role = "respondent"


def of(tx: Transaction, role: Role) -> list[str]:
    """Return what a role may do; hearing questions is only offered where any were recorded."""
    mute = set() if listening.is_recorded(tx) else {"listen"}
    allowed = [n for n, act in COMMANDS.items() if may(role, act) or _instead(role, n)]
    return [name for name in allowed if name not in mute]


def text_of(role: Role, name: str) -> str:
    """Return the key of what a command does for a role."""
    return INSTEAD[name][1] if _instead(role, name) else "command." + name


def _instead(role: Role, name: str) -> bool:
    return name in INSTEAD and may(role, INSTEAD[name][0])


def commands(tx: Transaction, role: Role, language: str) -> list[dict[str, str]]:
    """Return the menu of a role as Telegram takes it."""
    return [
        {"command": name, "description": texts.say(language, text_of(role, name))}
        for name in of(tx, role)
    ]


def lines(visit: Visit) -> str:
    """Return what the phone's owner may do, a line for each command."""
    role = visit.owner.role
    names = of(visit.tx, role)
    return "\n".join(f"/{name} {visit.say(text_of(role, name))}" for name in names)


def give(visit: Visit) -> None:
    """Promise the phone's owner the menu of their role."""
    _promise(visit.tx, visit.owner.id, visit.owner.role)


def take(visit: Visit) -> None:
    """Promise the menu of everybody to a phone whose owner had another one."""
    take_from(visit.tx, visit.owner.id)


def take_from(tx: Transaction, person_id: str) -> None:
    """Promise the menu of everybody to somebody who had another one."""
    for code in CODES.values():
        body = {"language_code": code}
        outbox.put(tx, person_id, "deleteMyCommands", body, policy="edit")


def take_at_farewell(visit: Visit) -> None:
    """Promise the same for somebody who is being forgotten in this transaction."""
    if visit.owner.role != CITIZEN:
        for code in CODES.values():
            body = {"language_code": code}
            outbox.put_farewell(visit.tx, visit.telegram_id, "deleteMyCommands", body)


def digest(tx: Transaction, bot_id: int) -> str:
    """Return what changes when any menu does, or the bot that has them."""
    every = [commands(tx, role, language) for role in ROLES for language in CODES]
    return hashlib.sha256(orjson.dumps([bot_id, every])).hexdigest()[:32]


def are_new(tx: Transaction, bot_id: int) -> bool:
    """Tell whether Telegram hasn't these menus yet."""
    return facts.read(tx, "menus") != digest(tx, bot_id)


def note(tx: Transaction, bot_id: int) -> None:
    """Note that Telegram has everybody's menu, and promise those who have another one theirs."""
    facts.write(tx, "menus", digest(tx, bot_id))
    for person_id, role in menus.with_role(tx):
        _promise(tx, person_id, role)


def _promise(tx: Transaction, person_id: str, role: Role) -> None:
    for language, code in CODES.items():
        body: dict[str, Any] = {"commands": commands(tx, role, language), "language_code": code}
        outbox.put(tx, person_id, "setMyCommands", body, policy="edit")
