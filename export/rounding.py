"""Counts in which nobody can be picked out: rounded down to fives, all of them alike. Pure.

A cell that reads 10 is any of 10 to 14, one that reads 0 any of 0 to 4. Whoever looks twice, or
takes one table from another, learns at most that a boundary was passed.
"""

from collections.abc import Mapping

STEP = 5


def rounded(counts: Mapping[str, int]) -> dict[str, int]:
    """Return counts rounded down to fives."""
    return {value: number // STEP * STEP for value, number in counts.items()}
