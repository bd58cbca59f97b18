"""Forms in tests are Markdown XLSForms; each is converted once a session."""

import functools
import tempfile
from pathlib import Path
from typing import Any

from surveys.form import Form, load
from surveys.xlsform import convert


@functools.cache
def converted(text: str) -> dict[str, Any]:
    """Convert an XLSForm written as Markdown; raise FormRefused with pyxform's reasons."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.md"
        path.write_text(text, "utf-8")
        return convert(path)


@functools.cache
def form(text: str) -> Form:
    """Compile an XLSForm written as Markdown; raise FormRefused with ours."""
    return load(converted(text)["xform"])
