"""A day: today or yesterday by one tap, any other by year, month and day; or typed.

`view` holds how far one has come: ("years", "2020"), ("months", "2026"), ("days", "2026", "11").
"""

import datetime as dt
from collections.abc import Callable

from babel.dates import get_month_names

from handlers.kinds.kind import Kind, Look
from handlers.kinds.one import answer
from handlers.layout import grid
from handlers.opened import Opened
from handlers.visit import Button, Keyboard
from surveys.interview import Turn

YEARS_ON_A_PAGE, YEARS_IN_A_ROW = 20, 5
MONTHS_IN_A_ROW, DAYS_IN_A_ROW = 3, 7
FIRST_YEAR, LAST_YEAR = 1900, 2199
DECEMBER = 12


def precision(opened: Opened) -> str:
    """Return what is asked: a year, a month or a day."""
    appearance = opened.question.appearance
    if "month-year" in appearance:
        return "months"
    return "years" if "year" in appearance else "days"


def today(opened: Opened) -> dt.date:
    """Return the day it is in Cambodia."""
    return opened.instance.now.date()


def month_name(opened: Opened, month: int) -> str:
    """Return the name of a month in the person's language."""
    return str(get_month_names("wide", locale=opened.visit.language)[month])


def picking(opened: Opened) -> tuple[str, ...]:
    """Return how far the person has come; where only a month or a year is asked, it begins so."""
    if opened.view[:1] in {("years",), ("months",), ("days",)} or precision(opened) == "days":
        return opened.view
    year = today(opened).year
    return ("months", str(year)) if precision(opened) == "months" else ("years", str(page_of(year)))


def page_of(year: int) -> int:
    """Return the first year of the page that a year is on; this year's page ends with it."""
    return year - YEARS_ON_A_PAGE + 1


def lines(opened: Opened) -> str:
    """Say how to answer, and which year or month is open."""
    match picking(opened):
        case ("months", year):
            return opened.number(year)
        case ("days", year, month):
            return f"{month_name(opened, int(month))} {opened.number(year)}"
        case ("years", _):
            return opened.say("how_to.year")
    return opened.say("how_to." + opened.question.kind)


def buttons(opened: Opened) -> Keyboard:
    """Return the quick days, or the page of the calendar that is open."""
    match picking(opened):
        case ("years", first):
            return _years(opened, int(first))
        case ("months", year):
            return _months(opened, int(year))
        case ("days", year, month):
            return _days(opened, int(year), int(month))
    return [
        [
            opened.button(opened.say("button.today"), "day", 0),
            opened.button(opened.say("button.yesterday"), "day", 1),
        ],
        [opened.button(opened.say("button.calendar"), "months", today(opened).year)],
    ]


def _years(opened: Opened, first: int) -> Keyboard:
    years = range(first, first + YEARS_ON_A_PAGE)
    act = "date" if precision(opened) == "years" else "months"
    rest = (1, 1) if act == "date" else ()
    rows = grid([opened.button(opened.number(y), act, y, *rest) for y in years], YEARS_IN_A_ROW)
    ways = [
        _way(opened, "◀", "years", first - YEARS_ON_A_PAGE, first - 1),
        _way(opened, "▶", "years", first + YEARS_ON_A_PAGE, first + YEARS_ON_A_PAGE),
    ]
    return [*rows, [way for way in ways if way]]


def _way(opened: Opened, sign: str, act: str, to: int, year: int) -> Button:
    """Return a button to the years or the year beside these, within what calendars hold."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    shown = opened.number(year)
    return opened.button(f"◀ {shown}" if sign == "◀" else f"{shown} ▶", act, to)


def _months(opened: Opened, year: int) -> Keyboard:
    act = "date" if precision(opened) == "months" else "days"
    rest = (1,) if act == "date" else ()
    names = [
        opened.button(month_name(opened, month), act, year, month, *rest)
        for month in range(1, DECEMBER + 1)
    ]
    ways = [
        _way(opened, "◀", "months", year - 1, year - 1),
        opened.button(opened.say("button.years"), "years", page_of(year)),
        _way(opened, "▶", "months", year + 1, year + 1),
    ]
    return [*grid(names, MONTHS_IN_A_ROW), [way for way in ways if way]]


def _days(opened: Opened, year: int, month: int) -> Keyboard:
    last = (dt.date(year + month // DECEMBER, month % DECEMBER + 1, 1) - dt.timedelta(days=1)).day
    days = [
        opened.button(opened.number(day), "date", year, month, day) for day in range(1, last + 1)
    ]
    before = dt.date(year, month, 1) - dt.timedelta(days=1)
    after = dt.date(year, month, last) + dt.timedelta(days=1)
    ways = [
        opened.button(f"◀ {month_name(opened, before.month)}", "days", before.year, before.month),
        opened.button(opened.number(year), "months", year),
        opened.button(f"{month_name(opened, after.month)} ▶", "days", after.year, after.month),
    ]
    return [*grid(days, DAYS_IN_A_ROW), ways]


def look(page: str) -> Callable[..., Look]:
    """Return the act that opens a page of the calendar."""

    def open_page(_: Opened, *numbers: int) -> Look:
        return Look((page, *map(str, numbers)))

    return open_page


def day(opened: Opened, days_ago: int) -> Turn | Look:
    """Take today or yesterday."""
    return _taken(opened, today(opened) - dt.timedelta(days=days_ago))


def date(opened: Opened, year: int, month: int, day: int) -> Turn | Look:
    """Take a day of the calendar."""
    return _taken(opened, dt.date(year, month, day))


def _taken(opened: Opened, date: dt.date) -> Turn | Look:
    """Answer with a day, or ask for its hour."""
    if opened.question.kind == "dateTime":
        return Look(("hours", date.isoformat()))
    return answer(opened, date.isoformat())


def written(opened: Opened, value: str) -> str:
    """Show a date day first, or as much of it as is asked."""
    year, month, day = value[:10].split("-")
    if precision(opened) == "years":
        return opened.number(year)
    if precision(opened) == "months":
        return f"{month_name(opened, int(month))} {opened.number(year)}"
    return opened.number(f"{day}/{month}/{year}")


PAGES = {page: look(page) for page in ("years", "months", "days")}
DATE = Kind(buttons, lines, show=written, acts={"day": day, "date": date, **PAGES})
