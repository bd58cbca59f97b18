"""A form's questions and choices as files of sound, in languages that are seldom written too.

They lie in FORM-media/audio/LANGUAGE, named after questions and choices: `why.ogg`, `yn.yes.ogg`.
The consent, which is asked before all forms, lies beside the profile. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from surveys.attachments import SHOWN
from surveys.definition import Choice, Form, Label, Question
from surveys.language import LANGUAGES

# Spoken in Ratanakiri, by their codes in ISO 639-3: in Khmer and in English.
SPOKEN: dict[str, tuple[str, str]] = {
    "tpu": ("ទំពួន", "Tampuan"),
    "jra": ("ចារាយ", "Jarai"),
    "krr": ("គ្រឹង", "Kreung"),
    "brb": ("ព្រៅ", "Brao"),
}
# Khmer and English can be recorded so too, where a form names no sounds of its own.
PACKS = (*SPOKEN, *LANGUAGES)
FOLDER = "audio"
# Longer lists are found by typing; nobody listens to them.
MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class Recording:
    """What is to be spoken: the name of its file without its ending, and the text."""

    stem: str
    text: Label


def stem_of(question: Question, choice: Choice) -> str:
    """Return how a choice's file is called: after its list, so that it is spoken once."""
    return f"{choice.list_name or question.name}.{choice.value}"


def recorded(attached: frozenset[str], language: str, stem: str) -> str:
    """Return the file that speaks a question or choice; blank where there is none."""
    names = (f"{FOLDER}/{language}/{stem}.{ending}" for ending in SHOWN["audio"])
    return next((name for name in names if name in attached), "")


def languages(attached: frozenset[str]) -> tuple[str, ...]:
    """Return the languages in which anything of a form is recorded by itself."""
    beginnings = {name.rpartition("/")[0] for name in attached}
    return tuple(code for code in PACKS if f"{FOLDER}/{code}" in beginnings)


def has_sound(form: Form) -> bool:
    """Tell whether anything of a form can be heard."""
    return any(file.kind == "audio" for file in form.files) or bool(languages(form.attached))


def consent_stem(version: str) -> str:
    """Return how the file of a consent is called: a new text is recorded anew."""
    return f"consent-{version}"


def to_record(form: Form) -> list[Recording]:
    """Return what is to be spoken of a form, in its order, each once."""
    found = {one.stem: one for question in form.questions for one in _of(question)}
    return list(found.values())


def _of(question: Question) -> Iterator[Recording]:
    yield Recording(question.name, question.label)
    if len(question.choices) <= MOST_CHOICES:
        for choice in question.choices:
            yield Recording(stem_of(question, choice), choice.label)
