"""When nobody is written to unasked. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
MORNING, EVENING = 8, 20


def is_night(now: dt.datetime) -> bool:
    """Tell whether it is between eight in the evening and eight in the morning in Cambodia."""
    return not MORNING <= now.astimezone(PHNOM_PENH).hour < EVENING


def local(now: dt.datetime) -> dt.date:
    """Return which day it is in Cambodia."""
    return now.astimezone(PHNOM_PENH).date()


def after(now: dt.datetime, seconds: float) -> dt.datetime:
    """Return when so many seconds of daytime will have passed."""
    here, left = now.astimezone(PHNOM_PENH), dt.timedelta(seconds=seconds)
    while True:
        morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
        begin = max(here, morning)
        evening = begin.replace(hour=EVENING, minute=0, second=0, microsecond=0)
        if left <= evening - begin:
            return begin + left
        left -= max(dt.timedelta(0), evening - begin)
        here = morning + dt.timedelta(days=1)


def last_evening(now: dt.datetime) -> dt.datetime:
    """Return when the last day ended on which people may be written to."""
    local = now.astimezone(PHNOM_PENH)
    day = local if local.hour >= EVENING else local - dt.timedelta(days=1)
    return day.replace(hour=EVENING, minute=0, second=0, microsecond=0)


def first_moment(day: dt.date) -> dt.datetime:
    """Return the first moment of a day at which people may be written to."""
    return dt.datetime.combine(day, dt.time(MORNING), PHNOM_PENH)


def tomorrow(now: dt.datetime) -> dt.datetime:
    """Return the next day's first moment at which people may be written to."""
    return first_moment(local(now) + dt.timedelta(days=1))
