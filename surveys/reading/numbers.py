"""Numbers in any digits, with or without separators and units.

https://getodk.github.io/xforms-spec/#data-types, `int` and `decimal`.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from surveys.form import Question
from surveys.instance import Instance
from surveys.khmer import fold
from surveys.parts import Bounds
from surveys.reading.results import Read, Unread, Unsure

GROUPED = r"[1-9]\d{0,2}(?P<mark>[ ,.])\d{3}((?P=mark)\d{3})*"
INTEGER = re.compile(rf"[+-]?(\d{{1,15}}|{GROUPED})")
# "1,234.5" and "1.234,5": the mark that comes last and once is the decimal one.
DECIMAL = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?|[+-]?[.,]\d{1,15}")
GROUPED_DECIMAL = re.compile(r"[+-]?\d{1,3}((,\d{3})+(\.\d+)?|(\.\d{3})+,\d+|( \d{3})+([.,]\d+)?)")
# What could be a thousand or a thousandth.
AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
# One number among words; a formula or a code ("5+5", "1e5") is none.
AMONG_WORDS = re.compile(r"[^\d+\-]*(?P<number>[+-]?\d[\d.,]*(?: \d{3})*)[^\d+\-]*")
MINUS_AND_PLUS = str.maketrans("−－＋", "--+")
THOUSANDS = str.maketrans("", "", " ,.")
# https://www.w3.org/TR/xmlschema-2/#int: what Collect and KoboToolbox can hold.
SMALLEST, LARGEST = -(2**31), 2**31 - 1
MOST_STEPS = 10_000


def read_integer(_: Question, text: str, __: Instance) -> Read:
    """Read a whole number; one among words ("១៥ឆ្នាំ") is asked back."""
    return integer(text)


def integer(text: str) -> Read:
    """Read a whole number that answers no question of a form."""
    return _or_among_words(text, whole, "integer")


def read_decimal(_: Question, text: str, __: Instance) -> Read:
    """Read a number; one among words, or with a comma that could mean two things, is asked back."""
    folded = fold(text).translate(MINUS_AND_PLUS)
    if AMBIGUOUS.fullmatch(folded):
        return Unsure(folded.replace(",", ""))
    return _or_among_words(text, fraction, "decimal")


def read_range(question: Question, text: str, instance: Instance) -> Read:
    """Read a number that is one of a range's steps."""
    read = read_decimal(question, text.replace("★", ""), instance)
    bounds = question.bounds
    if isinstance(read, Unread) or bounds is None:
        return Unread("range")
    number = read if isinstance(read, str) else read.value
    return read if number in steps(bounds) else Unread("range")


def _or_among_words(text: str, parse: Callable[[str], str | None], reason: str) -> Read:
    folded = fold(text).translate(MINUS_AND_PLUS)
    exact = parse(folded)
    if exact is not None:
        return exact
    match = AMONG_WORDS.fullmatch(folded)
    guess = parse(match["number"].rstrip(".,")) if match else None
    return Unread(reason) if guess is None else Unsure(guess)


def whole(folded: str) -> str | None:
    """Return a whole number as it is stored."""
    if not INTEGER.fullmatch(folded):
        return None
    number = int(folded.translate(THOUSANDS))
    return str(number) if SMALLEST <= number <= LARGEST else None


def fraction(folded: str) -> str | None:
    """Return a number as it is stored: in plain figures, with a point."""
    if GROUPED_DECIMAL.fullmatch(folded):
        mark = max(folded.rfind("."), folded.rfind(","))
        is_grouping = folded[mark] == "," and not {".", " "} & set(folded)
        is_whole = folded.count(folded[mark]) > 1 or is_grouping
        head, tail = (folded, "") if is_whole else (folded[:mark], folded[mark + 1 :])
        return plain(Decimal(f"{head.translate(THOUSANDS)}.{tail or 0}"))
    if DECIMAL.fullmatch(folded):
        return plain(Decimal(folded.replace(",", ".")))
    return None


def plain(number: Decimal) -> str:
    """Return a number in figures, without an exponent and needless zeros.

    >>> plain(Decimal("1E+2")), plain(Decimal("2.50")), plain(Decimal("-0"))
    ('100', '2.5', '0')
    """
    text = f"{number.normalize():f}"
    return "0" if text == "-0" else text


def steps(bounds: Bounds) -> list[str]:
    """Return what a range offers, from its start to its end.

    >>> steps(Bounds("1", "2", "0.5"))
    ['1', '1.5', '2']
    """
    start, end = Decimal(bounds.start), Decimal(bounds.end)
    step = abs(Decimal(bounds.step)) or Decimal(1)
    count = int(abs(end - start) / step)
    sign = 1 if end >= start else -1
    return [plain(start + sign * step * at) for at in range(min(count, MOST_STEPS) + 1)]
