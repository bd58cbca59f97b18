"""What the compiler knows of a function: how to call it, with how much, and where it is defined."""

from collections.abc import Callable
from dataclasses import dataclass

from surveys.xpath.values import Value


@dataclass(frozen=True, slots=True)
class Function:
    """A function, how many arguments it takes, and the heading of the specification it follows.

    One that `asks` is handed the context first; `nodes` tells that its first argument must be a
    node-set.
    """

    call: Callable[..., Value]
    least: int
    most: int | None
    heading: str
    asks: bool = False
    nodes: bool = False
