"""The body of an XForm: its controls → Questions, its groups and repeats with their labels.

https://getodk.github.io/xforms-spec/#body-elements
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from surveys.definition import Bounds, Label, Node, Question, Repeat
from surveys.itemsets import Choices
from surveys.namespaces import JR, XF, bare, local
from surveys.xpath import TreeNode

if TYPE_CHECKING:
    from surveys.compiling import FormCompiler

CONTROLS = {"input", "select", "select1", "upload", "trigger", "range", "rank", "secret"}
# The kinds of question that a control makes of a bind's type; "" is any other type.
KINDS: dict[tuple[str, str], str] = {
    ("input", "string"): "text",
    ("input", "int"): "integer",
    ("input", "long"): "integer",
    ("input", "decimal"): "decimal",
    ("input", "date"): "date",
    ("input", "time"): "time",
    ("input", "dateTime"): "dateTime",
    ("input", "geopoint"): "geopoint",
    ("input", "barcode"): "barcode",
    ("input", "geotrace"): "geotrace",
    ("input", "geoshape"): "geoshape",
    # JavaRosa, too, takes a type that it doesn't know for text.
    ("input", ""): "text",
    ("secret", ""): "text",
    ("select1", ""): "select_one",
    ("select", ""): "select_multiple",
    ("rank", ""): "rank",
    ("range", ""): "range",
    ("trigger", ""): "acknowledge",
}
# https://getodk.github.io/xforms-spec/#body-elements, `upload`.
UPLOADS = {"image": "image", "audio": "audio", "video": "video"}
# The kinds that are refused; why is in surveys/messages.py.
REFUSED = frozenset({"geotrace", "geoshape"})
SELECTS = frozenset({"select_one", "select_multiple", "rank"})
LISTED = {"select", "select1", "rank"}


class Body:
    """Reads the body of one form, with the nodes and lists it stands on."""

    def __init__(
        self, compiler: "FormCompiler", nodes: Mapping[str, Node], lists: Mapping[str, TreeNode]
    ) -> None:
        self.compiler = compiler
        self.problems = compiler.problems
        self.nodes = nodes
        self.choices = Choices(compiler, lists)
        self.repeats: dict[str, Repeat] = {}

    def questions(self, element: Element) -> Iterator[Question]:
        """Yield the questions in order, through groups and repeats."""
        for control in element:
            tag = local(control)
            if tag == "group":
                yield from self.questions(control)
            elif tag == "repeat":
                self.repeat(control, element)
                yield from self.questions(control)
            elif tag in CONTROLS and (question := self.question(control, tag, self.find(control))):
                yield question

    def find(self, control: Element) -> Node | None:
        """Return the node that a control names: by its path, or by the id of a bind."""
        ref = bare(control.get("ref") or "")
        if name := control.get("bind"):
            named = (p for p, bind in self.compiler.binds.items() if bind.get("id") == name)
            ref = next(named, "")
        if ref and not ref.startswith("/"):
            ref = f"{next(iter(self.nodes), '')}/{ref}"
        return self.nodes.get(ref)

    def repeat(self, control: Element, group: Element) -> None:
        """Take up a repeat with its label and count."""
        path = bare(control.get("nodeset", ""))
        if path not in self.nodes:
            self.problems.note("reference:control", what=path)
            return
        source = control.get(f"{JR}count", "")
        count = self.compiler.expression(source, path, "repeat_count") if source else None
        is_fixed = bool(source) or control.get(f"{JR}noAddRemove", "").strip() == "true()"
        self.repeats[path] = Repeat(
            path,
            self.label(group, "label", path) or Label({}),
            0 if source else self.compiler.instances_of(path),
            count,
            is_fixed,
        )

    def question(self, control: Element, tag: str, node: Node | None) -> Question | None:
        """Return the question of a control, or note why it can't be asked."""
        if node is None:
            self.problems.note("reference:control", what=control.get("ref"))
            return None
        kind = self.kind(control, tag, node)
        self.check_computed(node)
        is_select = kind in SELECTS or (kind == "note" and tag in LISTED)
        choices, itemset = self.choices.read(control, node.path) if is_select else ((), None)
        return Question(
            node,
            kind,
            self.label(control, "label", node.path) or Label({}),
            self.label(control, "hint", node.path),
            choices,
            frozenset((control.get("appearance") or "").split()),
            self.guidance(control, node.path),
            itemset,
            _bounds(control) if tag == "range" else None,
        )

    def kind(self, control: Element, tag: str, node: Node) -> str:
        """Return the kind of a question; what is computed or read-only is a note."""
        kind = _kind(control, tag, node.type)
        if kind in REFUSED:
            self.problems.note(f"type:{kind}", node.path, column="type")
        elif "ex:" in (control.get("appearance") or ""):
            self.problems.note("type:application", node.path, column="type")
        is_read_only = node.readonly is not None and node.readonly.source == "true()"
        return "note" if node.calculate or is_read_only else kind

    def check_computed(self, node: Node) -> None:
        """Warn of a question that is computed and so is never asked."""
        if node.calculate and not (node.readonly and node.readonly.source == "true()"):
            self.problems.note("warning.calculate", node.path, column="calculation")

    def label(self, control: Element, tag: str, path: str) -> Label | None:
        """Return the label or hint of a control."""
        element = control.find(f"{XF}{tag}")
        if element is None:
            return None
        texts = self.compiler.texts
        reference = element.get("ref", "")
        label = texts.referred(reference, path) or Label({"": texts.parts(element, path)})
        if tag == "hint" and not label.parts:
            return None
        if path:
            self.compiler.check_label(label, path, tag)
        return label

    def guidance(self, control: Element, path: str) -> Label | None:
        """Return the longer hint (https://getodk.github.io/xforms-spec/#languages, `guidance`)."""
        element = control.find(f"{XF}hint")
        reference = element.get("ref", "") if element is not None else ""
        texts = self.compiler.texts
        return (
            texts.referred(reference, path, "guidance")
            if texts.has(reference, "guidance")
            else None
        )

    def group_labels(self, body: Element) -> dict[str, Label]:
        """Return the labels of the groups by path."""
        paths = {(group.get("ref") or "").strip(): group for group in body.iter(f"{XF}group")}
        labels = {path: self.label(group, "label", path) for path, group in paths.items()}
        return {path: label for path, label in labels.items() if label}


def _kind(control: Element, tag: str, type_: str) -> str:
    # pyxform writes select_one_external as an input with a query.
    if control.get("query"):
        return "select_one"
    if tag == "upload":
        return UPLOADS.get((control.get("mediatype") or "").partition("/")[0], "file")
    return KINDS.get((tag, type_)) or KINDS[tag, ""]


def _bounds(control: Element) -> Bounds:
    """Return what a range offers (https://getodk.github.io/xforms-spec/#body-elements)."""
    return Bounds(control.get("start", "0"), control.get("end", "10"), control.get("step", "1"))
