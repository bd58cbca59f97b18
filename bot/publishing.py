"""The project's own instruments are published at start: what is new is converted and stored.

What people may be offered is published before the bot serves; what staff put to them by a wave or a
link, while it does, at low priority.
"""

import asyncio
import hashlib
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.conversion import convert_all, convert_later, media_folder
from bot.worker import survived
from storage import forms
from storage.store import Store, Transaction
from surveys.check import check, is_warning
from surveys.errors import FormRefused
from surveys.instruments import PUBLISHED, Instrument

logger = logging.getLogger(__name__)

OFFERED = tuple(item for item in PUBLISHED if not item.is_put)


def publish_instruments(store: Store, items: Iterable[Instrument] = PUBLISHED) -> None:
    """Publish the instruments whose text was never published; a known one costs nothing."""
    new = store.run(_new, items)
    for path, converted in (convert_all(list(new)) if new else {}).items():
        store.run(_publish, path, fit(converted), new[path])


class Publishing:
    """Publishes what wasn't published before the bot served."""

    def __init__(self, store: Store, items: Iterable[Instrument] = PUBLISHED) -> None:
        self.store = store
        self.items = items

    async def run(self) -> None:
        """Publish once; what fails is logged, and the bot serves on without it."""
        await survived(self._run(), "forms not published")

    async def _run(self) -> None:
        new = await self.store.persist(_new, self.items)
        for path, converted in (await convert_later(list(new)) if new else {}).items():
            ready = await asyncio.to_thread(fit, converted)
            await self.store.persist(_publish, path, ready, new[path])


def _new(tx: Transaction, items: Iterable[Instrument]) -> dict[Path, str]:
    """Return the hashes of the instruments that were never published, by file."""
    known = forms.source_hashes(tx)
    hashes = {item.path: _hash(item.path) for item in items}
    return {path: digest for path, digest in hashes.items() if digest not in known}


def _publish(tx: Transaction, path: Path, converted: Mapping[str, Any], digest: str) -> None:
    if not forms.publish(tx, converted["xform"], digest, converted["attachments"]):
        # A published version never changes: the author forgot to give the new text a version.
        logger.error("form changed without a new version", extra={"form": path.stem})


def fit(converted: dict[str, Any] | FormRefused) -> dict[str, Any]:
    """Return a form as it was converted; raise what is wrong with it, a missing picture too."""
    if isinstance(converted, FormRefused):
        raise converted
    _, problems = check(converted)
    wrong = tuple(problem for problem in problems if not is_warning(problem))
    if wrong:
        raise FormRefused(wrong)
    return converted


def _hash(path: Path) -> str:
    """Return the hash of a form together with the files of its folder."""
    digest = hashlib.sha256(path.read_bytes())
    for file in sorted(media_folder(path).rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(path.parent)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
