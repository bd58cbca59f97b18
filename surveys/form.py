"""A form as the engine runs it: XForm XML → Form, with every expression compiled once.

The XForm is the contract (https://getodk.github.io/xforms-spec/); whatever this client can't run
is a FormError, never a surprise while somebody is answering.
"""

import graphlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

from surveys.errors import ExpressionError, FormError, FormRefused
from surveys.language import LANGUAGES, heading_language
from surveys.unsupported import unsupported
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
LIST = re.compile(r"instance\(\s*(?P<quote>['\"])(?P<name>[^'\"]+)(?P=quote)\s*\)/root/item")
NEW_LINE = re.compile(r"<br\s*/?>")


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

    @property
    def parent(self) -> str:
        """The path of the group around it; blank for the root."""
        return self.path.rsplit("/", 1)[0]


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
    """A compiled form. Never changes; an interview keeps the version it began with.

    `nodes` come in the order of the form, `order` holds their paths as they are computed: each
    after all it depends on.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    nodes: Mapping[str, Node]
    order: tuple[str, ...]
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
    except (ParseError, ValueError) as error:
        # ValueError: an entity, which defusedxml forbids, or a character that XML hasn't.
        return None, (FormError("xml", f"This isn't an XForm: {error}."),)
    compiler = FormCompiler(document)
    form = compiler.form()
    return form, tuple(dict.fromkeys(compiler.problems))


class FormCompiler:
    """Reads one XForm document, collecting every problem instead of stopping at the first."""

    def __init__(self, document: Element) -> None:
        self.document = document
        self.problems: list[FormError] = []
        model = document.find(f"{XH}head/{XF}model")
        self.model = model if model is not None else Element("model")
        self.binds = {bind.get("nodeset", ""): bind for bind in self.model.iter(f"{XF}bind")}
        self.texts = self.read_itext()
        self.expressions: list[tuple[str, str, Expression]] = []

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
        if not questions and not self.problems:
            self.problem("empty", "The form asks nothing.", "Please add a question.")
        groups = self.read_groups(body)
        self.check_references(nodes)
        return Form(
            form_id=root.get("id", ""),
            version=root.get("version", ""),
            title=self.document.findtext(f"{XH}head/{XH}title", ""),
            languages=tuple(dict.fromkeys(code for text in self.texts.values() for code in text)),
            nodes=nodes,
            order=self.order(nodes),
            questions=questions,
            group_labels=groups,
        )

    def problem(self, code: str, text: str, way_out: str = "", at: str = "", **place: str) -> None:
        """Note a problem; `at` is the path of its node, or list/value of a choice."""
        column, sheet = place.get("column"), place.get("sheet", "survey" if at else None)
        name = at if sheet == "choices" else at.rsplit("/", 1)[-1]
        text = f"“{name}”: {text}" if name else text
        self.problems.append(FormError(code, text, way_out, sheet, None, column))

    def read_itext(self) -> dict[str, dict[str, Element]]:
        """Return the text elements by id and language.

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
            constraint_message=self.message(bind, "constraint", path),
            required_message=self.message(bind, "required", path),
            **rules,
        )
        for child in element:
            yield from self.read_nodes(child, path)

    def rule(self, bind: Element | None, name: str, path: str) -> Expression | None:
        """Compile one rule of a bind (https://getodk.github.io/xforms-spec/#bind-attributes)."""
        source = bind.get(name) if bind is not None else None
        column = "calculation" if name == "calculate" else name
        return self.expression(source, path, column) if source else None

    def expression(self, source: str, path: str, column: str) -> Expression | None:
        """Compile an expression, or note why it can't be."""
        try:
            compiled = compile_expression(source, path)
            self.expressions.append((path, column, compiled))
            return compiled
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
        source = bind.get(f"{JR}{name}Msg") if bind is not None else None
        if not source:
            return None
        message = self.translated(source, path) or Label({"": (source,)})
        self.check_languages(message, path, f"{name}_message")
        return message

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
        label = self.translated(reference, path) or Label({"": self.parts(element, path)})
        if path:
            self.check_languages(label, path, tag)
        return label

    def read_body(self, element: Element, nodes: Mapping[str, Node]) -> Iterator[Question]:
        """Yield the questions of the body in order, through its groups."""
        for control in element:
            tag, ref = _local(control), (control.get("ref") or "").strip()
            if tag == "repeat":
                nodeset, way_out = control.get("nodeset", ""), "Please ask one at a time."
                self.problem("repeat", "repeats can't be asked.", way_out, at=nodeset)
            elif tag == "group":
                yield from self.read_body(control, nodes)
            elif tag in CONTROLS and (question := self.question(control, tag, nodes.get(ref))):
                yield question

    def question(self, control: Element, tag: str, node: Node | None) -> Question | None:
        """Return the question of a control, or note why it can't be asked in a chat."""
        if node is None:
            self.problem("reference", f"The control at {control.get('ref')} has no node.")
            return None
        kind = self.kind(control, tag, node)
        if kind is None:
            self.problem(
                "type",
                f"a question of type “{node.type}” ({tag}) can't be asked in a chat.",
                "Please use text, integer, date, select_one, select_multiple or note.",
                at=node.path,
                column="type",
            )
            return None
        return Question(
            node,
            kind,
            self.label(control, "label", node.path) or Label({}),
            self.label(control, "hint", node.path),
            self.choices(control, node.path) if kind.startswith("select") else (),
            frozenset((control.get("appearance") or "").split()),
        )

    def kind(self, control: Element, tag: str, node: Node) -> str | None:
        """Return the kind of a question, or None; what is computed or read-only is a note."""
        bind = self.binds.get(node.path)
        read_only = bind.get("readonly", "false()").strip() if bind is not None else "false()"
        if read_only not in {"true()", "false()"}:
            way_out = "Please put yes, or nothing."
            self.problem(
                "readonly", "readonly can't be computed.", way_out, at=node.path, column="readonly"
            )
        if node.calculate and read_only != "true()":
            self.problem(
                "warning.calculate",
                "it is computed, so its label is shown and nothing is asked.",
                "Please make it a calculate, or remove the calculation.",
                at=node.path,
                column="calculation",
            )
        if node.calculate or read_only == "true()":
            return "note"
        # pyxform writes select_one_external as an input with a query.
        return None if control.get("query") else KINDS.get((tag, node.type))

    def choices(self, control: Element, path: str) -> tuple[Choice, ...]:
        """Return the choices of a select, or note why there are none."""
        known = len(self.problems)
        found = tuple(self.read_choices(control, path))
        searched = "search(" in (control.get("appearance") or "")
        if (searched or not found) and len(self.problems) == known:
            way_out = "Please write the choices on the choices sheet."
            self.problem("choices", "its choices aren't in the form.", way_out, at=path)
        if _local(control) == "select" and any(len(c.value.split()) != 1 for c in found):
            self.problem("choices", "a choice's name has a blank.", "Please remove it.", at=path)
        return found

    def read_choices(self, control: Element, path: str) -> Iterator[Choice]:
        """Yield the choices of a select, written in place or in a secondary instance."""
        for item in control.findall(f"{XF}item"):
            label = self.label(item, "label", path) or Label({})
            yield Choice(item.findtext(f"{XF}value", ""), label)
        itemset = control.find(f"{XF}itemset")
        if itemset is None:
            return
        if match := LIST.fullmatch(itemset.get("nodeset", "").strip()):
            value = itemset.find(f"{XF}value")
            column = value.get("ref", "name") if value is not None else "name"
            yield from self.listed(match["name"], column, path)
        else:
            what = "a filtered, shuffled or repeated list of choices can't be asked."
            way_out = "Please write a question for each list."
            self.problem("choice_filter", what, way_out, at=path, column="choice_filter")

    def listed(self, name: str, column: str, path: str) -> Iterator[Choice]:
        """Yield the choices of a secondary instance."""
        for instance in self.model.findall(f"{XF}instance"):
            for item in instance.iter(f"{XF}item") if instance.get("id") == name else ():
                fields = {_local(child): child.text or "" for child in item}
                value, text_id = fields.get(column, ""), fields.get("itextId")
                label = self.translated(f"jr:itext('{text_id}')", path) if text_id else None
                shown = label or Label({"": (fields.get("label", value),)})
                self.check_languages(shown, f"{name}/{value}", "label", sheet="choices")
                yield Choice(value, shown)

    def check_languages(
        self, label: Label, at: str, column: str = "label", sheet: str = "survey"
    ) -> None:
        """Warn of a text that one of our two languages lacks."""
        for code in LANGUAGES if "" not in label.parts else ():
            if code not in label.parts:
                self.problem(
                    "warning.translation",
                    f"the {column.replace('_', ' ')} isn't translated to {code}.",
                    f"Please fill {column}::… ({code}).",
                    at=at,
                    sheet=sheet,
                    column=column,
                )

    def check_references(self, nodes: Mapping[str, Node]) -> None:
        """Note expressions that read a node that isn't there, and what a chat doesn't do."""
        for at, column, expression in self.expressions:
            for path in sorted(expression.references - nodes.keys()):
                way_out = "Please use the name of a question."
                self.problem("reference", f"{path} isn't in the form.", way_out, at, column=column)
        referenced = [expression.references for _, _, expression in self.expressions]
        self.problems += unsupported(self.document, frozenset().union(*referenced))

    def order(self, nodes: Mapping[str, Node]) -> tuple[str, ...]:
        """Return the paths, each after those it depends on; note where they run in a circle."""
        graph = {path: _depends_on(node, nodes) for path, node in nodes.items()}
        try:
            return tuple(graphlib.TopologicalSorter(graph).static_order())
        except graphlib.CycleError as error:
            circle = ", ".join(path.rsplit("/", 1)[-1] for path in error.args[1])
            self.problem(
                "cycle",
                f"these depend on each other in a circle: {circle}.",
                "Please break the circle.",
                at=error.args[1][0],
            )
            return tuple(nodes)

    def read_groups(self, body: Element | None) -> dict[str, Label]:
        """Return the labels of the groups by path."""
        groups = body.iter(f"{XF}group") if body is not None else ()
        paths = {(group.get("ref") or "").strip(): group for group in groups}
        labels = {path: self.label(group, "label", path) for path, group in paths.items()}
        return {path: label for path, label in labels.items() if label}


def _depends_on(node: Node, nodes: Mapping[str, Node]) -> set[str]:
    """Return what must be known before a node's value and relevance are."""
    rules = [rule for rule in (node.relevant, node.calculate) if rule]
    read = {path for rule in rules for path in rule.references}
    return (read | {node.parent}) & nodes.keys()


def _type(bind: Element | None) -> str:
    kind = bind.get("type", "string") if bind is not None else "string"
    return kind.removeprefix("xsd:")


def _local(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1]


def _newlines(text: str | None) -> str:
    return NEW_LINE.sub("\n", text or "")
