"""The grammar of XForms expressions: text → syntax tree.

The subset of XPath 1.0 that the ODK XForms specification names
(https://getodk.github.io/xforms-spec/#xpath-expressions): no axes but child, self and parent.
"""

import re
from dataclasses import dataclass, field

from surveys.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Number:
    """A numeric literal."""

    value: float


@dataclass(frozen=True, slots=True)
class Literal:
    """A string literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a name, ".", ".." or "*", with its predicates."""

    name: str
    predicates: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A location path, from the root, from the context node, or from what a call returns."""

    steps: tuple[Step, ...]
    absolute: bool = False
    origin: "Call | None" = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two expressions."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Negate:
    """Unary minus."""

    operand: "Node"


Node = Number | Literal | Path | Call | Binary | Negate

# https://www.w3.org/TR/REC-xml-names/#NT-NCName, as pyxform allows it in names: Khmer too.
START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
NAME = rf"[{START}][{START}\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
TOKEN = re.compile(
    rf"""\s*(?:
      (?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<name>{NAME}(?::{NAME})?)
    | (?P<symbol>\.\.|//|!=|<=|>=|[()\[\],/.@*+\-=<>|])
    )""",
    re.VERBOSE,
)
# More brackets within brackets would exhaust Python's stack.
DEEPEST = 40
WORD_OPERATORS = {"and", "or", "div", "mod"}
# Loosest first; every operator is left-associative.
PRECEDENCE = (
    ("or",),
    ("and",),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("+", "-"),
    ("*", "div", "mod"),
)
# After one of these a name is a name and not an operator (XPath 1.0, 3.7 Lexical Structure).
BEFORE_OPERAND = {"", "(", "[", ",", "/", "//", "@", *(op for row in PRECEDENCE for op in row)}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression."""

    kind: str
    text: str


def tokenize(source: str) -> list[Token]:
    """Split an expression into tokens; raise ExpressionError where it can't be read."""
    tokens: list[Token] = []
    position = 0
    end = len(source.rstrip())
    while position < end:
        match = TOKEN.match(source, position)
        if not match or match.lastgroup is None:
            raise ExpressionError(f"can't read “{source[position:].strip()[:20]}”")
        tokens.append(_token(match.lastgroup, match[match.lastgroup], tokens))
        position = match.end()
    return tokens


def _token(kind: str, text: str, before: list[Token]) -> Token:
    previous = before[-1] if before else Token("operator", "")
    starts_operand = previous.kind in {"operator", "symbol"} and previous.text in BEFORE_OPERAND
    if kind == "name" and text in WORD_OPERATORS and not starts_operand:
        return Token("operator", text)
    if text == "*" and not starts_operand:
        return Token("operator", text)
    if kind == "symbol" and text in BEFORE_OPERAND - {"(", "[", ",", "/", "//", "@", "*"}:
        return Token("operator", text)
    return Token(kind, text)


def parse(source: str) -> Node:
    """Parse an expression; raise ExpressionError with what is wrong."""
    parser = Parser(tokenize(source))
    tree = parser.expression()
    if parser.peek().text:
        raise ExpressionError(f"“{parser.peek().text}” isn't expected here")
    return tree


@dataclass(slots=True)
class Parser:
    """A recursive-descent parser over a list of tokens."""

    tokens: list[Token]
    position: int = field(default=0)
    depth: int = field(default=0)

    def peek(self, ahead: int = 0) -> Token:
        """Return a coming token without taking it; an empty one at the end."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "")

    def take(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self.position += 1
        return token

    def expect(self, text: str) -> None:
        """Take the token that must come next."""
        if self.take().text != text:
            raise ExpressionError(f"a “{text}” is missing")

    def expression(self, level: int = 0) -> Node:
        """Parse operators from the given level of precedence on."""
        if level == len(PRECEDENCE):
            return self.unary()
        left = self.expression(level + 1)
        while self.peek().kind == "operator" and self.peek().text in PRECEDENCE[level]:
            left = Binary(self.take().text, left, self.expression(level + 1))
        return left

    def nested(self) -> Node:
        """Parse a whole expression inside another."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError("it is too deeply nested")
        inner = self.expression()
        self.depth -= 1
        return inner

    def unary(self) -> Node:
        """Parse any unary minus and what it negates."""
        minuses = 0
        while self.peek().text == "-":
            self.take()
            minuses += 1
        operand = self.primary()
        for _ in range(minuses):
            operand = Negate(operand)
        return operand

    def primary(self) -> Node:
        """Parse a literal, a number, a bracket, a call or a path."""
        token = self.peek()
        if token.kind == "number":
            return Number(float(self.take().text))
        if token.kind == "literal":
            return Literal(self.take().text[1:-1])
        if token.text == "(":
            return self.bracket()
        if token.kind == "name" and self.peek(1).text == "(":
            return self.call()
        return self.path()

    def bracket(self) -> Node:
        """Parse a bracketed expression."""
        self.expect("(")
        inner = self.nested()
        self.expect(")")
        return inner

    def call(self) -> Node:
        """Parse a function call, and the path that may start from its result."""
        name = self.take().text
        self.expect("(")
        arguments = [] if self.peek().text == ")" else [self.nested()]
        while self.peek().text == ",":
            self.take()
            arguments.append(self.nested())
        self.expect(")")
        call = Call(name, tuple(arguments))
        if self.peek().text != "/":
            return call
        self.take()
        return Path(self.steps(), origin=call)

    def path(self) -> Node:
        """Parse a location path."""
        absolute = self.peek().text == "/"
        if absolute:
            self.take()
        return Path(self.steps(), absolute=absolute)

    def steps(self) -> tuple[Step, ...]:
        """Parse the steps of a path."""
        steps = [self.step()]
        while self.peek().text == "/":
            self.take()
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        """Parse one step with its predicates."""
        token = self.take()
        if token.kind != "name" and token.text not in {".", "..", "*"}:
            raise ExpressionError(
                f"“{token.text}” isn't expected here" if token.text else "the expression is cut off"
            )
        predicates: list[Node] = []
        while self.peek().text == "[":
            self.take()
            predicates.append(self.nested())
            self.expect("]")
        return Step(token.text, tuple(predicates))
