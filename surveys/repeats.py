"""Adding and removing instances of repeats (https://getodk.github.io/xforms-spec/#repeats). Pure.

A repeat is named by its path with the positions of those around it, /data/member[1]/child; an
instance of it with its own position too, /data/member[1]/child[2].
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from surveys import setting
from surveys.definition import Form, plain
from surveys.instance import MOST_INSTANCES, Instance, World
from surveys.interview import Added, Answered, Interview, Removed, Turn, proceed


def addable(instance: Instance) -> list[str]:
    """Return the repeats that one more instance can be added to, in the order of the form."""
    free = [r.path for r in instance.form.repeats.values() if not r.is_fixed]
    found = [
        f"{holder.path}/{path.rpartition('/')[2]}"
        for path in free
        for holder in instance.nodes(path.rpartition("/")[0])
        if holder.relevant
    ]
    return [path for path in found if _count(instance, path) < MOST_INSTANCES]


def add(form: Form, interview: Interview, path: str, world: World) -> Turn:
    """Add an instance at the end of a repeat; where none can be added, nothing changes."""
    before = Instance(form, interview.values, world)
    if path not in addable(before):
        return Turn(interview, ())
    count = _count(before, path) + 1
    grown = {**interview.values, path: str(count)}
    new = Instance(form, grown, world).instances() - before.instances()
    values = setting.after_growth(form, grown, world, sorted(new))
    is_set = {p for p in values if values[p] != grown.get(p)}
    after = replace(
        interview,
        values=values,
        proposed=interview.proposed | is_set,
        closed=interview.closed - {path},
    )
    return proceed(form, after, world, Added(f"{path}[{count}]"))


def remove(form: Form, interview: Interview, path: str, world: World) -> Turn:
    """Remove an instance with its answers; those behind it move up."""
    before = Instance(form, interview.values, world)
    base, _, position = path.rstrip("]").rpartition("[")
    repeat = form.repeats.get(plain(path))
    if repeat is None or repeat.is_fixed or path not in before.instances():
        return Turn(interview, ())
    gone = int(position)
    kept = _moved_values(interview.values, base, gone)
    after = replace(
        interview,
        values={**kept, base: str(_count(before, base) - 1)},
        skipped=frozenset(_moved(interview.skipped, base, gone)),
        proposed=frozenset(_moved(interview.proposed, base, gone)),
        closed=frozenset(_moved(interview.closed, base, gone)),
    )
    return proceed(form, after, world, Removed(path), *_rewritten(interview, after, base, gone))


def _rewritten(before: Interview, after: Interview, base: str, gone: int) -> list[Answered]:
    """Return the answers of a repeat that are others now, because one of it is gone.

    The first instances come first, so that what an answer moved from isn't written over yet.
    """
    paths = {path for path in (*before.values, *after.values) if path.startswith(base + "[")}
    stood = {_renamed(path, base, gone): path for path in paths}
    changed = (
        (path, after.values.get(path, ""))
        for path in sorted(paths, key=lambda path: (_position(path, base), path))
        if before.values.get(path, "") != after.values.get(path, "")
    )
    return [
        Answered(path, value, moved_from=stood.get(path, "") if value else "")
        for path, value in changed
    ]


def _position(path: str, base: str) -> int:
    return int(path[len(base) + 1 :].partition("]")[0])


def close(form: Form, interview: Interview, path: str, world: World) -> Turn:
    """Want no more instances of a repeat, and go on."""
    return proceed(form, replace(interview, closed=interview.closed | {path}), world)


def _count(instance: Instance, path: str) -> int:
    return int(instance.counts([plain(path)]).get(path, "0"))


def _moved_values(values: Mapping[str, str], base: str, gone: int) -> dict[str, str]:
    moved = ((_renamed(path, base, gone), value) for path, value in values.items())
    return {path: value for path, value in moved if path}


def _moved(paths: Iterable[str], base: str, gone: int) -> list[str]:
    return [moved for path in paths if (moved := _renamed(path, base, gone))]


def _renamed(path: str, base: str, gone: int) -> str:
    """Return a path after an instance is gone: one less behind it, blank inside it.

    >>> _renamed("/d/m[3]/age", "/d/m", 2), _renamed("/d/m[2]/age", "/d/m", 2)
    ('/d/m[2]/age', '')
    """
    if not path.startswith(base + "["):
        return path
    rest, number = path[len(base) + 1 :].partition("]")[2], _position(path, base)
    if number == gone:
        return ""
    return f"{base}[{number - (number > gone)}]{rest}"
