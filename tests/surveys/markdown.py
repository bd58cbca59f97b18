"""Forms in tests are Markdown XLSForms; each is converted once a session."""

import functools
import tempfile
from pathlib import Path
from typing import Any

from surveys.form import Form, compile_form, load
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


def engine_form(text: str, **attachments: str) -> Form:
    """Compile an XLSForm written as Markdown for the engine alone, whatever the chat can ask.

    `attachments` are texts by name, with _ for the dot: places_csv="...".
    """
    files = {name.replace("_", "."): data.encode() for name, data in attachments.items()}
    compiled, problems = compile_form(converted(text)["xform"], files)
    assert compiled is not None
    assert not [p for p in problems if not p.code.startswith("warning.")], problems
    return compiled
