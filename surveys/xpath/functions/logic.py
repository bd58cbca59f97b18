"""True and false, and choosing between values."""

from surveys.xpath.functions.registry import Function
from surveys.xpath.functions.strings import flat
from surveys.xpath.values import Value, to_boolean, to_number, to_string


def coalesce(*values: Value) -> str:
    """Return the first value that isn't blank.

    >>> coalesce("", "b")
    'b'
    """
    return next((text for text in map(to_string, values) if text), "")


def checklist(least: Value, most: Value, *answers: Value) -> bool:
    """Tell whether so many answers are true; -1 sets no bound.

    >>> checklist(1.0, 2.0, True, False), checklist(2.0, -1.0, True, False)
    (True, False)
    """
    return _between(least, sum(map(to_boolean, flat(answers))), most)


def weighted_checklist(least: Value, most: Value, *answers: Value) -> bool:
    """Tell whether the weights of the true answers sum up so; answers and weights alternate.

    >>> weighted_checklist(2.0, -1.0, True, 2.0, False, 1.0)
    True
    """
    counted, weights = flat(answers[::2]), flat(answers[1::2])
    pairs = zip(counted, weights, strict=False)
    return _between(least, sum(to_number(w) for a, w in pairs if to_boolean(a)), most)


def _between(least: Value, found: float, most: Value) -> bool:
    low, high = to_number(least), to_number(most)
    return (low < 0 or found >= low) and (high < 0 or found <= high)


FUNCTIONS: dict[str, Function] = {
    "true": Function(lambda: True, 0, 0, "fn:true"),
    "false": Function(lambda: False, 0, 0, "fn:false"),
    "not": Function(lambda value: not to_boolean(value), 1, 1, "fn:not"),
    "boolean": Function(to_boolean, 1, 1, "fn:boolean"),
    "boolean-from-string": Function(
        lambda value: to_string(value) in {"true", "1"}, 1, 1, "fn:boolean-from-string"
    ),
    "coalesce": Function(coalesce, 1, None, "fn:coalesce"),
    "checklist": Function(checklist, 3, None, "fn:checklist"),
    "weighted-checklist": Function(weighted_checklist, 4, None, "fn:weighted-checklist"),
}
