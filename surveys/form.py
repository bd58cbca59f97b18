"""A form as the engine runs it: XForm XML → Form, with every expression compiled once.

The XForm is the contract (https://getodk.github.io/xforms-spec/); whatever this client can't run
is a FormError, never a surprise while somebody is answering.
"""

import graphlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from surveys.errors import ExpressionError, FormError, FormRefused
from surveys.language import LANGUAGES, heading_language
from surveys.xpath import Context, Expression, compile_expression

XF = "{http://www.w3.org/2002/xforms}"
XH = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
CONTROLS = {"input", "select", "select1", "upload", "trigger", "range", "rank", "secret"}
# Control and bind type → the kind of question.
KINDS = {
    ("input", "string"): "text",
    ("input", "int"): "integer",
    ("input", "date"): "date",
    ("select1", "string"): "select_one",
    ("select", "string"): "select_multiple",
}
RULES = ("relevant", "constraint", "calculate", "required")


@dataclass(frozen=True, slots=True)
class Label:
    """A text in several languages; its parts are strings and expressions whose value is shown."""

    parts: Mapping[str, tuple[str | Expression, ...]]

    def text(self, language: str, context: Context) -> str:
        """Return the text in a language, or in the first other one that has it."""
        for code in (language, *LANGUAGES, *self.parts):
            if code in self.parts:
                return "".join(
                    part if isinstance(part, str) else part.string(context)
                    for part in self.parts[code]
                ).strip()
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: the machine's value and the person's label."""

    value: str
    label: Label


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the primary instance with the rules of its bind."""

    path: str
    type: str = "string"
    default: str = ""
    relevant: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    required: Expression | None = None
    constraint_message: Label | None = None
    required_message: Label | None = None

    @property
    def name(self) -> str:
        """The last step of the path, the name of the form's author."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Question:
    """A control of the body: what is asked, and for which node."""

    node: Node
    kind: str
    label: Label
    hint: Label | None = None
    choices: tuple[Choice, ...] = ()
    appearance: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        """The absolute path of the question's node."""
        return self.node.path

    @property
    def name(self) -> str:
        """The name of the question's node."""
        return self.node.name


@dataclass(frozen=True)
class Form:
    """A compiled form. Never changes; an interview keeps the version it began with."""

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    nodes: Mapping[str, Node]
    questions: tuple[Question, ...]
    group_labels: Mapping[str, Label] = field(default_factory=dict)

    @cached_property
    def by_path(self) -> Mapping[str, Question]:
        """Questions by the path of their node."""
        return {question.path: question for question in self.questions}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that take an answer, in the order of the form."""
        return tuple(question for question in self.questions if question.kind != "note")

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """Questions by name, for the export and for presets."""
        return {question.name: question for question in self.questions}


def load(xform: str) -> Form:
    """Compile an XForm; raise FormRefused with everything that keeps it from running."""
    form, problems = compile_form(xform)
    errors = tuple(p for p in problems if not p.code.startswith("warning."))
    if form is None or errors:
        raise FormRefused(errors)
    return form


def compile_form(xform: str) -> tuple[Form | None, tuple[FormError, ...]]:
    """Compile an XForm; return the form, or None, and all errors and warnings."""
    try:
        document = fromstring(xform)
    except ParseError as error:
        return None, (FormError("xml", f"This isn't an XForm: {error}."),)
    compiler = FormCompiler(document)
    form = compiler.form()
    return form, tuple(compiler.problems)


class FormCompiler:
    """Reads one XForm document, collecting every problem instead of stopping at the first."""

    def __init__(self, document: Element) -> None:
        self.document = document
        self.problems: list[FormError] = []
        model = document.find(f"{XH}head/{XF}model")
        self.model = model if model is not None else Element("model")
        self.binds = {bind.get("nodeset", ""): bind for bind in self.model.iter(f"{XF}bind")}
        self.texts = self.read_itext()

    def form(self) -> Form | None:
        """Return the compiled form, or None when it has no primary instance."""
        instance = self.model.find(f"{XF}instance")
        if instance is None or len(instance) == 0:
            self.problem("instance", "The form has no primary instance.")
            return None
        root = instance[0]
        nodes = {node.path: node for node in self.read_nodes(root)}
        body = self.document.find(f"{XH}body")
        questions = tuple(self.read_body(body, nodes)) if body is not None else ()
        self.check_references(nodes)
        return Form(
            form_id=root.get("id", ""),
            version=root.get("version", ""),
            title=self.document.findtext(f"{XH}head/{XH}title", ""),
            languages=tuple(dict.fromkeys(code for text in self.texts.values() for code in text)),
            nodes=nodes,
            questions=questions,
            group_labels=self.read_groups(body),
        )

    def problem(self, code: str, text: str, way_out: str = "", at: str = "", **place: str) -> None:
        """Note a problem; `at` is the path of the node it concerns."""
        column = place.get("column")
        name = at.rsplit("/", 1)[-1]
        sheet = "survey" if name else None
        text = f"“{name}”: {text}" if name else text
        self.problems.append(FormError(code, text, way_out, sheet, None, column))

    def read_itext(self) -> dict[str, dict[str, Element]]:
        """Return the text elements by id and language .

        https://getodk.github.io/xforms-spec/#languages
        """
        texts: dict[str, dict[str, Element]] = {}
        for translation in self.model.iter(f"{XF}translation"):
            heading = translation.get("lang") or ""
            code = heading_language(heading) or heading
            for text in translation.iter(f"{XF}text"):
                value = next((v for v in text.iter(f"{XF}value") if not v.get("form")), None)
                # pyxform writes "-" where a translation is missing.
                if value is not None and (value.text or "").strip() != "-":
                    texts.setdefault(text.get("id", ""), {})[code] = value
        return texts

    def read_nodes(self, element: Element, parent: str = "") -> Iterator[Node]:
        """Yield a node and all below it, with the rules of their binds."""
        path = f"{parent}/{_local(element)}"
        bind = self.binds.get(path)
        rules = {name: self.rule(bind, name, path) for name in RULES}
        yield Node(
            path,
            type=_type(bind),
            default=(element.text or "").strip() if len(element) == 0 else "",
            constraint_message=self.message(bind, "constraintMsg", path),
            required_message=self.message(bind, "requiredMsg", path),
            **rules,
        )
        for child in element:
            yield from self.read_nodes(child, path)

    def rule(self, bind: Element | None, name: str, path: str) -> Expression | None:
        """Compile one rule of a bind (https://getodk.github.io/xforms-spec/#bind-attributes)."""
        source = bind.get(name) if bind is not None else None
        return self.expression(source, path, name) if source else None

    def expression(self, source: str, path: str, column: str) -> Expression | None:
        """Compile an expression, or note why it can't be."""
        try:
            return compile_expression(source, path)
        except ExpressionError as error:
            self.problem(
                "expression",
                f"“{source.strip()}” can't be computed: {error}.",
                "Please correct the expression.",
                at=path,
                column=column,
            )
            return None

    def message(self, bind: Element | None, name: str, path: str) -> Label | None:
        """Return the message of a rule in all languages."""
        source = bind.get(f"{JR}{name}") if bind is not None else None
        if not source:
            return None
        return self.translated(source, path) or Label({"": (source,)})

    def translated(self, reference: str, path: str) -> Label | None:
        """Return the Label behind a jr:itext('id') reference."""
        if not reference.strip().startswith("jr:itext("):
            return None
        text_id = reference.strip()[len("jr:itext(") : -1].strip("'\"")
        texts = self.texts.get(text_id, {})
        return Label({code: self.parts(value, path) for code, value in texts.items()})

    def parts(self, element: Element, path: str) -> tuple[str | Expression, ...]:
        """Split a text into strings and the expressions of its outputs; <br> is a new line."""
        parts: list[str | Expression] = [_newlines(element.text)]
        for output in element:
            shown = self.expression(output.get("value", ""), path, "label")
            parts += [shown, _newlines(output.tail)] if shown else [_newlines(output.tail)]
        return tuple(part for part in parts if part)

    def label(self, control: Element, tag: str, path: str) -> Label | None:
        """Return the label or hint of a control."""
        element = control.find(f"{XF}{tag}")
        if element is None:
            return None
        reference = element.get("ref", "")
        return self.translated(reference, path) or Label({"": self.parts(element, path)})

    def read_body(self, element: Element, nodes: Mapping[str, Node]) -> Iterator[Question]:
        """Yield the questions of the body in order, through its groups."""
        for control in element:
            tag, ref = _local(control), (control.get("ref") or "").strip()
            if tag == "repeat":
                self.problem(
                    "repeat",
                    "repeats can't be asked.",
                    "Please ask one at a time.",
                    at=control.get("nodeset", ""),
                )
            elif tag == "group":
                yield from self.read_body(control, nodes)
            elif tag in CONTROLS and (question := self.question(control, tag, nodes.get(ref))):
                yield question

    def question(self, control: Element, tag: str, node: Node | None) -> Question | None:
        """Return the question of a control, or note why it can't be asked in a chat."""
        if node is None:
            self.problem("reference", f"The control at {control.get('ref')} has no node.")
            return None
        bind = self.binds.get(node.path)
        read_only = bind is not None and bind.get("readonly") == "true()"
        kind = "note" if read_only else KINDS.get((tag, node.type))
        if kind is None:
            self.problem(
                "type",
                f"a question of type “{node.type}” ({tag}) can't be asked in a chat.",
                "Please use text, integer, date, select_one, select_multiple or note.",
                at=node.path,
                column="type",
            )
            return None
        label = self.label(control, "label", node.path) or Label({})
        self.check_languages(label, node.path)
        return Question(
            node,
            kind,
            label,
            self.label(control, "hint", node.path),
            tuple(self.choices(control, node.path)),
            frozenset((control.get("appearance") or "").split()),
        )

    def choices(self, control: Element, path: str) -> Iterator[Choice]:
        """Yield the choices of a select, written in place or in a secondary instance."""
        for item in control.findall(f"{XF}item"):
            yield Choice(
                item.findtext(f"{XF}value", ""), self.label(item, "label", path) or Label({})
            )
        itemset = control.find(f"{XF}itemset")
        if itemset is None:
            return
        nodeset = itemset.get("nodeset", "").strip()
        if "[" in nodeset or not nodeset.startswith("instance("):
            self.problem("choice_filter", "filtered lists can't be asked.", at=path)
            return
        yield from self.listed(nodeset.split("'")[1], path)

    def listed(self, name: str, path: str) -> Iterator[Choice]:
        """Yield the choices of a secondary instance."""
        for instance in self.model.findall(f"{XF}instance"):
            if instance.get("id") == name:
                for item in instance.iter(f"{XF}item"):
                    fields = {_local(child): child.text or "" for child in item}
                    label = self.translated(f"jr:itext('{fields.get('itextId', '')}')", path)
                    if not (label and label.parts):
                        label = Label({"": (fields.get("label", fields.get("name", "")),)})
                    self.check_languages(label, path, f"the choice “{fields.get('name')}”")
                    yield Choice(fields.get("name", ""), label)

    def check_languages(self, label: Label, path: str, what: str = "the label") -> None:
        """Warn of a text that one of our two languages lacks."""
        if "" in label.parts:
            return
        for code in LANGUAGES:
            if code not in label.parts:
                self.problem(
                    "warning.translation",
                    f"{what} isn't translated to {code}.",
                    f"Please fill label::… ({code}).",
                    at=path,
                    column="label",
                )

    def check_references(self, nodes: Mapping[str, Node]) -> None:
        """Note rules that read a node that isn't there, and calculations that run in a circle."""
        graph: dict[str, set[str]] = {}
        for node in nodes.values():
            for name in RULES:
                rule: Expression | None = getattr(node, name)
                for path in sorted(rule.references - nodes.keys()) if rule else ():
                    self.problem(
                        "reference",
                        f"{path} isn't in the form.",
                        "Please use the name of a question.",
                        at=node.path,
                        column=name,
                    )
            graph[node.path] = _depends_on(node, nodes)
        try:
            graphlib.TopologicalSorter(graph).prepare()
        except graphlib.CycleError as error:
            self.problem(
                "cycle",
                f"these depend on each other in a circle: {', '.join(error.args[1])}.",
                "Please break the circle.",
                at=error.args[1][0],
            )

    def read_groups(self, body: Element | None) -> dict[str, Label]:
        """Return the labels of the groups by path."""
        groups = body.iter(f"{XF}group") if body is not None else ()
        labels = {
            (group.get("ref") or "").strip(): self.label(group, "label", group.get("ref") or "/")
            for group in groups
        }
        return {path: label for path, label in labels.items() if label}


def _depends_on(node: Node, nodes: Mapping[str, Node]) -> set[str]:
    """Return what must be known before a node's value and relevance are."""
    rules = [rule for rule in (node.relevant, node.calculate) if rule]
    parent = node.path.rsplit("/", 1)[0]
    return {path for rule in rules for path in rule.references if path in nodes} | (
        {parent} if parent in nodes else set()
    )


def _type(bind: Element | None) -> str:
    kind = bind.get("type", "string") if bind is not None else "string"
    return kind.removeprefix("xsd:")


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _newlines(text: str | None) -> str:
    return (text or "").replace("<br>", "\n")
