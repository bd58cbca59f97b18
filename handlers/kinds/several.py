"""Several choices, ticked until Done; and all of them in an order, tapped one after the other."""

from dataclasses import replace

from handlers.kinds import lists
from handlers.kinds.kind import Kind, Look, Taken, typed
from handlers.kinds.lists import Listed
from handlers.opened import Opened
from handlers.visit import Keyboard
from surveys import interview as engine
from surveys.interview import Rejected, Turn
from surveys.reading import Unread

TICKED, UNTICKED = "☑ ", "☐ "
# A choice by one of these names goes with no other; a form's constraint may say so of more.
ALONE = frozenset({"none", "none_of_these", "none_of_the_above", "nothing", "nobody", "no_one"})


def lines(opened: Opened) -> str:
    """Return the list where its labels are long."""
    return lists.lines(opened, lambda _: "")


def ticks(opened: Opened) -> Keyboard:
    """Return a box for each choice, and Done with how many are ticked."""
    rows = lists.keyboard(
        opened,
        lambda at, label: opened.button(label, "tick", at, int(not _is_ticked(opened, at))),
        lambda item: _box(opened, item),
    )
    count = opened.number(len(opened.draft))
    return [*rows, [opened.button(opened.say("button.done", n=count), "done")]]


def _is_ticked(opened: Opened, at: int) -> bool:
    return opened.choices[at].value in opened.draft


def _box(opened: Opened, item: Listed) -> str:
    return TICKED if item.value in opened.draft else UNTICKED


def tick(opened: Opened, at: int, wanted: int) -> Look:
    """Tick or untick one choice, as its button said; say at once where the ticks can't stand.

    A second tap on the same button wants what is so already.
    """
    value = opened.choices[at].value
    if _is_ticked(opened, at) == bool(wanted):
        return Look(opened.view, opened.draft)
    draft = _with(opened.draft, value) if wanted else _without(opened.draft, value)
    return Look(opened.view, draft, _objection(opened, draft))


def _without(draft: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(ticked for ticked in draft if ticked != value)


def _with(draft: tuple[str, ...], value: str) -> tuple[str, ...]:
    """Return the ticks with one more; "none of these" and all others exclude each other."""
    kept = () if value in ALONE else tuple(ticked for ticked in draft if ticked not in ALONE)
    return (*kept, value)


def _objection(opened: Opened, draft: tuple[str, ...]) -> str:
    """Return why the ticks can't stand, or nothing."""
    ticked = replace(opened.stored.interview, draft=draft)
    turn = engine.done(opened.form, ticked, opened.visit.world(opened.stored))
    wrong = any(isinstance(event, Rejected) for event in turn.events)
    message = opened.text(opened.question.node.constraint_message)
    return (message or opened.say("reject.constraint")) if wrong else ""


def done(opened: Opened) -> Turn:
    """Answer with what is ticked; nothing ticked is a skip."""
    state, world = opened.stored.interview, opened.visit.world(opened.stored)
    if not opened.draft:
        return engine.skip(opened.form, state, world)
    return engine.done(opened.form, state, world)


def order(opened: Opened) -> str:
    """Return what has a place already, and what has none where its labels are long."""
    places = in_order(opened, " ".join(opened.draft), "\n")
    left = lists.numbered(opened, _left(opened), lambda _: "") if lists.is_numbered(opened) else ""
    return "\n\n".join(part for part in (opened.say("how_to.rank"), places, left) if part)


def _left(opened: Opened) -> list[Listed]:
    return [item for item in lists.listed(opened) if item.value not in opened.draft]


def places(opened: Opened) -> Keyboard:
    """Return a button for each choice that has no place yet, Undo, and Done with the last."""
    left = _left(opened)
    rows = lists.labelled(
        opened, left, lambda at, label: opened.button(label, "place", at), lambda _: ""
    )
    end = []
    if opened.draft:
        end.append(opened.button(opened.say("button.undo"), "undo"))
    if not left:
        count = opened.number(len(opened.draft))
        end.append(opened.button(opened.say("button.done", n=count), "done"))
    return [row for row in (*rows, end) if row]


def place(opened: Opened, at: int) -> Look:
    """Give a choice the next place."""
    value = opened.choices[at].value
    return Look(opened.view, (*_without(opened.draft, value), value))


def undo(opened: Opened) -> Look:
    """Take the last place back."""
    return Look(opened.view, opened.draft[:-1])


def take_order(opened: Opened) -> Taken:
    """Read all choices in their order."""
    read = typed(opened)
    return Unread("rank") if isinstance(read, Unread) and read.reason == "choice" else read


def in_order(opened: Opened, value: str, between: str = ", ") -> str:
    """Show the choices with their places."""
    labels = {choice.value: opened.label(choice) for choice in opened.choices}
    names = [labels.get(part, part) for part in value.split()]
    return between.join(f"{opened.number(at)}. {name}" for at, name in enumerate(names, 1))


SELECT_MULTIPLE = Kind(
    ticks, lines, lists.take, lists.names, {"tick": tick, "done": done, **lists.ACTS}
)
RANK = Kind(places, order, take_order, in_order, {"place": place, "undo": undo, "done": done})
