"""The texts of a form in its languages, with their pictures and sounds, as Labels.

https://getodk.github.io/xforms-spec/#languages
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from surveys.definition import Label
from surveys.language import heading_language
from surveys.namespaces import XF
from surveys.xpath import Expression

NEW_LINE = re.compile(r"<br\s*/?>")
TEXT_ID = re.compile(r"\s*jr:itext\(\s*(?P<quote>['\"])(?P<id>.*?)(?P=quote)\s*\)\s*")
MEDIA = frozenset({"image", "big-image", "audio", "video"})
SCHEME = re.compile(r"jr://[a-z-]+/")
# pyxform writes "-" where a translation is missing.
MISSING = "-"
Compile = Callable[[str, str, str], Expression | None]


@dataclass(slots=True)
class Translated:
    """One text in all languages: elements by form ("" for the text itself) and language."""

    forms: dict[str, dict[str, Element]] = field(default_factory=dict)


@dataclass(slots=True)
class Texts:
    """All texts of a form by id; `compile` makes an expression of an output, or notes a problem."""

    found: dict[str, Translated]
    languages: tuple[str, ...]
    compile: Compile

    def label(self, text_id: str, path: str, form: str = "") -> Label:
        """Return a text as a Label; its outputs stand on the node at `path`."""
        translated = self.found.get(text_id, Translated())
        texts = translated.forms.get(form, {})
        parts = {code: self.parts(value, path) for code, value in texts.items()}
        return Label(parts, media(translated) if form == "" else {})

    def parts(self, element: Element, path: str) -> tuple[str | Expression, ...]:
        """Split a text into strings and the expressions of its outputs; <br> is a new line."""
        parts: list[str | Expression] = [_newlines(element.text)]
        for output in element:
            shown = self.compile(output.get("value", ""), path, "label")
            parts += [shown, _newlines(output.tail)] if shown else [_newlines(output.tail)]
        return tuple(part for part in parts if part)

    def referred(self, reference: str, path: str, form: str = "") -> Label | None:
        """Return the Label behind a jr:itext('id') reference, or None where it isn't one."""
        match = TEXT_ID.fullmatch(reference)
        return self.label(match["id"], path, form) if match else None

    def has(self, reference: str, form: str) -> bool:
        """Tell whether a jr:itext('id') reference has a form, as guidance."""
        match = TEXT_ID.fullmatch(reference)
        translated = self.found.get(match["id"]) if match else None
        return translated is not None and form in translated.forms


def read_texts(model: Element, compile_output: Compile) -> Texts:
    """Read the itext of a form; headings of the same language ("English (en)", "en") are one."""
    found: dict[str, Translated] = {}
    languages: dict[str, None] = {}
    for code, text_id, value in _values(model):
        kind = value.get("form") or ""
        is_missing = kind == "" and (value.text or "").strip() == MISSING and len(value) == 0
        if not is_missing:
            forms = found.setdefault(text_id, Translated()).forms
            forms.setdefault("" if kind in {"long", "markdown"} else kind, {})[code] = value
            languages[code] = None
    return Texts(found, tuple(languages), compile_output)


def _values(model: Element) -> Iterator[tuple[str, str, Element]]:
    for translation in model.iter(f"{XF}translation"):
        heading = translation.get("lang") or ""
        code = heading_language(heading) or heading
        for text in translation.iter(f"{XF}text"):
            for value in text.iter(f"{XF}value"):
                yield code, text.get("id", ""), value


def media(translated: Translated) -> dict[str, dict[str, str]]:
    """Return the names of files by language and kind (https://getodk.github.io/xforms-spec/#media).

    jr://images/a.png is the file a.png.
    """
    files: dict[str, dict[str, str]] = {}
    for kind in MEDIA & translated.forms.keys():
        for code, value in translated.forms[kind].items():
            files.setdefault(code, {})[kind] = SCHEME.sub("", (value.text or "").strip())
    return files


def _newlines(text: str | None) -> str:
    return NEW_LINE.sub("\n", text or "")
