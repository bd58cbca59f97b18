"""The socket by which `samleng` commands reach the running bot: one JSON line each way."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

SOCKET = "control.sock"
# A form with all its files, as text.
LONGEST_LINE = 80 * 1024 * 1024
Request = dict[str, Any]
Answer = dict[str, Any]


class Control:
    """Hands requests on the socket to `act` for as long as the bot runs."""

    def __init__(self, folder: Path, act: Callable[[Request], Awaitable[Answer]]) -> None:
        self.path = folder / SOCKET
        self.act = act

    async def run(self) -> None:
        """Serve for ever."""
        self.path.unlink(missing_ok=True)
        server = await asyncio.start_unix_server(self._serve, self.path, limit=LONGEST_LINE)
        self.path.chmod(0o600)
        try:
            async with server:
                await server.serve_forever()
        finally:
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ValueError, KeyError):
            answer = await self.act(json.loads(await reader.readline()))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        writer.close()


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
