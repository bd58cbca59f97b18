"""Places on the globe: distances in metres, areas in square metres.

A point is "latitude longitude altitude accuracy" in degrees and metres; a line or shape is points
with a semicolon between (https://getodk.github.io/xforms-spec/#data-types). The globe is a sphere
of 6,378,100 m, as in JavaRosa.
"""

import math

from surveys.xpath.functions.registry import Function
from surveys.xpath.functions.strings import flat
from surveys.xpath.values import Value, to_string

RADIUS = 6_378_100.0
Point = tuple[float, float]
FEWEST_CORNERS = 3
HALF_TURN = 180


def points(*values: Value) -> list[Point]:
    """Return the points of texts and node-sets in degrees; none where one can't be read.

    >>> points("0 0;0 90"), points("a")
    ([(0.0, 0.0), (0.0, 90.0)], [])
    """
    texts = [part for text in map(to_string, flat(values)) for part in text.split(";")]
    try:
        return [_point(text) for text in texts if text.strip()]
    except ValueError:
        return []


def _point(text: str) -> Point:
    latitude, longitude = map(float, text.split()[:2])
    if not (abs(latitude) <= HALF_TURN / 2 and abs(longitude) <= HALF_TURN):
        raise ValueError(text)
    return latitude, longitude


def between(start: Point, end: Point) -> float:
    """Return the distance of two points by the haversine formula.

    >>> round(between((0.0, 0.0), (0.0, 90.0)))
    10018696
    """
    south, north = math.radians(start[0]), math.radians(end[0])
    across = math.radians(end[1] - start[1])
    chord = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(across / 2) ** 2
    )
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def distance(*values: Value) -> float:
    """Return the length of a line, or the outline of a shape.

    >>> distance("a")
    0.0
    """
    line = points(*values)
    return sum(map(between, line, line[1:]), 0.0)


def area(*values: Value) -> float:
    """Return the area of a shape on the sphere.

    >>> area("0 0;0 1")
    0.0
    """
    corners = points(*values)
    if len(corners) < FEWEST_CORNERS:
        return 0.0
    total = 0.0
    for (south, west), (north, east) in zip(corners, corners[1:] + corners[:1], strict=True):
        heights = 2 + math.sin(math.radians(south)) + math.sin(math.radians(north))
        total += math.radians(east - west) * heights
    return abs(total * RADIUS * RADIUS / 2)


def geofence(point: Value, shape: Value) -> bool:
    """Tell whether a point lies in a shape, by the number of sides to its east.

    >>> geofence("1 1", "0 0;0 2;2 2;2 0;0 0"), geofence("3 1", "0 0;0 2;2 2;2 0;0 0")
    (True, False)
    """
    places, corners = points(point), points(shape)
    if not places or len(corners) < FEWEST_CORNERS:
        return False
    (y, x), inside = places[0], False
    for (y1, x1), (y2, x2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


FUNCTIONS: dict[str, Function] = {
    "distance": Function(distance, 1, None, "fn:distance"),
    "area": Function(area, 1, None, "fn:area"),
    "geofence": Function(geofence, 2, 2, "fn:geofence"),
}
