"""Which texts a node of a type can hold, and how a computed value becomes one.

https://getodk.github.io/xforms-spec/#data-types
"""

import datetime as dt
import math
import re
from collections.abc import Callable

from surveys.xpath.values import EPOCH, to_number, to_string

INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
# The part of a day and time that is its day.
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(T.+)?", re.ASCII)
MOST_DEGREES = {0: 90, 1: 180}


def accepts(type_: str, text: str) -> bool:
    """Tell whether a node of a type can hold an answer; a blank always can."""
    check = CHECKS.get(type_)
    return text == "" or check is None or check(text)


def stored(type_: str, text: str) -> str:
    """Return a computed text as a node of a type holds it; blank where it can't.

    >>> stored("int", "3.7"), stored("date", "2026-11-25T10:00:00.000+07:00"), stored("int", "x")
    ('3', '2026-11-25', '')
    """
    convert = CONVERSIONS.get(type_)
    return convert(text) if convert and text else text


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return DAY.fullmatch(text) is not None


def _is_date_time(text: str) -> bool:
    day, mark, time = text.partition("T")
    return _is_date(day) and mark == "T" and TIME.fullmatch(time) is not None


def _is_point(text: str) -> bool:
    parts = text.split()
    if not 2 <= len(parts) <= 4 or not all(DECIMAL.fullmatch(part) for part in parts):
        return False
    return all(abs(float(parts[at])) <= most for at, most in MOST_DEGREES.items())


def _to_integer(text: str) -> str:
    number = to_number(text)
    return str(math.trunc(number)) if math.isfinite(number) else ""


def _to_decimal(text: str) -> str:
    number = to_number(text)
    return to_string(number) if math.isfinite(number) else ""


def _to_date(text: str) -> str:
    match = DAY.fullmatch(text)
    if match:
        return match[1]
    number = to_number(text)
    try:
        return (EPOCH + dt.timedelta(days=math.floor(number))).isoformat()
    except (ValueError, OverflowError):
        return ""


CHECKS: dict[str, Callable[[str], bool]] = {
    "int": lambda text: INTEGER.fullmatch(text) is not None,
    "long": lambda text: INTEGER.fullmatch(text) is not None,
    "decimal": lambda text: DECIMAL.fullmatch(text) is not None,
    "date": _is_date,
    "time": lambda text: TIME.fullmatch(text) is not None,
    "dateTime": _is_date_time,
    "geopoint": _is_point,
}
CONVERSIONS: dict[str, Callable[[str], str]] = {
    "int": _to_integer,
    "long": _to_integer,
    "decimal": _to_decimal,
    "date": _to_date,
}
