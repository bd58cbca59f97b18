"""Dates and times as people in Cambodia write them: day first, months by name, parts of the day."""

import datetime as dt
import re

from surveys.form import Question
from surveys.instance import Instance
from surveys.khmer import fold
from surveys.reading.results import Read, Unread, Unsure

NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")
ISO_DATE = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
WORDED_DATE = re.compile(r"(?P<day>\d{1,2})[ \-]?(?P<month>\D+?)[ \-]?(?P<year>\d{4})")
MONTH_FIRST = re.compile(r"(?P<month>[a-z]+) (?P<day>\d{1,2}) (?P<year>\d{4})")
MONTH = re.compile(r"(?P<month>\d{1,2}|\D+?)[/.\- ]?(?P<year>\d{4})")
ISO_MONTH = re.compile(r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})")
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
# A year from here on can only be of the Buddhist era, which is 543 ahead from the new year on,
# and 544 between Visak Bochea and December: the year is asked back.
BUDDHIST_FROM, BUDDHIST_UNTIL, BUDDHIST = 2400, 2700, 543
CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{1,2}))?(?::(?P<second>\d{2}))?")
MORNING = frozenset(map(fold, ("ព្រឹក", "am", "a.m.", "a.m")))
AFTERNOON = frozenset(map(fold, ("រសៀល", "ល្ងាច", "ថ្ងៃ", "pm", "p.m.", "p.m")))
NIGHT = frozenset(map(fold, ("យប់",)))
HALF = fold("កន្លះ")
HOUR_WORDS = re.compile("|".join(map(fold, ("វេលា", "ម៉ោង", "នាទី", "o'clock"))))
NOON = 12


def read_date(question: Question, text: str, _: Instance) -> Read:
    """Read a date: day first, in figures or with a month's name, or as ISO has it.

    Where only a month or a year is asked, its first day stands for it.
    """
    folded = _bare(text)
    found = _day_month_year(folded)
    if question.appearance & {"month-year", "year"}:
        found = _month_year(folded, question.appearance) or found
        found = _first_day(found, question.appearance) if found else None
    return _date(found) if found else Unread("date")


def _first_day(found: tuple[int, int, int], appearance: frozenset[str]) -> tuple[int, int, int]:
    return (1, found[1] if "month-year" in appearance else 1, found[2])


def _bare(text: str) -> str:
    return " ".join(DATE_WORDS.sub(" ", fold(text)).split())


def _date(found: tuple[int, int, int]) -> Read:
    day, month, year = found
    is_buddhist = BUDDHIST_FROM <= year < BUDDHIST_UNTIL
    try:
        date = dt.date(year - BUDDHIST if is_buddhist else year, month, day).isoformat()
    except ValueError:
        return Unread("date")
    return Unsure(date) if is_buddhist else date


def _day_month_year(text: str) -> tuple[int, int, int] | None:
    if match := ISO_DATE.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := NUMERIC_DATE.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    match = WORDED_DATE.fullmatch(text) or MONTH_FIRST.fullmatch(text)
    month = MONTHS.get(match["month"].strip(" .")) if match else None
    return (int(match["day"]), month, int(match["year"])) if match and month else None


def _month_year(text: str, appearance: frozenset[str]) -> tuple[int, int, int] | None:
    if "year" in appearance and re.fullmatch(r"\d{4}", text):
        return 1, 1, int(text)
    match = ISO_MONTH.fullmatch(text) or MONTH.fullmatch(text)
    word = match["month"].strip(" .") if match else ""
    month = int(word) if word.isdigit() else MONTHS.get(word)
    return (1, month, int(match["year"])) if match and month else None


def read_time(_: Question, text: str, instance: Instance) -> Read:
    """Read a time of the day: 14:30, 2.30 pm, "ម៉ោង ២ រសៀល"."""
    time = _time(text)
    return Unread("time") if time is None else stored_time(time, instance)


def read_date_time(question: Question, text: str, instance: Instance) -> Read:
    """Read a date and a time behind it."""
    words = fold(text).replace("t", " ", 1) if ISO_DATE.match(fold(text)) else fold(text)
    parts = words.split()
    for at in range(len(parts) - 1, 0, -1):
        date = read_date(question, " ".join(parts[:at]), instance)
        time = _time(" ".join(parts[at:]))
        if time is not None and not isinstance(date, Unread):
            return _joined(date, time, instance)
    return Unread("dateTime")


def _joined(date: str | Unsure, time: dt.time, instance: Instance) -> Read:
    if isinstance(date, Unsure):
        return Unsure(stored_moment(date.value, time, instance))
    return stored_moment(date, time, instance)


def _time(text: str) -> dt.time | None:
    words = HOUR_WORDS.sub(" ", fold(text)).split()
    parts = {word for word in words if word in MORNING | AFTERNOON | NIGHT}
    rest = " ".join(word for word in words if word not in parts)
    for part in (MORNING | AFTERNOON | NIGHT) if not parts else ():
        if rest.endswith(part):
            parts, rest = parts | {part}, rest.removesuffix(part).strip()
    if rest.endswith(HALF):
        rest = rest.removesuffix(HALF).strip() + ":30"
    match = CLOCK.fullmatch(rest) or re.fullmatch(r"(?P<hour>\d{1,2}) (?P<minute>\d{1,2})", rest)
    if match is None or len(parts) > 1:
        return None
    return _clock(int(match["hour"]), int(match["minute"] or 0), next(iter(parts), ""))


def _clock(hour: int, minute: int, part: str) -> dt.time | None:
    """Return a time with its part of the day: at night, 7 is in the evening and 2 before dawn."""
    if part in MORNING and hour == NOON:
        hour = 0
    elif (part in AFTERNOON and hour < NOON) or (part in NIGHT and 6 <= hour < NOON):
        hour += NOON
    elif part in NIGHT and hour == NOON:
        hour = 0
    try:
        return dt.time(hour, minute)
    except ValueError:
        return None


def stored_time(time: dt.time, instance: Instance) -> str:
    """Return a time as it is stored, with the offset of the place."""
    return time.replace(tzinfo=_fixed(instance)).isoformat(timespec="milliseconds")


def stored_moment(date: str, time: dt.time, instance: Instance) -> str:
    """Return a date and time as they are stored."""
    moment = dt.datetime.combine(dt.date.fromisoformat(date), time, _fixed(instance))
    return moment.isoformat(timespec="milliseconds")


def _fixed(instance: Instance) -> dt.timezone:
    return dt.timezone(instance.now.utcoffset() or dt.timedelta())


def read_day(text: str) -> dt.date | None:
    """Return the day that a text names, outside of any form; None where it isn't plain."""
    found = _day_month_year(_bare(text))
    read = _date(found) if found else None
    return dt.date.fromisoformat(read) if isinstance(read, str) else None
