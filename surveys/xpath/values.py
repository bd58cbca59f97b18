"""The four kinds of value an expression has, and the conversions between them.

XPath 1.0, section 3 and 4, with one addition of the XForms specification: a date is a number of
days (https://getodk.github.io/xforms-spec/#dates), here for any string in ISO form.
"""

import datetime as dt
import decimal
import functools
import math
import re
from collections.abc import Callable

from surveys.xpath.tree import TreeNode

Nodes = tuple[TreeNode, ...]
Value = bool | float | str | Nodes

# XPath knows ASCII digits only; reading.py has made them of all others.
DECIMAL = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*", re.ASCII)
DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T.+)?", re.ASCII)
EPOCH = dt.date(1970, 1, 1)
MIDNIGHT = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - compared with the clock on the wall


def to_string(value: Value) -> str:
    """Convert as XPath 1.0, 4.2 string() does: true, 3, 3.5, the first node."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return value[0].string() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value == int(value) else f"{decimal.Decimal(repr(value)):f}"


def to_number(value: Value) -> float:
    """Convert as XPath 1.0, 4.4 number() does; an ISO date becomes days since 1970."""
    # A union in isinstance() is built anew on each call, and this is called most.
    if isinstance(value, float):
        return value
    if isinstance(value, str):
        return read_number(value)
    if isinstance(value, bool):
        return float(value)
    return read_number(value[0].string()) if value else math.nan


@functools.lru_cache(maxsize=4096)
def read_number(text: str) -> float:
    """Read a text as a number; the same few texts are read on every answer."""
    if DECIMAL.fullmatch(text):
        return float(text)
    return days(text)


def days(text: str) -> float:
    """Count days by the clock on the wall, so that today is never after now."""
    match = DATE.fullmatch(text)
    try:
        if not match:
            return math.nan
        if not match[2]:
            return float((dt.date.fromisoformat(match[1]) - EPOCH).days)
        on_the_wall = dt.datetime.fromisoformat(text).replace(tzinfo=None)
        return (on_the_wall - MIDNIGHT) / dt.timedelta(days=1)
    except ValueError:
        return math.nan


def to_boolean(value: Value) -> bool:
    """Convert as XPath 1.0, 4.3 boolean() does; a node-set is true when it isn't empty."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """Compare as XPath 1.0, 3.4: a node-set equals what any of its nodes equals."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) == to_boolean(right)
    first, second = _only(left), _only(right)
    if isinstance(first, tuple) or isinstance(second, tuple):
        return any(_same(a, b) for a in _atoms(first) for b in _atoms(second))
    return _same(first, second)


def _same(left: float | str, right: float | str) -> bool:
    if isinstance(left, float) or isinstance(right, float):
        return to_number(left) == to_number(right)
    return left == right


def different(left: Value, right: Value) -> bool:
    """Compare as XPath 1.0, 3.4: over node-sets, != asks whether any pair differs."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_boolean(left) != to_boolean(right)
    first, second = _only(left), _only(right)
    if isinstance(first, tuple) or isinstance(second, tuple):
        return any(not _same(a, b) for a in _atoms(first) for b in _atoms(second))
    return not _same(first, second)


def ordered(compare: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    """Return <, <=, > or >= as XPath 1.0, 3.4 has it: numbers, existential over node-sets."""

    def apply(left: Value, right: Value) -> bool:
        first, second = _only(left), _only(right)
        if isinstance(first, tuple) or isinstance(second, tuple):
            pairs = ((a, b) for a in _atoms(first) for b in _atoms(second))
            return any(compare(to_number(a), to_number(b)) for a, b in pairs)
        return compare(to_number(first), to_number(second))

    return apply


def _only(value: Value) -> Value:
    """Return the text of a node-set of one node, as nearly all are; anything else as it is."""
    return value[0].string() if isinstance(value, tuple) and len(value) == 1 else value


def _atoms(value: Value) -> tuple[float | str, ...]:
    return tuple(node.string() for node in value) if isinstance(value, tuple) else (value,)
