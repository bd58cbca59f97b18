"""The levers of the simulator: faults, time, odd deliveries, and the ledger of what arrived."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from aiohttp import web

from bot.simulator import methods
from bot.simulator.faults import EVERY, Fault
from bot.simulator.requests import query_number, told
from bot.simulator.world import World

Number = TypeVar("Number", int, float)
CALLABLE = {*methods.METHODS, "getUpdates", EVERY}
QUEUES = ("message", "edited_message", "callback_query", "my_chat_member")
FAULT_FIELDS = {
    "method": str,
    "times": int,
    "person": int,
    "code": int,
    "description": str,
    "retry_after": int,
    "cut": str,
}
LONGEST_LATENCY = 60.0
LONGEST_TURN = 400 * 86_400.0
MOST_ENTRIES = 1e15
MOST_TIMES = 1_000_000


class Controls:
    """What a test may do to one world; docs/simulator.md describes each."""

    def __init__(self, world: World) -> None:
        self.world = world

    def add_routes(self, application: web.Application) -> None:
        """Add the levers' own calls."""
        add = application.router.add_route
        add("POST", "/sim/updates", self.raw_update)
        add("POST", "/sim/faults", self.add_fault)
        add("GET", "/sim/faults", self.faults)
        add("DELETE", "/sim/faults", self.end_faults)
        add("POST", "/sim/latency", self.slow_down)
        add("POST", "/sim/duplicates", self.deliver_twice)
        add("POST", "/sim/queues", self.hold_queue)
        add("POST", "/sim/clock", self.turn_clock)
        add("GET", "/sim/calls", self.calls)
        add("GET", "/sim/ledger", self.ledger)

    async def raw_update(self, request: web.Request) -> web.Response:
        """Put an update into the queue just as it was given."""
        return web.json_response(self.world.push(await told(request)))

    async def add_fault(self, request: web.Request) -> web.Response:
        """Let coming calls go wrong."""
        fault = fault_of(await told(request, method=str))
        self.world.faults.asked.append(fault)
        return web.json_response(asdict(fault))

    async def faults(self, _: web.Request) -> web.Response:
        """Return the faults that were asked for, with how many calls met each."""
        return web.json_response([asdict(fault) for fault in self.world.faults.asked])

    async def end_faults(self, request: web.Request) -> web.Response:
        """Let nothing go wrong any more; what the faults met stays known."""
        for fault in self.world.faults.asked:
            fault.times = 0
        return await self.faults(request)

    async def slow_down(self, request: web.Request) -> web.Response:
        """Let calls of a method take so many seconds, half before and half after their effect."""
        body = await told(request, method=str)
        self.world.faults.latency[known(body["method"])] = number(body, "seconds", LONGEST_LATENCY)
        return web.json_response(self.world.faults.latency)

    async def deliver_twice(self, request: web.Request) -> web.Response:
        """Deliver the next updates once more after the bot took them."""
        times = (await told(request, times=int))["times"]
        self.world.duplicates = within(times, 0, MOST_TIMES)
        return web.json_response({"times": times})

    async def hold_queue(self, request: web.Request) -> web.Response:
        """Hold back one kind of posts to the webhook, or let it go on."""
        body = await told(request, kind=str, held=bool)
        if body["kind"] not in QUEUES:
            raise web.HTTPBadRequest(text="There is no such queue.")
        self.world.hold(body["kind"], held=body["held"])
        return web.json_response(sorted(self.world.held))

    async def turn_clock(self, request: web.Request) -> web.Response:
        """Turn Telegram's clock forward, over which updates expire."""
        self.world.turn(number(await told(request), "seconds", LONGEST_TURN))
        return web.json_response({"now": self.world.clock()})

    async def calls(self, _: web.Request) -> web.Response:
        """Return how often each method was called."""
        return web.json_response(self.world.calls)

    async def ledger(self, request: web.Request) -> web.Response:
        """Return the calls that took effect, or those after a number."""
        after = int(query_number(request, "after", 0, MOST_ENTRIES))
        entries = self.world.ledger.entries[max(0, after) :]
        return web.json_response([asdict(entry) for entry in entries])


def fault_of(body: Mapping[str, Any]) -> Fault:
    """Return a fault as it was asked for: a refusal has a code and words, a cut has a moment."""
    for name, value in body.items():
        if name not in FAULT_FIELDS or type(value) is not FAULT_FIELDS[name]:
            raise web.HTTPBadRequest(text=f"“{name}” isn't a fault's, or of another type.")
    within(body.get("times", 1), 1, MOST_TIMES)
    is_cut = body.get("cut") in {"before", "after"} and "code" not in body
    is_refusal = 400 <= body.get("code", 0) <= 599 and "description" in body and "cut" not in body
    if not (is_cut or is_refusal):
        raise web.HTTPBadRequest(text="A fault has a code and a description, or a cut.")
    return Fault(**{**body, "method": known(body["method"])})


def known(method: str) -> str:
    """Return a method's name; 400 where there is no such method."""
    if method not in CALLABLE:
        raise web.HTTPBadRequest(text="There is no such method.")
    return method


def number(body: Mapping[str, Any], name: str, most: float) -> float:
    """Return a number of a body, which isn't below 0."""
    value: Any = body.get(name)
    if type(value) not in {int, float}:
        raise web.HTTPBadRequest(text=f"“{name}” must be a number.")
    return within(float(value), 0, most)


def within(value: Number, least: Number, most: Number) -> Number:
    """Return a number that is within limits; 400 where it isn't."""
    if not least <= value <= most:
        raise web.HTTPBadRequest(text=f"A number must be between {least} and {most}.")
    return value
