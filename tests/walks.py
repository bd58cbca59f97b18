"""Walks through public forms, and what two reference engines say after each step.

Used by tests/conformance.py; the format stands in the README of the facts.
"""

import datetime as dt
import functools
import json
import re
from pathlib import Path
from typing import Any

from surveys import setting
from surveys.datatypes import accepts
from surveys.definition import Form, Label, plain
from surveys.form import compile_form
from surveys.instance import Instance, World
from surveys.language import heading_language
from surveys.xpath import Context
from tests.expressions import Score

# Labels are compared without marks of Markdown or HTML, and with blanks folded.
MARKS = re.compile(r"[*_#<>&;\\]|\b(?:nbsp|amp|lt|gt)\b")
Facts = dict[tuple[str, str], Any]


class Walker:
    """Drives one form by paths, as a reference engine's tests do: anything may be set."""

    def __init__(self, form: Form, world: World) -> None:
        self.form = form
        self.world = world
        self.values = setting.at_first(form, {}, world)

    @property
    def instance(self) -> Instance:
        return Instance(self.form, self.values, self.world)

    def set(self, path: str, value: str) -> bool:
        """Give an answer; return whether it was accepted."""
        type_ = self.form.nodes[plain(path)].type
        question = self.form.by_path.get(plain(path))
        values = {**self.values, path: value}
        instance = Instance(self.form, values, self.world)
        is_met = question is None or instance.satisfied(self.form.question(path))
        if not accepts(type_, value) or not is_met:
            return False
        self.grow({**setting.after_change(self.form, values, self.world, path)})
        return True

    def add(self, path: str) -> None:
        """Add an instance to a repeat, named with the positions of those around it."""
        count = sum(p.rpartition("[")[0] == path for p in self.instance.instances())
        self.grow({**self.values, path: str(count + 1)})

    def grow(self, values: dict[str, str]) -> None:
        before = self.instance.instances()
        new = Instance(self.form, values, self.world).instances() - before
        self.values = setting.after_growth(self.form, values, self.world, sorted(new))


def compare_walks(folder: Path, show: int) -> tuple[Score, Score]:
    """Return the score of all facts after each step, and of those that changed in it."""
    standing, changed = Score(), Score()
    for line in (folder / "walks.jsonl").read_text("utf-8").splitlines():
        compare_walk(json.loads(line), folder, standing, changed, show)
    return standing, changed


def compare_walk(
    walk: dict[str, Any], folder: Path, standing: Score, changed: Score, show: int
) -> None:
    form = compiled(folder / "forms" / walk["form"])
    facts: Facts = {}
    walker: Walker | None = None
    if form is not None:
        language = heading_language(walk["lang"]) or walk["lang"]
        walker = Walker(form, World(dt.datetime.fromisoformat(walk["now"]), language))
    for number, delta in enumerate(walk["delta"]):
        told = step(walker, walk["steps"][number - 1]) if number else None
        new = {(kind, path) for kind, path, _ in delta}
        for kind, path, value in delta:
            facts[kind, path] = value
        facts = {key: value for key, value in facts.items() if value is not None}
        instance = walker.instance if walker else None
        if told is not None:
            changed.count("accepted", told, show, walk["form"], walk["steps"][number - 1])
        for (kind, path), value in facts.items():
            got = say(instance, kind, path) if instance else None
            is_right = same(kind, got, value) or is_number(walker, path, got, value)
            what = (walk["form"], number, path, got, value)
            standing.count(kind, is_right, 0)
            if (kind, path) in new:
                changed.count(kind, is_right, show, *what)


@functools.cache
def compiled(path: Path) -> Form | None:
    """Return a form, or None where it is refused."""
    form, _ = compile_form(path.read_text("utf-8"))
    return form


def step(walker: Walker | None, what: list[Any]) -> bool:
    """Take a step; tell whether an answer was accepted where the references accept it."""
    if walker is None:
        return False
    if what[0] == "add":
        walker.add(what[1])
        return True
    return walker.set(what[1], what[2]) == what[3]


def say(instance: Instance, kind: str, path: str) -> Any:
    """Return what this engine says of a fact."""
    if not instance.has(path):
        return None
    match kind:
        case "R":
            return instance.relevant(path)
        case "V":
            return instance.value(path)
    question = instance.form.by_path.get(plain(path))
    if question is None:
        return False if kind == "A" else None
    question = instance.form.question(path)
    language = instance.language
    match kind:
        case "A":
            return instance.relevant(path)
        case "Q":
            return instance.required(question)
        case "C":
            return [choice.value for choice in instance.choices(question)]
        case "CL":
            context = instance.at(path)
            return [worded(c.label, language, context) for c in instance.choices(question)]
    return worded(question.label, language, instance.at(path))


def worded(label: Label, language: str, context: Context) -> str:
    """Return a label as the references do: "-" where pyxform found no translation.

    This engine takes another language's text instead, which nobody has to guess at.
    """
    is_there = not label.parts or language in label.parts or "" in label.parts
    return label.text(language, context) if is_there else "-"


def same(kind: str, got: Any, expected: Any) -> bool:
    if kind == "L":
        return got is not None and folded(got) == folded(expected)
    if kind == "CL":
        return got is not None and list(map(folded, got)) == list(map(folded, expected))
    return bool(got == expected)


def is_number(walker: Walker | None, path: str, got: Any, expected: Any) -> bool:
    """Tell whether two texts are the same decimal: 1 and 1.0, whose value space is the same."""
    is_decimal = walker is not None and walker.form.nodes[plain(path)].type == "decimal"
    try:
        return is_decimal and float(got) == float(expected)
    except (TypeError, ValueError):
        return False


def folded(text: str) -> str:
    return " ".join(MARKS.sub(" ", text).split())
