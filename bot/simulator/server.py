"""The simulator's HTTP: the Bot API, what people do (/sim/…), and the page.

| call                                   | does                                                  |
|----------------------------------------|-------------------------------------------------------|
| POST /sim/people {name}                | makes a person                                        |
| POST /sim/people/ID/write {text}       | … writes                                              |
| POST /sim/people/ID/speak              | … sends a voice note                                  |
| POST /sim/people/ID/thing {kind}       | … sends a sticker, photo, location or contact         |
| POST /sim/people/ID/tap {message_id, data} | … taps a button                                   |
| POST /sim/people/ID/block {blocked}    | … blocks or unblocks the bot                          |
| GET  /sim/people/ID/chat?after=N&wait=S | the chat, once its revision is above N               |
| GET  /sim/files/ID                     | a file the bot sent                                   |
| POST /sim/updates {update}             | puts a raw update into the queue                      |
| POST /sim/faults {method, code, description, times, retry_after} | the next calls are refused  |
| GET  /sim/calls                        | how often each method was called                      |
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
import fontpkg
from aiohttp import web

from bot.simulator import people, rules
from bot.simulator.methods import METHODS
from bot.simulator.rules import ApiError
from bot.simulator.watch import Watch
from bot.simulator.world import Chat, Fault, World

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")
PAGE = Path(__file__).parent / "page"
LOCAL = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
LONGEST_POLL = 50.0
WEBHOOK_RETRY = 1.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves one world over HTTP."""

    def __init__(self, world: World, watch: Watch | None = None) -> None:
        self.world = world
        self.watch = watch
        self._poller: asyncio.Event | None = None

    def application(self) -> web.Application:
        """Return the aiohttp application with all routes."""
        application = web.Application(
            client_max_size=rules.LARGEST_UPLOAD + 2**20, middlewares=[only_local]
        )
        add = application.router.add_route
        add("*", "/bot{token}/{method}", self.call)
        add("GET", "/file/bot{token}/files/{file_id}", self.download)
        add("POST", "/sim/people", self.add_person)
        add("POST", "/sim/people/{id}/{act}", self.act)
        add("GET", "/sim/people/{id}/chat", self.look)
        add("GET", "/sim/files/{file_id}", self.download)
        add("POST", "/sim/updates", self.raw_update)
        add("POST", "/sim/faults", self.add_fault)
        add("GET", "/sim/calls", self.calls)
        add("GET", "/font.ttf", font)
        add("GET", "/", index)
        application.router.add_static("/page", PAGE)
        if self.watch:
            self.watch.add_routes(application, self.world)
        application.cleanup_ctx.append(self._webhook_context)
        return application

    async def call(self, request: web.Request) -> web.Response:
        """Answer a call of the Bot API."""
        try:
            if not TOKEN.fullmatch(request.match_info["token"]):
                raise ApiError(401, "Unauthorized")
            method = request.match_info["method"]
            parameters, files = await read_parameters(request)
            self.world.fail_if_asked(method)
            if method == "getUpdates":
                result = await self.get_updates(parameters)
            elif method in METHODS:
                result = METHODS[method](self.world, parameters, files)
            else:
                raise ApiError(404, "Not Found: method not found")
        except ApiError as error:
            return web.json_response(error.body(), status=error.code)
        return web.json_response({"ok": True, "result": result})

    async def get_updates(self, parameters: dict[str, Any]) -> list[dict[str, Any]]:
        """Return waiting updates, or wait for one; a second poller ends the first."""
        if self.world.webhook:
            raise ApiError(409, rules.WEBHOOK_ACTIVE)
        if self._poller:
            self._poller.set()
        ended = self._poller = asyncio.Event()
        self.world.acknowledge(int(parameters.get("offset") or 0))
        limit = max(1, min(100, int(parameters.get("limit") or 100)))
        wait = min(LONGEST_POLL, float(parameters.get("timeout") or 0))
        try:
            updates = await self._wait_for_updates(limit, wait, ended)
        finally:
            if self._poller is ended:
                self._poller = None
        if ended.is_set():
            raise ApiError(409, rules.OTHER_POLLER)
        return updates

    async def _wait_for_updates(
        self, limit: int, wait: float, ended: asyncio.Event
    ) -> list[dict[str, Any]]:
        deadline = asyncio.get_running_loop().time() + wait
        while not (updates := self.world.pending(limit)) and not ended.is_set():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await first_of(left, self.world.arrived, ended)
        return updates

    async def download(self, request: web.Request) -> web.Response:
        """Return the content of a file."""
        name, content = self.world.files.get(request.match_info["file_id"], ("", b""))
        if not content:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{Path(name).name}"'}
        return web.Response(body=content, headers=headers)

    async def add_person(self, request: web.Request) -> web.Response:
        """Make a person."""
        body = await request.json()
        return web.json_response({"id": self.world.add_person(str(body["name"])).person_id})

    def _chat(self, request: web.Request) -> Chat:
        chat = self.world.chats.get(int(request.match_info["id"]))
        if chat is None:
            raise web.HTTPNotFound
        return chat

    async def act(self, request: web.Request) -> web.Response:
        """Let a person do something."""
        chat = self._chat(request)
        body = await request.json() if request.can_read_body else {}
        acts: dict[str, Callable[[], dict[str, Any]]] = {
            "write": lambda: people.write(self.world, chat, str(body["text"])),
            "speak": lambda: people.speak(self.world, chat),
            "thing": lambda: people.send_thing(self.world, chat, str(body["kind"])),
            "tap": lambda: people.tap(self.world, chat, int(body["message_id"]), str(body["data"])),
            "block": lambda: people.block(self.world, chat, blocked=bool(body["blocked"])),
        }
        if request.match_info["act"] not in acts:
            raise web.HTTPNotFound
        return web.json_response(acts[request.match_info["act"]]())

    async def look(self, request: web.Request) -> web.Response:
        """Return a chat as soon as it is newer than what the caller knows."""
        chat = self._chat(request)
        after, wait = int(request.query.get("after", -1)), float(request.query.get("wait", 0))
        if chat.revision <= after:
            await first_of(min(wait, LONGEST_POLL), chat.changed)
        shown = {
            "revision": chat.revision,
            "messages": chat.messages,
            "notices": chat.notices,
            "blocked": chat.blocked,
        }
        return web.json_response(shown)

    async def raw_update(self, request: web.Request) -> web.Response:
        """Put an update into the queue just as it was given."""
        return web.json_response(self.world.push(**await request.json()))

    async def add_fault(self, request: web.Request) -> web.Response:
        """Refuse coming calls."""
        fault = Fault(**await request.json())
        self.world.faults.append(fault)
        return web.json_response(asdict(fault))

    async def calls(self, _: web.Request) -> web.Response:
        """Return how often each method was called."""
        return web.json_response(self.world.calls)

    async def _webhook_context(self, _: web.Application):  # type: ignore[no-untyped-def]
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._post_updates())
            yield
            task.cancel()

    async def _post_updates(self) -> None:
        """Post waiting updates to the webhook in order; one not answered with 2xx comes again."""
        async with aiohttp.ClientSession() as session:
            while True:
                updates = self.world.pending(1) if self.world.webhook else []
                if not updates:
                    await first_of(1.0, self.world.arrived)
                elif await self._post(session, updates[0]):
                    self.world.acknowledge(updates[0]["update_id"] + 1)
                else:
                    await asyncio.sleep(WEBHOOK_RETRY)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.world.webhook["secret_token"]}
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.post(
                self.world.webhook["url"], json=update, headers=headers
            ) as answer:
                return answer.ok
        return False


@web.middleware
async def only_local(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse requests under another name: no web page elsewhere may drive this server."""
    if not LOCAL.fullmatch(request.host):
        raise web.HTTPForbidden
    origin = request.headers.get("Origin", "")
    if origin and not LOCAL.fullmatch(origin.partition("//")[2]):
        raise web.HTTPForbidden
    return await handler(request)


async def first_of(seconds: float, *events: asyncio.Event) -> None:
    """Wait until one of the events happens, at most so long."""
    tasks = [asyncio.get_running_loop().create_task(event.wait()) for event in events]
    _, pending = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()


async def read_parameters(
    request: web.Request,
) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    """Read the parameters of a call from its query, form, multipart or JSON body."""
    parameters: dict[str, Any] = dict(request.query)
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json" and request.can_read_body:
        try:
            parameters |= await request.json()
        except json.JSONDecodeError:
            raise rules.bad_request("can't parse JSON") from None
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                files[name] = (value.filename, value.file.read())
            else:
                parameters[name] = value
    return parameters, _attached(parameters, files)


def _attached(
    parameters: dict[str, Any], files: dict[str, tuple[str, bytes]]
) -> dict[str, tuple[str, bytes]]:
    """Resolve attach://NAME references to the files they name."""
    for name, value in parameters.items():
        if isinstance(value, str) and value.startswith("attach://"):
            files[name] = files[value.removeprefix("attach://")]
    return files


async def index(_: web.Request) -> web.FileResponse:
    """Return the page."""
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-store"})


async def font(_: web.Request) -> web.FileResponse:
    """Return a font that has Khmer, whatever the machine has."""
    return web.FileResponse(Path(fontpkg.path("Noto Sans Khmer")))


@asynccontextmanager
async def serving(server: Server, port: int = 0) -> AsyncIterator[str]:
    """Serve on loopback; yields the address. A poller that hangs up is forgotten at once."""
    runner = web.AppRunner(server.application(), access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def run(port: int, folder: Path | None) -> None:
    """Serve from the command line, saying where."""

    async def serve() -> None:
        server = Server(World(), Watch(folder) if folder else None)
        async with serving(server, port) as address:
            print(address, flush=True)  # noqa: T201
            await asyncio.Event().wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())
