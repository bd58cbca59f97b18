"""What is still to be recorded of a form, for whoever speaks it in a language seldom written."""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers import texts
from handlers.consent import CONSENT_VERSION
from surveys.form import Form
from surveys.instruments import PROFILE
from surveys.language import EN, KM
from surveys.spoken import FOLDER, consent_stem, languages, recorded, to_record

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
    if form.form_id == PROFILE:
        stem = consent_stem(CONSENT_VERSION)
        yield _line(form, language, stem, texts.say(KM, "consent"), texts.say(EN, "consent"))
    for one in to_record(form):
        yield _line(form, language, one.stem, one.text.outline(KM), one.text.outline(EN))


def _line(form: Form, language: str, stem: str, khmer: str, english: str) -> Line:
    there = recorded(form.attached, language, stem)
    name = there or f"{FOLDER}/{language}/{stem}.{ENDING}"
    return Line(name, khmer, english, there != "")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
