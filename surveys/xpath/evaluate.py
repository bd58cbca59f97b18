"""Syntax tree → closure. A form's expressions are compiled once and run on every answer."""

import datetime as dt
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from surveys.errors import ExpressionError
from surveys.xpath.functions import FUNCTIONS, NODE_SETS, pattern_fault
from surveys.xpath.syntax import Binary, Call, Literal, Negate, Node, Number, Path, parse
from surveys.xpath.values import (
    Value,
    different,
    equal,
    ordered,
    to_boolean,
    to_number,
    to_string,
)


class Context(Protocol):
    """What an expression may ask of the interview it runs in."""

    now: dt.datetime

    def value(self, path: str) -> str:
        """Return the value of a node, blank where it isn't relevant."""

    def choice_label(self, path: str, value: str) -> str:
        """Return the label of a choice in the language of the interview."""


Closure = Callable[[Context], Value]
# Operators and calls within each other: a taller tree could exhaust Python's stack when it runs.
TALLEST = 200


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: its text, the nodes it reads, and what it computes."""

    source: str
    references: frozenset[str]
    run: Closure

    def boolean(self, context: Context) -> bool:
        """Evaluate to true or false."""
        return to_boolean(self.run(context))

    def string(self, context: Context) -> str:
        """Evaluate to text; a number that isn't one is blank, as the reference engines store it."""
        value = self.run(context)
        return "" if isinstance(value, float) and math.isnan(value) else to_string(value)


def compile_expression(source: str, at: str) -> Expression:
    """Compile an expression that stands on the node `at` (an absolute path)."""
    compiler = Compiler(at)
    run = compiler.closure(parse(source))
    return Expression(source.strip(), frozenset(compiler.references), run)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
COMPARISON: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": different,
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
}


def divide(left: float, right: float) -> float:
    """Divide as IEEE 754 does, which XPath 1.0, 3.5 asks for."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def modulo(left: float, right: float) -> float:
    """Return the remainder with the sign of the dividend (XPath 1.0, 3.5)."""
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


class Compiler:
    """Turns the nodes of one syntax tree into closures, noting the paths they read."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.references: set[str] = set()
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
            case Path():
                return self.path(node)
            case Call():
                return self.call(node)
            case Binary():
                return self.binary(node)

    def binary(self, node: Binary) -> Closure:
        """Return the closure of an operator; `and` and `or` stop at the first that decides."""
        left, right, op = self.closure(node.left), self.closure(node.right), node.operator
        if op == "and":
            return lambda c: to_boolean(left(c)) and to_boolean(right(c))
        if op == "or":
            return lambda c: to_boolean(left(c)) or to_boolean(right(c))
        if op in COMPARISON:
            compare = COMPARISON[op]
            return lambda c: compare(left(c), right(c))
        compute = {**ARITHMETIC, "div": divide, "mod": modulo}[op]
        return lambda c: compute(to_number(left(c)), to_number(right(c)))

    def call(self, node: Call) -> Closure:
        """Return the closure of a function call, its name and number of arguments checked."""
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise ExpressionError(f"the function {node.name}() isn't known")
        given = len(node.arguments)
        if given < function.least or (function.most is not None and given > function.most):
            raise ExpressionError(f"{node.name}() can't take {given} arguments")
        _check_arguments(node)
        arguments = [self.closure(argument) for argument in node.arguments]
        return lambda c: function.call(c, *[argument(c) for argument in arguments])

    def path(self, node: Path) -> Closure:
        """Return the closure of a location path, resolved against the node it stands on."""
        if node.origin or any(step.predicates or step.name == "*" for step in node.steps):
            raise ExpressionError("lookups in lists and predicates aren't supported")
        target = self.resolve(node)
        self.references.add(target)
        return lambda context: (context.value(target),)

    def resolve(self, node: Path) -> str:
        """Return the absolute path that a path means here."""
        parts = [] if node.absolute else self.at.strip("/").split("/")
        for step in node.steps:
            if step.name == "..":
                if not parts:
                    raise ExpressionError("the path leads out of the form")
                parts.pop()
            elif step.name != ".":
                parts.append(step.name)
        return "/" + "/".join(parts)


def _check_arguments(node: Call) -> None:
    """Refuse arguments that would only fail while somebody is answering."""
    if node.name in NODE_SETS and not isinstance(node.arguments[0], Path):
        raise ExpressionError(f"{node.name}() needs the name of a question")
    if node.name == "regex":
        pattern = node.arguments[1]
        fault = pattern_fault(pattern.value) if isinstance(pattern, Literal) else "it isn't a text"
        if fault:
            raise ExpressionError(f"the pattern of regex() can't be used: {fault}")
