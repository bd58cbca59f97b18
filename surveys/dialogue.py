"""A dialogue of government and civil society: on which level, how it stands, who may report on it.

There are two levels: the Partnership Forum in Phnom Penh, and the Partnership Dialogues of four
provinces. Pure.
"""

import datetime as dt
from typing import Literal, get_args

from surveys import quarters

Level = Literal["national", "provincial"]
Status = Literal["planned", "held", "cancelled"]
Side = Literal["cso", "gov"]
LEVELS: tuple[Level, ...] = get_args(Level)
SIDES: tuple[Side, ...] = get_args(Side)
# Where the project's dialogues are; a national one has no province.
PROVINCES = ("siem_reap", "ratanakiri", "kampot", "kampong_cham")
# What may follow what. A dialogue that was held stays held.
FOLLOWS: dict[Status, frozenset[Status]] = {
    "planned": frozenset({"held", "cancelled"}),
    "held": frozenset(),
    "cancelled": frozenset({"planned"}),
}
# As the form of a report calls them.
NATIONAL = "pf_national"
PREFIX = "pd_"


def may_follow(before: Status, after: Status) -> bool:
    """Tell whether a dialogue can go from one state to another."""
    return after in FOLLOWS[before]


def is_place(level: str, province: str | None) -> bool:
    """Tell whether a level and a province are those of a dialogue of the project."""
    return province is None if level == "national" else province in PROVINCES


def takes_up(province: str | None, promised_in: str | None) -> bool:
    """Tell whether a dialogue talks about what was promised somewhere: the forum about all.

    >>> takes_up("kampot", "kampot"), takes_up("kampot", None), takes_up(None, "kampot")
    (True, False, True)
    """
    return province in {None, promised_in}


def code(level: str, province: str | None) -> str:
    """Return what the form of a report calls the dialogues of a place.

    >>> code("provincial", "kampot"), code("national", None)
    ('pd_kampot', 'pf_national')
    """
    return NATIONAL if level == "national" else f"{PREFIX}{province}"


def place_of(named: str) -> tuple[Level, str | None] | None:
    """Return level and province of what the form calls a dialogue; None where it is no such."""
    if named == NATIONAL:
        return "national", None
    province = named.removeprefix(PREFIX)
    return ("provincial", province) if province in PROVINCES else None


def side_of(sector: str | None) -> Side:
    """Return the side on which a reporter speaks: officials on one, all others on the other."""
    return "gov" if sector == "gov" else "cso"


def other(side: Side) -> Side:
    """Return the other side."""
    return "cso" if side == "gov" else "gov"


def may_be_reported(status: Status, day: dt.date, today: dt.date) -> bool:
    """Tell whether reports of a dialogue are taken: it is over, and its quarter isn't closed."""
    is_over = status != "cancelled" and day <= today
    return is_over and not quarters.is_closed(quarters.of_day(day), today)
