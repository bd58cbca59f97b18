"""The socket by which `samleng` commands reach the running bot: one JSON line each way."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from handlers import links
from storage import inbox, invitations
from storage.store import Store

SOCKET = "control.sock"
Request = dict[str, Any]


class Control:
    """Answers commands on the socket for as long as the bot runs."""

    def __init__(self, folder: Path, store: Store, username: Callable[[], Awaitable[str]]) -> None:
        self.path = folder / SOCKET
        self.store = store
        self.username = username
        self.commands = {"invite": self.invite, "status": self.status}

    async def run(self) -> None:
        """Serve for ever."""
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self.path)
        self.path.chmod(0o600)
        try:
            async with server:
                await server.serve_forever()
        finally:
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ValueError):
            request = json.loads(await reader.readline())
            answer = self.commands.get(request.get("command"), self.unknown)
            writer.write(json.dumps(await answer(request)).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def invite(self, request: Request) -> dict[str, Any]:
        """Make an invitation; return its deep link."""
        token = await self.store.call(invitations.create, request["role"], request.get("sector"))
        return {"link": links.invitation(await self.username(), token)}

    async def status(self, _: Request) -> dict[str, Any]:
        """Return how many updates are done, pending and dead."""
        return {"inbox": await self.store.call(inbox.counts)}

    async def unknown(self, _: Request) -> dict[str, Any]:
        """Refuse a command that isn't one."""
        return {"error": "unknown command"}


def ask(folder: Path, request: Request) -> dict[str, Any] | None:
    """Send a command to the running bot; None where none runs."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        try:
            connection.connect(str(folder / SOCKET))
        except OSError:
            return None
        connection.sendall(json.dumps(request).encode() + b"\n")
        answer: dict[str, Any] = json.loads(connection.makefile().readline())
        return answer
