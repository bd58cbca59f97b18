"""Node-sets: how many, how much, the least and the most."""

import math
from collections.abc import Callable

from surveys.xpath.functions.registry import Function
from surveys.xpath.functions.strings import flat
from surveys.xpath.values import Nodes, Value, to_number


def total(nodes: Nodes) -> float:
    """Add the numbers of a node-set.

    >>> total(())
    0.0
    """
    return sum((to_number(node.string()) for node in nodes), 0.0)


def extreme(pick: Callable[[list[float]], float]) -> Callable[..., float]:
    """Return min or max over node-sets and values; one that isn't a number makes it none.

    >>> extreme(max)(2.0, "3"), extreme(max)(2.0, "")
    (3.0, nan)
    """

    def call(*values: Value) -> float:
        numbers = [to_number(text) for text in flat(values)]
        has_none = not numbers or any(map(math.isnan, numbers))
        return math.nan if has_none else pick(numbers)

    return call


def filled(nodes: Nodes) -> float:
    """Count the nodes that aren't blank.

    >>> filled(())
    0.0
    """
    return float(sum(node.string() != "" for node in nodes))


FUNCTIONS: dict[str, Function] = {
    "count": Function(lambda nodes: float(len(nodes)), 1, 1, "fn:count", nodes=True),
    "count-non-empty": Function(filled, 1, 1, "fn:count-non-empty", nodes=True),
    "sum": Function(total, 1, 1, "fn:sum", nodes=True),
    "min": Function(extreme(min), 1, None, "fn:min"),
    "max": Function(extreme(max), 1, None, "fn:max"),
}
