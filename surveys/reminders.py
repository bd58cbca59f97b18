"""When somebody is reminded of a survey they began, and when not. Pure.

One message, two days after they began, on the next unanswered question itself; whoever was invited
to a wave and hasn't begun gets the invitation once more. Nobody is reminded who finished, said stop
or "not this time", can't be reached, or had two messages this week that they hadn't asked for.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

AFTER = dt.timedelta(days=2)
# So many unasked messages in a week, over all surveys and reminders.
WEEKLY_CAP = 2
# Who answered so lately needs no reminder; the one that was due is left out.
BUSY = dt.timedelta(hours=6)
# A reminder that is later than this is left out: nobody remembers what it is about.
LATEST = dt.timedelta(days=14)

Reason = Literal[
    "finished",
    "begun",
    "stopped",
    "blocked",
    "declined",
    "busy",
    "cap",
    "late",
    "closed",
    "no_phone",
    "quota",
]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a person and their interview when a reminder is due.

    `has_begun`: they were to be reminded of an invitation, and began; the interview has its own.
    """

    due_at: dt.datetime
    updated_at: dt.datetime
    has_phone: bool = True
    is_complete: bool = False
    has_begun: bool = False
    has_stopped: bool = False
    is_blocked: bool = False
    has_declined: bool = False
    is_closed: bool = False
    is_over_quota: bool = False
    unasked: int = 0


def withheld(case: Case, now: dt.datetime, cap: int = WEEKLY_CAP) -> Reason | None:
    """Return why a reminder isn't sent, or None where it is; the first reason that holds."""
    reasons: tuple[tuple[bool, Reason], ...] = (
        (not case.has_phone, "no_phone"),
        (case.is_complete, "finished"),
        (case.has_begun, "begun"),
        (case.is_over_quota, "quota"),
        (case.has_stopped, "stopped"),
        (case.is_blocked, "blocked"),
        (case.has_declined, "declined"),
        (case.is_closed, "closed"),
        (now - case.due_at > LATEST, "late"),
        (now - case.updated_at < BUSY, "busy"),
        (case.unasked >= cap, "cap"),
    )
    return next((reason for holds, reason in reasons if holds), None)
