"""Chance that comes out the same every time: drawn from a seed, by a hash."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws one thing after the other; the same seed draws the same."""

    def __init__(self, seed: str) -> None:
        self._seed, self._drawn = seed, 0

    def below(self, most: int) -> int:
        """Return a number from 0 to most - 1."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}|{self._drawn}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % most

    def happens(self, percent: int) -> bool:
        """Tell whether something happens that does so many times of a hundred."""
        return self.below(100) < percent

    def pick(self, among: Sequence[T]) -> T:
        """Return one of several, each as likely."""
        return among[self.below(len(among))]

    def weighted(self, weights: Mapping[T, int]) -> T:
        """Return one of several, each as likely as its weight."""
        at = self.below(sum(weights.values()))
        for one, weight in weights.items():
            at -= weight
            if at < 0:
                return one
        raise AssertionError("unreachable")

    def several(self, weights: Mapping[T, int], number: int) -> list[T]:
        """Return different ones of several."""
        left, found = dict(weights), []
        for _ in range(min(number, len(left))):
            found.append(self.weighted(left))
            del left[found[-1]]
        return found
