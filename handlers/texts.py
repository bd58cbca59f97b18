"""What the bot says, by key and language, from the .po files in locales/. No markup."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from surveys.khmer import to_khmer_digits
from surveys.language import EN, KM, LANGUAGES

LOCALES = Path(__file__).parent / "locales"
LANGUAGE_NAMES = {KM: "ខ្មែរ", EN: "English"}
# Texts that stand within a line, and so are put side by side where both languages are shown.
INLINE = (
    "audience.",
    "button.",
    "by.",
    "command.",
    "form.",
    "labelled",
    "mydata.account",
    "person",
    "province.",
    "role.",
    "sector.",
)


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the texts of a language by key."""
    with (LOCALES / f"{language}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}


def say(language: str | None, key: str, /, **values: Any) -> str:
    """Return a text with its placeholders filled; in both languages before one is chosen."""
    if language is None:
        joint = " · " if key.startswith(INLINE) else "\n\n"
        return joint.join(say(code, key, **values) for code in (KM, EN))
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def number(language: str | None, value: object) -> str:
    """Return a number in the digits of a language."""
    return to_khmer_digits(str(value)) if language == KM else str(value)


def other_language(language: str | None) -> str:
    """Return the language a person can switch to."""
    return next(code for code in LANGUAGES if code != (language or EN))
