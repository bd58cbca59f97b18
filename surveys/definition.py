"""A form once it is compiled, with what is worked out of it once. Plain data.

The words are those of https://getodk.github.io/xforms-spec/.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from surveys.parts import (
    Action,
    Bounds,
    Choice,
    Itemset,
    Label,
    NamedFile,
    Node,
    Question,
    Repeat,
)
from surveys.xpath import Context, Expression, Model, TreeNode
from surveys.xpath.values import Value

__all__ = [
    "Action",
    "Bounds",
    "Choice",
    "Form",
    "Itemset",
    "Label",
    "NamedFile",
    "Node",
    "Question",
    "Repeat",
    "Rules",
    "plain",
]
POSITION = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a node's relevance and value, ready to run; its choices limit what it holds."""

    type: str
    relevant: Callable[[Context], Value] | None
    calculate: Expression | None
    limited: Question | None


def _rules(node: Node, limited: Question | None) -> Rules | None:
    if node.relevant is None and node.calculate is None and limited is None:
        return None
    relevant = node.relevant.run if node.relevant else None
    return Rules(node.type, relevant, node.calculate, limited)


@dataclass(frozen=True, repr=False)
class Form:
    """A compiled form. Never changes; an interview keeps the version it began with.

    `nodes` come in the order of the form, `order` holds their paths as they are computed: each
    after all it depends on. `attributes` are those of the primary instance, `namespaces` those of
    its nodes by path, where they aren't the XForm's own. `files` are the pictures and sounds that
    its texts name, `attached` the names of all files that came with it.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    nodes: Mapping[str, Node]
    order: tuple[str, ...]
    questions: tuple[Question, ...]
    group_labels: Mapping[str, Label] = field(default_factory=dict)
    repeats: Mapping[str, Repeat] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()
    texts: Mapping[str, Label] = field(default_factory=dict)
    lists: Mapping[str, TreeNode] = field(default_factory=dict)
    model: Model = field(default_factory=Model)
    calls: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    namespaces: Mapping[str, str] = field(default_factory=dict)
    files: tuple[NamedFile, ...] = ()
    attached: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Form({self.form_id!r}, {self.version!r})"

    @cached_property
    def by_path(self) -> Mapping[str, Question]:
        """Questions by the path of their node."""
        return {question.node.path: question for question in self.questions}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that take an answer, in the order of the form."""
        return tuple(question for question in self.questions if question.kind != "note")

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """Questions by name, for the export and for presets."""
        return {question.name: question for question in self.questions}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of the nodes right below each node, in the order of the form."""
        below: dict[str, list[str]] = {}
        for node in self.nodes.values():
            below.setdefault(node.parent, []).append(node.path)
        return {path: tuple(paths) for path, paths in below.items()}

    @cached_property
    def plan(self) -> tuple[tuple[int, str, str, int], ...]:
        """The nodes outside repeats: number, name, path, and which of them it stands below."""
        found = [n for n in self.nodes.values() if not self.model.repeat_of(n.path)]
        places = {node.path: place for place, node in enumerate(found)}
        slots = self.model.slots
        return tuple((slots[n.path], n.name, n.path, places.get(n.parent, -1)) for n in found)

    @cached_property
    def steps(self) -> tuple[tuple[int, str, str, Rules | None], ...]:
        """The nodes in the order they are computed: number, path, default, and rules if any."""
        limited = {q.node.path: q for q in self.questions if self._limits(q)}
        nodes = [self.nodes[path] for path in self.order]
        slots = self.model.slots
        return tuple(
            (slots[n.path], n.path, n.default, _rules(n, limited.get(n.path))) for n in nodes
        )

    def _limits(self, question: Question) -> bool:
        """Tell whether only what is offered can be chosen; of a missing list nobody knows."""
        if question.itemset is None:
            return bool(question.choices)
        return question.itemset.nodes.instances <= self.lists.keys()

    @cached_property
    def codes(self) -> Mapping[str, frozenset[str]]:
        """The values of the choices that are always offered, by the path of the question."""
        lists = {q.node.path: q.choices for q in self.questions if q.itemset is None}
        return {path: frozenset(c.value for c in choices) for path, choices in lists.items()}

    @cached_property
    def once(self) -> tuple[str, ...]:
        """The nodes that are computed only once."""
        computed = ((n.path, n.calculate) for n in self.nodes.values())
        return tuple(path for path, rule in computed if rule and "once" in rule.calls)

    @cached_property
    def has_effects(self) -> bool:
        """Whether an answer may change values beside its own."""
        is_counted = any(repeat.count for repeat in self.repeats.values())
        return bool(self.actions or self.once or is_counted)

    @cached_property
    def has_readonly(self) -> bool:
        """Whether answers decide if a question is asked or only shown."""
        rules = (question.node.readonly for question in self.questions)
        return any(rule and rule.source not in {"true()", "false()"} for rule in rules)

    @cached_property
    def is_conditional(self) -> bool:
        """Whether an answer may open or close other questions."""
        rules = any(node.relevant or node.readonly for node in self.nodes.values())
        return rules or bool(self.repeats) or any(q.itemset for q in self.questions)

    def question(self, path: str) -> Question:
        """Return the question at a path, with positions where it stands in a repeat."""
        found = self.by_path.get(path)
        if found is not None:
            return found
        return replace(self.by_path[plain(path)], at=path)


def plain(path: str) -> str:
    """Return a path without positions.

    >>> plain("/data/member[2]/age")
    '/data/member/age'
    """
    return POSITION.sub("", path) if "[" in path else path
