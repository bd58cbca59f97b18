"""A response → a row of codes, and that row as labels. Pure.

Blank means not answered; in the columns of a select_multiple, 0 means answered and not chosen.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from export.codebook import CALCULATE, Variable
from export.redaction import redact
from storage.media import is_voice
from storage.responses import Reported, Response
from surveys import gazetteer

PHNOM_PENH = ZoneInfo("Asia/Phnom_Penh")
Cell = str | int | Decimal | dt.date | None
Row = list[Cell]

# What is known of a response beside its answers. Nothing here says who the person is.
METADATA = (
    "_id",
    "_submission_time",
    "_status",
    "_form_version",
    "_lang",
    "_mode",
    "_event",
    "_person",
)
# What people said about themselves, in groups; disability and ethnicity never stand in a row.
PROFILE = ("_sector", "_province", "_sex", "_age_group")
# Of a report: what it is about, which quarter counts it, whose side it is.
DIALOGUE = ("_dialogue", "_level", "_dialogue_province", "_held_on", "_quarter", "_side")
VOICE_COLUMN, PLACE_COLUMN = "{name}/_voice", "{name}/_place"
PLACE = "geopoint"
HIDDEN = "[…]"
# Between the labels of a select_multiple: labels hold commas and spaces.
BETWEEN = " | "
# As the engine writes numbers; 012 345 678 isn't one.
INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")


@dataclass(slots=True)
class Redactions:
    """How many numbers and addresses were taken out of texts."""

    count: int = 0

    def hide(self) -> str:
        """Return what stands in place of a text that staff hid."""
        self.count += 1
        return HIDDEN

    def clean(self, text: str) -> str:
        """Return the text without them."""
        cleaned, found = redact(text)
        self.count += found
        return cleaned


@dataclass(frozen=True, slots=True)
class Frame:
    """The columns of an export, and how its rows are filled."""

    variables: tuple[Variable, ...]
    voiced: frozenset[str]
    export_id: Callable[[str], str]
    about: Mapping[str, Variable]
    redactions: Redactions
    person_id: Callable[[str], str] = str
    is_of_reports: bool = False

    def header(self) -> list[str]:
        """Return the names of the columns."""
        return [*METADATA, *PROFILE, *self.fixed, *self.names()]

    @property
    def fixed(self) -> tuple[str, ...]:
        """The columns of what a report is about, where these are reports."""
        return DIALOGUE if self.is_of_reports else ()

    def names(self) -> list[str]:
        """Return the names of the columns of answers."""
        return [name for v in self.variables for name in self._names(v)]

    def _names(self, variable: Variable) -> list[str]:
        return [*variable.columns, *self._beside(variable, variable.name)]

    def _beside(self, variable: Variable, name: str) -> list[str]:
        """Return the columns of what is known beside a value: was it spoken, chosen by name."""
        if variable.kind == PLACE:
            return [PLACE_COLUMN.format(name=name)]
        return [VOICE_COLUMN.format(name=name)] if self._has_voice(variable) else []

    def _has_voice(self, variable: Variable) -> bool:
        return variable.kind == "text" and variable.path in self.voiced

    def labels_header(self, language: str) -> list[str]:
        """Return the columns as people read them."""
        names: list[str] = [*METADATA, *PROFILE, *self.fixed]
        for variable in self.variables:
            question = variable.label(language)
            codes = [option.value for option in variable.options]
            split = codes if variable.kind == "select_multiple" else []
            choices = [f"{question}/{variable.show(code, language)}" for code in split]
            names += [question, *choices, *self._beside(variable, question)]
        return names

    def codes(self, response: Response) -> Row:
        """Return a response as codes; of a withdrawn one only that it is."""
        row: Row = [*self._metadata(response), *self._profile(response)]
        row = [*row, *self.about_dialogue(response), *self.answers(response)]
        return self._tombstone(response, row) if response.withdrawn else row

    def _tombstone(self, response: Response, row: Row) -> Row:
        kept = {"_id": self.export_id(response.interview_id), "_status": "withdrawn"}
        return [*map(kept.get, METADATA), *[None] * (len(row) - len(METADATA))]

    def about_dialogue(self, response: Response) -> Row:
        """Return what a report is about; nothing where these are no reports."""
        if not self.is_of_reports:
            return []
        found = response.report or Reported()
        return [found.dialogue, found.level, found.province, found.held_on, found.quarter,
                found.side]  # fmt: skip

    def answers(self, response: Response) -> Row:
        """Return the answers of a response as codes."""
        row: Row = []
        for variable in self.variables:
            known = response.version in variable.versions
            value = response.values.get(variable.path, "") if known else ""
            row += self._cells(variable, value, response)
        return row

    def _metadata(self, response: Response) -> Row:
        at = response.at.astimezone(PHNOM_PENH)
        return [
            self.export_id(response.interview_id),
            at.date().isoformat() if response.is_ballot else at.isoformat(timespec="seconds"),
            "complete" if response.complete else "partial",
            response.version,
            response.language or None,
            response.mode,
            response.event,
            self.person_id(response.linked_to) if response.linked_to else None,
        ]

    def _profile(self, response: Response) -> Row:
        said = response.about
        return [response.sector, response.province, said.get("sex"), said.get("age_group")]

    def _cells(self, variable: Variable, value: str, response: Response) -> Row:
        """Return the cells of a value; of a sound that isn't written down yet only that it is."""
        is_sound = is_voice(value)
        text = "" if is_sound else value
        if variable.path in response.hidden:
            text = self.redactions.hide()
        cells: Row = [self._cell(variable, text), *_chosen(variable, text)]
        if self._has_voice(variable):
            was_spoken = is_sound or variable.path in response.spoken
            cells.append(int(was_spoken) if value else None)
        if variable.kind == PLACE:
            cells.append(response.places.get(variable.path) if value else None)
        return cells

    def _cell(self, variable: Variable, text: str) -> Cell:
        """Return a value as it is; what isn't a code, a number or a date is a text: cleaned."""
        if not text:
            return None
        if variable.options and all(code in variable.by_code for code in _codes(variable, text)):
            return text
        if variable.kind == PLACE:
            return text
        cell = typed(variable.kind, text)
        return self.redactions.clean(cell) if isinstance(cell, str) else cell

    def labels(self, row: Sequence[Cell], language: str) -> Row:
        """Return a row of codes as people read it."""
        shown: Row = list(row[: len(METADATA)])
        about = zip(PROFILE, row[len(METADATA) :], strict=False)
        shown += [self._about(name, cell, language) for name, cell in about]
        at = len(METADATA) + len(PROFILE)
        shown += row[at : at + len(self.fixed)]
        at += len(self.fixed)
        for variable in self.variables:
            width = len(self._names(variable))
            beside = [_named(variable, cell, language) for cell in row[at + 1 : at + width]]
            shown += [_label(variable, row[at], language), *beside]
            at += width
        return shown

    def _about(self, name: str, cell: Cell, language: str) -> Cell:
        variable = self.about.get(name.removeprefix("_"))
        return variable.show(cell, language) if variable and isinstance(cell, str) else cell


def _chosen(variable: Variable, text: str) -> Row:
    """Return 1 or 0 for each choice of a select_multiple, blank where it wasn't answered."""
    if variable.kind != "select_multiple":
        return []
    chosen = text.split()
    return [int(option.value in chosen) if chosen else None for option in variable.options]


def typed(kind: str, text: str) -> Cell:
    """Return a value as a number or a date where it is one; anything else stays text."""
    if kind in {"integer", CALCULATE}:
        return _number(text)
    try:
        return dt.date.fromisoformat(text) if kind == "date" else text
    except ValueError:
        return text


def _number(text: str) -> Cell:
    if INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if DECIMAL.fullmatch(text) else text


def _named(variable: Variable, cell: Cell, language: str) -> Cell:
    """Return the code of a place as its name, which begins with the smallest."""
    is_place = variable.kind == PLACE and isinstance(cell, str)
    return gazetteer.whole_name(str(cell), language) if is_place else cell


def _codes(variable: Variable, text: str) -> list[str]:
    return text.split() if variable.kind == "select_multiple" else [text]


def _label(variable: Variable, cell: Cell, language: str) -> Cell:
    if not variable.options or not isinstance(cell, str):
        return cell
    return BETWEEN.join(variable.show(code, language) for code in _codes(variable, cell))
