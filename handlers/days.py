"""Days as people in Cambodia read and count them. Pure."""

import datetime as dt

from handlers import texts
from handlers.quiet import PHNOM_PENH


def of(moment: dt.datetime) -> dt.date:
    """Return the day that a moment is in, in Cambodia."""
    return moment.astimezone(PHNOM_PENH).date()


def shown(language: str | None, day: dt.date) -> str:
    """Write a day, day first."""
    return texts.number(language, f"{day:%d/%m/%Y}")
