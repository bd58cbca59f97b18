"""What is still to be recorded of a form, for whoever speaks it in a language seldom written."""

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.form import Form
from surveys.language import EN, KM
from surveys.spoken import FOLDER, languages, recorded, to_record

# What phones record, and Telegram plays as a voice note.
ENDING = "ogg"


@dataclass(frozen=True, slots=True)
class Line:
    """A file of the checklist: its name in the form's folder, what it says, and if it's there."""

    name: str
    khmer: str
    english: str
    is_there: bool

    def __str__(self) -> str:
        mark = "✓" if self.is_there else "–"
        return "\t".join((mark, self.name, *map(_on_one_line, (self.khmer, self.english))))


def checklist(form: Form, language: str | None) -> list[Line]:
    """Return what is to be recorded in a language, or in all that were begun."""
    wanted = [language] if language else languages(form.attached)
    return [line for code in wanted for line in _lines(form, code)]


def _lines(form: Form, language: str) -> Iterator[Line]:
    for one in to_record(form):
        there = recorded(form.attached, language, one.stem)
        name = there or f"{FOLDER}/{language}/{one.stem}.{ENDING}"
        yield Line(name, one.text.outline(KM), one.text.outline(EN), there != "")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
