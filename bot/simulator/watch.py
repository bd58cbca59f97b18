"""The page's other side: the rows as they are stored, and people who come with an invitation."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import control
from bot.simulator import people
from bot.simulator.requests import told
from bot.simulator.world import FIRST_PERSON, Chat, World
from storage import browse

# What the page offers by a click: the role and sector of the invitation, or none.
KINDS: dict[str, tuple[str, str | None] | None] = {
    "citizen": None,
    "reporter": ("reporter", "cso"),
    "official": ("reporter", "gov"),
    "staff": ("staff", None),
    "owner": ("owner", None),
}
NAMES = {
    "citizen": "ពលរដ្ឋ Citizen",
    "reporter": "អ្នករាយការណ៍ Reporter",
    "official": "មន្ត្រី Official",
    "staff": "បុគ្គលិក Staff",
    "owner": "ម្ចាស់ Owner",
}
# A year and a leap day.
MOST_HOURS = 366 * 24


def returning() -> dict[str, int]:
    """Return the Telegram ids of people who come back, by kind: the first of a world with them."""
    return {kind: FIRST_PERSON + at for at, kind in enumerate(KINDS)}


class Watch:
    """Looks into the data folder of the bot that is tried, for reading only."""

    def __init__(self, folder: Path, *, has_returning: bool = False) -> None:
        self.folder = folder
        self.has_returning = has_returning
        self.known: dict[str, Chat] = {}

    def add_routes(self, application: web.Application, world: World) -> None:
        """Add the page's own calls."""
        self.world = world
        for kind in returning() if self.has_returning else ():
            self.known[kind] = world.add_person(f"{NAMES[kind]} {len(world.chats) + 1}")
            self.known[kind].started = True
        application.router.add_get("/watch/rows", self.rows)
        application.router.add_post("/watch/people", self.join)
        application.router.add_get("/watch/clock", self.clock)
        application.router.add_post("/watch/clock", self.turn_clock)

    async def rows(self, _: web.Request) -> web.Response:
        """Return the newest rows of each table."""
        return web.json_response(await asyncio.to_thread(browse.newest_rows, self.folder))

    async def clock(self, _: web.Request) -> web.Response:
        """Return the time in Cambodia, on the bot's clock."""
        from handlers.quiet import PHNOM_PENH

        moment = dt.datetime.fromtimestamp(self.world.clock(), PHNOM_PENH)
        return web.json_response({"now": moment.isoformat(timespec="minutes")})

    async def turn_clock(self, request: web.Request) -> web.Response:
        """Turn the clock forward: by some hours, or to nine on the next morning."""
        from bot.turning import Turned
        from handlers.quiet import PHNOM_PENH

        hours = (await told(request, hours=int))["hours"]
        if not 0 <= hours <= MOST_HOURS:
            raise web.HTTPBadRequest(text=f"A clock is turned by up to {MOST_HOURS} hours.")
        seconds = hours * 3600.0
        if not hours:
            now = dt.datetime.fromtimestamp(self.world.clock(), PHNOM_PENH)
            nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
            seconds = (nine + dt.timedelta(days=now >= nine) - now).total_seconds()
        await asyncio.to_thread(Turned(self.folder).turn, seconds)
        self.world.wake()
        return await self.clock(request)

    async def join(self, request: web.Request) -> web.Response:
        """Make a person of a kind, who opens the bot with the link they were given.

        The first of each kind may be known to the bot already.
        """
        kind = (await told(request, kind=str))["kind"]
        if kind not in KINDS:
            raise web.HTTPBadRequest(text="There are no such people.")
        chat = self.known.pop(kind, None)
        payload = "" if chat else await asyncio.to_thread(self._payload, kind)
        chat = chat or self.world.add_person(f"{NAMES[kind]} {len(self.world.chats) + 1}")
        people.write(self.world, chat, f"/start {payload}".strip())
        return web.json_response({"id": chat.person_id, "name": chat.name, "kind": kind})

    def _payload(self, kind: str) -> str:
        # With the conversation's whole package, which nothing else here needs.
        from handlers import links

        invitation = KINDS[kind]
        if invitation is None:
            return "p17"
        role, sector = invitation
        request: dict[str, Any] = {"command": "invite", "role": role, "sector": sector}
        answer = control.ask(self.folder, request)
        if answer is None:
            raise web.HTTPServiceUnavailable(text="The bot isn't running yet.")
        return links.payload(answer["token"])
