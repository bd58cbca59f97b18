"""The results framework as data: its nodes and what they are called. Pure."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveys.instruments import instrument
from surveys.language import EN, KM

FILE = Path(__file__).with_name("framework.toml")


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its number, its level (outcome, output, activity), its title by language."""

    id: str
    level: str
    title: Mapping[str, str]


@functools.cache
def nodes() -> tuple[Node, ...]:
    """Return the nodes in the order of the framework."""
    return tuple(Node(**row) for row in tomllib.loads(FILE.read_text("utf-8"))["node"])


def nodes_of(form_id: str) -> list[str]:
    """Return the nodes that a form tells something about: number and title, in each language."""
    ours = instrument(form_id)
    found = [node for node in nodes() if ours and node.id in ours.nodes]
    return [f"{node.id} {node.title[language]}" for node in found for language in (EN, KM)]
