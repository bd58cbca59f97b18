"""What a person typed → the value that is stored, one reader per kind of question. Pure."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from surveys.form import Question
from surveys.interview import Instance
from surveys.khmer import clean, fold, is_blank, to_ascii_digits
from surveys.language import LANGUAGES

INTEGER = re.compile(r"[+-]?(\d{1,15}|[1-9]\d{0,2}(?P<mark>[ ,.])\d{3}((?P=mark)\d{3})*)")
MINUS_AND_PLUS = str.maketrans("−－＋", "--+")
THOUSANDS = str.maketrans("", "", " ,.")
# https://www.w3.org/TR/xmlschema-2/#int: what Collect and KoboToolbox can hold.
SMALLEST, LARGEST = -(2**31), 2**31 - 1
NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
ISO_DATE = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
WORDED_DATE = re.compile(r"(?P<day>\d{1,2})[ \-]?(?P<month>\D+?)[ \-]?(?P<year>\d{4})")
MONTH_FIRST = re.compile(r"(?P<month>[a-z]+) (?P<day>\d{1,2}) (?P<year>\d{4})")
NUMBERS = re.compile(r"\d+(\s+\d+)+")
# "ថ្ងៃទី១២ ខែកក្កដា ឆ្នាំ២០២៦": day, month and year by their names.
DATE_WORDS = re.compile("ថ្ងៃទី|ថ្ងៃ|ខែ|ឆ្នាំ|,")
# Unicode CLDR, km and en wide month names.
MONTHS = {
    fold(name): number
    for number, names in enumerate(
        (
            ("មករា", "january", "jan"),
            ("កុម្ភៈ", "កុម្ភះ", "february", "feb"),
            ("មីនា", "march", "mar"),
            ("មេសា", "april", "apr"),
            ("ឧសភា", "may"),
            ("មិថុនា", "june", "jun"),
            ("កក្កដា", "july", "jul"),
            ("សីហា", "august", "aug"),
            ("កញ្ញា", "september", "sept", "sep"),
            ("តុលា", "october", "oct"),
            ("វិច្ឆិកា", "november", "nov"),
            ("ធ្នូ", "december", "dec"),
        ),
        1,
    )
    for name in names
}
# Years that can only be of the Buddhist era (1957 + 543 and later) aren't guessed at.
LATEST_YEAR = 2400


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that can't be read as the question's kind; `reason` names the explaining text."""

    reason: str


Reader = Callable[[Question, str, Instance], str | Unread]


def read(question: Question, typed: str, instance: Instance) -> str | Unread:
    """Read a typed answer to a question."""
    text = clean(typed)
    if is_blank(text):
        return Unread("empty")
    return READERS[question.kind](question, text, instance)


def read_text(_: Question, text: str, __: Instance) -> str | Unread:
    """Keep the text as it is."""
    return text


def read_integer(_: Question, text: str, __: Instance) -> str | Unread:
    """Read a whole number in any digits, with or without thousands separators.

    https://getodk.github.io/xforms-spec/#data-types, `int`.
    """
    folded = fold(text).translate(MINUS_AND_PLUS)
    if not INTEGER.fullmatch(folded):
        return Unread("integer")
    number = int(folded.translate(THOUSANDS))
    return str(number) if SMALLEST <= number <= LARGEST else Unread("integer")


def read_date(_: Question, text: str, __: Instance) -> str | Unread:
    """Read a date: day first, in figures or with a month's name, or as ISO has it."""
    found = _day_month_year(" ".join(DATE_WORDS.sub(" ", fold(text)).split()))
    if found is None:
        return Unread("date")
    day, month, year = found
    try:
        return dt.date(year, month, day).isoformat() if year < LATEST_YEAR else Unread("era")
    except ValueError:
        return Unread("date")


def _day_month_year(text: str) -> tuple[int, int, int] | None:
    if match := ISO_DATE.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := NUMERIC_DATE.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    match = WORDED_DATE.fullmatch(text) or MONTH_FIRST.fullmatch(text)
    month = MONTHS.get(match["month"].strip(" .")) if match else None
    return (int(match["day"]), month, int(match["year"])) if match and month else None


def read_one(question: Question, text: str, instance: Instance) -> str | Unread:
    """Read a choice by its number in the list, its label in either language, or its value."""
    return _meant(_named(question, instance), text) or Unread("choice")


def read_many(question: Question, text: str, instance: Instance) -> str | Unread:
    """Read several choices, separated by commas, new lines or the Khmer full stop.

    Numbers need only blanks between them.
    """
    choices = _named(question, instance)
    whole = _meant(choices, text)
    meant = {whole} if whole else {_meant(choices, part) for part in _parts(text)}
    if not meant or None in meant:
        return Unread("choice")
    return " ".join(choice.value for choice in question.choices if choice.value in meant)


def _parts(text: str) -> set[str]:
    by_blanks = NUMBERS.fullmatch(to_ascii_digits(text))
    parts = text.split() if by_blanks else re.split(r"[,;\n។]", text)
    return {part for part in parts if not is_blank(part)}


@dataclass(frozen=True, slots=True)
class Named:
    """A choice by everything it is called, and by the parts of that: "បាទ/ចាស" is either."""

    value: str
    names: frozenset[str]
    parts: frozenset[str]


def _named(question: Question, instance: Instance) -> list[Named]:
    named = []
    for at, choice in enumerate(question.choices, 1):
        labels = {choice.label.text(code, instance) for code in LANGUAGES}
        parts = {fold(part) for label in labels for part in label.split("/")}
        names = {str(at), fold(choice.value), *map(fold, labels)}
        named.append(Named(choice.value, frozenset(names), frozenset(parts)))
    return named


def _meant(choices: list[Named], text: str) -> str | None:
    """Return the one choice that is called so; what could mean two means neither.

    "5" means neither where 5 is the value of the first of five.
    """
    folded = fold(text)
    meant = [choice.value for choice in choices if folded in choice.names]
    meant = meant or [choice.value for choice in choices if folded in choice.parts]
    return meant[0] if folded and len(meant) == 1 else None


READERS: dict[str, Reader] = {
    "text": read_text,
    "integer": read_integer,
    "date": read_date,
    "select_one": read_one,
    "select_multiple": read_many,
}
