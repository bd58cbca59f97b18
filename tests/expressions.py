"""Single expressions and what a reference engine makes of them (tests/conformance.py)."""

import datetime as dt
import json
import math
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring
from zoneinfo import ZoneInfo

from surveys.errors import ExpressionError
from surveys.xpath import Context, TreeNode, compile_expression
from surveys.xpath.tree import read_tree
from surveys.xpath.values import Value, to_boolean, to_number, to_string

# The clock of those who wrote the facts down.
ZONE = ZoneInfo("America/Phoenix")
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)
DECLARATION = re.compile(r"^\s*(<\?xml[^>]*\?>)?\s*(<!DOCTYPE[^>]*>)?")


@dataclass
class Score:
    """How many facts there were, and how many this engine says otherwise."""

    facts: int = 0
    wrong: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    shown: int = 0

    def count(self, kind: str, is_right: bool, show: int, *what: object) -> None:
        self.facts += 1
        self.wrong += not is_right
        self.kinds[kind] += not is_right
        if not is_right and self.shown < show:
            self.shown += 1
            sys.stdout.write(" ".join(map(str, ("wrong:", kind, *what))) + "\n")


@dataclass
class Scene:
    """One document with nothing around it, as far as an expression may ask."""

    tree: TreeNode
    root: TreeNode
    language: str
    now: dt.datetime = NOW
    seed: int = 1

    def instance(self, name: str) -> TreeNode | None:
        """Return the instance of a name; its own element stands where the root of a list does."""
        named = (n for n in self.tree.walk() if n.name == "instance")
        return next((n for n in named if n.attributes.get("id") == name), None)

    def choice_label(self, _: str, value: str) -> str:
        return value

    def text(self, text_id: str) -> str:
        translations = [n for n in self.tree.walk() if n.name == "translation"]
        spoken = [n for n in translations if n.attributes.get("lang") == self.language]
        default = [n for n in translations if "default" in n.attributes]
        for translation in spoken or default or translations:
            for text in translation.children:
                if text.attributes.get("id") == text_id:
                    plain = (value for value in text.children if "form" not in value.attributes)
                    return next(plain, text).string()
        return ""


def compare_expressions(path: Path, show: int) -> Score:
    """Run the expressions that a reference engine gets right and that forms may use."""
    score = Score()
    for line in path.read_text("utf-8").splitlines():
        fact = json.loads(line)
        if fact["kind"] == "ok" and fact["xforms"]:
            got = outcome(fact)
            score.count("xpath", same(fact, got), show, fact["expr"], got, fact["expected"])
    return score


def outcome(fact: dict[str, Any]) -> Value | str:
    """Return what this engine makes of an expression, or why it refuses it."""
    tree = read_tree(fromstring(DECLARATION.sub("", fact["xml"].strip())))
    root, node = at(tree, fact["root"]), at(tree, fact["context"])
    scene = Scene(tree, root, fact["lang"] or "")
    try:
        return compile_expression(fact["expr"]).run(Context(scene, node))
    except ExpressionError as error:
        return f"refused: {error}"


def at(tree: TreeNode, path: str) -> TreeNode:
    """Return the node at a path of numbers."""
    for number in path.strip("/").split("/"):
        tree = tree.children[int(number) - 1] if number else tree
    return tree


def same(fact: dict[str, Any], got: Value) -> bool:
    """Compare a value with what was written down."""
    kind, expected = fact["type"], fact["expected"]
    match kind:
        case "boolean":
            return to_boolean(got) == expected and not str(got).startswith("refused")
        case "number":
            return close(to_number(got), float(expected))
        case "rounded":
            return close(round(to_number(got) * fact["factor"]) / fact["factor"], expected)
        case "string":
            return text(got) == expected
        case "matches":
            return bool(re.search(expected, text(got)))
        case "length":
            return len(to_string(got)) == expected
    # jr:itext() is a text here, and a node in the reference: what it says must be the same.
    nodes = [
        at(read_tree(fromstring(DECLARATION.sub("", fact["xml"].strip()))), n) for n in expected
    ]
    return text(got) == (nodes[0].string() if nodes else "")


def text(value: Value) -> str:
    return "" if isinstance(value, float) and math.isnan(value) else to_string(value)


def close(got: float, expected: float) -> bool:
    both_none = math.isnan(got) and math.isnan(expected)
    return both_none or got == expected or math.isclose(got, expected, rel_tol=1e-6)
