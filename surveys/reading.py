"""What a person typed → the value that is stored, one reader per kind of question. Pure."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from surveys.form import Question
from surveys.interview import Instance
from surveys.khmer import clean, fold, is_blank, to_ascii_digits
from surveys.language import LANGUAGES

INTEGER = re.compile(r"[+-]?\d{1,15}")
THOUSANDS = re.compile(r"(?<=\d)[ ,.](?=\d{3}(\D|$))")
NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
WORDED_DATE = re.compile(r"(\d{1,2})\s*(\D+?)\s*(\d{4})")
# Unicode CLDR, km and en wide month names.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("មករា", "january", "jan"),
            ("កុម្ភៈ", "february", "feb"),
            ("មីនា", "march", "mar"),
            ("មេសា", "april", "apr"),
            ("ឧសភា", "may"),
            ("មិថុនា", "june", "jun"),
            ("កក្កដា", "july", "jul"),
            ("សីហា", "august", "aug"),
            ("កញ្ញា", "september", "sep"),
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
    digits = THOUSANDS.sub("", to_ascii_digits(fold(text)))
    return str(int(digits)) if INTEGER.fullmatch(digits) else Unread("integer")


def read_date(_: Question, text: str, __: Instance) -> str | Unread:
    """Read a date: day first, in figures or with a month's name, or as ISO has it."""
    folded = to_ascii_digits(fold(text))
    if match := ISO_DATE.fullmatch(folded):
        year, month, day = map(int, match.groups())
    elif match := NUMERIC_DATE.fullmatch(folded):
        day, month, year = map(int, match.groups())
    elif (match := WORDED_DATE.fullmatch(folded)) and match[2].removeprefix("ខែ") in MONTHS:
        day, month, year = int(match[1]), MONTHS[match[2].removeprefix("ខែ")], int(match[3])
    else:
        return Unread("date")
    try:
        return dt.date(year, month, day).isoformat() if year < LATEST_YEAR else Unread("era")
    except ValueError:
        return Unread("date")


def read_one(question: Question, text: str, instance: Instance) -> str | Unread:
    """Read a choice by its number in the list, its label in either language, or its value."""
    folded = fold(text)
    if folded.isdigit() and 1 <= int(folded) <= len(question.choices):
        return question.choices[int(folded) - 1].value
    for choice in question.choices:
        labels = {fold(choice.label.text(code, instance)) for code in LANGUAGES}
        if folded in labels | {fold(choice.value)}:
            return choice.value
    return Unread("choice")


def read_many(question: Question, text: str, instance: Instance) -> str | Unread:
    """Read several choices, separated by commas, new lines or the Khmer full stop."""
    values = [read_one(question, part, instance) for part in re.split(r"[,;\n។]", text) if part]
    if not values or any(isinstance(value, Unread) for value in values):
        return Unread("choice")
    chosen = set(map(str, values))
    return " ".join(c.value for c in question.choices if c.value in chosen)


READERS: dict[str, Reader] = {
    "text": read_text,
    "integer": read_integer,
    "date": read_date,
    "select_one": read_one,
    "select_multiple": read_many,
}
