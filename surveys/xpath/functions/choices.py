"""Chosen values: lists with a space between, and the labels of choices and texts."""

import math

from surveys.xpath.context import Context
from surveys.xpath.functions.registry import Function
from surveys.xpath.values import Value, to_number, to_string


def selected(haystack: Value, needle: Value) -> bool:
    """Tell whether a space-separated list holds a value; an empty one holds the blank.

    >>> selected("road water", "water"), selected("", "")
    (True, True)
    """
    items, wanted = to_string(haystack).split(), to_string(needle).strip()
    return wanted in items or (wanted == "" and not items)


def selected_at(haystack: Value, index: Value) -> str:
    """Return the item at a position counted from 0, or nothing.

    >>> selected_at("road water", 1.0)
    'water'
    """
    items, at = to_string(haystack).split(), to_number(index)
    return items[int(at)] if not math.isnan(at) and 0 <= at < len(items) else ""


def count_selected(haystack: Value) -> float:
    """Count the items of a space-separated list.

    >>> count_selected("road water")
    2.0
    """
    return float(len(to_string(haystack).split()))


def itext(context: Context, text_id: Value) -> str:
    """Return a text of the form in the language of the interview."""
    return context.document.text(to_string(text_id))


FUNCTIONS: dict[str, Function] = {
    "selected": Function(selected, 2, 2, "fn:selected"),
    "selected-at": Function(selected_at, 2, 2, "fn:selected-at"),
    "count-selected": Function(count_selected, 1, 1, "fn:count-selected"),
    "jr:itext": Function(itext, 1, 1, "fn:jr:itext", asks=True),
}
