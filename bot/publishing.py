"""The project's own instruments are published at start: what is new is converted and stored."""

import hashlib
import logging
from pathlib import Path
from typing import Any

from bot.conversion import convert_all, media_folder
from storage import forms
from storage.store import Store
from surveys.check import check, is_warning
from surveys.errors import FormRefused
from surveys.instruments import INSTRUMENTS

logger = logging.getLogger(__name__)


def publish_instruments(store: Store) -> None:
    """Publish the instruments whose text was never published; a known one costs nothing."""
    known = store.run(forms.source_hashes)
    hashes = {item.path: _hash(item.path) for item in INSTRUMENTS}
    new = [path for path, source_hash in hashes.items() if source_hash not in known]
    for path, converted in (convert_all(new) if new else {}).items():
        if isinstance(converted, FormRefused):
            raise converted
        _refuse(converted)
        files = converted["attachments"]
        if not store.run(forms.publish, converted["xform"], hashes[path], files):
            # A published version never changes: the author forgot to give the new text a version.
            logger.error("form changed without a new version", extra={"form": path.stem})


def _refuse(converted: dict[str, Any]) -> None:
    """Raise what is wrong with a form, before anybody is asked; a missing picture too."""
    _, problems = check(converted)
    wrong = tuple(problem for problem in problems if not is_warning(problem))
    if wrong:
        raise FormRefused(wrong)


def _hash(path: Path) -> str:
    """Return the hash of a form together with the files of its folder."""
    digest = hashlib.sha256(path.read_bytes())
    for file in sorted(media_folder(path).rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(path.parent)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
