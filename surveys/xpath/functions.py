"""The functions of the XForms specification that forms may call, in one registry.

Headings refer to https://getodk.github.io/xforms-spec/#xpath-functions.
"""

import decimal
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import regex

from surveys.xpath.values import Nodes, Value, to_boolean, to_number, to_string

REGEX_SECONDS = 0.1
# A pattern is built before it is timed: nested repeats can take all memory.
LONGEST_PATTERN = 1000
MOST_REPEATS = 100_000
REPEAT = regex.compile(r"\{(\d+)?(?:,(\d+)?)?\}")
# More decimals than a number has.
MOST_DIGITS = 20
# The functions that only make sense of nodes.
NODE_SETS = frozenset({"count", "sum"})


@dataclass(frozen=True, slots=True)
class Function:
    """A function, how many arguments it takes, and the heading of the specification it follows."""

    call: Callable[..., Value]
    least: int
    most: int | None
    heading: str


def selected(_: Any, haystack: Value, needle: Value) -> bool:
    """Tell whether a space-separated list holds a value.

    >>> selected(None, "road water", "water")
    True
    """
    return to_string(needle).strip() in to_string(haystack).split()


def selected_at(_: Any, haystack: Value, index: Value) -> str:
    """Return the item at a position counted from 0, or nothing.

    >>> selected_at(None, "road water", 1.0)
    'water'
    """
    items, at = to_string(haystack).split(), to_number(index)
    return items[int(at)] if 0 <= at < len(items) else ""


def count_selected(_: Any, haystack: Value) -> float:
    """Count the items of a space-separated list.

    >>> count_selected(None, "road water")
    2.0
    """
    return float(len(to_string(haystack).split()))


def choose(_: Any, condition: Value, then: Value, otherwise: Value) -> Value:
    """Return one of two values.

    >>> choose(None, True, "a", "b")
    'a'
    """
    return then if to_boolean(condition) else otherwise


def coalesce(_: Any, *values: Value) -> str:
    """Return the first value that isn't blank.

    >>> coalesce(None, "", "b")
    'b'
    """
    return next((text for text in map(to_string, values) if text), "")


def matches(_: Any, value: Value, pattern: Value) -> bool:
    """Search a pattern in a text; a pattern that runs too long counts as no match.

    >>> matches(None, "012 345 678", "^[0-9 ]+$")
    True
    """
    try:
        return bool(
            regex.search(to_string(pattern), to_string(value)[:4096], timeout=REGEX_SECONDS)
        )
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
    except regex.error as error:
        return str(error)
    return ""


def _repeats(pattern: str) -> int:
    """Count how often the innermost part could be repeated, if all repeats were nested."""
    return math.prod(max(1, int(most or least or 1)) for least, most in REPEAT.findall(pattern))


def rounded(_: Any, value: Value, digits: Value = 0.0) -> float:
    """Round halves up, to a number of decimals.

    >>> rounded(None, 2.5)
    3.0
    >>> rounded(None, 1.005, 2.0)
    1.01
    """
    number, places = to_number(value), to_number(digits)
    if not math.isfinite(number) or math.isnan(places):
        return number
    places = max(-MOST_DIGITS, min(places, MOST_DIGITS))
    scale = decimal.Decimal(10) ** int(places)
    half_up = decimal.Decimal(repr(number)) * scale + decimal.Decimal("0.5")
    return float(half_up.to_integral_value(decimal.ROUND_FLOOR) / scale)


def integer(_: Any, value: Value) -> float:
    """Cut a number to its whole part.

    >>> integer(None, "-2.7")
    -2.0
    """
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def total(_: Any, nodes: Value) -> float:
    """Add the numbers of a node-set.

    >>> total(None, ("1", "2"))
    3.0
    """
    return sum(map(to_number, nodes if isinstance(nodes, tuple) else (nodes,)), 0.0)


def extreme(pick: Callable[[list[float]], float]) -> Callable[..., float]:
    """Return min or max over node-sets and values, blank nodes left out."""

    def call(_: Any, *values: Value) -> float:
        numbers = [to_number(text) for text in _flat(values) if to_string(text) != ""]
        return pick(numbers) if numbers else math.nan

    return call


def _flat(values: tuple[Value, ...]) -> list[Value]:
    return [item for v in values for item in (v if isinstance(v, tuple) else (v,))]


def today(context: Any) -> str:
    """Return the date of the injected clock."""
    return str(context.now.date().isoformat())


def now(context: Any) -> str:
    """Return the time of the injected clock, with its offset."""
    return str(context.now.isoformat(timespec="milliseconds"))


def choice_name(context: Any, value: Value, path: Value) -> str:
    """Return the label of a choice of the question at a path, in the language of the interview."""
    return str(context.choice_label(to_string(path).strip(), to_string(value)))


def nodes_count(_: Any, nodes: Nodes) -> float:
    """Count the nodes of a node-set.

    >>> nodes_count(None, ("a", "b"))
    2.0
    """
    return float(len(nodes))


FUNCTIONS: dict[str, Function] = {
    "true": Function(lambda _: True, 0, 0, "fn:true"),
    "false": Function(lambda _: False, 0, 0, "fn:false"),
    "not": Function(lambda _, v: not to_boolean(v), 1, 1, "fn:not"),
    "boolean": Function(lambda _, v: to_boolean(v), 1, 1, "fn:boolean"),
    "boolean-from-string": Function(
        lambda _, v: to_string(v) in {"true", "1"}, 1, 1, "fn:boolean-from-string"
    ),
    "string": Function(lambda _, v: to_string(v), 1, 1, "fn:string"),
    "number": Function(lambda _, v: to_number(v), 1, 1, "fn:number"),
    "int": Function(integer, 1, 1, "fn:int"),
    "round": Function(rounded, 1, 2, "fn:round"),
    "sum": Function(total, 1, 1, "fn:sum"),
    "min": Function(extreme(min), 1, None, "fn:min"),
    "max": Function(extreme(max), 1, None, "fn:max"),
    "count": Function(nodes_count, 1, 1, "fn:count"),
    "concat": Function(lambda _, *v: "".join(map(to_string, _flat(v))), 1, None, "fn:concat"),
    "contains": Function(lambda _, a, b: to_string(b) in to_string(a), 2, 2, "fn:contains"),
    "starts-with": Function(
        lambda _, a, b: to_string(a).startswith(to_string(b)), 2, 2, "fn:starts-with"
    ),
    "ends-with": Function(
        lambda _, a, b: to_string(a).endswith(to_string(b)), 2, 2, "fn:ends-with"
    ),
    "string-length": Function(lambda _, v: float(len(to_string(v))), 1, 1, "fn:string-length"),
    "normalize-space": Function(
        lambda _, v: " ".join(to_string(v).split()), 1, 1, "fn:normalize-space"
    ),
    "regex": Function(matches, 2, 2, "fn:regex"),
    "selected": Function(selected, 2, 2, "fn:selected"),
    "selected-at": Function(selected_at, 2, 2, "fn:selected-at"),
    "count-selected": Function(count_selected, 1, 1, "fn:count-selected"),
    "if": Function(choose, 3, 3, "fn:if"),
    "coalesce": Function(coalesce, 1, None, "fn:coalesce"),
    "today": Function(today, 0, 0, "fn:today"),
    "now": Function(now, 0, 0, "fn:now"),
    "jr:choice-name": Function(choice_name, 2, 2, "fn:jr:choice-name"),
}
