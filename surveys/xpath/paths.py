"""Location paths as closures: steps along axes, and predicates (XPath 1.0, 2)."""

from collections.abc import Callable, Iterator, Sequence

from surveys.xpath.context import Context
from surveys.xpath.syntax import ANY
from surveys.xpath.tree import TreeNode
from surveys.xpath.values import Nodes, Value, to_boolean

Closure = Callable[[Context], Value]
Selector = Callable[[Context], Nodes]
Axis = Callable[[TreeNode], Iterator[TreeNode]]


def _ancestors(node: TreeNode) -> Iterator[TreeNode]:
    while node.parent is not None:
        node = node.parent
        yield node


def _siblings(node: TreeNode) -> tuple[list[TreeNode], int]:
    """Return the children of a node's parent, and which of them the node is."""
    found = node.parent.children if node.parent else [node]
    return found, next(n for n, sibling in enumerate(found) if sibling is node)


def _following(node: TreeNode) -> Iterator[TreeNode]:
    siblings, at = _siblings(node)
    yield from siblings[at + 1 :]


def _preceding(node: TreeNode) -> Iterator[TreeNode]:
    siblings, at = _siblings(node)
    yield from reversed(siblings[:at])


def _descendants(node: TreeNode) -> Iterator[TreeNode]:
    for child in node.children:
        yield from child.walk()


def _attributes(node: TreeNode) -> Iterator[TreeNode]:
    for name, text in node.attributes.items():
        yield TreeNode(name, text, node)


# XPath 1.0, 2.2
AXES: dict[str, Axis] = {
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: iter((node, *_ancestors(node))),
    "attribute": _attributes,
    "child": lambda node: iter(node.children),
    "descendant": _descendants,
    "descendant-or-self": TreeNode.walk,
    "following-sibling": _following,
    "parent": lambda node: iter((node.parent,) if node.parent else ()),
    "preceding-sibling": _preceding,
    "self": lambda node: iter((node,)),
}


def step(before: Selector, axis_name: str, name: str, predicates: Sequence[Closure]) -> Selector:
    """Return a path with one step more."""
    if axis_name == "child" and name not in {"*", ANY} and not predicates:
        return _children(before, name)
    axis = AXES[axis_name]
    tests = tuple(predicates)

    def select(context: Context) -> Nodes:
        found: dict[int, TreeNode] = {}
        for node in before(context):
            along = [n for n in axis(node) if _passes(n, name)]
            for test in tests:
                along = keep(context, along, test)
            found.update((id(n), n) for n in along)
        return tuple(found.values())

    return select


def _passes(node: TreeNode, name: str) -> bool:
    """Tell whether a node passes a node test (XPath 1.0, 2.3)."""
    return name == ANY or node.name == name or (name == "*" and node.name != "")


def _children(before: Selector, name: str) -> Selector:
    """Return a step to the children of a name, the most frequent one."""

    def select(context: Context) -> Nodes:
        return tuple(
            [child for node in before(context) for child in node.children if child.name == name]
        )

    return select


def keep(context: Context, nodes: Sequence[TreeNode], test: Closure) -> list[TreeNode]:
    """Return the nodes that meet a predicate (XPath 1.0, 2.4); a number means a position."""
    inner = Context(context.document, context.node, context.current, context.slots)
    inner.size = len(nodes)
    kept = []
    for position, node in enumerate(nodes, 1):
        inner.node, inner.position = node, position
        value = test(inner)
        if value == position if type(value) is float else to_boolean(value):
            kept.append(node)
    return kept


def filtered(operand: Selector, predicates: Sequence[Closure]) -> Selector:
    """Return predicates on a whole node-set (XPath 1.0, 3.3)."""

    def select(context: Context) -> Nodes:
        nodes: Sequence[TreeNode] = operand(context)
        for test in predicates:
            nodes = keep(context, nodes, test)
        return tuple(nodes)

    return select


def united(left: Selector, right: Selector) -> Selector:
    """Return the union of two node-sets in document order (XPath 1.0, 3.3)."""

    def select(context: Context) -> Nodes:
        both = {id(node): node for node in (*left(context), *right(context))}
        return tuple(sorted(both.values(), key=TreeNode.place))

    return select


def climb(levels: int) -> Selector:
    """Return the ancestor of the node outside, so many levels up."""

    def select(context: Context) -> Nodes:
        node: TreeNode | None = context.current
        for _ in range(levels):
            node = node.parent if node else None
        return (node,) if node else ()

    return select
