"""Operators and calls as closures (XPath 1.0, 3.4 and 3.5)."""

import math
import operator
from collections.abc import Callable

from surveys.xpath.context import Context
from surveys.xpath.functions import Function
from surveys.xpath.paths import Closure
from surveys.xpath.values import Value, different, equal, ordered


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


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "div": divide,
    "mod": modulo,
}
ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
COMPARISON: dict[str, Callable[[Value, Value], bool]] = {
    "=": equal,
    "!=": different,
    **{name: ordered(compare) for name, compare in ORDER.items()},
}


def numeric(
    compute: Callable[[float, float], float],
    left: Callable[[Context], float],
    right: Callable[[Context], float],
) -> Closure:
    """Return an operator on two numbers."""
    return lambda context: compute(left(context), right(context))


def compared(left: Closure, text: str, *, is_equal: bool) -> Closure:
    """Return a comparison of nodes with a text, the most frequent of all rules."""
    general = COMPARISON["=" if is_equal else "!="]

    def compare(context: Context) -> Value:
        nodes = left(context)
        if isinstance(nodes, tuple) and len(nodes) == 1:
            return (nodes[0].string() == text) is is_equal
        return general(nodes, text)

    return compare


def applied(function: Function, arguments: list[Closure]) -> Closure:
    """Return the closure that calls a function with what its arguments are."""
    call = function.call
    match arguments:
        case [] if function.asks:
            return call
        case []:
            return lambda _: call()
        case [first] if not function.asks:
            return lambda c: call(first(c))
        case [first, second] if not function.asks:
            return lambda c: call(first(c), second(c))
        case _ if function.asks:
            return lambda c: call(c, *[argument(c) for argument in arguments])
    return lambda c: call(*[argument(c) for argument in arguments])
