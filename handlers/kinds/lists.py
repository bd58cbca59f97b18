"""A list of choices on a small screen: its pages, a search in it, long labels by their numbers.

`view` holds the page and the search: ("2", "kampong").
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.kinds.kind import Act, Look, Taken, typed
from handlers.layout import grid, in_rows, is_longer
from handlers.opened import Opened
from handlers.visit import Button, Keyboard
from surveys.language import LANGUAGES
from surveys.reading import Unread
from surveys.reading.choices import search

# Up to so many stand on one page: a second one for one or two would only hide them.
MOST_ON_ONE_PAGE, PER_PAGE = 12, 10
# One album takes these, the question's own picture, and that of a note.
PER_PAGE_PICTURED = 9
# More than these nobody leafs through: they are found by typing a part of their name.
MOST_LEAFED = 30
LONG_LABEL = 32
Draw = Callable[[int, str], Button]


@dataclass(frozen=True, slots=True)
class Listed:
    """A choice with its place in the list, from 0, and its label."""

    at: int
    value: str
    label: str


def listed(opened: Opened) -> list[Listed]:
    """Return the choices that are offered and match the search, if there is one."""
    choices = opened.choices
    wanted = searched(opened)
    places = found(opened, wanted) if wanted else range(len(choices))
    return [Listed(at, choices[at].value, opened.labels[at]) for at in places]


def searched(opened: Opened) -> str:
    """Return what the person looks for."""
    return opened.view[1] if _is_leafing(opened) and len(opened.view) > 1 else ""


def pages(opened: Opened) -> int:
    """Return how many pages there are."""
    most = PER_PAGE_PICTURED if is_pictured(opened) else MOST_ON_ONE_PAGE
    # A search only takes some away.
    if len(opened.choices) <= most:
        return 1
    count = len(listed(opened))
    return 1 if count <= most else -(-count // per_page(opened))


def per_page(opened: Opened) -> int:
    """Return how many choices stand on one of several pages."""
    return PER_PAGE_PICTURED if is_pictured(opened) else PER_PAGE


def page(opened: Opened) -> int:
    """Return which page is shown, from 0; a search may have left fewer."""
    return min(int(opened.view[0]), pages(opened) - 1) if _is_leafing(opened) else 0


def _is_leafing(opened: Opened) -> bool:
    return bool(opened.view) and opened.view[0].isdecimal()


def shown(opened: Opened) -> list[Listed]:
    """Return the choices of the page that is shown."""
    items, most = listed(opened), per_page(opened)
    first = page(opened) * most
    return items if pages(opened) == 1 else items[first : first + most]


def is_numbered(opened: Opened) -> bool:
    """Tell whether the labels stand in the text: too long for buttons, or known by a number."""
    is_long = any(is_longer(label, LONG_LABEL) for label in opened.labels)
    return is_long or is_pictured(opened) or is_spoken(opened)


def is_pictured(opened: Opened) -> bool:
    """Tell whether choices have pictures, which stand above them with their numbers."""
    return opened.has_files and any(opened.file(one.label, "image") for one in opened.choices)


def is_spoken(opened: Opened) -> bool:
    """Tell whether choices can be heard, each with its number."""
    return opened.has_files and any(map(opened.spoken_choice, opened.choices))


def lines(opened: Opened, mark: Callable[[Listed], str]) -> str:
    """Return how to find a choice in a long list, and the list itself where its labels are long."""
    named = numbered(opened, shown(opened), mark) if is_numbered(opened) else ""
    return "\n\n".join(part for part in (_found_line(opened), named) if part)


def numbered(opened: Opened, items: Sequence[Listed], mark: Callable[[Listed], str]) -> str:
    """Return choices as lines with their numbers."""
    return "\n".join(f"{opened.number(i.at + 1)}. {mark(i)}{i.label}" for i in items)


def _found_line(opened: Opened) -> str:
    if wanted := searched(opened):
        count = opened.number(len(listed(opened)))
        return opened.say("list.found", text=wanted, n=count)
    if len(opened.choices) > MOST_LEAFED:
        return opened.say("list.search", n=opened.number(len(opened.choices)))
    return ""


def keyboard(opened: Opened, draw: Draw, mark: Callable[[Listed], str]) -> Keyboard:
    """Return the buttons of the page, and those that leaf."""
    return [*labelled(opened, shown(opened), draw, mark), *leafing(opened)]


def labelled(
    opened: Opened, items: Sequence[Listed], draw: Draw, mark: Callable[[Listed], str]
) -> Keyboard:
    """Return a button for each choice, by its label or its number."""
    if is_numbered(opened):
        return grid([draw(i.at, f"{mark(i)}{opened.number(i.at + 1)}") for i in items])
    return in_rows(draw(i.at, f"{mark(i)}{i.label}") for i in items)


def leafing(opened: Opened) -> Keyboard:
    """Return the buttons to the pages beside this one, and out of a search."""
    here, last = page(opened), pages(opened) - 1
    row = []
    if here > 0:
        row.append(opened.button(f"◀ {opened.number(here)}", "page", here - 1))
    if here < last:
        row.append(opened.button(f"{opened.number(here + 2)} ▶", "page", here + 1))
    if searched(opened):
        row.append(opened.button(opened.say("button.whole_list"), "whole"))
    return [row] if row else []


def turn_page(opened: Opened, to: int) -> Look:
    """Show another page of the same list."""
    return Look((str(to), *opened.view[1:]), opened.draft)


def whole_list(opened: Opened) -> Look:
    """End a search."""
    return Look(("0", "", *opened.view[2:]), opened.draft)


def take(opened: Opened) -> Taken:
    """Read a choice by its name; a part of one searches a list of several pages."""
    read = typed(opened)
    is_unknown = isinstance(read, Unread) and read.reason == "choice"
    if not is_unknown or len(opened.choices) <= MOST_ON_ONE_PAGE:
        return read
    text = " ".join(opened.visit.typed.split())
    return Look(("0", text), opened.draft) if found(opened, text) else Unread("not_found")


def found(opened: Opened, text: str) -> list[int]:
    """Return the places of the choices whose name in either language holds a text."""
    context = opened.instance.at(opened.question.path)
    labels = ([c.label.text(code, context) for code in LANGUAGES] for c in opened.choices)
    return search(labels, text)


def names(opened: Opened, value: str) -> str:
    """Show the labels of the choices in a value."""
    values = (choice.value for choice in opened.choices)
    labels = dict(zip(values, opened.labels, strict=True))
    return ", ".join(labels.get(part, part) for part in value.split())


ACTS: dict[str, Act] = {"page": turn_page, "whole": whole_list}
