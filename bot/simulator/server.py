"""The simulator's HTTP: the Bot API, what people do, and the page.

Each call is described in docs/simulator.md; the levers for tests are in controls.py.
"""

import asyncio
import binascii
import errno
import mimetypes
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import fontpkg
from aiohttp import web
from rich.console import Console

from bot.simulator import methods, people, rules
from bot.simulator.controls import Controls
from bot.simulator.faults import Cut
from bot.simulator.requests import query_number, read_parameters, told
from bot.simulator.rules import ApiError
from bot.simulator.waiting import first_of
from bot.simulator.webhook import Postman
from bot.simulator.world import Chat, Poll, World, unix_time

if TYPE_CHECKING:
    from bot.simulator.watch import Watch

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
# Telegram takes a method's name in any case.
NAMES = {name.lower(): name for name in (*methods.METHODS, "getUpdates")}
PAGE = Path(__file__).parent / "page"
LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
# The page needs nothing from elsewhere, so it may not.
ONLY_OURS = {"Content-Security-Policy": "default-src 'self'", "Cache-Control": "no-store"}
LARGEST_REQUEST = rules.LARGEST_UPLOAD + 2**20
LONGEST_POLL = 50
MOST_REVISIONS = 1e15
# Whoever still waits for news when we end is not waited for.
ENDING_SECONDS = 0.2
CANNOT = 2
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves one world over HTTP."""

    def __init__(
        self, world: World, watch: "Watch | None" = None, webhook_pause: float = 1.0
    ) -> None:
        self.world = world
        self.watch = watch
        self.postman = Postman(world, webhook_pause)

    def application(self) -> web.Application:
        """Return the aiohttp application with all routes."""
        application = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[only_local])
        add = application.router.add_route
        for verb in ("GET", "POST"):
            add(verb, "/bot{token}/{method}", self.call)
        add("GET", "/file/bot{token}/files/{file_id}", self.linked_file)
        add("POST", "/sim/people", self.add_person)
        add("POST", r"/sim/people/{id:\d{1,15}}/{act}", self.act)
        add("GET", r"/sim/people/{id:\d{1,15}}/chat", self.look)
        add("GET", r"/sim/people/{id:\d{1,15}}/menu", self.menu)
        add("GET", "/sim/files/{file_id}", self.sent_file)
        Controls(self.world).add_routes(application)
        add("GET", "/font.ttf", font)
        add("GET", "/favicon.ico", no_icon)
        add("GET", "/", index)
        application.router.add_static("/page", PAGE)
        if self.watch:
            self.watch.add_routes(application, self.world)
        application.cleanup_ctx.append(self._posting)
        return application

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call of the Bot API, unless its connection is to be cut."""
        try:
            result = await self._result(request)
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        except Cut:
            if request.transport:
                request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": result})

    async def _result(self, request: web.Request) -> Any:
        check_token(request)
        method = NAMES.get(request.match_info["method"].lower(), "")
        parameters, files = await read_parameters(request)
        self.world.calls[method] = self.world.calls.get(method, 0) + 1
        delay = self.world.faults.delay(method)
        await asyncio.sleep(delay)
        with self.world.faults.met(method, self.world.whom(parameters)):
            result = await self._effect(method, parameters, files)
        await asyncio.sleep(delay)
        return result

    async def _effect(self, method: str, parameters: dict[str, Any], files: methods.Files) -> Any:
        if not method:
            raise ApiError(404, "Not Found: method not found")
        if method == "getUpdates":
            return await self.get_updates(parameters)
        whom = self.world.whom(parameters)
        result = methods.METHODS[method](self.world, parameters, files)
        self.world.ledger.note(method, whom, parameters, result, self.world.clock())
        return result

    async def get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Return waiting updates, or wait for one; a second poller ends the first."""
        poll = self.world.begin_poll()
        methods.allow(self.world, parameters)
        offset = rules.number(parameters, "offset", 0, -(2**31), 2**31 - 1)
        limit = rules.number(parameters, "limit", 100, 1, 100)
        wait = rules.number(parameters, "timeout", 0, 0, LONGEST_POLL)
        limit, wait = self.world.hold_back(offset, limit, wait)
        self.world.acknowledge(offset)
        try:
            return await self._wait_for_updates(limit, wait, poll)
        finally:
            if self.world.poll is poll:
                self.world.poll = None

    async def _wait_for_updates(self, limit: int, wait: int, poll: Poll) -> list[dict[str, Any]]:
        deadline = asyncio.get_running_loop().time() + wait
        while not (updates := self.world.pending(limit)):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await first_of(left, self.world.arrived, poll.ended)
            if poll.ended.is_set():
                raise ApiError(409, poll.why)
        return updates

    async def linked_file(self, request: web.Request) -> web.Response:
        """Return a file to the bot, for an hour after it asked by getFile."""
        file_id = request.match_info["file_id"]
        try:
            check_token(request)
            if self.world.links.get(file_id, 0.0) <= self.world.clock():
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        return self._file(file_id)

    async def sent_file(self, request: web.Request) -> web.Response:
        """Return a file to a person."""
        return self._file(request.match_info["file_id"])

    def _file(self, file_id: str) -> web.Response:
        if file_id not in self.world.files:
            raise web.HTTPNotFound
        name, content = self.world.files[file_id]
        disposition = f"attachment; filename*=UTF-8''{quote(Path(name).name, safe='')}"
        headers = {"Content-Disposition": disposition}
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return web.Response(body=content, headers=headers, content_type=mime)

    async def add_person(self, request: web.Request) -> web.Response:
        """Make a person."""
        body = await told(request, name=str)
        return web.json_response({"id": self.world.add_person(body["name"]).person_id})

    def _chat(self, request: web.Request) -> Chat:
        chat = self.world.chats.get(int(request.match_info["id"]))
        if chat is None:
            raise web.HTTPNotFound(text="There is no such person.")
        return chat

    async def act(self, request: web.Request) -> web.Response:
        """Let a person do something."""
        chat = self._chat(request)
        act = people.ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text="Nobody can do that.")
        body = await told(request, **act.needs) if act.needs else {}
        if body.get("kind", "sticker") not in people.THINGS:
            raise web.HTTPBadRequest(text="There is no such thing to send.")
        try:
            return web.json_response(act.do(self.world, chat, body))
        except binascii.Error:
            raise web.HTTPBadRequest(text="The content must be Base64.") from None

    async def menu(self, request: web.Request) -> web.Response:
        """Return the commands that a person's app lists in their chat."""
        language = request.query.get("language", "")
        return web.json_response(self.world.menu_of(self._chat(request).person_id, language))

    async def look(self, request: web.Request) -> web.Response:
        """Return a chat as soon as it is newer than what the caller knows."""
        chat = self._chat(request)
        after = query_number(request, "after", -1, MOST_REVISIONS)
        wait = query_number(request, "wait", 0, LONGEST_POLL)
        if chat.revision <= after:
            await first_of(wait, chat.changed)
        shown = {
            "revision": chat.revision,
            "messages": chat.messages,
            "notices": chat.notices,
            "blocked": chat.blocked,
        }
        return web.json_response(shown)

    async def _posting(self, _: web.Application) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self.postman.run())
            yield
            task.cancel()


def check_token(request: web.Request) -> None:
    """Refuse what can't be a bot's token; any other will do."""
    if not TOKEN.fullmatch(request.match_info["token"]):
        raise ApiError(401, "Unauthorized")


@web.middleware
async def only_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests under another name or from another page: none may drive this server."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("//")[2] != request.host
    # A picture or frame in a foreign page comes without an Origin, but browsers say this of it.
    embedded = (
        request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
        and request.headers.get("Sec-Fetch-Mode") != "navigate"
    )
    if not LOCAL.fullmatch(request.host) or foreign or embedded:
        raise web.HTTPForbidden
    return await handler(request)


async def index(_: web.Request) -> web.FileResponse:
    """Return the page."""
    return web.FileResponse(PAGE / "index.html", headers=ONLY_OURS)


async def font(_: web.Request) -> web.FileResponse:
    """Return a font that has Khmer, whatever the machine has."""
    return web.FileResponse(Path(fontpkg.path("Noto Sans Khmer")))


async def no_icon(_: web.Request) -> web.Response:
    """Tell the browser that there is no icon, so that it doesn't complain."""
    return web.Response(status=204)


@asynccontextmanager
async def serving(server: Server, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback; yields the address. A poller that hangs up is forgotten at once."""
    runner = web.AppRunner(
        server.application(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=ENDING_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _clock(folder: Path | None) -> Callable[[], float]:
    """Return the clock that the bot of a folder goes by, too."""
    if folder is None:
        return unix_time
    from bot.turning import Turned

    return Turned(folder).seconds


def _watch(folder: Path | None, *, has_returning: bool) -> "Watch | None":
    """Look into a folder, if there is one; without one, nothing of the bot need be loaded."""
    if folder is None:
        return None
    from bot.simulator.watch import Watch

    return Watch(folder, has_returning=has_returning)


def run(port: int, folder: Path | None, *, has_returning: bool = False) -> None:
    """Serve from the command line, saying where; or say why the port can't be had."""

    async def serve() -> None:
        world = World(_clock(folder))
        watch = _watch(folder, has_returning=has_returning)
        async with serving(Server(world, watch), port) as address:
            print(address, flush=True)  # noqa: T201
            await asyncio.Event().wait()

    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve())
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) == errno.EADDRINUSE
        why = "is taken" if taken else "can't be used"
        sentence = f"samleng: port {port} {why}. Please name another, or 0 for any free one."
        Console(stderr=True).print(sentence, soft_wrap=True, highlight=False)
        sys.exit(CANNOT)
