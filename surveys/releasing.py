"""What keeps a form from being released, though it can be asked: for whoever wrote it. Pure.

Both languages must be complete, the files there, and nothing sensitive asked.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from surveys import sensitive
from surveys.definition import Form, Label, Question
from surveys.errors import FormError
from surveys.language import LANGUAGES
from surveys.messages import form_error


@dataclass(frozen=True, slots=True)
class Place:
    """A text of a form, and where its author finds it: path of a node, or list/value."""

    label: Label
    at: str
    column: str
    sheet: str = "survey"

    def error(self, key: str, **values: object) -> FormError:
        """Return what is wrong with the text."""
        return form_error(key, self.at, self.sheet, self.column, **values)


def obstacles(form: Form, rows: Mapping[str, int]) -> tuple[FormError, ...]:
    """Return everything in the texts of a form that keeps it from being released, with its row."""
    return placed(in_texts(form), rows)


def in_texts(form: Form) -> tuple[FormError, ...]:
    """Return the same without rows."""
    lacking = [code for code in LANGUAGES if code not in form.languages]
    found = [form_error("release.language", sheet="settings", language=c) for c in lacking]
    places = list(_places(form))
    if not lacking:
        found += [error for place in places for error in _untranslated(place)]
    found += [error for place in places for error in _sensitive(place)]
    return tuple(dict.fromkeys(found))


def in_files(missing: Collection[str]) -> tuple[FormError, ...]:
    """Return the files that a form names and that aren't there."""
    return tuple(form_error("release.file", sheet="media", what=name) for name in missing)


def placed(errors: Collection[FormError], rows: Mapping[str, int]) -> tuple[FormError, ...]:
    """Add the rows where the texts stand in the file."""
    return tuple(replace(error, row=rows.get(_name(error))) for error in errors)


def _name(error: FormError) -> str:
    return error.problem.partition("”")[0].removeprefix("“")


def _places(form: Form) -> Iterator[Place]:
    read: set[str] = set()
    for path, label in form.group_labels.items():
        yield Place(label, path, "label")
    for question in form.questions:
        node = question.node
        yield Place(question.label, node.path, "label")
        others = {
            "hint": question.hint,
            "guidance_hint": question.guidance,
            "constraint_message": node.constraint_message,
            "required_message": node.required_message,
        }
        for column, text in others.items():
            if text:
                yield Place(text, node.path, column)
        yield from _choices(question, read)


def _choices(question: Question, read: set[str]) -> Iterator[Place]:
    """Yield the choices of a question, those of a list only once."""
    if question.choices and question.choices[0].list_name not in read:
        for choice in question.choices:
            at = f"{choice.list_name or question.name}/{choice.value}"
            yield Place(choice.label, at, "label", "choices")
    read |= {choice.list_name for choice in question.choices[:1] if choice.list_name}


def _untranslated(place: Place) -> Iterator[FormError]:
    """Yield the languages in which a text is missing.

    One without any text shows nothing; the names in a file of choices are as the file has them.
    """
    if place.sheet == "choices" and "" in place.label.parts:
        return
    what = place.column.replace("_", " ")
    for code in LANGUAGES if place.label.parts else ():
        if not place.label.parts.get(code):
            yield place.error("release.translation", what=what, language=code)


def _sensitive(place: Place) -> Iterator[FormError]:
    texts = {
        " ".join(part for part in parts if isinstance(part, str))
        for parts in place.label.parts.values()
    }
    for text in sorted(texts):
        for words, why in sensitive.found(text).items():
            yield place.error(f"release.sensitive:{why}", what=words)
