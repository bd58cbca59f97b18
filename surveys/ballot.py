"""The rules of a ballot box: how many ballots are counted at once, what may stand on them. Pure.

A ballot is alone with four others at least: in its batch, and in every group that it shows. While
the box is open, some always stay in it, so that those who are left at the end are never few.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from surveys.form import Form
from surveys.instruments import instrument

FEWEST = 5
# So many are counted in one transaction.
MOST = 500
# What may stand on a ballot beside its answers: the first of these at which no group is small.
LADDER: tuple[tuple[str, ...], ...] = (("province", "sex"), ("province",), ())
# A file is found again by its content, a place leads to a house.
TELLING = frozenset({"image", "audio", "video", "file", "geopoint"})


def takes(form: Form) -> bool:
    """Tell whether a form can be put to a ballot box; for a report somebody stands."""
    ours = instrument(form.form_id)
    is_report = ours is not None and bool(ours.roles)
    return not is_report and not any(question.kind in TELLING for question in form.asked)


def batch(waiting: int, *, is_closed: bool) -> int:
    """Return how many of those that wait are counted now; what stays is nothing, or never few.

    >>> [batch(n, is_closed=False) for n in (4, 9, 10, 12, 600)]
    [0, 0, 5, 7, 500]
    >>> [batch(n, is_closed=True) for n in (4, 5, 12, 502, 505)]
    [0, 5, 12, 502, 500]
    """
    ready = waiting if is_closed else waiting - FEWEST
    if ready < FEWEST:
        return 0
    return ready if ready < MOST + FEWEST else MOST


def shown(groups: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return which group columns a batch may show: every group that they make has five or more.

    >>> shown([{"province": "kampot", "sex": "f"}] * 5)
    ('province', 'sex')
    >>> shown([{"province": "kampot", "sex": "f"}] * 5 + [{"province": "kampot", "sex": "m"}])
    ('province',)
    """
    return next(names for names in LADDER if _is_safe(groups, names))


def _is_safe(groups: Sequence[Mapping[str, str]], names: Sequence[str]) -> bool:
    sizes = Counter(tuple(group.get(name, "") for name in names) for group in groups)
    return all(size >= FEWEST for size in sizes.values())
