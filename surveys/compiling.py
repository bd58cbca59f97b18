"""XForm XML → Form: the model with its binds, lists and order, then the body."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from surveys.actions import read_actions
from surveys.attachments import AWAITED, Unreadable, external_lists, read_attachment
from surveys.controls import Body
from surveys.definition import Form, Label, NamedFile, Node
from surveys.errors import ExpressionError
from surveys.itext import read_texts
from surveys.language import LANGUAGES
from surveys.namespaces import JR, XF, XH, bare, local
from surveys.ordering import ordered
from surveys.problems import Problems
from surveys.unsupported import unsupported
from surveys.xpath import Expression, Model, TreeNode, compile_expression, read_tree

RULES = ("relevant", "constraint", "calculate", "required", "readonly")
MOST_NODES = 5000
ITEMSETS = "itemsets.csv"
# jr://file-csv/places.csv, jr://file/places.geojson
SOURCE = re.compile(r"jr://(?P<kind>file|file-csv)/(?P<name>.+)")


class FormCompiler:
    """Reads one XForm document, collecting every problem instead of stopping at the first."""

    def __init__(self, document: Element, attachments: Mapping[str, bytes]) -> None:
        self.document = document
        self.attachments = attachments
        self.problems = Problems()
        model = document.find(f"{XH}head/{XF}model")
        self.element = model if model is not None else Element("model")
        self.binds = {bare(b.get("nodeset", "")): b for b in self.element.iter(f"{XF}bind")}
        self.texts = read_texts(self.element, self.expression)
        self.expressions: list[tuple[str, str, Expression]] = []
        self.model = Model()
        self.counts: Counter[str] = Counter()
        self.files: list[NamedFile] = []
        # The lists of a draft whose files somebody is still to send.
        self.awaited: set[str] = set()

    def form(self) -> Form | None:
        """Return the compiled form, or None when it has no primary instance."""
        instance = self.element.find(f"{XF}instance")
        root = instance[0] if instance is not None and len(instance) else None
        if root is None:
            self.problems.note("instance")
            return None
        elements = dict(_elements(root))
        if len(elements) > MOST_NODES:
            self.problems.note("too_large", most=MOST_NODES)
            return None
        return self.assemble(root, elements)

    def assemble(self, root: Element, elements: Mapping[str, Element]) -> Form:
        """Return the form of a primary instance."""
        found = self.document.find(f"{XH}body")
        body = found if found is not None else Element("body")
        lists = self.lists()
        repeats = frozenset(bare(r.get("nodeset", "")) for r in body.iter(f"{XF}repeat"))
        slots = {path: number for number, path in enumerate(elements)}
        self.model = Model(slots, repeats, frozenset(lists))
        self.counts = Counter(_instances(root))
        nodes = {path: self.node(path, element) for path, element in elements.items()}
        controls = Body(self, nodes, lists)
        questions = tuple(controls.questions(body))
        if not questions and not self.problems.found:
            self.problems.note("empty")
        actions = read_actions(self, self.element, body)
        groups = controls.group_labels(body)
        self.check_references()
        return Form(
            form_id=root.get("id", ""),
            version=root.get("version", ""),
            title=self.document.findtext(f"{XH}head/{XH}title", ""),
            languages=self.texts.languages,
            nodes=nodes,
            order=ordered(nodes, questions, controls.repeats, self.problems),
            questions=questions,
            group_labels=groups,
            repeats=controls.repeats,
            actions=actions,
            texts=self.named_texts(),
            lists=lists,
            model=self.model,
            calls=frozenset().union(*(e.calls for _, _, e in self.expressions)),
            attributes={name: value for name, value in root.attrib.items() if "}" not in name},
            namespaces=_namespaces(elements),
            files=tuple(dict.fromkeys(self.files)),
            attached=frozenset(self.attachments),
        )

    def lists(self) -> dict[str, TreeNode]:
        """Return the secondary instances by name, each below a root without a name."""
        found: dict[str, TreeNode] = {}
        for instance in self.element.findall(f"{XF}instance")[1:]:
            name, source = instance.get("id", ""), instance.get("src", "")
            tree = self.attached(name, source) if source else None
            if tree is None and len(instance):
                tree = read_tree(instance[0])
            found[name] = tree or TreeNode("")
        return found | self.external()

    def external(self) -> dict[str, TreeNode]:
        """Return the lists of an attached itemsets.csv, or note why it can't be read."""
        data = self.attachments.get(ITEMSETS)
        try:
            return external_lists(read_attachment(ITEMSETS, data)) if data else {}
        except Unreadable as error:
            self.problems.note("attachment", what=ITEMSETS, why=error)
            return {}

    def attached(self, name: str, source: str) -> TreeNode | None:
        """Return an attached list, or note why it can't be read."""
        match = SOURCE.fullmatch(source.strip())
        data = self.attachments.get(match["name"]) if match else None
        reason = "it isn't attached"
        if data == AWAITED:
            self.awaited.add(name)
            return None
        if match and data is not None:
            try:
                return read_attachment(match["name"], data)
            except Unreadable as error:
                reason = str(error)
        what = match["name"] if match else source
        self.problems.note("attachment", name, what=what, why=reason)
        return None

    def node(self, path: str, element: Element) -> Node:
        """Return a node with the rules of its bind."""
        bind = self.binds.get(path)
        rules = {name: self.rule(bind, name, path) for name in RULES}
        return Node(
            path,
            type=_type(bind),
            default=(element.text or "").strip() if len(element) == 0 else "",
            constraint_message=self.message(bind, "constraint", path),
            required_message=self.message(bind, "required", path),
            preload=_preload(bind),
            **rules,
        )

    def instances_of(self, path: str) -> int:
        """Return how many instances of a repeat the form begins with."""
        return self.counts[path]

    def rule(self, bind: Element | None, name: str, path: str) -> Expression | None:
        """Compile one rule of a bind (https://getodk.github.io/xforms-spec/#bind-attributes)."""
        source = bind.get(name) if bind is not None else None
        column = "calculation" if name == "calculate" else name
        return self.expression(source, path, column) if source and source.strip() else None

    def expression(self, source: str, path: str, column: str) -> Expression | None:
        """Compile an expression, or note why it can't be."""
        try:
            compiled = compile_expression(source, path or None, self.model)
        except ExpressionError as error:
            self.problems.note("expression", path, column=column, what=source.strip(), why=error)
            return None
        self.expressions.append((path, column, compiled))
        return compiled

    def message(self, bind: Element | None, name: str, path: str) -> Label | None:
        """Return the message of a rule in all languages."""
        source = bind.get(f"{JR}{name}Msg") if bind is not None else None
        if not source:
            return None
        message = self.texts.referred(source, path) or Label({"": (source,)})
        self.check_label(message, path, f"{name}_message")
        return message

    def check_label(
        self, label: Label, at: str, column: str = "label", sheet: str = "survey"
    ) -> None:
        """Take up the files that a text names, and warn where one of our two languages lacks it."""
        self.files += [
            NamedFile(name, kind, at, sheet, f"media::{kind}")
            for files in label.media.values()
            for kind, name in sorted(files.items())
        ]
        for code in LANGUAGES if "" not in label.parts else ():
            if code not in label.parts:
                self.problems.note(
                    "warning.translation",
                    at,
                    sheet=sheet,
                    column=column,
                    what=column.replace("_", " "),
                    language=code,
                )

    def check_references(self) -> None:
        """Note expressions that read what isn't there, and what this client doesn't do."""
        for at, column, expression in self.expressions:
            missing = sorted(expression.references - self.model.slots.keys())
            for path in missing:
                self.problems.note("reference", at, column=column, what=path)
            for name in sorted(expression.instances - self.model.instances):
                self.problems.note("attachment:list", at, column=column, what=name)
        referenced = [expression.references for _, _, expression in self.expressions]
        self.problems.found += unsupported(self.document, frozenset().union(*referenced))

    def named_texts(self) -> dict[str, Label]:
        """Return the texts that expressions call by id, with jr:itext()."""
        is_called = any("jr:itext" in expression.calls for _, _, expression in self.expressions)
        ids = self.texts.found if is_called else ()
        return {text_id: self.texts.label(text_id, "") for text_id in ids}


def _elements(element: Element, parent: str = "") -> Iterator[tuple[str, Element]]:
    """Yield the nodes of the primary instance by path; of a repeat, its first instance."""
    path = f"{parent}/{local(element)}"
    yield path, element
    for child in _first(element).values():
        yield from _elements(child, path)


def _first(element: Element) -> dict[str, Element]:
    """Return the children by name: an instance rather than the template of a repeat."""
    found: dict[str, Element] = {}
    for child in element:
        name = local(child)
        if name and (name not in found or _is_template(found[name])):
            found[name] = child
    return found


def _is_template(element: Element) -> bool:
    return f"{JR}template" in element.attrib


def _instances(element: Element, parent: str = "") -> Iterator[str]:
    """Yield the path of every child of a first instance, once for each that is no template."""
    path = f"{parent}/{local(element)}"
    yield from (f"{path}/{local(child)}" for child in element if not _is_template(child))
    for child in _first(element).values():
        yield from _instances(child, path)


def _type(bind: Element | None) -> str:
    kind = bind.get("type", "string") if bind is not None else "string"
    return kind.strip().removeprefix("xsd:").removeprefix("xs:")


def _preload(bind: Element | None) -> tuple[str, str] | None:
    """Return the kind and parameter of a preload, where a bind has one."""
    kind = bind.get(f"{JR}preload") if bind is not None else None
    return (kind, bind.get(f"{JR}preloadParams", "")) if kind and bind is not None else None


def _namespaces(elements: Mapping[str, Element]) -> dict[str, str]:
    """Return the namespaces of nodes by path, where they aren't the XForm's own."""
    found = {path: element.tag.rpartition("}")[0] + "}" for path, element in elements.items()}
    return {path: name[1:-1] for path, name in found.items() if name not in {XF, "}"}}
