"""Repeats: a sheet and a CSV for each, in which each instance of a response is a row. Pure.

`_instance` is its position in the response; of a repeat within a repeat all positions, as in 1.2.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from export.codebook import Variable
from export.frames import Frame, Row
from storage.responses import Response
from surveys.definition import plain
from surveys.form import Form

ID = ("_id", "_instance")
POSITION = re.compile(r"\[(\d+)\]")
# Sheets that are there already, and how long Excel lets the name of one be.
TAKEN = frozenset(
    {"data", "labels_en", "labels_km", "readme", "codebook", "choices", "summary", "group_counts",
     "register"}
)  # fmt: skip
LONGEST = 28


@dataclass(frozen=True, slots=True)
class Instances:
    """One repeat of a form: the name of its sheet, its path, and the frame of its questions."""

    name: str
    path: str
    frame: Frame

    def header(self) -> list[str]:
        """Return the names of the columns."""
        return [*ID, *self.frame.fixed, *self.frame.names()]

    def rows(self, response: Response) -> Iterator[Row]:
        """Yield a row for each instance of a response, in their order."""
        if response.withdrawn:
            return
        found = {prefix for path in response.values if (prefix := self._prefix(path))}
        for prefix in sorted(found, key=_positions):
            inside = self._inside(response, prefix)
            at = ".".join(map(str, _positions(prefix)))
            head: Row = [self.frame.export_id(response.interview_id), at]
            yield [*head, *self.frame.about_dialogue(inside), *self.frame.answers(inside)]

    def _prefix(self, path: str) -> str:
        """Return which instance of this repeat a value is in; blank where it is in none."""
        if not plain(path).startswith(self.path + "/"):
            return ""
        return "/".join(path.split("/")[: self.path.count("/") + 1])

    def _inside(self, response: Response, prefix: str) -> Response:
        """Return a response as if one instance were all of it."""
        here = f"{prefix}/"
        return replace(
            response,
            values={plain(p): v for p, v in response.values.items() if p.startswith(here)},
            places={plain(p): v for p, v in response.places.items() if p.startswith(here)},
            spoken=frozenset(plain(p) for p in response.spoken if p.startswith(here)),
            hidden=frozenset(plain(p) for p in response.hidden if p.startswith(here)),
        )


def _positions(prefix: str) -> tuple[int, ...]:
    return tuple(int(found) for found in POSITION.findall(prefix))


def split(frame: Frame, versions: Sequence[Form]) -> tuple[Frame, list[Instances]]:
    """Return the frame without what stands in repeats, and the repeats of all versions."""
    paths = list(dict.fromkeys(path for form in reversed(versions) for path in form.repeats))
    parts: dict[str, list[Variable]] = {path: [] for path in ("", *paths)}
    for variable in frame.variables:
        around = [path for path in paths if variable.path.startswith(path + "/")]
        parts[max(around, key=len, default="")].append(variable)
    voiced = frozenset(plain(path) for path in frame.voiced)
    whole = replace(frame, variables=tuple(parts[""]), voiced=voiced)
    return whole, [
        Instances(_name(path, paths), path, replace(whole, variables=tuple(parts[path])))
        for path in paths
        if parts[path]
    ]


def _name(path: str, paths: Sequence[str]) -> str:
    """Return the name of a repeat's sheet: the author's, where it is the only one and free."""
    own = path.rpartition("/")[2]
    same = [other for other in paths if other.rpartition("/")[2].lower() == own.lower()]
    is_free = len(same) == 1 and own.lower() not in TAKEN
    name = own if is_free else f"{own}_{paths.index(path) + 1}"
    return name[:LONGEST]
