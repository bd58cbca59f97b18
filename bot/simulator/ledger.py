"""What really arrived: every call that took effect, as often as it did, whatever the bot heard."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A call that took effect; its key tells which text it carried."""

    number: int
    method: str
    chat_id: int | None
    message_id: int | None
    key: str
    at: float


class Ledger:
    """The entries in the order of their effects."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def note(
        self, method: str, chat_id: int | None, call: Mapping[str, Any], result: Any, at: float
    ) -> None:
        """Note a call, unless it only asked for something."""
        if method.startswith("get"):
            return
        # Of an album its first message.
        made = result[0] if isinstance(result, list) and result else result
        message = made if isinstance(made, dict) else {}
        words = message.get("text", message.get("caption", call.get("text", "")))
        number = len(self.entries) + 1
        entry = Entry(number, method, chat_id, message.get("message_id"), key_of(words), at)
        self.entries.append(entry)


def key_of(text: str) -> str:
    """Return the key of a text, as Telegram keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
