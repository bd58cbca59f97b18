"""Updates that Telegram posts to us: on disk before the 200 that makes Telegram forget them.

For bots behind a proxy with a public address. Telegram repeats whatever isn't answered with 2xx,
and holds back what a person sent later; so a body that can't be read is answered with 200 too.
"""

import asyncio
import hmac
import json
import logging
from contextlib import suppress
from typing import Any

from aiohttp import web
from telegram import Bot
from telegram.error import TelegramError

from bot.intake import KINDS
from bot.sender import Sender
from bot.worker import Worker
from storage.errors import StoreAway

logger = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
PATH = "/telegram"
LARGEST_BODY = 1024 * 1024
CONNECTIONS = 40
AWAY_SECONDS = 5
RETRY_SECONDS = 5.0
LISTENING_SECONDS = 10.0


class Webhook:
    """Receives updates on loopback for as long as the process lives."""

    def __init__(
        self, bot: Bot, worker: Worker, sender: Sender, url: str, port: int, secret: str
    ) -> None:
        self.bot = bot
        self.worker = worker
        self.sender = sender
        self.url = url
        self.port = port
        self._secret = secret

    async def run(self) -> None:
        """Serve for ever; tell Telegram where as soon as it can be reached."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post(PATH, self.receive)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            await self.announce()
            while True:
                await self.listening()
                await asyncio.sleep(LISTENING_SECONDS)
        finally:
            await runner.cleanup()

    async def listening(self) -> None:
        """Note that we can be reached: that nobody writes for a while is no outage."""
        with suppress(StoreAway):
            await self.worker.polled()

    async def announce(self) -> None:
        """Tell Telegram to post here."""
        while True:
            with suppress(TelegramError):
                await self.bot.set_webhook(
                    self.url,
                    secret_token=self._secret,
                    allowed_updates=KINDS,
                    max_connections=CONNECTIONS,
                )
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def receive(self, request: web.Request) -> web.Response:
        """Take one update: 200 when it is on disk, 503 while the database is away."""
        given = request.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise web.HTTPForbidden
        update = _read(await request.read())
        try:
            await self.worker.polled()
            await self.worker.take([update])
        except StoreAway:
            logger.warning("database away")
            return web.Response(status=503, headers={"Retry-After": str(AWAY_SECONDS)})
        self.sender.wake()
        return web.Response()


def _read(body: bytes) -> Any:
    """Return what the body says; nothing where it isn't JSON, which the worker then buries."""
    try:
        return json.loads(body)
    except ValueError:
        return None
