"""A place: sent from the phone, typed as its coordinates, or chosen by its name.

Who chooses goes from province to district to commune, as far as there are lists and they want to.
The answer is then the middle of the province with an honest accuracy, and the code beside it.
`view` holds the page, the search and the code of the place whose list is seen: ("0", "", "17").
"""

from dataclasses import replace

from handlers.kinds import lists
from handlers.kinds.kind import Kind, Look, Taken, typed
from handlers.opened import Opened
from handlers.visit import Keyboard
from storage import answers
from surveys import gazetteer
from surveys import interview as engine
from surveys.form import Choice, Label
from surveys.interview import Answered, Turn
from surveys.reading import Unread
from surveys.reading.places import point

# Where the code stands in the view.
SEEN = 2


class Listing(Opened):
    """The question with the places of a list as its choices."""

    __slots__ = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The places inside the one whose list is seen."""
        return tuple(
            Choice(place.code, Label({code: (name,) for code, name in place.names.items()}))
            for place in gazetteer.within(around(self))
        )


def listing(opened: Opened) -> Listing:
    """Return the question with the places of the list that is seen."""
    return Listing(opened.visit, opened.form, opened.stored, opened.question, opened.instance)


def around(opened: Opened) -> str:
    """Return the code of the place whose list is seen; blank for the whole country."""
    return opened.view[SEEN] if is_choosing(opened) else ""


def is_choosing(opened: Opened) -> bool:
    """Tell whether a list of places is seen."""
    return len(opened.view) > SEEN


def lines(opened: Opened) -> str:
    """Say how to answer; or where the list is that is seen."""
    if not is_choosing(opened):
        return opened.say("how_to.geopoint")
    code = around(opened)
    where = named(opened, code) if code else ""
    how = lists.lines(listing(opened), lambda _: "")
    return "\n\n".join(part for part in (where, how) if part)


def buttons(opened: Opened) -> Keyboard:
    """Return the way into the list; in it a button for each place, and those that lead on."""
    if not is_choosing(opened):
        return [[opened.button(opened.say("button.place_list"), "places")]]
    rows = lists.keyboard(
        listing(opened), lambda at, label: opened.button(label, "inside", at), lambda _: ""
    )
    if code := around(opened):
        name = gazetteer.whole_name(code, opened.visit.language)
        rows.append([opened.button(opened.say("button.place_this", name=name), "this_place")])
    return [*rows, [opened.button(opened.say("button.place_up"), "up")]]


def into(_: Opened) -> Look:
    """Show the provinces."""
    return _look("")


def choose(opened: Opened, at: int) -> Turn | Look:
    """Show what is inside a place; one that has no list inside is the answer."""
    code = listing(opened).choices[at].value
    return _look(code) if gazetteer.within(code) else answer(opened, code)


def this(opened: Opened) -> Turn:
    """Answer with the place whose list is seen."""
    return answer(opened, around(opened))


def up(opened: Opened) -> Look:
    """Show the list before, or the ways to answer without one."""
    code = around(opened)
    return _look(gazetteer.around(code)) if code else Look()


def _look(code: str, search: str = "") -> Look:
    return Look(("0", search, code))


def answer(opened: Opened, code: str) -> Turn:
    """Answer with a place, its code beside the value."""
    state, world = opened.stored.interview, opened.visit.world(opened.stored)
    turn = engine.answer(opened.form, state, gazetteer.point(code), world)
    return replace(turn, events=tuple(
        replace(event, place=code)
        if isinstance(event, Answered) and event.path == state.position else event
        for event in turn.events
    ))  # fmt: skip


def take(opened: Opened) -> Taken:
    """Take the place of a message, read coordinates, or look for a name in the list."""
    message = opened.visit.message
    if message and message.location:
        place = message.location
        return point(place.latitude, place.longitude, place.horizontal_accuracy or 0)
    if not (message and message.text):
        return Unread("geopoint")
    read = typed(opened)
    return look_for(opened) or read if isinstance(read, Unread) else read


def look_for(opened: Opened) -> Taken | None:
    """Search the list that is seen, or the provinces, for what was typed."""
    text, choices = " ".join(opened.visit.typed.split()), listing(opened).choices
    found = [choices[at].value for at in lists.found(listing(opened), text)]
    if len(found) == 1 and gazetteer.is_called(found[0], text) and gazetteer.within(found[0]):
        return _look(found[0])
    if found:
        return _look(around(opened), text)
    return Unread("not_found") if is_choosing(opened) else None


def show(opened: Opened, value: str) -> str:
    """Show a place that was chosen by its name, any other by latitude and longitude."""
    if gazetteer.is_middle(value):
        visit, path = opened.visit, opened.question.path
        if code := answers.place(visit.tx, opened.stored.id, path, value):
            return named(opened, code)
    latitude, longitude, *_ = value.split()
    return "📍 " + opened.number(f"{latitude}, {longitude}")


def named(opened: Opened, code: str) -> str:
    """Return a place by its name and those around it."""
    return "📍 " + gazetteer.whole_name(code, opened.visit.language)


GEOPOINT = Kind(
    buttons,
    lines,
    take,
    show,
    {"places": into, "inside": choose, "this_place": this, "up": up, **lists.ACTS},
)
