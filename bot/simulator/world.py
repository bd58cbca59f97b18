"""The state of the simulated Telegram: people, chats, files, updates a bot hasn't fetched."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yarl import URL

from bot.pace import Bucket, ChatPace
from bot.simulator import rules
from bot.simulator.faults import Faults
from bot.simulator.ledger import Ledger
from bot.simulator.rules import ApiError, own_menu

BOT_NAME = "samleng_try_bot"
FIRST_PERSON = 700_000_001
# How long Telegram keeps an update (tdlib/telegram-bot-api, Client.cpp).
TAP_SECONDS, MESSAGE_SECONDS = 150, 86_400
OVERALL_RATE, OVERALL_BURST = 30.0, 60.0
CHAT_RATE, CHAT_BURST = 1.0, 20.0
LINK_SECONDS = 3600
# A bot that asks for the same again within this time gets one update, or waits a little.
HASTY_SECONDS, IMPATIENT_SECONDS = 0.5, 3
# What a bot gets only if it asks for it by name.
UNUSUAL = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


def unix_time() -> float:
    """Return seconds since 1970."""
    return dt.datetime.now(dt.UTC).timestamp()


class Turned:
    """A clock that can be turned forward, as a test asks."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.ahead = 0.0

    def __call__(self) -> float:
        """Return seconds since 1970."""
        return self._clock() + self.ahead


@dataclass(slots=True)
class Chat:
    """One person's private chat with the bot."""

    person_id: int
    name: str
    blocked: bool = False
    started: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    revision: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Tell whoever watches the chat that it changed."""
        self.revision += 1
        self.changed.set()
        self.changed = asyncio.Event()

    def message(self, message_id: int) -> dict[str, Any] | None:
        """Return a message of the chat."""
        return next((m for m in self.messages if m["message_id"] == message_id), None)


@dataclass(slots=True)
class Waiting:
    """An update that the bot hasn't acknowledged; a duplicate comes once more after that."""

    update: dict[str, Any]
    expires_at: float
    again: bool = False

    def comes_again(self) -> bool:
        """Tell whether an acknowledged update stays, once."""
        again, self.again = self.again, False
        return again


@dataclass(slots=True)
class Webhook:
    """Where updates are posted to, and what went wrong last."""

    url: URL
    secret_token: str
    connections: int
    failure: str = ""
    failed_at: int = 0


@dataclass(slots=True)
class Poll:
    """A getUpdates that waits, and why it was ended if it was."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    why: str = ""

    def end(self, why: str) -> None:
        """End it."""
        self.why = why
        self.ended.set()


class World:
    """Everything the simulated server knows."""

    def __init__(self, clock: Callable[[], float] = unix_time, *, unlimited: bool = False) -> None:
        self.clock = Turned(clock)
        self.unlimited = unlimited
        self.chats: dict[int, Chat] = {}
        self.waiting: list[Waiting] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        # As what the bot uploaded a file; it can be sent again only as that.
        self.kinds: dict[str, str] = {}
        self.queries: dict[str, tuple[int, float]] = {}
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.webhook: Webhook | None = None
        self.poll: Poll | None = None
        self.allowed: frozenset[str] = frozenset()
        self.links: dict[str, float] = {}
        self.faults = Faults()
        self.ledger = Ledger()
        self.duplicates = 0
        self.held: set[str] = set()
        self.calls: dict[str, int] = {}
        self.arrived = asyncio.Event()
        self._next_update, self._next_message, self._next_file = 500_000_001, 1, 1
        self._overall = Bucket(OVERALL_RATE, OVERALL_BURST, OVERALL_BURST)
        self._by_chat = ChatPace(CHAT_RATE, CHAT_BURST)
        self._asked: tuple[int, float] = (0, 0.0)

    def menu_of(self, person_id: int, language: str) -> list[dict[str, str]]:
        """Return the menu that an app in a language shows in a private chat.

        https://core.telegram.org/bots/api#determining-list-of-commands
        """
        for scope in (own_menu(person_id), "all_private_chats", "default"):
            for code in (language, ""):
                if commands := self.commands.get((scope, code)):
                    return commands
        return []

    def add_person(self, name: str) -> Chat:
        """Make a person who hasn't written to the bot yet."""
        chat = Chat(FIRST_PERSON + len(self.chats), name)
        self.chats[chat.person_id] = chat
        return chat

    def chat(self, chat_id: int) -> Chat:
        """Return a chat that the bot may write to."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise rules.bad_request("chat not found")
        if chat.blocked:
            raise ApiError(403, rules.BLOCKED)
        if not chat.started:
            raise ApiError(403, rules.NEVER_MET)
        return chat

    def pace(self, chat_id: int, messages: int = 1) -> None:
        """Refuse a message, or an album of several, that comes too fast."""
        if self.unlimited:
            return
        now = self.clock()
        chat = self._by_chat.of(chat_id, now)
        wait = max(max(self._overall.take(now), chat.take(now)) for _ in range(messages))
        if wait > 0:
            self._overall.level += messages
            chat.level += messages
            seconds = int(wait) + 1
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)

    def whom(self, parameters: Mapping[str, Any]) -> int | None:
        """Return the person a call is for: their chat, or whoever tapped."""
        if "callback_query_id" in parameters:
            return self.queries.get(str(parameters["callback_query_id"]), (None, 0.0))[0]
        chat_id = str(parameters.get("chat_id", ""))
        return int(chat_id) if chat_id.isdecimal() else None

    def turn(self, seconds: float) -> None:
        """Turn the clock forward; what expires meanwhile is gone."""
        self.clock.ahead += seconds
        self.wake()

    def hold(self, kind: str, *, held: bool) -> None:
        """Hold a kind of updates back from the webhook, or let them go on."""
        self.held = self.held | {kind} if held else self.held - {kind}
        self.wake()

    def new_message(self, chat: Chat, *, from_bot: bool, **content: Any) -> dict[str, Any]:
        """Add a message to a chat."""
        message = {
            "message_id": self._next_message,
            "date": int(self.clock()),
            "chat": {"id": chat.person_id, "type": "private", "first_name": chat.name},
            "from": bot_user() if from_bot else user(chat),
            **content,
        }
        self._next_message += 1
        chat.messages.append(message)
        chat.touch()
        return message

    def add_file(self, name: str, content: bytes) -> str:
        """Keep a file; return its id."""
        file_id = f"FILE{self._next_file:06d}"
        self._next_file += 1
        self.files[file_id] = (name, content)
        return file_id

    def open_link(self, file_id: str) -> None:
        """Let a file be downloaded for an hour."""
        self.links[file_id] = self.clock() + LINK_SECONDS

    def happen(
        self, kind: str, event: dict[str, Any], lifetime: float = MESSAGE_SECONDS
    ) -> dict[str, Any]:
        """Queue what happened as an update, if the bot wants to know of such things."""
        if kind in self.allowed or (not self.allowed and kind not in UNUSUAL):
            return self.push({kind: event}, lifetime)
        return {}

    def push(self, event: dict[str, Any], lifetime: float = MESSAGE_SECONDS) -> dict[str, Any]:
        """Queue an update for the bot."""
        update = {"update_id": self._next_update, **event}
        self._next_update += 1
        again, self.duplicates = self.duplicates > 0, max(0, self.duplicates - 1)
        self.waiting.append(Waiting(update, self.clock() + lifetime, again))
        self.wake()
        return update

    def wake(self) -> None:
        """Tell whoever waits for updates to look again."""
        self.arrived.set()
        self.arrived = asyncio.Event()

    def acknowledge(self, offset: int) -> None:
        """Forget the updates before an offset: only this confirms them.

        A negative one forgets all but the last so many.
        """
        if offset < 0:
            self.waiting = self.waiting[offset:]
        self.waiting = [
            w for w in self.waiting if w.update["update_id"] >= offset or w.comes_again()
        ]

    def posted(self, update: dict[str, Any]) -> None:
        """Forget an update that the webhook took."""
        self.waiting = [w for w in self.waiting if w.update is not update or w.comes_again()]

    def pending(self, limit: int) -> list[dict[str, Any]]:
        """Return the updates that are waiting and haven't expired."""
        now = self.clock()
        self.waiting = [w for w in self.waiting if w.expires_at > now]
        return [w.update for w in self.waiting[:limit]]

    def begin_poll(self) -> Poll:
        """Begin to wait for updates; whoever waits already is ended."""
        if self.webhook:
            raise ApiError(409, rules.WEBHOOK_ACTIVE)
        if self.poll:
            self.poll.end(rules.OTHER_POLLER)
        self.poll = Poll()
        return self.poll

    def hold_back(self, offset: int, limit: int, timeout: int) -> tuple[int, int]:
        """Slow a bot down that asks for the same again; return its new limit and timeout."""
        (before, at), now = self._asked, self.clock()
        self._asked = offset, now
        if self.unlimited or offset != before:
            return limit, timeout
        limit = 1 if now < at + HASTY_SECONDS else limit
        return limit, max(timeout, IMPATIENT_SECONDS) if now < at + IMPATIENT_SECONDS else timeout

    def set_webhook(self, webhook: Webhook) -> None:
        """Post updates from now on; whoever polls is ended."""
        self.webhook = webhook
        if self.poll:
            self.poll.end(rules.ENDED_BY_WEBHOOK)
        self.wake()


def bot_user() -> dict[str, Any]:
    """Return the bot as Telegram shows it."""
    return {
        "id": 424242,
        "is_bot": True,
        "first_name": "Samleng",
        "username": BOT_NAME,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def user(chat: Chat) -> dict[str, Any]:
    """Return a person as Telegram shows them, with the profile that must never be stored."""
    return {
        "id": chat.person_id,
        "is_bot": False,
        "first_name": chat.name,
        "last_name": "Profile-Secret",
        "username": f"secret_{chat.person_id}",
        "language_code": "km",
    }
