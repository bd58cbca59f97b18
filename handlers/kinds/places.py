"""A place: sent from the phone, or typed as its coordinates."""

from handlers.kinds.kind import Kind, Taken, typed
from handlers.opened import Opened
from surveys.reading import Unread
from surveys.reading.places import point


def take(opened: Opened) -> Taken:
    """Take the place of a message; of one with a name, its coordinates."""
    message = opened.visit.message
    if message and message.location:
        place = message.location
        return point(place.latitude, place.longitude, place.horizontal_accuracy or 0)
    return typed(opened) if message and message.text else Unread("geopoint")


def coordinates(opened: Opened, value: str) -> str:
    """Show latitude and longitude."""
    latitude, longitude, *_ = value.split()
    return "📍 " + opened.number(f"{latitude}, {longitude}")


GEOPOINT = Kind(lines=lambda opened: opened.say("how_to.geopoint"), take=take, show=coordinates)
