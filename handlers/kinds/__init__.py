"""How each kind of question is asked. KINDS is the registry: a kind that isn't here isn't asked."""

from collections.abc import Mapping

from handlers.kinds import days, files, hours, numbers, one, places, several, words
from handlers.kinds.kind import Act, Kind
from handlers.opened import Opened

KINDS: Mapping[str, Kind] = {
    "text": words.TEXT,
    "barcode": words.BARCODE,
    "integer": numbers.INTEGER,
    "decimal": numbers.DECIMAL,
    "range": numbers.RANGE,
    "date": days.DATE,
    "time": hours.TIME,
    "dateTime": hours.DATE_TIME,
    "select_one": one.SELECT_ONE,
    "select_multiple": several.SELECT_MULTIPLE,
    "rank": several.RANK,
    "acknowledge": one.ACKNOWLEDGE,
    "geopoint": places.GEOPOINT,
    "image": files.IMAGE,
    "audio": files.AUDIO,
    "video": files.VIDEO,
    "file": files.FILE,
}
ACTS: Mapping[str, Act] = {name: act for kind in KINDS.values() for name, act in kind.acts.items()}


def of(opened: Opened) -> Kind:
    """Return how a question is asked."""
    return KINDS[opened.question.kind]


def shown(opened: Opened, value: str) -> str:
    """Return a value as people read it; blank where there is none."""
    return of(opened).show(opened, value) if value else ""
