"""The bots of a storm: one on a file, or three behind a balancer on one PostgreSQL."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
from aiohttp import web
from aiohttp.test_utils import unused_port

from storage.leadership import LEADING
from tests.postgres import start_again, stop_at_once
from tests.processes import bot_by_day, kill, until_ready

CANNOT_BEGIN = 2
REPLICAS = 3
HOLDER = """
    SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid)
    WHERE locktype = 'advisory' AND objid = %s AND granted
"""
# How often the server itself is stopped in a storm.
STOPS = 3


class Single:
    """One bot; it runs only until it is killed."""

    def __init__(self, variables: dict[str, str], log: Path, by: float) -> None:
        self.variables = variables
        self.by = str(by)
        self.log = log

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it undisturbed."""
        async with bot_by_day(self.log, self.by, **self.variables):
            yield

    async def lose_one(self, seconds: float, number: int) -> None:
        """Run it for a while, and kill it; every fifth time while it may still be starting."""
        async with bot_by_day(self.log, self.by, **self.variables) as bot:
            if number % 5:
                await until_ready(Path(self.variables["SAMLENG_DATA_DIR"]), bot)
            await asyncio.sleep(seconds)
            await kill(bot)


class Replicas:
    """Three bots that run all the while; one after the other is killed and begun anew."""

    def __init__(
        self, variables: dict[str, str], log: Path, by: float, server: Any, stops: set[int]
    ) -> None:
        self.variables = variables
        self.by = str(by)
        self.log = log
        self.server = server
        self.stops = stops
        self.bots: list[tuple[AsyncExitStack, Any]] = []
        self.ports = [unused_port() for _ in range(REPLICAS)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """They run anyway."""
        yield

    @asynccontextmanager
    async def alive(self) -> AsyncIterator[None]:
        """Run them behind a balancer."""
        try:
            async with balancer(self.ports) as url:
                self.variables["SAMLENG_WEBHOOK_URL"] = url
                self.bots = [await self.begin(port) for port in self.ports]
                yield
        finally:
            for stack, _ in self.bots:
                await stack.aclose()

    async def begin(self, port: int) -> tuple[AsyncExitStack, Any]:
        stack = AsyncExitStack()
        folder = f"{self.variables['SAMLENG_DATA_DIR']}-{port}"
        variables = {
            **self.variables, "SAMLENG_DATA_DIR": folder, "SAMLENG_WEBHOOK_PORT": str(port)
        }  # fmt: skip
        bot = await stack.enter_async_context(bot_by_day(self.log, self.by, **variables))
        return stack, bot

    async def replaced_after(self) -> int:
        """Freeze the leader; return after how many seconds another one leads."""
        frozen = await self.leader()
        os.kill(frozen, signal.SIGSTOP)
        began = asyncio.get_running_loop().time()
        while (await self.leader()) in {0, frozen}:
            await asyncio.sleep(0.1)
        os.kill(frozen, signal.SIGCONT)
        return round(asyncio.get_running_loop().time() - began)

    async def leader(self) -> int:
        """Return the process that leads; 0 where none does."""
        return await asyncio.to_thread(leading, self.variables["SAMLENG_DATABASE_URL"])

    async def lose_one(self, seconds: float, number: int) -> None:
        """Let them run for a while; kill one, at times the server too, and begin it anew."""
        await asyncio.sleep(seconds)
        stack, bot = self.bots[at := number % REPLICAS]
        # While the server was stopped one that just began says so and ends, as systemd expects.
        if bot.returncode != CANNOT_BEGIN:
            await kill(bot)
        await stack.aclose()
        if number in self.stops:
            await asyncio.to_thread(stop_at_once, self.server)
            await asyncio.to_thread(start_again, self.server)
        self.bots[at] = await self.begin(self.ports[at])


def leading(url: str) -> int:
    """Return the process that holds the lock of a leader; 0 where none does."""
    with psycopg.connect(url) as connection:
        row = connection.execute(HOLDER, (LEADING,)).fetchone()
    return int(row[0].rpartition(" ")[2]) if row else 0


@asynccontextmanager
async def balancer(ports: list[int]) -> AsyncIterator[str]:
    """Hand each post to the next bot that is there; yields the address to post to."""
    turns = itertools.count()
    async with aiohttp.ClientSession() as session:

        async def hand_on(request: web.Request) -> web.Response:
            body, first = await request.read(), next(turns)
            for port in (ports[(first + n) % len(ports)] for n in range(len(ports))):
                try:
                    address = f"http://127.0.0.1:{port}{request.path}"
                    async with session.post(address, data=body, headers=request.headers) as answer:
                        return web.Response(status=answer.status)
                except aiohttp.ClientError:
                    continue
            return web.Response(status=503, headers={"Retry-After": "1"})

        application = web.Application()
        application.router.add_post("/telegram", hand_on)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        port = unused_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        try:
            yield f"http://127.0.0.1:{port}/telegram"
        finally:
            await runner.cleanup()


def stops(kills: int) -> set[int]:
    """Return at which kills the server is stopped too."""
    return {kills * part // (STOPS + 1) for part in range(1, STOPS + 1)}
