"""The grammar of XForms expressions: text → syntax tree.

XPath 1.0 (https://www.w3.org/TR/1999/REC-xpath-19991116/), as the ODK XForms specification takes
it (https://getodk.github.io/xforms-spec/#xpath-paths), without variables and rare axes.
"""

from dataclasses import dataclass, field

from surveys.errors import ExpressionError
from surveys.xpath.tokens import DEEPEST, PRECEDENCE, UNION, Token, tokenize


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
    """One step of a path: an axis, a name, "*" or "node()", and its predicates."""

    axis: str
    name: str
    predicates: tuple["Node", ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the step leads to a child by name, to the node itself or to its parent."""
        is_named = self.axis == "child" and self.name not in {"*", ANY}
        return not self.predicates and (is_named or self in {SELF, PARENT})


@dataclass(frozen=True, slots=True)
class Path:
    """A location path, from the root, from the context node, or from what an expression returns."""

    steps: tuple[Step, ...]
    absolute: bool = False
    origin: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Predicates on what an expression returns: (…)[1]."""

    operand: "Node"
    predicates: tuple["Node", ...]


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


Node = Number | Literal | Path | Filter | Call | Binary | Negate

# XPath 1.0, 2.3 and 2.5: any node, and the abbreviations ".", ".." and "//".
ANY = "node()"
SELF, PARENT = Step("self", ANY), Step("parent", ANY)
DESCENDANTS = Step("descendant-or-self", ANY)
# XPath 1.0, 2.2: the axes that this client knows.
AXES = frozenset(
    {"ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self"}
    | {"following-sibling", "parent", "preceding-sibling", "self"}
)
NODE_TESTS = frozenset({"node", "text"})


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
        operand = self.union()
        for _ in range(minuses):
            operand = Negate(operand)
        return operand

    def union(self) -> Node:
        """Parse node-sets that are taken together (XPath 1.0, 3.3)."""
        left = self.path()
        while self.peek().text == UNION:
            left = Binary(self.take().text, left, self.path())
        return left

    def path(self) -> Node:
        """Parse a location path, or another operand and the path that starts from it."""
        token = self.peek()
        if token.text in {"/", "//"}:
            return Path(self.from_root(), absolute=True)
        if not self.is_operand():
            return Path(self.steps())
        operand = self.filtered(self.primary())
        if self.peek().text not in {"/", "//"}:
            return operand
        return Path(self.more_steps(), origin=operand)

    def is_operand(self) -> bool:
        """Tell whether what comes isn't a step of a path."""
        token, is_call = self.peek(), self.peek(1).text == "("
        if token.kind == "name":
            return is_call and token.text not in NODE_TESTS
        return token.kind in {"number", "literal"} or token.text == "("

    def filtered(self, operand: Node) -> Node:
        """Parse the predicates on an operand."""
        predicates = self.predicates()
        return Filter(operand, predicates) if predicates else operand

    def primary(self) -> Node:
        """Parse a literal, a number, a bracket or a call."""
        token = self.peek()
        if token.kind == "number":
            return Number(float(self.take().text))
        if token.kind == "literal":
            return Literal(self.take().text[1:-1])
        return self.bracket() if token.text == "(" else self.call()

    def bracket(self) -> Node:
        """Parse a bracketed expression."""
        self.expect("(")
        inner = self.nested()
        self.expect(")")
        return inner

    def call(self) -> Node:
        """Parse a function call."""
        name = self.take().text
        self.expect("(")
        arguments = [] if self.peek().text == ")" else [self.nested()]
        while self.peek().text == ",":
            self.take()
            arguments.append(self.nested())
        self.expect(")")
        return Call(name, tuple(arguments))

    def from_root(self) -> tuple[Step, ...]:
        """Parse the steps of an absolute path; "/" alone is the root itself."""
        following = self.peek(1)
        is_step = following.kind == "name" or following.text in {"*", ".", "..", "@"}
        if self.peek().text == "/" and not is_step:
            self.take()
            return ()
        return self.more_steps()

    def steps(self) -> tuple[Step, ...]:
        """Parse the steps of a relative path."""
        return (self.step(), *self.more_steps())

    def more_steps(self) -> tuple[Step, ...]:
        """Parse the steps that follow, each after a "/" or "//"."""
        steps: list[Step] = []
        while self.peek().text in {"/", "//"}:
            if self.take().text == "//":
                steps.append(DESCENDANTS)
            steps.append(self.step())
        return tuple(steps)

    def step(self) -> Step:
        """Parse one step with its predicates (XPath 1.0, 2.1 and 2.5)."""
        token = self.peek()
        if token.text in {".", ".."}:
            self.take()
            return Step("self" if token.text == "." else "parent", ANY, self.predicates())
        axis = self.axis()
        return Step(axis, self.node_test(), self.predicates())

    def axis(self) -> str:
        """Parse the axis of a step, by default child."""
        if self.peek().text == "@":
            self.take()
            return "attribute"
        if self.peek(1).text != "::":
            return "child"
        name = self.take().text
        self.expect("::")
        if name not in AXES:
            raise ExpressionError(f"the axis {name} isn't known")
        return name

    def node_test(self) -> str:
        """Parse what a step selects: a name without its prefix, "*", or node()."""
        token = self.take()
        if token.kind != "name" and token.text != "*":
            raise ExpressionError(
                f"“{token.text}” isn't expected here" if token.text else "the expression is cut off"
            )
        if token.text in NODE_TESTS and self.peek().text == "(":
            self.expect("(")
            self.expect(")")
            return ANY
        return token.text.rpartition(":")[2]

    def predicates(self) -> tuple[Node, ...]:
        """Parse the predicates at this place."""
        found: list[Node] = []
        while self.peek().text == "[":
            self.take()
            found.append(self.nested())
            self.expect("]")
        return tuple(found)
