"""A time of the day, by hour and quarter; and a day with its time.

`view` holds how far one has come: ("hours", "2026-11-24"), ("minutes", "2026-11-24", "14"); the day
is blank where only a time is asked.
"""

import datetime as dt

from handlers.kinds import days
from handlers.kinds.kind import Act, Kind, Look
from handlers.kinds.one import answer
from handlers.layout import grid
from handlers.opened import Opened
from handlers.visit import Keyboard
from surveys.interview import Turn
from surveys.reading.moments import stored_moment, stored_time

HOURS, HOURS_IN_A_ROW = 24, 6
QUARTERS = (0, 15, 30, 45)


def lines(opened: Opened) -> str:
    """Say how to answer, and what is chosen so far."""
    match opened.view:
        case ("hours", date):
            return _so_far(opened, date)
        case ("minutes", date, hour):
            return _so_far(opened, date, f"{int(hour):02}:__")
    return opened.say("how_to.time") if opened.question.kind == "time" else days.lines(opened)


def _so_far(opened: Opened, date: str, time: str = "") -> str:
    shown = [days.written(opened, date)] if date else []
    return " ".join([*shown, opened.number(time)]).strip() or opened.say("how_to.time")


def buttons(opened: Opened) -> Keyboard:
    """Return Now, and the hours or the quarters of the hour that is chosen."""
    match opened.view:
        case ("hours", _):
            return _hours(opened)
        case ("minutes", _, hour):
            return _quarters(opened, int(hour))
    now = [[opened.button(opened.say("button.now"), "now")]]
    if opened.question.kind == "time":
        return [*now, *_hours(opened)]
    return [*now, *days.buttons(opened)] if not opened.view else days.buttons(opened)


def _hours(opened: Opened) -> Keyboard:
    hours = [opened.button(opened.number(f"{h:02}"), "hour", h) for h in range(HOURS)]
    return grid(hours, HOURS_IN_A_ROW)


def _quarters(opened: Opened, hour: int) -> Keyboard:
    return [
        [
            opened.button(opened.number(f"{hour:02}:{minute:02}"), "minute", hour, minute)
            for minute in QUARTERS
        ]
    ]


def hour(opened: Opened, hour: int) -> Look:
    """Take an hour, and ask for its quarter."""
    return Look() if _lacks_day(opened) else Look(("minutes", _date(opened), str(hour)))


def minute(opened: Opened, hour: int, minute: int) -> Turn | Look:
    """Answer with a quarter of an hour, on the day that was chosen before."""
    if _lacks_day(opened):
        return Look()
    time, date = dt.time(hour, minute), _date(opened)
    if opened.question.kind == "time":
        return answer(opened, stored_time(time, opened.instance))
    return answer(opened, stored_moment(date, time, opened.instance))


def _date(opened: Opened) -> str:
    return opened.view[1] if opened.view[:1] in {("hours",), ("minutes",)} else ""


def _lacks_day(opened: Opened) -> bool:
    """Tell whether the day was given up meanwhile: the button is of an older message."""
    return opened.question.kind == "dateTime" and not _date(opened)


def now(opened: Opened) -> Turn:
    """Answer with the present minute."""
    moment = opened.instance.now
    time = moment.time().replace(second=0, microsecond=0)
    if opened.question.kind == "time":
        return answer(opened, stored_time(time, opened.instance))
    return answer(opened, stored_moment(moment.date().isoformat(), time, opened.instance))


def clock(opened: Opened, value: str) -> str:
    """Show a time by hour and minute."""
    return opened.number(value[:5])


def moment(opened: Opened, value: str) -> str:
    """Show a day with its time."""
    date, _, time = value.partition("T")
    return f"{days.written(opened, date)} {clock(opened, time)}".strip()


ACTS: dict[str, Act] = {"hour": hour, "minute": minute, "now": now}
TIME = Kind(buttons, lines, show=clock, acts=ACTS)
DATE_TIME = Kind(buttons, lines, show=moment, acts=ACTS)
