"""What a deep link carries: an invitation, or a place and a form. Pure.

Telegram allows 64 characters of A-Z, a-z, 0-9, _ and -
(https://core.telegram.org/bots/features#deep-linking).
`i-TOKEN` is an invitation; `p17-citizen_interests` a province (by its number) and a form.
"""

import re
from dataclasses import dataclass

# Stands in a link where the bot's name isn't known.
NAMELESS = "your_bot"
INVITATION = re.compile(r"i-(?P<token>[A-Za-z0-9_-]{20,62})")
PLACE_AND_FORM = re.compile(r"(?:p(?P<place>\d{2}))?-?(?P<form>(?!i-)[A-Za-z][A-Za-z0-9_-]*)?")
# NCDD province codes of the project's provinces and the capital → names in the profile form.
PROVINCES = {
    "03": "kampong_cham",
    "07": "kampot",
    "12": "phnom_penh",
    "16": "ratanakiri",
    "17": "siem_reap",
}


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says; all blank for one that says nothing we know."""

    token: str | None = None
    province: str | None = None
    form_id: str | None = None


def parse(payload: str) -> Link:
    """Read what stands behind /start."""
    if match := INVITATION.fullmatch(payload):
        return Link(token=match["token"])
    if match := PLACE_AND_FORM.fullmatch(payload):
        place = match["place"]
        province = PROVINCES.get(place, "other") if place else None
        return Link(province=province, form_id=match["form"])
    return Link()


def to(bot_username: str, payload: str) -> str:
    """Return the link that opens the bot with a payload."""
    return f"https://t.me/{bot_username}?start={payload}"


def invitation(bot_username: str, token: str) -> str:
    """Return the link that redeems an invitation."""
    return to(bot_username, payload(token))


def open_payload(province: str | None, form_id: str) -> str:
    """Return what stands behind /start for anybody: a province and a form."""
    numbers = {name: number for number, name in PROVINCES.items()}
    return f"p{numbers[province]}-{form_id}" if province in numbers else form_id


def payload(token: str) -> str:
    """Return what stands behind /start for an invitation."""
    return f"i-{token}"
