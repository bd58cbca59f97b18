"""The variables of a form over all its versions: names, columns, labels, choices. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surveys.form import Form, Label, Node, Question
from surveys.language import EN, KM

LANGUAGES = (EN, KM)
CALCULATE = "calculate"
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: the code that is its identity, and its newest label by language."""

    value: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class Variable:
    """What one node of a form becomes in the export; `versions` are those whose values it holds."""

    name: str
    path: str
    kind: str
    labels: Texts
    options: tuple[Option, ...] = ()
    asked_if: str = ""
    versions: tuple[str, ...] = ()
    by_code: Mapping[str, Option] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns: `q`, and `q/choice` for each choice of a select_multiple."""
        if self.kind != "select_multiple":
            return (self.name,)
        return (self.name, *(f"{self.name}/{option.value}" for option in self.options))

    def label(self, language: str) -> str:
        """Return the question's text, or its name where it has none."""
        return self.labels.get(language) or self.name

    def show(self, code: str, language: str) -> str:
        """Return the label of a code; a code that no version knows stands for itself."""
        option = self.by_code.get(code)
        return option.labels.get(language, code) if option else code


def variables(versions: Sequence[Form]) -> tuple[Variable, ...]:
    """Return the variables of all versions: the newest's order, then what is gone.

    A node that changed its kind is two variables, so that no value is read as what it wasn't.
    """
    found: dict[tuple[str, str], list[Form]] = {}
    for form in reversed(versions):
        for node in _leaves(form):
            found.setdefault((node.path, _kind(form, node.path)), []).append(form)
    newest = dict(reversed(found))
    names = [path.rsplit("/", 1)[-1] for path in newest]
    return tuple(
        _variable(path, kind, _name(path, names, "" if newest[path] == kind else forms[0].version),
                  forms)
        for (path, kind), forms in found.items()
    )  # fmt: skip


def _name(path: str, names: Sequence[str], version: str) -> str:
    """Return the name of a column: the author's where it is the only one; an older kind's ends so.

    A name that begins like our own columns (_id) stands with its path.
    """
    own = path.rsplit("/", 1)[-1]
    name = own if names.count(own) == 1 and not own.startswith("_") else path[1:]
    return f"{name}__{version}" if version else name


def _leaves(form: Form) -> list[Node]:
    """Return the nodes that hold values: those asked and those calculated."""
    asked = [question.node for question in form.asked]
    computed = [node for node in form.nodes.values() if node.calculate and _is_named(node)]
    order = {path: at for at, path in enumerate(form.nodes)}
    return sorted({n.path: n for n in [*asked, *computed]}.values(), key=lambda n: order[n.path])


def _is_named(node: Node) -> bool:
    return "/meta/" not in node.path


def _kind(form: Form, path: str) -> str:
    question = form.by_path.get(path)
    return question.kind if question else CALCULATE


def _variable(path: str, kind: str, name: str, newest_first: Sequence[Form]) -> Variable:
    questions = [form.by_path[path] for form in newest_first if path in form.by_path]
    options = _options(questions)
    relevant = newest_first[0].nodes[path].relevant
    return Variable(
        name,
        path,
        kind,
        texts(questions[0].label) if questions else {},
        options,
        relevant.source if relevant else "",
        tuple(form.version for form in reversed(newest_first)),
        {option.value: option for option in options},
    )


def _options(questions: Iterable[Question]) -> tuple[Option, ...]:
    """Return the choices of all versions, each with its newest label."""
    options: dict[str, Option] = {}
    for question in questions:
        for choice in question.choices:
            options.setdefault(choice.value, Option(choice.value, texts(choice.label)))
    return tuple(options.values())


def texts(label: Label) -> Texts:
    """Return a label in each language."""
    return {code: label.outline(code) for code in LANGUAGES}
