"""The functions that forms may call, in one registry.

Headings refer to https://getodk.github.io/xforms-spec/#xpath-functions.
"""

from surveys.errors import ExpressionError
from surveys.xpath.functions import (
    choices,
    dates,
    encoding,
    logic,
    nodesets,
    numbers,
    randomness,
    shapes,
    strings,
    structure,
)
from surveys.xpath.functions.registry import Function
from surveys.xpath.functions.strings import pattern_fault
from surveys.xpath.syntax import Call, Filter, Literal, Path

__all__ = ["FUNCTIONS", "Function", "check_arguments", "known"]

FUNCTIONS: dict[str, Function] = {
    **logic.FUNCTIONS,
    **strings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **nodesets.FUNCTIONS,
    **choices.FUNCTIONS,
    **dates.FUNCTIONS,
    **shapes.FUNCTIONS,
    **randomness.FUNCTIONS,
    **encoding.FUNCTIONS,
    **structure.FUNCTIONS,
}
# The calls that return a node-set.
RETURN_NODES = frozenset({"instance", "current", "randomize", "if"})


def known(node: Call) -> Function:
    """Return the function of a call; raise ExpressionError where it can't be called so."""
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise ExpressionError(f"the function {node.name}() isn't known")
    given = len(node.arguments)
    if given < function.least or (function.most is not None and given > function.most):
        raise ExpressionError(f"{node.name}() can't take {given} arguments")
    return function


def check_arguments(node: Call) -> None:
    """Refuse arguments that would only fail while somebody is answering."""
    if FUNCTIONS[node.name].nodes and not _is_node_set(node.arguments[0]):
        raise ExpressionError(f"{node.name}() needs the name of a question")
    if node.name == "regex":
        pattern = node.arguments[1]
        fault = pattern_fault(pattern.value) if isinstance(pattern, Literal) else "it isn't a text"
        if fault:
            raise ExpressionError(f"the pattern of regex() can't be used: {fault}")


def _is_node_set(argument: object) -> bool:
    is_union = getattr(argument, "operator", "") == "|"
    is_call = isinstance(argument, Call) and argument.name in RETURN_NODES
    return is_union or is_call or isinstance(argument, Path | Filter)
