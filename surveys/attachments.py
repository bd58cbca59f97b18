"""Files that a form names, as the lists it reads: CSV, GeoJSON and XML → a tree. Pure.

https://getodk.github.io/xforms-spec/#secondary-instances---external
"""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from surveys.xpath.tree import TreeNode, read_tree

MOST_ROWS = 50_000
# Pictures and sounds that Telegram shows and plays, and any phone makes.
SHOWN: dict[str, tuple[str, ...]] = {
    "image": ("jpg", "jpeg", "png", "webp"),
    "audio": ("ogg", "oga", "mp3", "m4a"),
}
# The content of a list that a draft still waits for; no file reads so.
AWAITED = b"\0"
# One file, and all files of a form together.
LARGEST, MOST = 5 * 1024 * 1024, 50 * 1024 * 1024
SEPARATORS = ",;\t"
# https://getodk.github.io/xforms-spec/#secondary-instances---external and #media
NAMED = re.compile(r"jr://(?:file|file-csv|images|audio)/([^\"<>]+)")


class Unreadable(ValueError):
    """The file isn't what its name says."""


def ending(name: str) -> str:
    """Return how a file's name ends.

    >>> ending("Map.PNG")
    'png'
    """
    return name.rpartition(".")[2].lower()


def is_list(name: str) -> bool:
    """Tell whether a file is one that a form reads, and not one that people see or hear."""
    return ending(name) in READERS


def names_in(xform: str) -> list[str]:
    """Return the names of the files that an XForm names, each once."""
    return sorted({html.unescape(name).strip() for name in NAMED.findall(xform)})


def stand_in(name: str) -> bytes:
    """Return what stands for a file of a draft that isn't there yet."""
    return AWAITED if is_list(name) else b""


def read_attachment(name: str, data: bytes) -> TreeNode:
    """Return a file as a list: /root/item/column; raise Unreadable with the reason."""
    reader = READERS.get(ending(name))
    if reader is None:
        raise Unreadable("it is neither CSV, GeoJSON nor XML")
    try:
        return reader(data)
    except (ValueError, csv.Error, ParseError, DefusedXmlException, RecursionError) as error:
        raise Unreadable(str(error)) from error


def read_csv(data: bytes) -> TreeNode:
    """Return a table, with or without a byte-order mark, as one item a row."""
    text = data.decode("utf-8-sig")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header = [heading.strip() for heading in next(rows, [])]
    return _items(dict(zip(header, row, strict=False)) for row in rows if any(row))


def external_lists(table: TreeNode) -> dict[str, TreeNode]:
    """Return the lists of an itemsets.csv, which select_one_external reads, by list_name.

    https://docs.getodk.org/form-datasets/#selects-from-large-datasets
    """
    lists: dict[str, TreeNode] = {}
    for item in table.children[0].children:
        named = item.child("list_name")
        top = lists.setdefault(named.text if named else "", _items(iter(())))
        item.parent = top.children[0]
        top.children[0].children.append(item)
    return lists


def read_geojson(data: bytes) -> TreeNode:
    """Return the features of a collection: id, properties, and the geometry as ODK writes it.

    https://docs.getodk.org/form-datasets/#geojson-data
    """
    collection = json.loads(data.decode("utf-8-sig"))
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise Unreadable("it isn't a FeatureCollection")
    return _items(_feature(feature) for feature in collection.get("features", []))


def _feature(feature: Mapping[str, Any]) -> dict[str, str]:
    properties = feature.get("properties") or {}
    columns = {key: "" if value is None else str(value) for key, value in properties.items()}
    if "id" in feature:
        columns.setdefault("id", str(feature["id"]))
    return {"geometry": _geometry(feature.get("geometry") or {}), **columns}


def _geometry(geometry: Mapping[str, Any]) -> str:
    """Return a point, line or polygon as "latitude longitude 0 0", with semicolons between."""
    places = geometry.get("coordinates", [])
    kind = geometry.get("type")
    if kind == "Point":
        places = [places]
    elif kind == "Polygon":
        places = places[0] if places else []
    return "; ".join(f"{place[1]} {place[0]} 0 0" for place in places)


def read_xml(data: bytes) -> TreeNode:
    """Return an XML file as it is."""
    return read_tree(fromstring(data))


def _items(rows: Iterator[dict[str, str]]) -> TreeNode:
    top = TreeNode("")
    root = top.add("root")
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise Unreadable(f"it has more than {MOST_ROWS} rows")
        item = root.add("item")
        for column, value in row.items():
            item.add(column, value)
    return top


READERS: dict[str, Callable[[bytes], TreeNode]] = {
    "csv": read_csv,
    "geojson": read_geojson,
    "xml": read_xml,
}
