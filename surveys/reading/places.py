"""A place by its coordinates, as maps show them: latitude, then longitude.

https://getodk.github.io/xforms-spec/#data-types, `geopoint`.
"""

import re

from surveys.datatypes import accepts
from surveys.form import Question
from surveys.instance import Instance
from surveys.khmer import fold
from surveys.reading.results import Read, Unread

PAIR = re.compile(r"(-?\d{1,2}(?:\.\d+)?)°?\s*n?\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)°?\s*e?")


def read_point(_: Question, text: str, __: Instance) -> Read:
    """Read "13.3671, 103.8448"."""
    match = PAIR.fullmatch(fold(text))
    value = point(match[1], match[2]) if match else ""
    return value if value and accepts("geopoint", value) else Unread("geopoint")


def point(latitude: object, longitude: object, accuracy: object = 0) -> str:
    """Return a place as it is stored: latitude, longitude, altitude, accuracy."""
    return f"{latitude} {longitude} 0 {accuracy}"
