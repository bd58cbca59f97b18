"""A wave's people narrowed by what they are, and how many of each kind shall answer: as one likes.

What is wished stands in one word of a button: a letter and a value for each, such as `sf.a1.q30`.
"""

from dataclasses import replace
from typing import Any

from handlers import links, texts, wavetexts
from handlers.visit import Visit
from storage import organisations, waves
from storage.store import Transaction
from surveys import quota
from surveys.language import LANGUAGES
from surveys.wave import Audience

NOTHING = "-"
# The menu of all that can be narrowed, and that of the targets.
ALL, TARGETS = "n", "q"
EACH = ("10", "30", "60")
# Women and men: few of any other sex said so, and a target would keep a wave open for ever.
SEXES = ("f", "m")
WAVES_SHOWN = 5
# Which part of the audience a letter stands for.
PARTS = {
    "s": "sex",
    "a": "age_group",
    "l": "language",
    "w": "answered_wave",
    "o": "organisation",
}
VALUES = {"s": quota.VALUES["sex"], "a": quota.VALUES["age_group"], "l": LANGUAGES}
Row = tuple[str, tuple[str, ...]]


def read(wish: str) -> dict[str, str]:
    """Return what is wished, by its letter."""
    return {} if wish == NOTHING else {word[0]: word[1:] for word in wish.split(".")}


def write(wished: dict[str, str]) -> str:
    """Write it again."""
    return ".".join(letter + value for letter, value in sorted(wished.items())) or NOTHING


def audience(tx: Transaction, whole: Audience, wish: str) -> Audience:
    """Return an audience narrowed as wished."""
    named = {letter: value for letter, value in read(wish).items() if letter in PARTS}
    parts: dict[str, Any] = {PARTS[at]: _value(tx, at, value) for at, value in named.items()}
    return replace(whole, **parts)


def _value(tx: Transaction, letter: str, value: str) -> str | int | None:
    if letter == "o":
        found = organisations.by_id(tx, int(value))
        return found.code if found else None
    return VALUES[letter][int(value)] if letter in VALUES else int(value)


def targets(province: str | None, wish: str) -> tuple[quota.Quota, ...]:
    """Return the targets that are wished: the same for women and men of each province."""
    wished = read(wish)
    if TARGETS not in wished:
        return ()
    provinces = [province] if province else links.PROVINCES.values()
    sexes = [quota.VALUES["sex"][int(wished["s"])]] if "s" in wished else SEXES
    return quota.even(provinces, sexes, int(wished[TARGETS]))


def told(visit: Visit, wish: str) -> str:
    """Say which targets are wished; the audience says the rest."""
    each = read(wish).get(TARGETS)
    if not each:
        return ""
    n = texts.number(visit.language, each)
    return f"{visit.say('wave.quotas')} {visit.say('wave.each', n=n)}"


def menu(visit: Visit, wish: str, letter: str) -> tuple[str, list[Row]]:
    """Return what a menu asks, and its buttons: each a label and what is chosen by it."""
    if letter == ALL:
        there = [one for one in PARTS if one in VALUES or _choices(visit, one)]
        rows: list[Row] = [(visit.say("button.narrow_" + PARTS[one]), (wish, one)) for one in there]
        return visit.say("wave.ask_narrow"), rows
    key = "wave.ask_quota" if letter == TARGETS else "button.narrow_" + PARTS[letter]
    none = visit.say("wave.no_quota" if letter == TARGETS else "wave.no_matter")
    others = {one: value for one, value in read(wish).items() if one != letter}
    rows = [
        (label, (write({**others, letter: value}),)) for value, label in _choices(visit, letter)
    ]
    return visit.say(key), [(none, (write(others),)), *rows]


def _choices(visit: Visit, letter: str) -> list[tuple[str, str]]:
    """Return the values that a letter can have, with their labels."""
    if letter == TARGETS:
        return [(n, visit.say("wave.each", n=texts.number(visit.language, n))) for n in EACH]
    if letter == "w":
        listed = [one for one in waves.listed(visit.tx) if one.status != "draft"]
        return [(str(one.id), wavetexts.named(visit, one)) for one in listed[:WAVES_SHOWN]]
    if letter == "o":
        return [(str(o.id), o.name(visit.language)) for o in organisations.listed(visit.tx)]
    named = enumerate(VALUES[letter])
    return [(str(at), wavetexts.label(visit, PARTS[letter], value)) for at, value in named]
