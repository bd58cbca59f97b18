"""Syntax tree → closure. A form's expressions are compiled once and run on every answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from surveys.errors import ExpressionError
from surveys.xpath import paths
from surveys.xpath.context import Context
from surveys.xpath.functions import check_arguments, known
from surveys.xpath.model import NO_MODEL, Model
from surveys.xpath.operators import ARITHMETIC, COMPARISON, ORDER, applied, compared, numeric
from surveys.xpath.paths import Closure, Selector
from surveys.xpath.special import SPECIAL
from surveys.xpath.syntax import (
    PARENT,
    SELF,
    Binary,
    Call,
    Filter,
    Literal,
    Negate,
    Node,
    Number,
    Path,
    Step,
    parse,
)
from surveys.xpath.tokens import UNION
from surveys.xpath.values import (
    Nodes,
    read_number,
    to_boolean,
    to_number,
    to_string,
)

# Operators and calls within each other: a taller tree could exhaust Python's stack when it runs.
TALLEST = 200
EVERY_CHILD = Step("child", "*")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the nodes it reads, and what it computes.

    `references` are paths of nodes, `calls` names of functions, `instances` names of lists.
    """

    source: str
    references: frozenset[str]
    run: Closure
    calls: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()

    def boolean(self, context: Context) -> bool:
        """Evaluate to true or false."""
        return to_boolean(self.run(context))

    def string(self, context: Context) -> str:
        """Evaluate to text; a number that isn't one is blank, as the reference engines store it."""
        value = self.run(context)
        return "" if isinstance(value, float) and math.isnan(value) else to_string(value)

    def nodes(self, context: Context) -> Nodes:
        """Evaluate to a node-set; anything else has no nodes."""
        value = self.run(context)
        return value if isinstance(value, tuple) else ()


def compile_expression(
    source: str, at: str | None = None, model: Model | None = None
) -> Expression:
    """Compile an expression that stands on the node `at` (an absolute path without positions).

    Without a model nothing is known of the form, and every path is walked.
    """
    compiler = Compiler(at, model or NO_MODEL, knows_form=model is not None)
    run = compiler.closure(parse(source))
    return Expression(
        source.strip(),
        frozenset(compiler.references),
        run,
        frozenset(compiler.calls),
        frozenset(compiler.instances),
    )


class Compiler:
    """Turns one syntax tree into closures, noting the nodes, functions and lists it uses.

    `at` is the path of the node that relative paths start from; None where it isn't a node of the
    form, as in a predicate on a secondary instance.
    """

    def __init__(self, at: str | None, model: Model, *, knows_form: bool) -> None:
        self.outside = at
        self.at = at
        self.is_inside = False
        self.model = model
        self.knows_form = knows_form
        self.references: set[str] = set()
        self.calls: set[str] = set()
        self.instances: set[str] = set()
        self.height = 0

    def closure(self, node: Node) -> Closure:
        """Return the closure of a syntax node and all below it."""
        self.height += 1
        if self.height > TALLEST:
            raise ExpressionError("it is too long")
        closure = self.build(node)
        self.height -= 1
        return closure

    def build(self, node: Node) -> Closure:
        """Return the closure that its kind of syntax node has."""
        match node:
            case Number(value) | Literal(value):
                return lambda _: value
            case Negate(operand):
                inner = self.closure(operand)
                return lambda context: -to_number(inner(context))
            case Path() | Filter():
                return self.selector(node)
            case Call():
                return self.call(node)
            case Binary():
                return self.binary(node)

    def binary(self, node: Binary) -> Closure:
        """Return the closure of an operator; `and` and `or` stop at the first that decides."""
        op = node.operator
        if op == UNION:
            return paths.united(self.selector(node.left), self.selector(node.right))
        if op in ARITHMETIC:
            return numeric(ARITHMETIC[op], self.number(node.left), self.number(node.right))
        if op in ORDER and self.is_single(node.left) and self.is_single(node.right):
            return numeric(ORDER[op], self.number(node.left), self.number(node.right))
        left, right = self.closure(node.left), self.closure(node.right)
        if op in {"=", "!="} and isinstance(node.right, Literal):
            return compared(left, node.right.value, is_equal=op == "=")
        if op == "and":
            return lambda c: to_boolean(left(c)) and to_boolean(right(c))
        if op == "or":
            return lambda c: to_boolean(left(c)) or to_boolean(right(c))
        compare = COMPARISON[op]
        return lambda c: compare(left(c), right(c))

    def number(self, node: Node) -> Callable[[Context], float]:
        """Return the closure of an operand as a number, without a detour where it is one node."""
        slot = self.slot(node)
        closure = self.closure(node)
        if slot is None:
            return lambda context: to_number(closure(context))
        return lambda context: read_number(context.slots[slot][0].string())

    def slot(self, node: Node) -> int | None:
        """Return the number of the one node that a path always leads to, or None."""
        if not (isinstance(node, Path) and node.origin is None and self.knows_form):
            return None
        if not all(step.is_plain for step in node.steps) or not (node.absolute or self.at):
            return None
        return self.model.slot(self.resolve("" if node.absolute else self.at or "", node.steps))

    def is_single(self, node: Node) -> bool:
        """Tell whether an operand is one value whatever there is, and never a set of nodes."""
        is_operator = isinstance(node, Binary) and node.operator != UNION
        is_plain = isinstance(node, Number | Literal | Negate)
        return is_operator or is_plain or self.slot(node) is not None

    def call(self, node: Call) -> Closure:
        """Return the closure of a function call, its name and number of arguments checked."""
        self.calls.add(node.name)
        if node.name in SPECIAL:
            return SPECIAL[node.name](self, node)
        function = known(node)
        check_arguments(node)
        return applied(function, [self.closure(argument) for argument in node.arguments])

    def selector(self, node: Node) -> Selector:
        """Return the closure of what must be a node-set."""
        match node:
            case Path(steps, absolute, origin):
                return self.path(steps, absolute, origin)
            case Filter(operand, predicates):
                selected, at = self.selector(operand), self.template(operand)
                return paths.filtered(selected, self.predicates(predicates, at))
            case Binary(operator=op) if op == UNION:
                return paths.united(self.selector(node.left), self.selector(node.right))
            case Call():
                call = self.call(node)
                return lambda context: nodes if isinstance(nodes := call(context), tuple) else ()
        raise ExpressionError("a name of a question must stand before “/” or “[”")

    def path(self, steps: tuple[Step, ...], absolute: bool, origin: Node | None) -> Selector:
        """Return the closure of a location path."""
        is_plain = all(step.is_plain for step in steps)
        if origin is None and is_plain and self.knows_form and (absolute or self.at is not None):
            return self.plain(steps, absolute)
        if origin is not None:
            return self.steps(self.selector(origin), steps, self.template(origin))
        if absolute and self.outside and self.knows_form:
            return self.anchored(steps)
        if absolute:
            root: Selector = lambda context: (context.document.root,)  # noqa: E731
            return self.steps(root, steps, "")
        return self.steps(lambda context: (context.node,), steps, self.at)

    def plain(self, steps: tuple[Step, ...], absolute: bool) -> Selector:
        """Return a path of names and dots, whose one target is known now."""
        target = self.resolve("" if absolute else self.at or "", steps)
        self.references.add(target)
        slot = self.model.slot(target)
        if slot is not None:
            return lambda context: context.slots[slot]
        if absolute:
            return self.near(target)
        return self.steps(lambda context: (context.node,), steps, self.at)

    def near(self, target: str) -> Selector:
        """Return the nodes of a path, in the same instances of the repeats around this node.

        https://getodk.github.io/xforms-spec/#xpath-paths: an absolute path inside a repeat means
        the nodes of that instance.
        """
        shared = self.model.shared_repeat(target, self.outside or "")
        names = target.removeprefix(shared).strip("/").split("/")
        if not shared:
            start: Selector = lambda context: (context.document.root,)  # noqa: E731
        else:
            depth = (self.outside or "").count("/") - shared.count("/")
            start = paths.climb(depth)
        for name in names:
            start = paths.step(start, "child", name, ()) if name else start
        return start

    def anchored(self, steps: tuple[Step, ...]) -> Selector:
        """Return an absolute path with predicates: its plain beginning is a path of its own."""
        plain = next((n for n, step in enumerate(steps) if not step.is_plain), len(steps))
        target = self.resolve("", steps[:plain])
        if not plain:
            return self.steps(lambda context: (context.document.root,), steps, "")
        self.references.add(target)
        # The step before a predicate names all nodes, not only the one around this node.
        parent, step = target.rpartition("/")[0], steps[plain - 1]
        start = self.near(parent) if parent else None
        begin = start or (lambda context: (context.document.root,))
        return self.steps(begin, (step, *steps[plain:]), parent)

    def steps(self, start: Selector, steps: tuple[Step, ...], at: str | None) -> Selector:
        """Return a path step by step; `at` is the form's path so far, where it is one."""
        selector = start
        for step in steps:
            at = self.after(at, step)
            predicates = self.predicates(step.predicates, at)
            selector = paths.step(selector, step.axis, step.name, predicates)
        if at and self.knows_form:
            self.references.add(at)
        return selector

    def after(self, at: str | None, step: Step) -> str | None:
        """Return the form's path after a step, as far as it can be known."""
        bare = Step(step.axis, step.name)
        if at is not None and bare == EVERY_CHILD:
            below = (path for path in self.model.slots if path.rpartition("/")[0] == at)
            self.references.update(path for path in below if path != self.outside)
        if at is None or not bare.is_plain:
            return None
        return self.resolve(at, (bare,)) if self.knows_form else None

    def predicates(self, tests: tuple[Node, ...], at: str | None) -> list[Closure]:
        """Return the closures of predicates on the nodes of a path."""
        before, self.at = self.at, at
        was_inside, self.is_inside = self.is_inside, True
        closures = [self.closure(test) for test in tests]
        self.at, self.is_inside = before, was_inside
        return closures

    def template(self, node: Node) -> str | None:
        """Return the form's path that a node-set stands for, as far as it can be known."""
        if isinstance(node, Call) and node.name == "current":
            return self.outside
        if isinstance(node, Path) and node.origin is None and self.knows_form:
            at: str | None = "" if node.absolute else self.at
            for step in node.steps:
                at = self.after(at, step)
            return at
        return None

    def resolve(self, at: str, steps: tuple[Step, ...]) -> str:
        """Return the absolute path that plain steps lead to."""
        parts = [part for part in at.split("/") if part]
        for step in steps:
            if step == PARENT:
                if not parts:
                    raise ExpressionError("the path leads out of the form")
                parts.pop()
            elif step != SELF:
                parts.append(step.name)
        return "/" + "/".join(parts)
