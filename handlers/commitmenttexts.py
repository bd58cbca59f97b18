"""A commitment in words: which office, what, by when, how it stands; and what was said of it.

The words of somebody else's report are shown to a reporter once staff have read them (/review), and
never where they name somebody.
"""

import datetime as dt

from export.redaction import redact
from handlers import comparing, days, texts
from handlers.dialoguetexts import where
from handlers.layout import shorten
from handlers.visit import Visit
from storage.commitments import Commitment, Said
from storage.media import is_voice
from surveys import commitment as rules
from surveys.dialogue import SIDES
from surveys.respondent import may

LONGEST_WHAT = 120
HIDDEN = "[…]"
# What a reporter says by a tap; an open one was never spoken of, or is taken back.
SAID = ("kept", "in_progress", "blocked")
MARKS = {"open": "⬜", "in_progress": "🔄", "kept": "✅", "blocked": "⛔"}


def line(visit: Visit, one: Commitment) -> str:
    """Say a commitment in a list: its number, how it stands, who, what, by when."""
    number, stands = texts.number(visit.language, one.id), called(visit, state(one))
    promised = visit.say("labelled", name=office(visit, one), value=what(visit, one))
    return f"{number} · {stands}\n{promised}\n{due(visit, one)}"


def called(visit: Visit, name: str) -> str:
    """Say a state by its mark and in words."""
    return " ".join([MARKS[name], visit.say("commitment.is_" + name)])


def legend(visit: Visit) -> str:
    """Say what the marks on the buttons beside the numbers mean."""
    signs = [called(visit, name) for name in SAID]
    return " · ".join([*signs, visit.say("commitment.more")])


def state(one: Commitment) -> rules.State:
    """Return how a commitment stands."""
    return rules.state(one.words(days.of))


def is_overdue(one: Commitment, today: dt.date) -> bool:
    """Tell whether its day passed and it isn't kept."""
    return rules.is_overdue(one.due_on, one.words(days.of), today)


def office(visit: Visit, one: Commitment) -> str:
    """Return which office promised it, as far as this person may read its name."""
    if one.hides_office:
        return HIDDEN
    may_read = one.reporter == visit.owner.id or may(visit.owner.role, "review")
    is_shown = may_read or one.office_is_read
    return (comparing.office if is_shown else comparing.listed_office)(visit, one.office)


def what(visit: Visit, one: Commitment) -> str:
    """Return what was promised, as far as this person may read it."""
    is_own = one.reporter == visit.owner.id
    if is_voice(one.what):
        return visit.say("voice_message")
    if is_own:
        return shorten(one.what, LONGEST_WHAT)
    if one.is_hidden:
        return HIDDEN
    if not one.is_read and not may(visit.owner.role, "review"):
        return visit.say("commitment.unread")
    return shorten(redact(one.what)[0], LONGEST_WHAT)


def due(visit: Visit, one: Commitment) -> str:
    """Say by when, where, and whether that day passed."""
    parts = [where(visit.language, one.province)]
    if one.due_on:
        parts.append(visit.say("commitment.due", day=days.shown(visit.language, one.due_on)))
    if is_overdue(one, days.of(visit.tx.now)):
        parts.append(visit.say("commitment.overdue"))
    if rules.differ(one.words(days.of)):
        parts.append(visit.say("commitment.differ"))
    return " · ".join(parts)


def card(visit: Visit, one: Commitment) -> str:
    """Say all that is known of a commitment: each side's view, and the history."""
    words = {word.side: word for word in one.words(days.of)}
    views = [
        visit.say(
            "labelled",
            name=visit.say("compare.by_" + side),
            value=visit.say("commitment.is_" + words[side].state) if side in words else "—",
        )
        for side in SIDES
    ]
    head = f"{texts.number(visit.language, one.id)} · {office(visit, one)}\n{what(visit, one)}"
    parts = [head, due(visit, one), "\n".join(views), *_history(visit, one)]
    return "\n\n".join(parts)


def _history(visit: Visit, one: Commitment) -> list[str]:
    if not one.history:
        return []
    lines = [_said(visit, said) for said in one.history]
    return ["\n".join([visit.say("commitment.history"), *lines])]


def _said(visit: Visit, said: Said) -> str:
    parts = [
        days.shown(visit.language, days.of(said.at)),
        visit.say("compare.by_" + said.side),
        visit.say("commitment.is_" + said.state),
        *([visit.say("reason." + said.reason)] if said.reason else []),
        *([redact(said.words)[0]] if said.words and may(visit.owner.role, "review") else []),
    ]
    return " · ".join(parts)
