"""Files that staff sent, from Telegram to a draft: fetched, read in a subprocess, and told about.

A form is converted and compiled in a limited subprocess; the bot compiles only what passed. One
upload is worked on at a time, and none holds up an export or anybody's answer.
"""

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.conversion import PATIENCE, UPLOAD, XFORM, media_folder
from bot.sender import Sender
from bot.worker import survived
from handlers import formcards, mistakes, releasing, uploads
from handlers.visit import Visit
from storage import attachments, drafts, forms, jobs, respondents
from storage.drafts import Upload
from storage.jobs import Job
from storage.store import Store, Transaction
from surveys.appraisal import appraise
from surveys.attachments import LARGEST, MOST, is_list, names_in, stand_in
from surveys.check import NO_ID
from surveys.errors import FormError, FormRefused
from surveys.messages import form_error
from surveys.respondent import may

logger = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
# How Telegram says that a bot can't download a file.
TOO_BIG = "file is too big"
Files = dict[str, bytes]


class Uploads:
    """Works uploads off, one at a time."""

    def __init__(self, bot: Bot, store: Store, sender: Sender) -> None:
        self.bot = bot
        self.store = store
        self.sender = sender

    async def run(self) -> None:
        """Work for ever; what a crash cut off begins again."""
        await self.store.persist(jobs.recover, uploads.KIND)
        while True:
            job = await self.store.persist(jobs.take, uploads.KIND)
            if job is None:
                await asyncio.sleep(IDLE_SECONDS)
            else:
                await self.work(job)

    async def work(self, job: Job) -> None:
        """Take one file up; whatever it holds, its sender is told and the bot goes on."""
        if not await survived(self._work(job), "upload failed"):
            await self.store.persist(refuse, job, (form_error("failed"),))
        self.sender.wake()

    async def _work(self, job: Job) -> None:
        """Take one file up, or tell its sender what is wrong with it."""
        try:
            content = await self.fetch(job)
            if "draft" in wanted(job):
                await self.take_file(job, content)
            else:
                await self.take_form(job, content)
        except FormRefused as refusal:
            await self.store.persist(refuse, job, refusal.errors)

    async def fetch(self, job: Job) -> bytes:
        """Return a file from Telegram; raise FormRefused where it is too large or isn't there."""
        file_id = uploads.file_id(self.store.keys, wanted(job))
        try:
            at_telegram = await self.bot.get_file(file_id)
            if (at_telegram.file_size or 0) > LARGEST:
                raise FormRefused((form_error("too_large:file"),))
            content = bytes(await at_telegram.download_as_bytearray())
        except TelegramError as error:
            logger.warning("upload not fetched", extra={"error": type(error).__name__})
            is_too_big = isinstance(error, BadRequest) and TOO_BIG in str(error).lower()
            key = "too_large:file" if is_too_big else "fetching"
            raise FormRefused((form_error(key),)) from error
        if len(content) > LARGEST:
            raise FormRefused((form_error("too_large:file"),))
        return content

    async def take_form(self, job: Job, content: bytes) -> None:
        """Keep a form as a draft."""
        await self.store.persist(show_progress, job)
        self.sender.wake()
        found = await examine(f".{job.argument}", content, {})
        named = (found["form_id"], found["version"], found["xform"])
        read = Upload(*named, drafts.hash_of(content), found["rows"])
        files, digest = await self.store.persist(drafts.foresee, read, job.respondent_id)
        await asyncio.to_thread(warm, digest, read.xform, files)
        await self.store.persist(keep_form, job, read)

    async def take_file(self, job: Job, content: bytes) -> None:
        """Keep a file that a draft names; a list must be one, and the form must go with it."""
        draft, xform, files = await self.store.persist(drafts.read, wanted(job)["draft"])
        if draft is None:
            await self.store.persist(say, job, "draft.gone")
            return
        name = wanted(job)["name"]
        if is_list(name):
            await examine(XFORM, xform.encode(), {**files, name: content})
        there = {**files, name: content if is_list(name) else b""}
        digest = drafts.hash_with(draft, name, content)
        await asyncio.to_thread(warm, digest, xform, there)
        await self.store.persist(keep_file, job, name, content)


async def examine(suffix: str, content: bytes, files: Files) -> dict[str, Any]:
    """Read a form in a subprocess; raise FormRefused with what is wrong with it."""
    with tempfile.TemporaryDirectory(prefix="samleng-form-") as folder:
        path = Path(folder) / f"{NO_ID}{suffix}"
        await asyncio.to_thread(_write, path, content, files)
        answer = await _run(path)
    if "errors" in answer:
        raise FormRefused(tuple(FormError(**error) for error in answer["errors"]))
    return answer


def _write(path: Path, content: bytes, files: Files) -> None:
    """Write a form and its files under names of ours, or that a form of ours names."""
    path.write_bytes(content)
    folder = media_folder(path)
    folder.mkdir()
    for name, data in files.items():
        if Path(name).name == name:
            (folder / name).write_bytes(data)


def warm(digest: str, xform: str, files: Files) -> None:
    """Compile and appraise what passed, so that no transaction waits for it."""
    lists = {name: stand_in(name) for name in names_in(xform) if is_list(name)}
    appraise(forms.compiled(digest, xform, lambda: lists | files))


async def _run(path: Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.conversion", UPLOAD, str(path),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            told, _ = await process.communicate()
        answer: dict[str, Any] = json.loads(told)
    except (TimeoutError, ValueError):
        return {"errors": [form_error("conversion").as_dict()]}
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return answer


def wanted(job: Job) -> dict[str, Any]:
    """Return what an upload is about: the sealed file, and the draft that names it if any."""
    return job.options or {}


def show_progress(tx: Transaction, job: Job) -> None:
    """Show that the file is here and is being read."""
    if jobs.advance(tx, job.id, 50):
        _say(_visit(tx, job), job, "upload.progress", bar=uploads.bar(2))


def refuse(tx: Transaction, job: Job, errors: Sequence[FormError]) -> None:
    """Tell whoever sent a file what is wrong with it; nothing of it is kept."""
    if visit := _finish(tx, job, "failed"):
        _tell(visit, job, errors)


def say(tx: Transaction, job: Job, key: str) -> None:
    """End a job with a sentence."""
    if visit := _finish(tx, job, "failed"):
        _say(visit, job, key)


def keep_form(tx: Transaction, job: Job, read: Upload) -> None:
    """Keep a form as a draft and show its card; whoever is forgotten, or no staff now, has none."""
    visit = _finish(tx, job, "done")
    if visit is None:
        return
    if not may(visit.person.role, "forms"):
        _say(visit, job, "only_staff")
        return
    kept = uploads.keep(tx, read, visit.person.id)
    if isinstance(kept, FormError):
        _tell(visit, job, [kept])
    else:
        visit.edit(*formcards.card(visit, kept), outbox_id=job.message_outbox_id)


def keep_file(tx: Transaction, job: Job, name: str, content: bytes) -> None:
    """Keep a file of a draft and show its card."""
    visit, draft = _finish(tx, job, "done"), drafts.find(tx, wanted(job)["draft"])
    if visit is None:
        return
    if draft is None or draft.published_at is not None:
        _say(visit, job, "draft.gone")
    elif attachments.size_of_others(tx, draft.id, name) + len(content) > MOST:
        _say(visit, job, "upload.too_much")
    else:
        releasing.take_back(tx, draft, visit.person.id)
        drafts.add_file(tx, draft, name, content)
        there = drafts.find(tx, draft.id) or draft
        visit.edit(*formcards.card(visit, there), outbox_id=job.message_outbox_id)


def _visit(tx: Transaction, job: Job) -> Visit:
    person = respondents.by_id(tx, job.respondent_id)
    return Visit.unprompted(tx, person, person, 0)


def _finish(tx: Transaction, job: Job, status: str) -> Visit | None:
    """End a job; None where whoever asked for it was forgotten meanwhile."""
    if not jobs.finish(tx, job.id, status):
        return None
    jobs.forget_options(tx, job.id)
    return _visit(tx, job)


def _say(visit: Visit, job: Job, key: str, **values: str) -> None:
    visit.edit(visit.say(key, **values), outbox_id=job.message_outbox_id)


def _tell(visit: Visit, job: Job, errors: Sequence[FormError]) -> None:
    first, *more = mistakes.pieces(errors, visit.language, visit.say("upload.refused"))
    visit.edit(first, outbox_id=job.message_outbox_id)
    for piece in more:
        visit.send(piece)
