"""What a survey of this project doesn't ask about: parties, land cases, named persons. Pure.

words.csv holds the words and why; it is for people to correct.
"""

import functools
from pathlib import Path

import regex

from surveys import wordlists
from surveys.khmer import fold

WORDS = Path(__file__).parent / "words.csv"
KHMER = "km"
# A word that goes on with a sign of its last letter is another word.
WHOLE_CLUSTER = r"(?![\u17b6-\u17d3\u17dd])"


def found(text: str) -> dict[str, str]:
    """Return the sensitive words of a text, as the list writes them, each with its reason."""
    folded = fold(text)
    return _in(wordlists.joined(folded), True) | _in(wordlists.spaced(folded), False)


def _in(written: str, is_khmer: bool) -> dict[str, str]:
    pattern, _ = _patterns(is_khmer)
    if not pattern.search(written):
        return {}
    return {words: why for words, why, one in _each(is_khmer) if one.search(written)}


@functools.cache
def _patterns(is_khmer: bool) -> tuple["regex.Pattern[str]", tuple[tuple[str, str], ...]]:
    """Return one pattern of all words of Khmer or of Latin letters, and the words with reasons."""
    alike = [row for row in wordlists.rows(WORDS) if (row["language"] == KHMER) == is_khmer]
    return _pattern(is_khmer, *(row["words"] for row in alike)), tuple(
        (row["words"], row["why"]) for row in alike
    )


@functools.cache
def _each(is_khmer: bool) -> tuple[tuple[str, str, "regex.Pattern[str]"], ...]:
    return tuple((words, why, _pattern(is_khmer, words)) for words, why in _patterns(is_khmer)[1])


def _pattern(is_khmer: bool, *phrases: str) -> "regex.Pattern[str]":
    if not is_khmer:
        return wordlists.latin(phrases)
    return regex.compile(f"(?:{wordlists.khmer(phrases).pattern}){WHOLE_CLUSTER}")
