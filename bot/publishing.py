"""The project's own instruments are published at start: what is new is converted and stored."""

import hashlib
import logging
from pathlib import Path

from bot.conversion import convert_all
from storage import forms
from storage.store import Store
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
        if not store.run(forms.publish, converted["xform"], hashes[path]):
            # A published version never changes: the author forgot to give the new text a version.
            logger.error("form changed without a new version", extra={"form": path.stem})


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
