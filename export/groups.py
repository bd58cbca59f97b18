"""Hands counted in meetings, line by line. Never a row of a person, and in no percentage. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from export.codebook import Variable
from export.frames import PHNOM_PENH, Row
from surveys.language import EN, KM

SHEET = "group_counts"
HEADER = (
    "_count",
    "_date",
    "_mode",
    "_form_version",
    "_province",
    "variable",
    "question_en",
    "question_km",
    "code",
    "label_en",
    "label_km",
    "women",
    "men",
    "total",
)
MODE = "group"


def rows(
    lines: Sequence[Any], variables: Sequence[Variable], export_id: Callable[[str], str]
) -> list[Row]:
    """Return a row for each choice of each count."""
    known = {variable.path: variable for variable in variables if variable.options}
    return [_row(line, known[line.path], export_id) for line in lines]


def _row(line: Any, variable: Variable, export_id: Callable[[str], str]) -> Row:
    return [
        export_id(line.count_id),
        line.counted_at.astimezone(PHNOM_PENH).date(),
        MODE,
        line.version,
        line.province,
        variable.name,
        variable.label(EN),
        variable.label(KM),
        line.choice,
        variable.show(line.choice, EN),
        variable.show(line.choice, KM),
        line.women,
        line.men,
        line.women + line.men,
    ]
