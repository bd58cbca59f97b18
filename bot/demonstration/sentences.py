"""What made-up people write, by what it is about; sentences.csv holds it for people to correct."""

import functools
from pathlib import Path

from bot.demonstration.chance import Chance
from surveys import wordlists

FILE = Path(__file__).with_name("sentences.csv")


@functools.cache
def sentences() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the sentences by what they are about and by language."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in wordlists.rows(FILE):
        key = row["about"], row["language"]
        found[key] = (*found.get(key, ()), row["text"])
    return found


def say(chance: Chance, about: str, language: str) -> str:
    """Return something that somebody would write in their language."""
    return chance.pick(sentences()[about, language])
