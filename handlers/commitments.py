"""/commitments: reporters say what became of the promises of their province, by one tap; staff see
all of them by state, with the share that was kept by its due day.
"""

from handlers import days, texts
from handlers.commitmenttexts import MARKS, SAID, called, card, is_overdue, legend, line, state
from handlers.visit import Button, Keyboard, Visit
from storage import awaited, commitments
from storage.commitments import Commitment
from surveys import commitment as rules
from surveys.commitment import REASONS, STATES, State
from surveys.dialogue import side_of
from surveys.khmer import cut
from surveys.respondent import may

PROMISE = "promise"
ALL, OVERDUE, TO_DO = "all", "overdue", "todo"
PAGE = 6
LONGEST_REASON = 300


def show_all(visit: Visit, chosen: str = "", page: int = 0) -> None:
    """List the commitments: those to do for reporters, all for staff."""
    if not may(visit.owner.role, "promises"):
        visit.answer(visit.say("only_reporters"))
        return
    wanted = chosen or (TO_DO if may(visit.owner.role, "report") else ALL)
    known = visible(visit)
    found = [one for one in known if _is(visit, one, wanted)]
    here = found[page * PAGE : (page + 1) * PAGE]
    lines = listed(visit, here) or [visit.say("commitment.none")]
    rows = [
        *buttons(visit, here),
        *_leafing(visit, wanted, page, len(found)),
        *_filters(visit, known, wanted),
    ]
    visit.answer("\n\n".join([_head(visit, known), *lines]), rows)


def listed(visit: Visit, here: list[Commitment]) -> list[str]:
    """Say each of some commitments; below them, for reporters, what the buttons' marks mean."""
    lines = [line(visit, one) for one in here]
    return [*lines, *([legend(visit)] if lines and may(visit.owner.role, "report") else [])]


def visible(visit: Visit) -> list[Commitment]:
    """Return the commitments that are any business of whoever looks, those soon due first.

    What both sides named is one commitment.
    """
    known = commitments.listed(visit.tx)
    named = {one.same_as for one in known if one.reporter == visit.owner.id}
    first = [one for one in known if one.same_as is None]
    theirs = [one for one in first if _is_theirs(visit, one) or one.id in named]
    return sorted(theirs, key=lambda one: (one.due_on is None, one.due_on or one.made_on, one.id))


def _is_theirs(visit: Visit, one: Commitment) -> bool:
    owner = visit.owner
    if may(owner.role, "dialogues"):
        return owner.bound_to in {None, one.province}
    own = owner.bound_to or owner.province
    return one.reporter == owner.id or one.province in {None, own}


def _is(visit: Visit, one: Commitment, wanted: str) -> bool:
    """Tell whether a commitment is of the state that is wanted."""
    if wanted == OVERDUE:
        return is_overdue(one, days.of(visit.tx.now))
    if wanted == TO_DO:
        return state(one) != "kept"
    return wanted in {ALL, state(one)}


def _head(visit: Visit, known: list[Commitment]) -> str:
    """Say how many were kept by their due day of how many whose day passed."""
    share = rules.share(((one.due_on, one.words(days.of)) for one in known), days.of(visit.tx.now))
    numbers = {"n": len(known), "kept": share.kept, "due": share.due}
    said = {name: texts.number(visit.language, value) for name, value in numbers.items()}
    return visit.say("commitment.head", **said)


def buttons(visit: Visit, here: list[Commitment]) -> Keyboard:
    """Return a row for each commitment: its number, and for reporters what they may say of it."""
    return [_row(visit, one) for one in here]


def _row(visit: Visit, one: Commitment) -> list[Button]:
    number = texts.number(visit.language, one.id)
    more = visit.button(f"{number} ⋯", PROMISE, "show", one.id)
    if not may(visit.owner.role, "report"):
        return [more]
    said = [visit.button(f"{number} {MARKS[name]}", PROMISE, name, one.id) for name in SAID]
    return [*said, more]


def _leafing(visit: Visit, wanted: str, page: int, count: int) -> Keyboard:
    before, after = (texts.number(visit.language, at) for at in (page, page + 2))
    pages = {f"◀ {before}": page - 1, f"{after} ▶": page + 1}
    row = [
        visit.button(label, PROMISE, "list", wanted, at)
        for label, at in pages.items()
        if 0 <= at * PAGE < count
    ]
    return [row] if row else []


def _filters(visit: Visit, known: list[Commitment], wanted: str) -> Keyboard:
    """Return a button for each state that any commitment is in, with how many."""
    names = (*STATES, OVERDUE) if may(visit.owner.role, "dialogues") else (TO_DO, "kept")
    counts = {name: sum(_is(visit, one, name) for one in known) for name in names}
    rows = [
        visit.button(_counted(visit, name, n), PROMISE, "list", name, 0)
        for name, n in counts.items()
        if n and name != wanted
    ]
    return [[one] for one in rows]


def _counted(visit: Visit, name: str, n: int) -> str:
    return visit.say("commitment.is_" + name) + f" ({texts.number(visit.language, n)})"


def tapped(visit: Visit) -> None:
    """Show commitments, or note what a side says of one."""
    assert visit.tap is not None
    act, *chosen = visit.tap.arguments
    if not may(visit.owner.role, "promises"):
        visit.toast(visit.say("only_reporters"), alert=True)
        return
    if act == "list":
        visit.toast()
        show_all(visit, chosen[0], int(chosen[1]))
        return
    one = next((c for c in visible(visit) if str(c.id) == chosen[0]), None)
    if one is None:
        visit.toast(visit.say("commitment.gone"), alert=True)
    elif act == "show":
        visit.toast()
        show(visit, one.id)
    elif not may(visit.owner.role, "report"):
        visit.toast(visit.say("only_reporters"), alert=True)
    else:
        visit.toast()
        _take(visit, one, act, *chosen[1:])


def _take(visit: Visit, one: Commitment, act: str, reason: str = "") -> None:
    if act == "blocked" and not reason:
        _ask_why(visit, one)
    elif act == "words":
        awaited.ask(visit.tx, visit.owner.id, f"reason:{one.id}")
        cancel = visit.button(visit.say("button.cancel"), PROMISE, "show", one.id)
        visit.answer(visit.say("commitment.ask_words"), [[cancel]])
    else:
        assert act in STATES
        say(visit, one, act, reason or None)


def _ask_why(visit: Visit, one: Commitment) -> None:
    rows = [
        [visit.button(visit.say("reason." + name), PROMISE, "blocked", one.id, name)]
        for name in REASONS
        if name != "other"
    ]
    other = visit.button(visit.say("button.reason_other"), PROMISE, "words", one.id)
    cancel = visit.button(visit.say("button.cancel"), PROMISE, "show", one.id)
    visit.answer(visit.say("commitment.ask_why"), [*rows, [other], [cancel]])


def reason_typed(visit: Visit, _: str, about: str) -> None:
    """Take the words that say why a commitment is blocked."""
    one = next((c for c in visible(visit) if str(c.id) == about), None)
    if one is not None:
        say(visit, one, "blocked", "other", cut(visit.typed.strip(), LONGEST_REASON))


def say(
    visit: Visit, one: Commitment, said: State, reason: str | None = None, words: str | None = None
) -> None:
    """Note what the person's side says; the same said again is no news."""
    side = side_of(visit.owner.sector)
    last = next((each for each in reversed(one.history) if each.side == side), None)
    if last is None or (last.state, last.reason, last.words) != (said, reason, words):
        commitments.say(visit.tx, one.id, side, said, visit.owner.id, reason, words)
    show(visit, one.id, visit.say("commitment.noted"))


def show(visit: Visit, number: int, said: str = "") -> None:
    """Show a commitment with what can be said of it."""
    one = next(c for c in visible(visit) if c.id == number)
    rows: Keyboard = []
    if may(visit.owner.role, "report"):
        rows = [[visit.button(called(visit, name), PROMISE, name, one.id)] for name in SAID]
    back = visit.button(visit.say("button.commitment_list"), PROMISE, "list", _default(visit), 0)
    text = "\n\n".join(filter(None, [said, card(visit, one)]))
    visit.answer(text, [*rows, [back]])


def _default(visit: Visit) -> str:
    return TO_DO if may(visit.owner.role, "report") else ALL
