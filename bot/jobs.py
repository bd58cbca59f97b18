"""Long work that staff asked for: a row → a subprocess, with its progress in the chat."""

import asyncio
import datetime as dt
import json
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from bot import posters
from bot.sender import Sender
from handlers import offering, texts
from handlers.exporting import bar
from handlers.posters import POSTER, link, words
from storage import jobs, outbox
from storage.database import EXPORTS
from storage.jobs import Job
from storage.store import Store, Transaction

logger = logging.getLogger(__name__)

Part = dict[str, str | None]
KIND = "export"
IDLE_SECONDS = 1.0
STEP = 20
# An export that couldn't be handed over in a day is made anew when it is asked for again.
KEEP = dt.timedelta(days=1)


async def run_export(
    folder: Path,
    key_file: Path,
    form_id: str,
    target: Path,
    url: str | None = None,
    part: Part | None = None,
) -> AsyncIterator[dict[str, Any]]:
    """Run an export in a subprocess; yield {"percent": n}, then {"files", "rows"} or {"failed"}.

    `part` names a province and a time (export/__main__.py).
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "export", str(folder), str(key_file), form_id, str(target),
        json.dumps(part or {}),
        stdout=asyncio.subprocess.PIPE, env={**os.environ, "SAMLENG_DATABASE_URL": url or ""},
    )  # fmt: skip
    assert process.stdout is not None
    told: dict[str, Any] = {}
    try:
        async for line in process.stdout:
            told = json.loads(line)
            yield told
        if await process.wait() != 0 and "failed" not in told:
            yield {"failed": True}
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


class Jobs:
    """Works the jobs off, one at a time."""

    def __init__(
        self, store: Store, sender: Sender, folder: Path, key_file: Path, url: str | None = None
    ) -> None:
        self.store = store
        self.sender = sender
        self.folder = folder
        self.key_file = key_file
        self.url = url
        self.kinds: dict[str, Callable[[Job], Awaitable[None]]] = {
            KIND: self.work,
            POSTER: self.draw,
        }

    async def run(self) -> None:
        """Work for ever; what a crash cut off begins again."""
        for kind in self.kinds:
            await self.store.persist(jobs.recover, kind)
        while True:
            done = [await self.do_one(kind) for kind in self.kinds]
            if not any(done):
                await asyncio.sleep(IDLE_SECONDS)

    async def do_one(self, kind: str) -> bool:
        """Do the oldest job of a kind; False where there is none."""
        job = await self.store.persist(jobs.take, kind)
        if job:
            await self.kinds[kind](job)
        return job is not None

    async def work(self, job: Job) -> None:
        """Make an export and promise it to whoever asked."""
        target = self.folder / EXPORTS / str(job.id)
        shown, result = 0, {"failed": True}
        async for line in run_export(
            self.folder, self.key_file, job.argument, target, self.url, job.options
        ):
            if "percent" not in line:
                result = line
            elif line["percent"] >= shown + STEP:
                shown = line["percent"]
                await self.store.persist(show_progress, job, shown)
                self.sender.wake()
        await self.store.persist(finish, job, result)
        self.sender.wake()

    async def draw(self, job: Job) -> None:
        """Draw a poster and promise it to whoever made the link."""
        asked = await self.store.persist(poster_of, job)
        files = await posters.draw(**asked, target=self.folder / EXPORTS / str(job.id))
        await self.store.persist(hand_over, job, files)
        self.sender.wake()


def poster_of(tx: Transaction, job: Job) -> dict[str, Any]:
    """Return the link and the words of a poster."""
    return {"link": link(tx, job.argument), "words": words(tx, job.argument)}


def hand_over(tx: Transaction, job: Job, files: list[str]) -> None:
    """Promise the files of a poster, or say that there are none."""
    if not jobs.finish(tx, job.id, "done" if files else "failed"):
        return
    if not files:
        text = texts.say(job.language, "poster.failed")
        outbox.put(tx, job.respondent_id, "sendMessage", {"text": text})
    for path in files:
        outbox.put(tx, job.respondent_id, "sendDocument", {"path": path})


def sweep(exports: Path, now: dt.datetime) -> int:
    """Remove exports that nobody got; return how many."""
    before = (now - KEEP).timestamp()
    old = [path for path in exports.iterdir() if path.stat().st_mtime < before]
    for path in old:
        shutil.rmtree(path)
    return len(old)


def show_progress(tx: Transaction, job: Job, percent: int) -> None:
    """Note how far a job is, and show it in its message."""
    if jobs.advance(tx, job.id, percent):
        _edit(tx, job, "export.progress", bar=bar(percent), percent=percent)


def finish(tx: Transaction, job: Job, result: dict[str, Any]) -> None:
    """Promise the files of a finished job, or say that it failed; whoever is gone gets nothing."""
    failed = result.get("failed", False)
    if not jobs.finish(tx, job.id, "failed" if failed else "done"):
        return
    if failed:
        _edit(tx, job, "export.failed")
        return
    _edit(tx, job, "export.done", rows=texts.number(job.language, result["rows"]))
    for path in result["files"]:
        outbox.put(tx, job.respondent_id, "sendDocument", {"path": path})


def _edit(tx: Transaction, job: Job, key: str, **values: Any) -> None:
    name = offering.title_of(tx, job.language, job.argument)
    body = {"text": texts.say(job.language, key, form=name, **values)}
    outbox.put(
        tx,
        job.respondent_id,
        "editMessageText",
        body,
        policy="edit",
        target_outbox_id=job.message_outbox_id,
    )
