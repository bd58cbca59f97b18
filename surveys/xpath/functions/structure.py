"""The functions that the compiler builds itself (surveys/xpath/special.py): how they are called."""

from surveys.xpath.functions.registry import Function
from surveys.xpath.values import Value


def _compiled(*_: Value) -> Value:
    raise AssertionError("built by the compiler")


FUNCTIONS: dict[str, Function] = {
    "instance": Function(_compiled, 1, 1, "fn:instance"),
    "current": Function(_compiled, 0, 0, "fn:current"),
    "if": Function(_compiled, 3, 3, "fn:if"),
    "once": Function(_compiled, 1, 1, "fn:once"),
    "position": Function(_compiled, 0, 1, "fn:position", nodes=True),
    "last": Function(_compiled, 0, 0, "fn:last"),
    "indexed-repeat": Function(_compiled, 3, 7, "fn:indexed-repeat", nodes=True),
    "jr:choice-name": Function(_compiled, 2, 2, "fn:jr:choice-name"),
    "pulldata": Function(_compiled, 4, 4, "fn:pulldata"),
}
