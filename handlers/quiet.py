"""When nobody is written to unasked. Pure."""

import datetime as dt
from zoneinfo import ZoneInfo

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
MORNING, EVENING = 8, 20


def is_night(now: dt.datetime) -> bool:
    """Tell whether it is between eight in the evening and eight in the morning in Cambodia."""
    return not MORNING <= now.astimezone(PHNOM_PENH).hour < EVENING
