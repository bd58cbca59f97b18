"""How often each choice was given: numerator, denominator, a percentage where it may stand.

Counts are pandas's, taken in pieces, so that memory doesn't grow with the number of rows. It is
loaded with the first complete response: an export without one needs none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from export.codebook import Variable
from export.frames import Cell

if TYPE_CHECKING:
    import pandas as pd

PIECE = 5_000
# Below so many answers a percentage says more than is known.
FEWEST = 10
HEADER = ("variable", "code", "label_en", "label_km", "n", "answered", "percent")
TOO_FEW = f"too few (under {FEWEST})"


@dataclass(slots=True)
class Summary:
    """Counts of the complete responses of one export."""

    variables: tuple[Variable, ...]
    header: Sequence[str]
    complete: int = 0
    _rows: list[Sequence[Cell]] = field(default_factory=list)
    _counts: dict[str, "pd.Series"] = field(default_factory=dict)
    _answered: Counter[str] = field(default_factory=Counter)

    def add(self, row: Sequence[Cell]) -> None:
        """Count a complete response."""
        self.complete += 1
        self._rows.append(row)
        if len(self._rows) == PIECE:
            self._count()

    def _count(self) -> None:
        # Half of the time that a small export takes goes into this import.
        import pandas as pd

        frame = pd.DataFrame(self._rows, columns=pd.Index(self.header), dtype=object)
        for variable in _closed(self.variables):
            given = frame[variable.name].dropna()
            codes = given.str.split().explode() if variable.kind == "select_multiple" else given
            before = self._counts.get(variable.name, pd.Series(dtype=int))
            self._counts[variable.name] = before.add(codes.value_counts(), fill_value=0)
            self._answered[variable.name] += len(given)
        self._rows = []

    def rows(self) -> list[list[Cell]]:
        """Return a row for each choice of each closed question."""
        if self._rows:
            self._count()
        return [
            self._row(variable, code)
            for variable in _closed(self.variables)
            for code in variable.by_code
        ]

    def _row(self, variable: Variable, code: str) -> list[Cell]:
        counts = self._counts.get(variable.name)
        n = 0 if counts is None else int(counts.get(code, 0))
        answered = self._answered[variable.name]
        labels = (variable.show(code, "en"), variable.show(code, "km"))
        return [variable.name, code, *labels, n, answered, percent(n, answered)]


def _closed(variables: Sequence[Variable]) -> list[Variable]:
    return [variable for variable in variables if variable.options]


def percent(n: int, answered: int) -> Decimal | str:
    """Return a percentage with one decimal, halves rounded up; none for too few.

    >>> percent(1, 16)
    Decimal('6.3')
    >>> percent(5, 6)
    'too few (under 10)'
    """
    if answered < FEWEST:
        return TOO_FEW
    return (Decimal(100 * n) / answered).quantize(Decimal("0.1"), ROUND_HALF_UP)
