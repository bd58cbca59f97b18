"""Cambodia's public holidays, on which nobody is reminded: as computed, then as corrected.

Movable ones are announced by sub-decree and may differ from what is computed. `holidays.csv` holds
the corrections: a date, 1 where it is a holiday or 0 where it isn't, and why.
"""

import csv
import datetime as dt
import functools
from pathlib import Path

from handlers.quiet import PHNOM_PENH, is_night

CORRECTIONS = Path(__file__).parent / "holidays.csv"


def is_quiet(now: dt.datetime) -> bool:
    """Tell whether nobody is reminded now: at night, and on a public holiday."""
    return is_night(now) or is_holiday(now.astimezone(PHNOM_PENH).date())


def is_holiday(day: dt.date) -> bool:
    """Tell whether a day is a public holiday in Cambodia."""
    corrected = corrections().get(day)
    return day in computed(day.year) if corrected is None else corrected


@functools.cache
def corrections() -> dict[dt.date, bool]:
    """Return what was corrected by hand."""
    with CORRECTIONS.open(encoding="utf-8", newline="") as file:
        return {
            dt.date.fromisoformat(row["date"]): row["is_holiday"] == "1"
            for row in csv.DictReader(file)
        }


@functools.lru_cache(maxsize=8)
def computed(year: int) -> frozenset[dt.date]:
    """Return the holidays of a year as the package knows them, loaded when they are first asked."""
    import holidays

    return frozenset(holidays.country_holidays("KH", years=year))
