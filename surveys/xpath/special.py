"""Functions whose arguments aren't simply computed first: paths, branches, lists, the context.

Headings refer to https://getodk.github.io/xforms-spec/#xpath-functions.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from surveys.errors import ExpressionError
from surveys.xpath import paths
from surveys.xpath.context import Context
from surveys.xpath.functions import known
from surveys.xpath.paths import Closure, Selector
from surveys.xpath.syntax import SELF, Call, Literal, Node, Path, parse
from surveys.xpath.values import Nodes, Value, to_boolean, to_number, to_string

if TYPE_CHECKING:
    from surveys.xpath.evaluate import Compiler


def _instance(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:instance: the root of a secondary instance."""
    known(node)
    name = node.arguments[0]
    if not isinstance(name, Literal):
        raise ExpressionError("instance() needs the name of a list in quotes")
    compiler.instances.add(name.value)

    def select(context: Context) -> Value:
        root = context.document.instance(name.value)
        return (root,) if root else ()

    return select


def _current(_: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:current: the node outside all predicates."""
    known(node)
    return lambda context: (context.current,)


def _choose(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:if: only the branch that is taken is computed."""
    known(node)
    condition, then, otherwise = map(compiler.closure, node.arguments)
    return lambda c: then(c) if to_boolean(condition(c)) else otherwise(c)


def _once(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:once: the node's value, or what fills it."""
    known(node)
    value, here = compiler.closure(node.arguments[0]), compiler.selector(Path((SELF,)))
    compiler.references.discard(compiler.outside or "")
    return lambda c: to_string(here(c)) or value(c)


def _position(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:position: of a node among those of its name."""
    known(node)
    if not node.arguments:
        return lambda context: float(context.position)
    selected = compiler.selector(node.arguments[0])
    return lambda context: _place(selected(context))


def _place(nodes: Nodes) -> float:
    if not nodes or nodes[0].parent is None:
        return 1.0
    named = [n for n in nodes[0].parent.children if n.name == nodes[0].name]
    return next(float(n) for n, sibling in enumerate(named, 1) if sibling is nodes[0])


def _last(_: "Compiler", node: Call) -> Closure:
    """Count the nodes of the context (XPath 1.0, 4.1 last())."""
    known(node)
    return lambda context: float(context.size)


def _indexed_repeat(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:indexed-repeat: a path with positions in repeats."""
    known(node)
    target, *pairs = node.arguments
    if not isinstance(target, Path) or len(pairs) % 2:
        raise ExpressionError("indexed-repeat() needs a question, then repeats and numbers")
    at = compiler.template(target) or ""
    indexes: dict[str, Node] = {}
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        path = compiler.template(repeat)
        if path is None or not at.startswith(path + "/"):
            raise ExpressionError("indexed-repeat() needs a repeat around the question")
        indexes[path] = index
    return _at_indexes(compiler, at, indexes)


def _at_indexes(compiler: "Compiler", at: str, indexes: dict[str, Node]) -> Closure:
    """Return the path to a node; an index is computed where the expression stands."""
    compiler.references.add(at)
    selector: Selector = lambda context: (context.document.root,)  # noqa: E731
    path = ""
    for name in at.strip("/").split("/"):
        path += "/" + name
        tests: list[Closure] = []
        if path in indexes:
            index = compiler.closure(indexes[path])
            tests = [lambda c, index=index: to_number(index(_outside(c)))]  # type: ignore[misc]
        selector = paths.step(selector, "child", name, tests)
    return selector


def _outside(context: Context) -> Context:
    return Context(context.document, context.current, context.current, context.slots)


def _choice_name(compiler: "Compiler", node: Call) -> Closure:
    """https://getodk.github.io/xforms-spec/#fn:jr:choice-name: the path is a text."""
    known(node)
    value, named = compiler.closure(node.arguments[0]), node.arguments[1]
    path = parse(named.value) if isinstance(named, Literal) else named
    if not isinstance(path, Path):
        raise ExpressionError("jr:choice-name() needs the path of a question")
    compiler.selector(path)
    at = compiler.template(path) or ""
    return lambda c: c.document.choice_label(at, to_string(value(c)))


def _pulldata(compiler: "Compiler", node: Call) -> Closure:
    """https://docs.getodk.org/form-datasets/#pulldata-function: a cell of an attached table."""
    known(node)
    name, column, key, value = node.arguments
    if not (isinstance(name, Literal) and isinstance(column, Literal) and isinstance(key, Literal)):
        raise ExpressionError("pulldata() needs the names of a file and two columns in quotes")
    compiler.instances.add(name.value)
    wanted = compiler.closure(value)
    return lambda c: _cell(c, name.value, column.value, key.value, to_string(wanted(c)))


def _cell(context: Context, name: str, column: str, key: str, value: str) -> str:
    root = context.document.instance(name)
    for row in root.walk() if root else ():
        cell = row.child(key)
        if cell is not None and cell.text == value:
            found = row.child(column)
            return found.text if found else ""
    return ""


# Functions whose arguments aren't simply computed first.
SPECIAL: dict[str, Callable[["Compiler", Call], Closure]] = {
    "instance": _instance,
    "current": _current,
    "if": _choose,
    "once": _once,
    "position": _position,
    "last": _last,
    "indexed-repeat": _indexed_repeat,
    "jr:choice-name": _choice_name,
    "pulldata": _pulldata,
}
