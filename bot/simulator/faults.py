"""What goes wrong because a test asked for it: calls that are refused, cut off or slow."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from bot.simulator.rules import ApiError

EVERY = "*"
Moment = Literal["before", "after"]


class Cut(Exception):
    """The connection of a call ends without an answer."""


@dataclass(slots=True)
class Fault:
    """The next `times` calls of a method, or of one person's chat, go wrong.

    They are refused with a code, or cut off before they take effect, or after it.
    """

    method: str
    times: int = 1
    person: int | None = None
    code: int | None = None
    description: str = ""
    retry_after: int | None = None
    cut: Moment | None = None
    met: int = field(default=0, init=False)

    def meets(self, method: str, person: int | None) -> bool:
        """Tell whether a call goes wrong by this fault."""
        concerns = self.method in {method, EVERY} and self.person in {None, person}
        return concerns and self.times > 0


class Faults:
    """All faults that were asked for, and how slow each method is."""

    def __init__(self) -> None:
        self.asked: list[Fault] = []
        self.latency: dict[str, float] = {}

    def delay(self, method: str) -> float:
        """Return how many seconds a call needs to arrive, and its answer to come back."""
        return self.latency.get(method, self.latency.get(EVERY, 0.0)) / 2

    @contextmanager
    def met(self, method: str, person: int | None) -> Iterator[None]:
        """Let a call take effect, or not, and cut it off where a fault says so."""
        fault = self._next(method, person)
        if fault is None:
            yield
        elif fault.code is not None:
            raise ApiError(fault.code, fault.description, fault.retry_after)
        elif fault.cut == "before":
            raise Cut
        else:
            try:
                yield
            finally:
                raise Cut

    def _next(self, method: str, person: int | None) -> Fault | None:
        fault = next((one for one in self.asked if one.meets(method, person)), None)
        if fault:
            fault.times -= 1
            fault.met += 1
        return fault
