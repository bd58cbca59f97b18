"""The choices of a select: written in place, in a list of the form, or computed from the instance.

https://getodk.github.io/xforms-spec/#body-elements, `item` and `itemset`.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from surveys.definition import Choice, Itemset, Label
from surveys.errors import ExpressionError
from surveys.namespaces import XF, local
from surveys.xpath import Context, TreeNode, compile_expression

if TYPE_CHECKING:
    from surveys.compiling import FormCompiler

BEGINNING = re.compile(
    r"\s*(?:randomize\(\s*)?instance\(\s*(?P<quote>['\"])(?P<name>[^'\"]+)(?P=quote)\s*\)"
    r"(?P<path>(?:/[^/\[\],()]+)*)"
)
BY_ID = re.compile(r"\s*jr:itext\((?P<ref>[^'\"()]+)\)\s*")


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a form as a document of their own, before anybody answers."""

    lists: Mapping[str, TreeNode]
    now: dt.datetime = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    language: str = ""
    seed: int = 0
    root: TreeNode = field(default_factory=lambda: TreeNode(""))

    def instance(self, name: str) -> TreeNode | None:
        """Return the root above a list."""
        return self.lists.get(name)

    def choice_label(self, _: str, value: str) -> str:
        """Return the value: nothing else is known yet."""
        return value

    def text(self, text_id: str) -> str:
        """Return the id: nothing else is known yet."""
        return text_id


class Choices:
    """Reads the choices of the selects of one form; each list is read once."""

    def __init__(self, compiler: "FormCompiler", lists: Mapping[str, TreeNode]) -> None:
        self.compiler = compiler
        self.problems = compiler.problems
        self.lists = lists
        self.known: dict[tuple[str, ...], dict[int, Choice]] = {}

    def read(self, control: Element, path: str) -> tuple[tuple[Choice, ...], Itemset | None]:
        """Return all choices there can be, and how they are computed where that isn't all."""
        before = len(self.problems.found)
        found, itemset = self.found(control, path)
        is_searched = "search(" in (control.get("appearance") or "")
        is_lacking = not found and not (itemset and not BEGINNING.match(itemset.nodes.source))
        if is_lacking and self.is_awaited(control):
            return found, itemset
        if (is_searched or is_lacking) and len(self.problems.found) == before:
            self.problems.note("choices", path)
        if local(control) == "select" and any(len(c.value.split()) != 1 for c in found):
            self.problems.note("choices:blank", path)
        return found, itemset

    def is_awaited(self, control: Element) -> bool:
        """Tell whether the choices are in a file that somebody is still to send."""
        element = control.find(f"{XF}itemset")
        match = BEGINNING.match(element.get("nodeset", "")) if element is not None else None
        return match is not None and match["name"] in self.compiler.awaited

    def found(self, control: Element, path: str) -> tuple[tuple[Choice, ...], Itemset | None]:
        """Return the choices of a control and its itemset."""
        element = control.find(f"{XF}itemset")
        if element is None and control.get("query"):
            element = Element("itemset", nodeset=control.get("query", ""))
            element.append(Element(f"{XF}value", ref="name"))
            element.append(Element(f"{XF}label", ref="label"))
        if element is None:
            return tuple(self.in_place(control, path)), None
        itemset = self.itemset(element, path)
        match = BEGINNING.match(element.get("nodeset", ""))
        if itemset is None or match is None:
            return (), itemset
        whole = f"instance('{match['name']}'){match['path']}"
        known = self.listed(whole, itemset, match["name"])
        is_all = match.end() == len(element.get("nodeset", "").rstrip())
        is_static = is_all and "randomize" not in match[0]
        return tuple(known.values()), None if is_static else replace(itemset, known=known)

    def in_place(self, control: Element, path: str) -> Iterator[Choice]:
        """Yield the choices that are written in the control."""
        for item in control.findall(f"{XF}item"):
            element = item.find(f"{XF}label")
            texts = self.compiler.texts
            label = Label({})
            if element is not None:
                parts = Label({"": texts.parts(element, path)})
                label = texts.referred(element.get("ref", ""), path) or parts
                self.compiler.check_label(label, path)
            yield Choice(item.findtext(f"{XF}value", "").strip(), label)

    def itemset(self, element: Element, path: str) -> Itemset | None:
        """Compile an itemset; value and label stand on each of its nodes."""
        nodes = self.compiler.expression(element.get("nodeset", ""), path, "choice_filter")
        value, label = element.find(f"{XF}value"), element.find(f"{XF}label")
        value_ref = value.get("ref", "") if value is not None else "name"
        label_ref = label.get("ref", "") if label is not None else value_ref
        match = BY_ID.fullmatch(label_ref)
        try:
            value_of = compile_expression(value_ref)
            label_of = compile_expression(match["ref"] if match else label_ref)
        except ExpressionError as error:
            self.problems.note("choices:expression", path, why=error)
            return None
        return Itemset(nodes, value_of, label_of, match is not None) if nodes else None

    def listed(self, whole: str, itemset: Itemset, name: str) -> dict[int, Choice]:
        """Return all choices of a list by the identity of their nodes, read once."""
        key = (whole, itemset.value.source, itemset.label.source)
        if key not in self.known:
            lists = Lists(self.lists)
            nodes = compile_expression(whole).nodes(Context(lists, lists.root))
            choices = (self.choice(node, itemset, name) for node in nodes)
            self.known[key] = dict(zip(map(id, nodes), choices, strict=True))
        return self.known[key]

    def choice(self, node: TreeNode, itemset: Itemset, name: str) -> Choice:
        """Return the choice that a node of a list is."""
        context = Context(Lists(self.lists), node)
        value, label = itemset.value.string(context).strip(), itemset.label.string(context)
        shown = self.compiler.texts.label(label, "") if itemset.by_id else Label({"": (label,)})
        if not shown.parts and not shown.media:
            shown = Label({"": (label or value,)})
        self.compiler.check_label(shown, f"{name}/{value}", sheet="choices")
        return Choice(value, shown, name)
