"""/dialogues: staff plan dialogues, see who reported on each, and what both sides say of it.

Whoever is bound to a province sees only its dialogues.
"""

import datetime as dt

from handlers import agenda, comparing, dialogue_changes, pin, sensitive, texts
from handlers.dialoguetexts import listed, told
from handlers.layout import grid
from handlers.visit import Button, Keyboard, Visit
from storage import awaited, dialogues, reports
from storage.dialogues import Dialogue
from surveys.dialogue import PROVINCES, Level
from surveys.reading.moments import read_day
from surveys.respondent import may

# What staff do about dialogues, as their buttons and the PIN name it.
DIALOGUES = "dialogues"
NATIONAL = "national"
MOST = 12
# Which of the acts want a text, and which are done by a tap.
TYPED = ("day", "place", "organisations", "line")
PIN_FOR = "cancel"


def show_all(visit: Visit) -> None:
    """List the dialogues, the latest first."""
    if not may(visit.owner.role, DIALOGUES):
        visit.send(visit.say("only_staff"))
        return
    theirs = [one for one in dialogues.listed(visit.tx) if is_theirs(visit, one)]
    rows = [[visit.button(listed(visit, one), DIALOGUES, "show", one.id)] for one in theirs[:MOST]]
    rows.append([visit.button(visit.say("button.dialogue_new"), DIALOGUES, "new")])
    if sensitive.may_read(visit):
        n = texts.number(visit.language, len(reports.sensitive(visit.tx)))
        rows.append([visit.button(visit.say("button.secret", n=n), DIALOGUES, sensitive.SENSITIVE)])
    visit.answer(visit.say("dialogue.head", n=texts.number(visit.language, len(theirs))), rows)


def is_theirs(visit: Visit, one: Dialogue) -> bool:
    """Tell whether a dialogue is any business of whoever looks."""
    return visit.owner.bound_to in {None, one.province}


def tapped(visit: Visit) -> None:
    """Show a dialogue, make one, or do something about one."""
    assert visit.tap is not None
    if not may(visit.owner.role, DIALOGUES):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    act, *chosen = visit.tap.arguments
    if act == "list":
        show_all(visit)
    elif act == "new":
        _ask_new(visit, *chosen)
    elif act == sensitive.SENSITIVE:
        sensitive.tapped(visit, *chosen)
    elif act in TYPED:
        _ask_text(visit, act, chosen[0])
    elif act in SHOWN:
        _show_of(visit, act, chosen[0])
    elif act != PIN_FOR or pin.is_proved(visit, DIALOGUES, act, *chosen):
        perform(visit, act, *chosen)


def _show_of(visit: Visit, act: str, number: str) -> None:
    one = dialogues.find(visit.tx, int(number))
    if one is None or not is_theirs(visit, one):
        visit.answer(visit.say("dialogue.gone"), [_back(visit)])
        return
    text = SHOWN[act](visit, one)
    again = visit.button(visit.say("button.dialogue_card"), DIALOGUES, "show", one.id)
    if act == "show":
        visit.answer(text, [*_buttons(visit, one), _back(visit)])
    else:
        visit.answer(text, [[again], _back(visit)])


def _card(visit: Visit, one: Dialogue) -> str:
    return told(visit, one, reports.how_many(visit.tx).get(one.id, {}))


SHOWN = {"show": _card, "compare": comparing.both_sides, "agenda": agenda.told}


def perform(visit: Visit, act: str, number: str, value: str = "") -> None:
    """Do something about a dialogue; say what became of it."""
    one = dialogues.find(visit.tx, int(number))
    said = "gone"
    if one is not None and is_theirs(visit, one):
        said = dialogue_changes.change(visit.tx, visit.owner.id, act, one.id, value)
    after = dialogues.find(visit.tx, int(number))
    if said == "gone" or after is None:
        visit.answer(visit.say("dialogue.gone"), [_back(visit)])
        return
    text = "\n\n".join([visit.say("dialogue." + said), _card(visit, after)])
    visit.answer(text, [*_buttons(visit, after), _back(visit)])


def _buttons(visit: Visit, one: Dialogue) -> Keyboard:
    doing = {"planned": ("hold", "cancel"), "held": (), "cancelled": ("restore",)}[one.status]
    seeing = [act for act in SHOWN if act != "show"]
    rows = [[_act(visit, act, one)] for act in seeing]
    return [*rows, *([_act(visit, act, one)] for act in doing),
            *grid([_act(visit, act, one) for act in TYPED], 2)]  # fmt: skip


def _act(visit: Visit, act: str, one: Dialogue) -> Button:
    return visit.button(visit.say("button.dialogue_" + act), DIALOGUES, act, one.id)


def _ask_text(visit: Visit, act: str, number: str) -> None:
    awaited.ask(visit.tx, visit.owner.id, f"{act}:{number}")
    again = visit.button(visit.say("button.cancel"), DIALOGUES, "show", number)
    visit.answer(visit.say("dialogue.ask_" + act), [[again]])


def _ask_new(visit: Visit, place: str = "") -> None:
    """Ask for which place a dialogue is, then for its day."""
    if place:
        awaited.ask(visit.tx, visit.owner.id, f"new:{place}")
        visit.answer(visit.say("dialogue.ask_day"), [_back(visit)])
        return
    bound = visit.owner.bound_to
    names = [bound] if bound else [NATIONAL, *PROVINCES]
    rows = [[visit.button(_place(visit, name), DIALOGUES, "new", name)] for name in names]
    visit.answer(visit.say("dialogue.ask_where"), [*rows, _back(visit)])


def _place(visit: Visit, name: str) -> str:
    return visit.say("dialogue.national" if name == NATIONAL else "province." + name)


def typed(visit: Visit, name: str, about: str) -> None:
    """Take a text that was asked for: the day of a new dialogue, or something about one."""
    if name != "new":
        perform(visit, name, about, visit.typed)
        return
    day = read_day(visit.typed)
    if day is None:
        awaited.ask(visit.tx, visit.owner.id, f"{name}:{about}")
        visit.send(visit.say("dialogue.bad_day"), [_back(visit)])
        return
    # Whoever was bound to a province meanwhile makes dialogues there.
    made = _add(visit, visit.owner.bound_to or about, day)
    text = "\n\n".join([visit.say("dialogue.made"), _card(visit, made)])
    visit.answer(text, [*_buttons(visit, made), _back(visit)])


def _add(visit: Visit, place: str, day: dt.date) -> Dialogue:
    level: Level = "national" if place == NATIONAL else "provincial"
    province = None if place == NATIONAL else place
    return dialogue_changes.add(visit.tx, visit.owner.id, level, province, day)


def _back(visit: Visit) -> list[Button]:
    return [visit.button(visit.say("button.dialogue_list"), DIALOGUES, "list")]
