"""A repeat in the chat: what it holds so far, one more, one less, go on.

`view` holds the number of the instance that is about to be removed: ("2",).
"""

from collections.abc import Callable

from handlers import kinds
from handlers.kinds.kind import Look
from handlers.layout import grid, shorten
from handlers.opened import Opened, bound
from handlers.texts import number
from handlers.visit import Keyboard, Visit
from storage.interviews import Stored
from surveys import repeats
from surveys.definition import plain
from surveys.form import Form
from surveys.instance import Instance
from surveys.interview import Turn
from surveys.khmer import fold
from surveys.reading import Unread
from surveys.reading.choices import NO, YES

LONGEST_ENTRY, MOST_SHOWN = 60, 2


def label(visit: Visit, instance: Instance, stop: str) -> str:
    """Return what one instance of a repeat is called."""
    named = instance.form.repeats[plain(stop)].label.text(visit.language, instance)
    return named or visit.say("repeat.entry")


def entries(visit: Visit, form: Form, stored: Stored, instance: Instance) -> list[str]:
    """Return the instances of the open repeat, each by its first answers."""
    stop = stored.interview.position
    paths = [n.path for n in instance.nodes(plain(stop)) if n.path.rpartition("[")[0] == stop]
    asked = instance.asked()
    found = []
    for path in paths:
        inside = [q for q in asked if q.path.startswith(path + "/") and instance.value(q.path)]
        opened = [Opened(visit, form, stored, question, instance) for question in inside]
        shown = " · ".join(kinds.shown(o, o.given) for o in opened[:MOST_SHOWN])
        found.append(shorten(shown or visit.say("summary.skipped"), LONGEST_ENTRY))
    return found


def screen(visit: Visit, form: Form, stored: Stored) -> tuple[str, Keyboard]:
    """Return what the repeat holds, and the buttons to add, remove and go on."""
    instance = Instance(form, stored.interview.values, visit.world(stored))
    name = label(visit, instance, stored.interview.position)
    held = entries(visit, form, stored, instance)
    lines = [f"{number(visit.language, at)}. {entry}" for at, entry in enumerate(held, 1)]
    if stored.interview.view:
        return _removal(visit, stored, name, lines)
    text = "\n\n".join(part for part in (name, "\n".join(lines), visit.say("repeat.ask")) if part)
    more = stored.interview.position in repeats.addable(instance)
    add = [[bound(visit, stored, visit.say("button.add", label=name), "add")]] if more else []
    remove = [
        bound(visit, stored, f"🗑 {number(visit.language, at)}", "less", at)
        for at in range(1, len(held) + 1)
    ]
    go_on = [bound(visit, stored, visit.say("button.go_on"), "enough")]
    back = [bound(visit, stored, visit.say("button.back"), "back")]
    return text, [*add, go_on, *grid(remove), back]


def _removal(visit: Visit, stored: Stored, name: str, lines: list[str]) -> tuple[str, Keyboard]:
    at = int(stored.interview.view[0])
    text = "\n\n".join((name, lines[at - 1], visit.say("repeat.remove")))
    return text, [
        [bound(visit, stored, visit.say("button.remove"), "gone", at)],
        [bound(visit, stored, visit.say("button.forget_no"), "stay")],
    ]


def read(visit: Visit, form: Form, stored: Stored) -> Turn | Unread:
    """Read a yes or a no to "one more?"."""
    word = fold(visit.typed)
    if word in YES:
        return add(visit, form, stored)
    return enough(visit, form, stored) if word in NO else Unread("tap_or_type")


def add(visit: Visit, form: Form, stored: Stored) -> Turn:
    """Add one more and ask its questions."""
    interview, world = stored.interview, visit.world(stored)
    return repeats.add(form, interview, interview.position, world)


def enough(visit: Visit, form: Form, stored: Stored) -> Turn:
    """Go on with what follows."""
    interview, world = stored.interview, visit.world(stored)
    return repeats.close(form, interview, interview.position, world)


def less(_: Visit, __: Form, ___: Stored, at: int) -> Look:
    """Ask once more before one is removed."""
    return Look((str(at),))


def stay(_: Visit, __: Form, ___: Stored) -> Look:
    """Remove nothing."""
    return Look()


def gone(visit: Visit, form: Form, stored: Stored, at: int) -> Turn:
    """Remove one with its answers; those behind it move up."""
    path = f"{stored.interview.position}[{at}]"
    return repeats.remove(form, stored.interview, path, visit.world(stored))


ACTS: dict[str, Callable[..., Turn | Look]] = {
    "add": add,
    "enough": enough,
    "less": less,
    "stay": stay,
    "gone": gone,
}
