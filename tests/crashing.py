"""The real bot in a process that dies at a point asked for, and that is started again at once.

`python -m tests.crashing PAGE` imports the program once and runs `samleng run` in a child of its
own, again and again for as long as it dies of a crash. The points are before and after each commit
that changes something, before each call to a person leaves, and after its answer arrived. They are
listened for around sqlite3 and the transport: the program has no hooks and knows of nothing.

The page is shared with the test: where to crash, how many points are half passed, and their trace.
"""

import mmap
import os
import signal
import sqlite3
import struct
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import handlers
from bot import app, cli
from bot.transport import AiohttpRequest
from handlers.visit import Visit
from tests.daytime import Shifted, until_morning

PAGE_SIZE = 4096
HEAD = struct.Struct("=qqq")
TO_PEOPLE = (
    "sendMessage", "editMessageText", "editMessageReplyMarkup", "answerCallbackQuery", "sendPhoto",
    "sendMediaGroup", "editMessageCaption",
)  # fmt: skip
COMMIT = "commit"
NAMES = tuple(f"{when} {what}" for what in (COMMIT, *TO_PEOPLE) for when in ("before", "after"))
REMINDER = "Remember the road."


class Points:
    """Counts the points that are passed, in a page that outlives the process."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), PAGE_SIZE)
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Points":
        path.write_bytes(bytes(PAGE_SIZE))
        return cls(path)

    def arm(self, crash_at: int = 0) -> None:
        """Count from here, and crash at a point; 0 is never."""
        HEAD.pack_into(self._page, 0, crash_at, 0, 0)

    @property
    def is_between(self) -> bool:
        """Whether no commit and no call is going on."""
        return bool(HEAD.unpack_from(self._page)[2] == 0)

    @property
    def trace(self) -> list[str]:
        """The points since it was armed, up to the crash where there was one."""
        crash_at, passed, _ = HEAD.unpack_from(self._page)
        end = HEAD.size + (min(crash_at, passed) if crash_at else passed)
        return [NAMES[code] for code in self._page[HEAD.size : end]]

    def begin(self) -> None:
        """Note that a process begins, in which nothing is going on."""
        crash_at, passed, _ = HEAD.unpack_from(self._page)
        HEAD.pack_into(self._page, 0, crash_at, passed, 0)

    def pass_(self, name: str) -> None:
        """Pass a point, or die there."""
        with self._lock:
            crash_at, passed, open_ = HEAD.unpack_from(self._page)
            self._page[HEAD.size + passed] = NAMES.index(name)
            open_ += 1 if name.startswith("before") else -1
            HEAD.pack_into(self._page, 0, crash_at, passed + 1, open_)
            if crash_at == passed + 1:
                os.kill(os.getpid(), signal.SIGKILL)


class WatchedCursor(sqlite3.Cursor):
    """The cursor that SQLAlchemy executes with."""

    connection: "WatchedConnection"

    def execute(self, statement: str, *arguments: Any) -> "WatchedCursor":
        with self.connection.around(statement):
            return super().execute(statement, *arguments)


class Around:
    """Passes a point before and after a commit; is nothing around any other statement."""

    def __init__(self, points: Points, name: str | None) -> None:
        self.points, self.name = points, name

    def __enter__(self) -> None:
        if self.name:
            self.points.pass_(f"before {self.name}")

    def __exit__(self, *_: object) -> None:
        if self.name:
            self.points.pass_(f"after {self.name}")


class WatchedConnection(sqlite3.Connection):
    """A connection whose commits are points, where they change something."""

    points: Points
    committed = 0

    def cursor(self, *_: Any) -> WatchedCursor:  # type: ignore[override]
        return super().cursor(WatchedCursor)

    def around(self, statement: str) -> Around:
        """Return what surrounds a statement."""
        changed = self.total_changes != self.committed
        is_point = statement.upper() == "COMMIT" and changed
        if is_point:
            self.committed = self.total_changes
        return Around(self.points, COMMIT if is_point else None)


class WatchedTransport(AiohttpRequest):
    """A transport whose calls to people are points."""

    points: Points

    async def do_request(self, url: str, *arguments: Any, **more: Any) -> tuple[int, bytes]:
        method = url.rpartition("/")[2]
        with Around(self.points, method if method in TO_PEOPLE else None):
            return await super().do_request(url, *arguments, **more)


def remind(visit: Visit) -> None:
    """Promise a message that is sent once at most, as a reminder is."""
    visit.send_unasked(REMINDER, [])


def watch(points: Points) -> None:
    """Let this process listen, understand /remind, and run by day: reminders wait at night."""
    app.run = partial(app.run, time=Shifted(until_morning()))
    WatchedConnection.points = WatchedTransport.points = points
    sqlite3.connect = partial(sqlite3.connect, factory=WatchedConnection)
    app.AiohttpRequest = WatchedTransport  # type: ignore[misc]
    handlers.ROUTES = ((handlers.command("remind"), remind), *handlers.ROUTES)


class Starter:
    """Runs the bot in a child, and in the next where that one crashed, until it is asked to end."""

    def __init__(self, points: Points) -> None:
        self.points = points
        self.child = 0
        self.is_ending = False

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._end)
        while not self.is_ending:
            self.points.begin()
            self._fork()
            _, status = os.waitpid(self.child, 0)
            self.is_ending |= not os.WIFSIGNALED(status)

    def _fork(self) -> None:
        """Begin a child; a signal that comes meanwhile reaches it as soon as it can be obeyed."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        self.child = os.fork()
        if self.child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        if self.child == 0:
            cli.run()
            os._exit(0)

    def _end(self, number: int, _: object) -> None:
        self.is_ending = True
        with suppress(ProcessLookupError):
            os.kill(self.child, number)


def main() -> None:
    points = Points(Path(sys.argv[1]))
    watch(points)
    Starter(points).run()


if __name__ == "__main__":
    main()
