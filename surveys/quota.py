"""Quotas: how many of each cell of people, such as women in Ratanakiri, shall answer. Pure.

They steer, and cut nobody off who is in the middle of a form. Whoever didn't say what they are is
of no cell, and isn't steered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

DIMENSIONS = ("province", "sex", "age_group")
VALUES: Mapping[str, tuple[str, ...]] = {
    "province": (
        "kampong_cham",
        "kampot",
        "phnom_penh",
        "ratanakiri",
        "siem_reap",
        "other",
    ),
    "sex": ("f", "m", "o"),
    "age_group": ("18_24", "25_34", "35_44", "45_59", "60_up"),
}
# Where a third of those who are invited answer.
INVITED_FOR_ONE = 3


@dataclass(frozen=True, slots=True)
class Quota:
    """A cell of people, blank where it doesn't matter, and how many of them shall answer."""

    province: str
    sex: str
    age_group: str
    target: int

    @property
    def cell(self) -> tuple[str, str, str]:
        """What its people have in common."""
        return (self.province, self.sex, self.age_group)

    def holds(self, said: Sequence[str]) -> bool:
        """Tell whether somebody of a province, sex and age group is of this cell."""
        return all(wanted in {"", own} for wanted, own in zip(self.cell, said, strict=True))


def read(text: str) -> Quota | None:
    """Read a quota as it is written; None where it can't be.

    >>> read("ratanakiri/f=60")
    Quota(province='ratanakiri', sex='f', age_group='', target=60)
    >>> read("ratanakiri/somebody=60")
    """
    cell, _, target = text.partition("=")
    found: dict[str, str] = {}
    for word in cell.split("/"):
        name = next((name for name, values in VALUES.items() if word in values), None)
        if name is None or name in found:
            return None
        found[name] = word
    is_number = target.isascii() and target.isdigit() and int(target) > 0
    province, sex, age_group = (found.get(name, "") for name in DIMENSIONS)
    return Quota(province, sex, age_group, int(target)) if is_number else None


def are_apart(grid: Sequence[Quota]) -> bool:
    """Tell whether nobody is of two cells: all are by the same questions, and none comes twice."""
    shapes = {tuple(bool(part) for part in quota.cell) for quota in grid}
    return len(shapes) <= 1 and len({quota.cell for quota in grid}) == len(grid)


def even(provinces: Iterable[str], sexes: Iterable[str], target: int) -> tuple[Quota, ...]:
    """Return the same target for each sex in each province."""
    return tuple(Quota(place, sex, "", target) for place in provinces for sex in sexes)


def strata(grid: Iterable[Quota]) -> frozenset[str]:
    """Return the questions that cells are made of."""
    return frozenset(
        name for quota in grid for name, part in zip(DIMENSIONS, quota.cell, strict=True) if part
    )


def of(grid: Iterable[Quota], said: Sequence[str]) -> Quota | None:
    """Return the quota of whoever said this of themselves; None where they are of no cell."""
    return next((quota for quota in grid if quota.holds(said)), None)


@dataclass(frozen=True, slots=True)
class Filled:
    """How a cell stands: its quota, how many answered, how many were lately asked to."""

    quota: Quota
    complete: int
    asked: int = 0

    @property
    def is_full(self) -> bool:
        """Whether as many answered as shall."""
        return self.complete >= self.quota.target

    @property
    def room(self) -> int:
        """How many more of it may be invited now."""
        return max(0, INVITED_FOR_ONE * (self.quota.target - self.complete) - self.asked)


def written(quota: Quota) -> str:
    """Write a quota as it is read."""
    *cell, target = astuple(quota)
    return f"{'/'.join(filter(None, cell))}={target}"
