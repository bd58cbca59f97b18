"""Days and times (https://getodk.github.io/xforms-spec/#dates).

A date is text, "2026-11-25" or "2026-11-25T10:20:30.000+07:00", and a number is days since 1970.
The clock and its zone are those of the interview.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from surveys.xpath.context import Context
from surveys.xpath.functions.registry import Function
from surveys.xpath.values import EPOCH, Value, to_number, to_string

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](.+))?", re.ASCII)
TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-](?:[01]\d|2[0-3]):?(?:[0-5]\d)?)?", re.ASCII
)
DIRECTIVE = re.compile(r"%(.)")
INVALID = "Invalid Date"
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "km": [
        "មករា",
        "កុម្ភៈ",
        "មីនា",
        "មេសា",
        "ឧសភា",
        "មិថុនា",
        "កក្កដា",
        "សីហា",
        "កញ្ញា",
        "តុលា",
        "វិច្ឆិកា",
        "ធ្នូ",
    ],
}
WEEKDAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "km": ["ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"],
}
SECONDS_A_DAY = 86400


def moment(value: Value, zone: dt.tzinfo | None) -> dt.datetime | None:
    """Return the time that a text or a number of days means; a pure date is its midnight."""
    text = to_string(value)
    number = to_number(value) if not ISO.fullmatch(text) else math.nan
    try:
        if math.isfinite(number):
            whole = dt.datetime.combine(EPOCH, dt.time(), dt.UTC)
            return (whole + dt.timedelta(days=number)).astimezone(zone)
        return _written(text, zone)
    except (ValueError, OverflowError):
        return None


def _written(text: str, zone: dt.tzinfo | None) -> dt.datetime | None:
    match = ISO.fullmatch(text)
    if match is None:
        return None
    day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    time = clock_time(match[4], zone) if match[4] else dt.time(tzinfo=zone)
    return dt.datetime.combine(day, time) if time else None


def clock_time(text: str, zone: dt.tzinfo | None) -> dt.time | None:
    """Return a time of day with its zone; the zone given where it names none.

    >>> clock_time("06:00:00.000+07:00", None).hour, clock_time("24:00", None)
    (6, None)
    """
    match = TIME.fullmatch(text)
    try:
        if match is None:
            return None
        seconds, fraction = int(match[3] or 0), float(match[4] or 0)
        own = dt.datetime.fromisoformat(f"2000-01-01T00:00:00{match[5]}").tzinfo if match[5] else 0
        tzinfo: Any = own or zone
        return dt.time(int(match[1]), int(match[2]), seconds, int(fraction * 1e6), tzinfo)
    except ValueError:
        return None


def today(context: Context) -> str:
    """Return the date of the interview's clock."""
    return context.document.now.date().isoformat()


def now(context: Context) -> str:
    """Return the time of the interview's clock, with its offset."""
    return context.document.now.isoformat(timespec="milliseconds")


def date(value: Value) -> str:
    """Return a text or a number of days as a date."""
    text = to_string(value)
    if text == "":
        return ""
    match, number = ISO.fullmatch(text), to_number(value)
    try:
        if match:
            return dt.date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        return (EPOCH + dt.timedelta(days=math.floor(number))).isoformat()
    except (ValueError, OverflowError):
        return INVALID


def date_time(context: Context, value: Value) -> str:
    """Return a text or a number of days as a time with its offset; a pure date stays one."""
    if to_string(value) == "":
        return ""
    found = moment(value, context.document.now.tzinfo)
    if found is None:
        return INVALID
    is_midnight = (found.hour, found.minute, found.second, found.microsecond) == (0, 0, 0, 0)
    is_day = is_midnight or to_number(value).is_integer()
    return date(value) if is_day else found.isoformat(timespec="milliseconds")


def decimal_date_time(context: Context, value: Value) -> float:
    """Return days since 1970 in UTC, with the part of the day; a pure date is whole days."""
    text = to_string(value)
    number = to_number(value)
    if not ISO.fullmatch(text) or "T" not in text:
        return number
    found = moment(value, context.document.now.tzinfo)
    return found.timestamp() / SECONDS_A_DAY if found else math.nan


def decimal_time(context: Context, value: Value) -> float:
    """Return a time of day as a part of the day, in the zone of the interview."""
    zone = context.document.now.tzinfo
    time = clock_time(to_string(value).partition("T")[2] or to_string(value), zone)
    if time is None:
        return math.nan
    local = dt.datetime.combine(context.document.now.date(), time).astimezone(zone)
    since = dt.timedelta(
        hours=local.hour,
        minutes=local.minute,
        seconds=local.second,
        microseconds=local.microsecond,
    )
    return since / dt.timedelta(days=1)


# https://getodk.github.io/xforms-spec/#fn:format-date
DIRECTIVES: dict[str, Callable[[dt.datetime, str], str]] = {
    "Y": lambda t, _: f"{t.year:04}",
    "y": lambda t, _: f"{t.year % 100:02}",
    "m": lambda t, _: f"{t.month:02}",
    "n": lambda t, _: str(t.month),
    "b": lambda t, language: MONTHS.get(language, MONTHS["en"])[t.month - 1],
    "d": lambda t, _: f"{t.day:02}",
    "e": lambda t, _: str(t.day),
    "a": lambda t, language: WEEKDAYS.get(language, WEEKDAYS["en"])[t.weekday()],
    "H": lambda t, _: f"{t.hour:02}",
    "h": lambda t, _: str(t.hour),
    "M": lambda t, _: f"{t.minute:02}",
    "S": lambda t, _: f"{t.second:02}",
    "3": lambda t, _: f"{t.microsecond // 1000:03}",
    "%": lambda _, __: "%",
}


def format_date(context: Context, value: Value, pattern: Value) -> str:
    """Return a date or time as a pattern shows it, with names in the interview's language."""
    if to_string(value) == "":
        return ""
    found = moment(value, context.document.now.tzinfo)
    if found is None:
        return INVALID
    language, time = context.document.language, found

    def shown(match: re.Match[str]) -> str:
        directive = DIRECTIVES.get(match[1])
        return directive(time, language) if directive else match[0]

    return DIRECTIVE.sub(shown, to_string(pattern))


FUNCTIONS: dict[str, Function] = {
    "today": Function(today, 0, 0, "fn:today", asks=True),
    "now": Function(now, 0, 0, "fn:now", asks=True),
    "date": Function(date, 1, 1, "fn:date"),
    "date-time": Function(date_time, 1, 1, "fn:date-time", asks=True),
    "decimal-date-time": Function(decimal_date_time, 1, 1, "fn:decimal-date-time", asks=True),
    "decimal-time": Function(decimal_time, 1, 1, "fn:decimal-time", asks=True),
    "format-date": Function(format_date, 2, 2, "fn:format-date", asks=True),
    "format-date-time": Function(format_date, 2, 2, "fn:format-date-time", asks=True),
}
