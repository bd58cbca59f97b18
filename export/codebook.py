"""The variables of a form over all its versions: names, columns, labels, choices. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from surveys.form import Form, Label, Node, Question
from surveys.language import EN, KM

LANGUAGES = (EN, KM)
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """A choice: the code that is its identity, and its newest label by language."""

    value: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class Variable:
    """What one node of a form becomes in the export."""

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


class NoAnswers:
    """The context in which a label is shown in a codebook, where nobody has answered."""

    now = None

    def value(self, path: str) -> str:
        """Show a reference to another answer as its name."""
        return f"[{path.rsplit('/', 1)[-1]}]"

    def choice_label(self, _: str, value: str) -> str:
        """Show a reference to a choice as its code."""
        return value


def variables(versions: Sequence[Form]) -> tuple[Variable, ...]:
    """Return the variables of all versions, oldest first: the newest's order, then what is gone."""
    newest_first = tuple(reversed(versions))
    nodes = {node.path: node for form in newest_first for node in _leaves(form)}
    names = [node.name for node in nodes.values()]
    return tuple(
        _variable(node, node.name if names.count(node.name) == 1 else node.path[1:], newest_first)
        for node in nodes.values()
    )


def _leaves(form: Form) -> list[Node]:
    """Return the nodes that hold values: those asked and those calculated."""
    asked = [question.node for question in form.asked]
    computed = [node for node in form.nodes.values() if node.calculate and _is_named(node)]
    order = {path: at for at, path in enumerate(form.nodes)}
    return sorted({n.path: n for n in [*asked, *computed]}.values(), key=lambda n: order[n.path])


def _is_named(node: Node) -> bool:
    return "/meta/" not in node.path


def _variable(node: Node, name: str, newest_first: Sequence[Form]) -> Variable:
    questions = [form.by_path[node.path] for form in newest_first if node.path in form.by_path]
    newest = questions[0] if questions else None
    options = _options(questions)
    return Variable(
        name,
        node.path,
        newest.kind if newest else "calculate",
        texts(newest.label) if newest else {},
        options,
        node.relevant.source if node.relevant else "",
        tuple(form.version for form in reversed(newest_first) if node.path in form.nodes),
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
    return {code: label.text(code, NoAnswers()) for code in LANGUAGES}  # type: ignore[arg-type]
