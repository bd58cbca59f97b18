"""What a deep link carries: an invitation, or a place and a form. Pure.

Telegram allows 64 characters of A-Z, a-z, 0-9, _ and -
(https://core.telegram.org/bots/features#deep-linking).
`i-TOKEN` is an invitation. `p17km-citizen_interests--hall14` is for anybody: a province (by its
number, 00 for none), a language, a form, an event; all but the form may be missing.
"""

import datetime as dt
import re
from dataclasses import dataclass

# Stands in a link where the bot's name isn't known.
NAMELESS = "your_bot"
INVITATION = re.compile(r"i-(?P<token>[A-Za-z0-9_-]{20,62})")
OPEN = re.compile(
    r"(?:p(?P<place>\d{2})(?P<language>km|en)?)?-?"
    r"(?P<form>(?!i-)[A-Za-z](?:[A-Za-z0-9_]|-(?!-))*)?(?:--(?P<event>[A-Za-z0-9]{1,16}))?"
)
LONGEST = 64
NOWHERE = "00"
# NCDD province codes of the project's provinces and the capital → names in the profile form.
PROVINCES = {
    "03": "kampong_cham",
    "07": "kampot",
    "12": "phnom_penh",
    "16": "ratanakiri",
    "17": "siem_reap",
}

# Where the project's provincial dialogues are held.
DIALOGUES = ("siem_reap", "ratanakiri", "kampot", "kampong_cham")


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says; all blank for one that says nothing we know."""

    token: str | None = None
    province: str | None = None
    form_id: str | None = None
    language: str | None = None
    event: str | None = None


def parse(payload: str) -> Link:
    """Read what stands behind /start."""
    if match := INVITATION.fullmatch(payload):
        return Link(token=match["token"])
    if match := OPEN.fullmatch(payload):
        place = match["place"]
        province = PROVINCES.get(place, "other") if place not in {None, NOWHERE} else None
        return Link(None, province, match["form"], match["language"], match["event"])
    return Link()


def to(bot_username: str, payload: str) -> str:
    """Return the link that opens the bot with a payload."""
    return f"https://t.me/{bot_username}?start={payload}"


def invitation(bot_username: str, token: str) -> str:
    """Return the link that redeems an invitation."""
    return to(bot_username, payload(token))


def open_payload(
    province: str | None, form_id: str, language: str | None = None, event: str | None = None
) -> str:
    """Return what stands behind /start for anybody; a longer one than LONGEST opens nothing."""
    numbers = {name: number for number, name in PROVINCES.items()}
    place = numbers.get(province or "", NOWHERE)
    door = f"p{place}{language or ''}-" if language or place != NOWHERE else ""
    return f"{door}{form_id}{f'--{event}' if event else ''}"


def event_of(day: dt.date) -> str:
    """Return how a meeting of a day is called in a link: `d261124`."""
    return f"d{day:%y%m%d}"


def payload(token: str) -> str:
    """Return what stands behind /start for an invitation."""
    return f"i-{token}"
