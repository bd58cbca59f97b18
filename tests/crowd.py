"""Many people at once, in a database and at a simulated Telegram, and when they were reached.

They have consented, and speak Khmer and English by turns.
"""

import asyncio
from bisect import bisect_left
from typing import Any

from bot.simulator.world import Chat, World
from handlers.consent import CONSENT_VERSION
from storage import outbox, respondents
from storage.outbox import REMINDERS
from storage.store import Store, Transaction
from tests.conftest import BOT_ID

LANGUAGES = ("km", "en")


class Counting(World):
    """A simulated Telegram that notes when each message of the bot came, and to whom."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.reached: list[tuple[float, int, str]] = []

    def new_message(self, chat: Chat, *, from_bot: bool, **content: Any) -> dict[str, Any]:
        if from_bot:
            now = asyncio.get_running_loop().time()
            self.reached.append((now, chat.person_id, str(content.get("text"))))
        return super().new_message(chat, from_bot=from_bot, **content)


def gather(store: Store, world: World, number: int) -> list[str]:
    """Make people who have consented and opened the chat; return their ids."""
    chats = [world.add_person("P") for _ in range(number)]
    for chat in chats:
        chat.started = True
    return store.run(_arrive, [chat.person_id for chat in chats])


def _arrive(tx: Transaction, telegram_ids: list[int]) -> list[str]:
    ids = []
    for number, telegram_id in enumerate(telegram_ids):
        language = LANGUAGES[number % 2]
        made = respondents.create(tx, BOT_ID, telegram_id)
        respondents.change(tx, made.id, language=language, sector="citizen", province="kampot")
        respondents.give_consent(tx, made.id, CONSENT_VERSION, language)
        ids.append(made.id)
    return ids


def remind(tx: Transaction, ids: list[str]) -> None:
    """Promise each of them a reminder."""
    for one in ids:
        outbox.put(tx, one, "sendMessage", {"text": "R"}, policy="once", lane=REMINDERS)


def busiest_second(moments: list[float]) -> int:
    """Return how many fell into the fullest second."""
    ordered = sorted(moments)
    return max(bisect_left(ordered, moment + 1) - at for at, moment in enumerate(ordered))
