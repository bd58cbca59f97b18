"""A wave: a form version put to some people for some time. Whom, what may follow what, and the
words for what became of each person. Pure.

The words are those of the American Association for Public Opinion Research (AAPOR, Standard
Definitions), as far as a chat can tell:

complete     submitted while the wave was open
partial      begun, with half of the questions answered or more; or submitted after the wave closed
break_off    begun, with fewer answers than that
refused      invited, and said "not this time" or stop
over_quota   not invited, or kindly sent away, because enough people like them answered
unreachable  the invitation couldn't be delivered, or the person blocked the bot since
invited      the invitation went out, and nothing came back yet
waiting      not invited yet: not their turn, or enough messages this week

While a wave is open, all but `complete` say how things stand; once it is closed, what became of
each.
"""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["draft", "open", "paused", "closed"]
Disposition = Literal[
    "complete", "partial", "break_off", "refused", "over_quota", "unreachable", "invited", "waiting"
]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
# What may follow what; a closed wave never opens again.
FOLLOWS: dict[Status, frozenset[Status]] = {
    "draft": frozenset({"open", "closed"}),
    "open": frozenset({"paused", "closed"}),
    "paused": frozenset({"open", "closed"}),
    "closed": frozenset(),
}
MOST_REMINDERS = 3


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a wave is for; what is blank is open. `answered_wave`: who completed an earlier one."""

    role: str | None = None
    sector: str | None = None
    province: str | None = None
    sex: str | None = None
    age_group: str | None = None
    language: str | None = None
    answered_wave: int | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Reminding:
    """A wave's own reminders: after how many hours each, and how many."""

    after: int = 48
    most: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What a wave would be: people, messages at most, minutes of each person, the last message."""

    people: int
    invitations: int
    reminders: int
    questions: int
    minutes: int
    last_at: dt.datetime


def may_follow(before: Status, after: Status) -> bool:
    """Tell whether a wave can go from one state to another."""
    return after in FOLLOWS[before]


def half(questions: int) -> int:
    """Return how many answers make an interview partial, and no break-off."""
    return max(1, math.ceil(questions / 2))


def is_span(opens_at: dt.datetime, closes_at: dt.datetime, now: dt.datetime) -> bool:
    """Tell whether a wave can be open from one moment to the other."""
    return closes_at > max(opens_at, now)
