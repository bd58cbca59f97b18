"""Whether a text speaks of violence or a threat, and who can help. Pure: nothing of it is kept.

words.csv holds the words, hotlines.csv the numbers; both are for people to correct. Khmer is looked
for inside a text, because it is written without spaces; Latin letters by whole words. What only
sounds alike ("ថ្នាំសម្លាប់ស្មៅ", weed killer) stands in the list as harmless and is left out first.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import regex

from surveys import wordlists
from surveys.khmer import fold

FOLDER = Path(__file__).parent
KHMER, DANGER, HARMLESS = "km", "danger", "harmless"


@dataclass(frozen=True, slots=True)
class Hotline:
    """Somebody who can be called: a name in each language, and the number."""

    names: dict[str, str]
    number: str


def speaks_of_danger(text: str) -> bool:
    """Tell whether a text speaks of violence or a threat."""
    folded = fold(text)
    return any(
        danger.search(harmless.sub(" ", written(folded)))
        for written, danger, harmless in (
            (wordlists.joined, *_patterns(True)),
            (wordlists.spaced, *_patterns(False)),
        )
    )


@functools.cache
def hotlines() -> tuple[Hotline, ...]:
    """Return those whose number somebody has called and confirmed."""
    return tuple(
        Hotline({"km": row["name_km"], "en": row["name_en"]}, row["number"].strip())
        for row in wordlists.rows(FOLDER / "hotlines.csv")
        if row["number"].strip() and row["confirmed"].strip()
    )


@functools.cache
def _patterns(is_khmer: bool) -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    """Return the pattern of danger and that of what is harmless, for Khmer or Latin letters."""
    rows = wordlists.rows(FOLDER / "words.csv")
    alike = [row for row in rows if (row["language"] == KHMER) == is_khmer]
    compiled = wordlists.khmer if is_khmer else wordlists.latin
    danger, harmless = (
        compiled(row["words"] for row in alike if row["means"] == means)
        for means in (DANGER, HARMLESS)
    )
    return danger, harmless
