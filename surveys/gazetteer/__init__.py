"""Provinces, districts and communes of Cambodia by their codes and names. Pure.

A code begins with that of the place around it: commune 170201 in district 1702 in province 17.
Districts and communes are those of the project's provinces.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveys.khmer import fold

FOLDER = Path(__file__).parent
FILES = ("provinces.csv", "districts.csv", "communes.csv")
DIGITS_A_LEVEL = 2
# In metres: wide enough for any province around its middle. Nothing nearer is known of a commune.
ACCURACY = 100_000


@dataclass(frozen=True, slots=True)
class Place:
    """A place with its name in each language; a province also has its middle."""

    code: str
    names: Mapping[str, str]
    latitude: str = ""
    longitude: str = ""


def within(code: str) -> tuple[Place, ...]:
    """Return the places right inside a place; the provinces inside a blank."""
    return _inside().get(code, ())


def around(code: str) -> str:
    """Return the code of the place around one; blank around a province."""
    return code[:-DIGITS_A_LEVEL]


def whole_name(code: str, language: str) -> str:
    """Return a place with those around it, the smallest first; the code where it is unknown.

    >>> whole_name("1702", "en")
    'Angkor Thum, Siem Reap'
    """
    codes = [code[:end] for end in range(len(code), 0, -DIGITS_A_LEVEL)]
    known = [_places()[each].names[language] for each in codes if each in _places()]
    return ", ".join(known) if code in _places() else code


def is_called(code: str, text: str) -> bool:
    """Tell whether a text is a place's name in either language, as it is compared."""
    return fold(text) in map(fold, _places()[code].names.values())


def point(code: str) -> str:
    """Return the middle of a place's province as a geopoint, with how far off that may be."""
    province = _places()[code[:DIGITS_A_LEVEL]]
    return f"{province.latitude} {province.longitude} 0 {ACCURACY}"


def is_middle(value: str) -> bool:
    """Tell whether a geopoint is the middle of a province."""
    return value in _middles()


@functools.cache
def _middles() -> frozenset[str]:
    return frozenset(point(province.code) for province in within(""))


@functools.cache
def _places() -> Mapping[str, Place]:
    places = [_place(row) for name in FILES for row in _rows(name)]
    return {place.code: place for place in places}


@functools.cache
def _inside() -> Mapping[str, tuple[Place, ...]]:
    inside: dict[str, tuple[Place, ...]] = {}
    for code, place in _places().items():
        inside[around(code)] = (*inside.get(around(code), ()), place)
    return inside


def _place(row: Mapping[str, str]) -> Place:
    names = {"km": row["name_km"], "en": row["name_en"]}
    return Place(row["code"], names, row.get("latitude", ""), row.get("longitude", ""))


def _rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table; its first line names the source."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
