"""Numbers that are typed, and the few steps of a range that are tapped."""

from handlers.kinds.kind import Kind
from handlers.kinds.one import answer
from handlers.layout import grid
from handlers.opened import Opened
from handlers.visit import MOST_IN_A_ROW, Keyboard
from surveys.interview import Turn
from surveys.reading.numbers import steps

# A range of more steps than these is typed.
MOST_STEPS = 11
STAR = "★"


def how(kind: str) -> Kind:
    """Return a number that is typed, with an example of how."""
    return Kind(lines=lambda opened: opened.say("how_to." + kind), show=in_digits)


def in_digits(opened: Opened, value: str) -> str:
    """Show a number in the person's digits."""
    return opened.number(value)


def offered(opened: Opened) -> list[str]:
    """Return the steps of a range."""
    bounds = opened.question.bounds
    assert bounds is not None
    return steps(bounds)


def bounds_line(opened: Opened) -> str:
    """Say from where to where, where the steps are too many for buttons."""
    values = offered(opened)
    if len(values) <= MOST_STEPS:
        return ""
    assert opened.question.bounds is not None
    first, last, step = values[0], values[-1], opened.question.bounds.step
    return opened.say(
        "how_to.range",
        first=opened.number(first),
        last=opened.number(last),
        step=opened.number(step),
    )


def step_buttons(opened: Opened) -> Keyboard:
    """Return the steps in one row or two; a rating as stars."""
    values = offered(opened)
    if len(values) > MOST_STEPS:
        return []
    star = STAR if "rating" in opened.question.appearance else ""
    row = [
        opened.button(f"{_mark(opened, value)}{opened.number(value)}{star}", "step", at)
        for at, value in enumerate(values)
    ]
    return grid(row, MOST_IN_A_ROW if len(row) <= MOST_IN_A_ROW else (len(row) + 1) // 2)


def _mark(opened: Opened, value: str) -> str:
    return "✓ " if value == opened.given else ""


def step(opened: Opened, at: int) -> Turn:
    """Answer with a step."""
    return answer(opened, offered(opened)[at])


def rated(opened: Opened, value: str) -> str:
    """Show a number, or the stars of a rating."""
    star = f" {STAR}" if "rating" in opened.question.appearance else ""
    return opened.number(value) + star


INTEGER, DECIMAL = how("integer"), how("decimal")
RANGE = Kind(step_buttons, bounds_line, show=rated, acts={"step": step})
