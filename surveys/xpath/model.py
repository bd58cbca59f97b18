"""What the compiler of expressions knows of a form: which nodes there are, and which repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Model:
    """The paths of a form's nodes with their numbers, its repeats, and its secondary instances."""

    slots: Mapping[str, int] = field(default_factory=dict)
    repeats: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()

    def slot(self, path: str) -> int | None:
        """Return the number of a node that stands in no repeat."""
        return None if self.repeat_of(path) else self.slots.get(path)

    def repeat_of(self, path: str) -> str:
        """Return the innermost repeat that a path is, or stands in; blank where there is none."""
        while path and path not in self.repeats:
            path = path.rpartition("/")[0]
        return path

    def shared_repeat(self, path: str, other: str) -> str:
        """Return the innermost repeat that one path stands in and the other is, or stands in."""
        found = self.repeat_of(path.rpartition("/")[0])
        while found and found != other and not other.startswith(found + "/"):
            found = self.repeat_of(found.rpartition("/")[0])
        return found


NO_MODEL = Model()
