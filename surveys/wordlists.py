"""Lists of words that people correct, and how they are found in a text, in Khmer and Latin letters.

Khmer is written without spaces, so it is looked for inside a text; Latin letters by whole words,
with * for any ending. Pure.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

import regex

from surveys.khmer import fold

SEPARATORS = regex.compile(r"[\s\p{P}\p{S}]+")
# A word that may end in any way: threaten*
ANY_ENDING = r"[\p{L}\p{M}]*"
APOSTROPHES = regex.compile("['’]")


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table; lines that begin with # are for its readers."""
    lines = path.read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def khmer(phrases: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of phrases inside a text, the longest first."""
    bare = sorted({joined(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    return regex.compile("|".join(map(regex.escape, bare)))


def latin(phrases: Iterable[str]) -> "regex.Pattern[str]":
    """Return a pattern of phrases of whole words, the longest first."""
    spelt = sorted({fold(APOSTROPHES.sub("", phrase)) for phrase in phrases}, key=len, reverse=True)
    words = (
        regex.escape(phrase).replace(r"\ ", " ").replace(r"\*", ANY_ENDING) for phrase in spelt
    )
    return regex.compile(r"(?<![\p{L}\p{M}])(?:" + "|".join(words) + r")(?![\p{L}\p{M}])")


def joined(folded: str) -> str:
    """Return a folded text as Khmer is looked for in it: without spaces and signs."""
    return str(SEPARATORS.sub("", folded))


def spaced(folded: str) -> str:
    """Return a folded text as Latin words are looked for in it."""
    return str(SEPARATORS.sub(" ", APOSTROPHES.sub("", folded)))
