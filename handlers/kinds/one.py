"""One choice: a button each; a scale in one row; and the single button of an agreement."""

from handlers.kinds import lists
from handlers.kinds.kind import Kind
from handlers.kinds.lists import Listed
from handlers.opened import Opened
from handlers.visit import MOST_IN_A_ROW, Keyboard
from surveys import interview as engine
from surveys.interview import Turn
from surveys.reading.choices import AGREED


def is_scale(opened: Opened) -> bool:
    """Tell whether the form wants one row from one end to the other."""
    return "likert" in opened.question.appearance and len(opened.choices) <= MOST_IN_A_ROW


def lines(opened: Opened) -> str:
    """Name both ends of a scale, or the list where its labels are long."""
    if not is_scale(opened) or not opened.choices:
        return lists.lines(opened, lambda item: _mark(opened, item))
    items = lists.listed(opened)
    ends = (items[0], items[-1])
    return "\n".join(f"{opened.number(item.at + 1)} = {item.label}" for item in ends)


def buttons(opened: Opened) -> Keyboard:
    """Return a button for each choice; the one that was chosen before has a tick."""
    if is_scale(opened):
        items = lists.listed(opened)
        return [[_choose(opened, i, f"{_mark(opened, i)}{opened.number(i.at + 1)}") for i in items]]
    return lists.keyboard(
        opened,
        lambda at, label: opened.button(label, "choose", at),
        lambda item: _mark(opened, item),
    )


def _choose(opened: Opened, item: Listed, label: str) -> dict[str, str]:
    return opened.button(label, "choose", item.at)


def _mark(opened: Opened, item: Listed) -> str:
    return "✓ " if item.value == opened.given else ""


def choose(opened: Opened, at: int) -> Turn:
    """Answer with one choice."""
    return answer(opened, opened.choices[at].value)


def answer(opened: Opened, value: str) -> Turn:
    """Answer the open question."""
    state, world = opened.stored.interview, opened.visit.world(opened.stored)
    return engine.answer(opened.form, state, value, world)


def agree_button(opened: Opened) -> Keyboard:
    """Return the one button of a text to agree to."""
    mark = "✓ " if opened.given else ""
    return [[opened.button(mark + opened.say("button.agree"), "agree")]]


def agree(opened: Opened) -> Turn:
    """Answer that it was read."""
    return answer(opened, AGREED)


def agreed(opened: Opened, _: str) -> str:
    """Show that it was agreed to."""
    return opened.say("button.agree").removeprefix("✅ ")


SELECT_ONE = Kind(buttons, lines, lists.take, lists.names, {"choose": choose, **lists.ACTS})
ACKNOWLEDGE = Kind(agree_button, show=agreed, acts={"agree": agree})
