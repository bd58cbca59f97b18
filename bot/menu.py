"""The menu of everybody at Telegram: set by whoever leads, and only where it changed."""

import asyncio
from contextlib import suppress

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.sender import Sender
from handlers import menus
from storage.store import Store

RETRY_SECONDS = 5.0
SCOPES: tuple[BotCommandScope, ...] = (BotCommandScopeDefault(), BotCommandScopeAllPrivateChats())


class Menu:
    """Sets the menu in each language, until it succeeded once; then has people's own ones sent."""

    def __init__(self, bot: Bot, store: Store, sender: Sender, bot_id: int) -> None:
        self.bot = bot
        self.store = store
        self.sender = sender
        self.bot_id = bot_id

    async def run(self) -> None:
        """Set the menu if it is new."""
        while await self.store.persist(menus.are_new, self.bot_id):
            with suppress(TelegramError):
                await self._set()
                await self.store.persist(menus.note, self.bot_id)
                self.sender.wake()
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def _set(self) -> None:
        for language, code in menus.CODES.items():
            menu = await self.store.persist(menus.commands, menus.CITIZEN, language)
            commands = [BotCommand(one["command"], one["description"]) for one in menu]
            for scope in SCOPES:
                await self.bot.set_my_commands(commands, scope=scope, language_code=code or None)
