"""Whether a text speaks of violence or a threat, and who can help. Pure: nothing of it is kept.

words.csv holds the words, hotlines.csv the numbers; both are for people to correct. Khmer is looked
for inside a text, because it is written without spaces; Latin letters by whole words. What only
sounds alike ("ថ្នាំសម្លាប់ស្មៅ", weed killer) stands in the list as harmless and is left out first.
"""

import csv
import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import regex

from surveys.khmer import fold

FOLDER = Path(__file__).parent
KHMER, DANGER, HARMLESS = "km", "danger", "harmless"
SEPARATORS = regex.compile(r"[\s\p{P}\p{S}]+")
# A word that may end in any way: threaten*
ANY_ENDING = r"[\p{L}\p{M}]*"
APOSTROPHES = regex.compile("['’]")


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
            (_joined, *_patterns(True)),
            (_spaced, *_patterns(False)),
        )
    )


@functools.cache
def hotlines() -> tuple[Hotline, ...]:
    """Return those whose number somebody has called and confirmed."""
    return tuple(
        Hotline({"km": row["name_km"], "en": row["name_en"]}, row["number"].strip())
        for row in _rows("hotlines.csv")
        if row["number"].strip() and row["confirmed"].strip()
    )


@functools.cache
def _patterns(is_khmer: bool) -> tuple["regex.Pattern[str]", "regex.Pattern[str]"]:
    """Return the pattern of danger and that of what is harmless, for Khmer or Latin letters."""
    rows = [row for row in _rows("words.csv") if (row["language"] == KHMER) == is_khmer]
    compiled = _khmer if is_khmer else _latin
    danger, harmless = (
        compiled(row["words"] for row in rows if row["means"] == means)
        for means in (DANGER, HARMLESS)
    )
    return danger, harmless


def _khmer(phrases: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of phrases inside a text, the longest first."""
    bare = sorted({_joined(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    return regex.compile("|".join(map(regex.escape, bare)))


def _latin(phrases: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of phrases of whole words, the longest first."""
    spelt = sorted({fold(APOSTROPHES.sub("", phrase)) for phrase in phrases}, key=len, reverse=True)
    words = (
        regex.escape(phrase).replace(r"\ ", " ").replace(r"\*", ANY_ENDING) for phrase in spelt
    )
    return regex.compile(r"(?<![\p{L}\p{M}])(?:" + "|".join(words) + r")(?![\p{L}\p{M}])")


def _joined(folded: str) -> str:
    return str(SEPARATORS.sub("", folded))


def _spaced(folded: str) -> str:
    return str(SEPARATORS.sub(" ", APOSTROPHES.sub("", folded)))


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table; lines that begin with # are for its readers."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
