"""Texts: parts of them, patterns in them."""

import math

import regex

from surveys.xpath.functions.registry import Function
from surveys.xpath.tree import TreeNode
from surveys.xpath.values import Value, to_number, to_string

REGEX_SECONDS = 0.1
LONGEST_SEARCHED = 4096
# A pattern is built before it is timed: nested repeats can take all memory.
LONGEST_PATTERN = 1000
MOST_REPEATS = 100_000
REPEAT = regex.compile(r"\{(\d+)?(?:,(\d+)?)?\}")


def flat(values: tuple[Value, ...]) -> list[Value]:
    """Return values with each node-set as the texts of its nodes."""
    return [
        item.string() if isinstance(item, TreeNode) else item
        for value in values
        for item in (value if isinstance(value, tuple) else (value,))
    ]


def join(separator: Value, *values: Value) -> str:
    """Return texts and nodes with a separator between them.

    >>> join(", ", "a", "b")
    'a, b'
    """
    return to_string(separator).join(map(to_string, flat(values)))


def substr(text: Value, start: Value, end: Value = math.inf) -> str:
    """Return a part from a place counted from 0 to the one before `end`; below 0 from the end.

    >>> substr("hello", 1.0, 3.0), substr("hello", -2.0)
    ('el', 'lo')
    """
    whole, first, last = to_string(text), to_number(start), to_number(end)
    if math.isnan(first):
        return ""
    return whole[_index(first, len(whole)) : _index(last, len(whole))]


def _index(number: float, length: int) -> int | None:
    return None if not math.isfinite(number) else max(int(number), -length)


def substring(text: Value, start: Value, length: Value = math.inf) -> str:
    """Return a part by a place counted from 1 and a length (XPath 1.0, 4.2 substring()).

    >>> substring("12345", 2.0, 3.0), substring("12345", 1.5, 2.6)
    ('234', '234')
    """
    first = math.floor(to_number(start) + 0.5) if math.isfinite(to_number(start)) else math.nan
    span = to_number(length)
    last = first + (math.floor(span + 0.5) if math.isfinite(span) else span)
    return "".join(c for at, c in enumerate(to_string(text), 1) if first <= at < last)


def before(text: Value, mark: Value) -> str:
    """Return what stands before the first occurrence of a mark, or nothing.

    >>> before("2026/11", "/")
    '2026'
    """
    found = to_string(text).partition(to_string(mark)) if to_string(mark) else ("", "", "")
    return found[0] if found[1] else ""


def after(text: Value, mark: Value) -> str:
    """Return what stands after the first occurrence of a mark, or nothing.

    >>> after("2026/11", "/")
    '11'
    """
    whole, part = to_string(text), to_string(mark)
    return whole.partition(part)[2] if part else whole


def translate(text: Value, old: Value, new: Value) -> str:
    """Replace letters by those at the same place, or by nothing.

    >>> translate("bar", "abr", "AB")
    'BA'
    """
    targets = to_string(new)
    table: dict[int, str] = {}
    for at, letter in enumerate(to_string(old)):
        table.setdefault(ord(letter), targets[at] if at < len(targets) else "")
    return to_string(text).translate(table)


def matches(value: Value, pattern: Value) -> bool:
    """Search a pattern in a text; a pattern that runs too long counts as no match.

    >>> matches("012 345 678", "^[0-9 ]+$")
    True
    """
    searched = to_string(value)[:LONGEST_SEARCHED]
    try:
        return bool(regex.search(to_string(pattern), searched, timeout=REGEX_SECONDS))
    except TimeoutError:
        return False


def pattern_fault(pattern: str) -> str:
    """Return why a pattern can't be searched, or nothing.

    >>> pattern_fault("^[0-9]{3}$"), pattern_fault("((a{999}){999}){999}")
    ('', 'it is too large')
    """
    if len(pattern) > LONGEST_PATTERN or _repeats(pattern) > MOST_REPEATS:
        return "it is too large"
    try:
        regex.compile(pattern)
    except (regex.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""


def _repeats(pattern: str) -> int:
    """Count how often the innermost part could be repeated, if all repeats were nested."""
    return math.prod(max(1, int(most or least or 1)) for least, most in REPEAT.findall(pattern))


def _starts(text: Value, part: Value) -> bool:
    return to_string(text).startswith(to_string(part))


def _ends(text: Value, part: Value) -> bool:
    return to_string(text).endswith(to_string(part))


FUNCTIONS: dict[str, Function] = {
    "string": Function(to_string, 1, 1, "fn:string"),
    "concat": Function(lambda *v: "".join(map(to_string, flat(v))), 0, None, "fn:concat"),
    "join": Function(join, 1, None, "fn:join"),
    "substr": Function(substr, 2, 3, "fn:substr"),
    "substring": Function(substring, 2, 3, "fn:substring"),
    "substring-before": Function(before, 2, 2, "fn:substring-before"),
    "substring-after": Function(after, 2, 2, "fn:substring-after"),
    "translate": Function(translate, 3, 3, "fn:translate"),
    "contains": Function(lambda a, b: to_string(b) in to_string(a), 2, 2, "fn:contains"),
    "starts-with": Function(_starts, 2, 2, "fn:starts-with"),
    "ends-with": Function(_ends, 2, 2, "fn:ends-with"),
    "string-length": Function(lambda v: float(len(to_string(v))), 1, 1, "fn:string-length"),
    "normalize-space": Function(
        lambda v: " ".join(to_string(v).split()), 1, 1, "fn:normalize-space"
    ),
    "regex": Function(matches, 2, 2, "fn:regex"),
}
