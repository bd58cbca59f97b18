"""Choices by what they are called: their number, label in either language, value, yes and no."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from surveys.form import Question
from surveys.instance import Instance
from surveys.khmer import fold, is_blank, to_ascii_digits
from surveys.language import LANGUAGES
from surveys.reading.results import Read, Unread

NUMBERS = re.compile(r"\d+(\s+\d+)+")
# As people write them: "បាទ" is said by men and "ចាស" by women; the rest in Latin letters.
YES = frozenset(map(fold, (
    "yes", "y", "yeah", "yep", "ok", "okay", "បាទ", "ចាស", "ចាស់", "ចា៎", "ចា", "បាទ/ចាស",
    "ចាស/បាទ", "មែន", "យល់ព្រម", "baat", "bat", "bart", "chas", "jas", "chah", "cha", "ja", "jah",
)))  # fmt: skip
NO = frozenset(map(fold, (
    "no", "n", "nope", "ទេ", "អត់", "អត់ទេ", "មិនមែន", "មិនមែនទេ", "បាទទេ", "ចាសទេ", "te", "tee",
    "ot", "ot te", "ot tee", "ort te", "att te", "at te", "otte",
)))  # fmt: skip
AGREED = "OK"


def read_one(question: Question, text: str, instance: Instance) -> Read:
    """Read a choice by its number in the list, its label in either language, or its value."""
    return _meant(_named(question, instance), text) or Unread("choice")


def read_many(question: Question, text: str, instance: Instance) -> Read:
    """Read several choices, separated by commas, new lines or the Khmer full stop.

    Numbers need only blanks between them.
    """
    choices = _named(question, instance)
    whole = _meant(choices, text)
    meant = {whole} if whole else {_meant(choices, part) for part in _parts(text)}
    if not meant or None in meant:
        return Unread("choice")
    return " ".join(choice.value for choice in choices if choice.value in meant)


def read_order(question: Question, text: str, instance: Instance) -> Read:
    """Read all choices in the order they are given, each once."""
    choices = _named(question, instance)
    meant = [_meant(choices, part) or "" for part in _parts(text)]
    is_whole = sorted(meant) == sorted(choice.value for choice in choices)
    return " ".join(meant) if is_whole else Unread("rank")


def read_consent(_: Question, text: str, __: Instance) -> Read:
    """Read a yes."""
    return AGREED if fold(text) in YES else Unread("acknowledge")


def _parts(text: str) -> list[str]:
    by_blanks = NUMBERS.fullmatch(to_ascii_digits(text))
    parts = text.split() if by_blanks else re.split(r"[,;\n។>]", text)
    return [part.strip() for part in parts if not is_blank(part)]


@dataclass(frozen=True, slots=True)
class Named:
    """A choice by everything it is called, and by the parts of that: "បាទ/ចាស" is either."""

    value: str
    names: frozenset[str]
    parts: frozenset[str]


def _named(question: Question, instance: Instance) -> list[Named]:
    named = []
    context = instance.at(question.path)
    for at, choice in enumerate(instance.choices(question), 1):
        labels = {choice.label.text(code, context) for code in LANGUAGES}
        parts = {fold(part) for label in labels for part in label.split("/")}
        names = {str(at), fold(choice.value), *map(fold, labels)}
        named.append(Named(choice.value, frozenset(names), frozenset(parts)))
    return named


def _meant(choices: Iterable[Named], text: str) -> str | None:
    """Return the one choice that is called so; what could mean two means neither.

    "5" means neither where 5 is the value of the first of five.
    """
    folded = fold(text)
    meant = [choice.value for choice in choices if folded in choice.names]
    meant = meant or [choice.value for choice in choices if folded in choice.parts]
    meant = meant or [c.value for c in choices if _same_word(folded, c.names | c.parts)]
    return meant[0] if folded and len(meant) == 1 else None


def _same_word(folded: str, names: frozenset[str]) -> bool:
    """Tell whether a text and a choice are both a yes, or both a no."""
    return any(folded in words and names & words for words in (YES, NO))


def search(labels: Iterable[Iterable[str]], text: str) -> list[int]:
    """Return the places of the choices one of whose labels contains a text, as it is compared.

    >>> search([["កំពត", "Kampot"], ["កំពង់ចាម", "Kampong Cham"]], "kampong")
    [1]
    """
    wanted = _bare(text)
    found = (any(wanted in _bare(label) for label in each) for each in labels)
    return [at for at, is_found in enumerate(found) if wanted and is_found]


def _bare(text: str) -> str:
    return fold(text).replace(" ", "")
