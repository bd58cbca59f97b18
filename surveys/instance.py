"""A form filled in as far as it is: its tree with values and relevance, computed in a fixed order.

Values are kept by path, `/data/member[2]/age` in a repeat; at the path of a repeat itself
(`/data/member`) stands how many of it there are. What isn't relevant reads as blank
(https://getodk.github.io/xforms-spec/#bind-attributes, `relevant`).
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from surveys.datatypes import stored
from surveys.definition import Choice, Form, Label, Question, Rules, plain
from surveys.language import EN
from surveys.xpath import Context, TreeNode
from surveys.xpath.tree import NO_ATTRIBUTES
from surveys.xpath.values import Nodes, to_boolean, to_number

# Of one repeat below one node, and of nodes in all repeats: nested counts multiply.
MOST_INSTANCES = 100
MOST_GROWN = 20_000


@dataclass(frozen=True, slots=True)
class World:
    """What an interview needs from outside: the time, the language, and a seed for chance."""

    now: dt.datetime
    language: str = EN
    seed: int = 0


class Instance(Context):
    """The primary instance of one interview; as a context, it stands on its own root."""

    def __init__(self, form: Form, values: Mapping[str, str], world: World) -> None:
        self.form = form
        self.values = values
        self.now = world.now
        self.language = world.language
        self.seed = world.seed
        self.root = TreeNode("")
        self.repeated: dict[str, TreeNode] = {}
        found: list[Nodes] = [()] * len(form.nodes)
        super().__init__(self, self.root, None, found)
        self.found = found
        self.compute()

    # What expressions ask of a document.

    def instance(self, name: str) -> TreeNode | None:
        """Return the root above a secondary instance."""
        return self.form.lists.get(name)

    def text(self, text_id: str) -> str:
        """Return a text of the form by its id."""
        label = self.form.texts.get(text_id)
        return label.text(self.language, self) if label else ""

    def choice_label(self, path: str, value: str) -> str:
        """Return the label of a choice in the language of the interview."""
        question = self.form.by_path.get(plain(path))
        for choice in question.choices if question else ():
            if choice.value == value:
                return choice.label.text(self.language, self)
        return value

    # What an interview asks.

    def value(self, path: str) -> str:
        """Return a node's value as expressions see it: blank where it isn't relevant."""
        return self.tree(path).text

    def relevant(self, path: str) -> bool:
        """Tell whether a node and all above it are relevant."""
        return self.tree(path).relevant

    def has(self, path: str) -> bool:
        """Tell whether a path is there: an instance of a repeat may be gone."""
        return path in self.repeated or bool(self._static(path))

    def tree(self, path: str) -> TreeNode:
        """Return the node at a path."""
        number = self.form.model.slots.get(path)
        if number is not None and self.found[number]:
            return self.found[number][0]
        return self.repeated[path]

    def nodes(self, path: str) -> Nodes:
        """Return all nodes of a path without positions."""
        return self.found[self.form.model.slots[path]]

    def instances(self) -> frozenset[str]:
        """Return the paths of all instances of repeats."""
        return frozenset(n.path for path in self.form.repeats for n in self.nodes(path))

    def counts(self, repeats: Iterable[str]) -> dict[str, str]:
        """Return how many instances there are, by the path of each repeat with positions."""
        paths = [n.path for path in repeats for n in self.nodes(path)]
        counted = Counter(path.rpartition("[")[0] for path in paths)
        return {path: str(count) for path, count in counted.items()}

    def _static(self, path: str) -> Nodes:
        number = self.form.model.slots.get(path)
        return self.found[number] if number is not None else ()

    def at(self, path: str) -> Context:
        """Return the context of a node, for its label, hint or messages."""
        node = self.tree(path)
        return Context(self, node, node, self.slots)

    def required(self, question: Question) -> bool:
        """Tell whether a question must be answered now."""
        rule = question.node.required
        return rule is not None and rule.boolean(self.at(question.path))

    def satisfied(self, question: Question) -> bool:
        """Tell whether the value meets its constraint; a blank one always does.

        https://getodk.github.io/xforms-spec/#bind-attributes, `constraint`.
        """
        rule = question.node.constraint
        if rule is None or self.value(question.path) == "":
            return True
        return rule.boolean(self.at(question.path))

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """Return the choices that are offered now."""
        if question.itemset is None:
            return question.choices
        return self._offered(question, self.at(question.path))

    def _offered(self, question: Question, context: Context) -> tuple[Choice, ...]:
        itemset = question.itemset
        assert itemset is not None
        nodes = itemset.nodes.nodes(context)
        return tuple(
            [itemset.known.get(id(node)) or self._choice(question, node) for node in nodes]
        )

    def _choice(self, question: Question, node: TreeNode) -> Choice:
        """Return the choice that a node of the instance itself is, as of a repeat."""
        itemset = question.itemset
        assert itemset is not None
        context = Context(self, node, node, self.slots)
        shown = Label({"": (itemset.label.string(context),)})
        return Choice(itemset.value.string(context), shown)

    def asked(self) -> list[Question]:
        """Return the questions that are asked of this respondent, in order."""
        return [question for question in self.shown() if question.kind != "note"]

    def shown(self) -> list[Question]:
        """Return the relevant questions and notes, in order; in repeats, once an instance."""
        shown = self._relevant()
        if not self.form.has_readonly:
            return shown
        return [replace(q, kind="note") if self.is_read_only(q) else q for q in shown]

    def is_read_only(self, question: Question) -> bool:
        """Tell whether a question is only shown now."""
        rule = question.node.readonly
        return rule is not None and rule.boolean(self.at(question.path))

    def _relevant(self) -> list[Question]:
        if not self.form.repeats:
            slots, found = self.form.model.slots, self.found
            return [q for q in self.form.questions if found[slots[q.node.path]][0].relevant]
        shown: list[Question] = []
        by_path = self.form.by_path
        for node in self.root.walk():
            question = by_path.get(plain(node.path))
            if question is not None and node.relevant:
                is_static = question.node.path == node.path
                shown.append(question if is_static else replace(question, at=node.path))
        return shown

    def notes_before(self, path: str) -> list[Question]:
        """Return the relevant notes between the question asked before and this one (or the end)."""
        notes: list[Question] = []
        for question in self.shown():
            if question.path == path:
                break
            notes = [*notes, question] if question.kind == "note" else []
        return notes

    def response(self) -> dict[str, str]:
        """Return what the export sees: every relevant value that isn't blank, by path."""
        return {
            node.path: node.text
            for node in self.root.walk()
            if node.text != "" and node.name != "instanceID"
        }

    # How it is computed.

    def compute(self) -> None:
        """Compute every node after those it depends on, so that no chain is too long to run."""
        self._plant()
        context = Context(self, self.root, self.root, self.slots)
        values, found, repeats = self.values, self.found, self.form.repeats
        for number, path, default, rules in self.form.steps:
            if path in repeats:
                self._repeat(path, context)
            for tree in found[number]:
                parent = tree.parent
                if parent is not None and not parent.relevant:
                    tree.relevant = False
                elif rules is None:
                    tree.text = values.get(tree.path, default)
                else:
                    context.node = context.current = tree
                    self._settle(tree, default, rules, context)

    def _plant(self) -> None:
        """Grow the nodes outside repeats."""
        trees: list[TreeNode] = []
        found = self.found
        for number, name, path, above in self.form.plan:
            parent = trees[above] if above >= 0 else self.root
            tree = TreeNode(name, "", parent, NO_ATTRIBUTES, path)
            parent.children.append(tree)
            trees.append(tree)
            found[number] = (tree,)

    def _settle(self, tree: TreeNode, default: str, rules: Rules, context: Context) -> None:
        """Compute the relevance and the value of a node below one that is relevant."""
        if rules.relevant is not None and not to_boolean(rules.relevant(context)):
            tree.relevant = False
            return
        tree.text = self.values.get(tree.path, default)
        if rules.calculate is not None:
            tree.text = stored(rules.type, rules.calculate.string(context))
        if rules.limited is not None and tree.text:
            tree.text = self._kept(rules.limited, tree.text, context)

    def _kept(self, question: Question, text: str, context: Context) -> str:
        """Return what of a value is offered (javarosa#437: the rest is cleared)."""
        if question.itemset is None:
            offered = self.form.codes[question.node.path]
        else:
            offered = frozenset(choice.value for choice in self._offered(question, context))
        if text in offered:
            return text
        if question.kind == "select_one":
            return ""
        return " ".join(value for value in text.split() if value in offered)

    def _repeat(self, path: str, context: Context) -> None:
        """Grow the instances of a repeat, below each node that holds it."""
        holder = self.form.model.slots[path.rpartition("/")[0]]
        name = path.rpartition("/")[2]
        for parent in self.found[holder]:
            # The count stands on the repeat, of which there may be none.
            context.node = context.current = TreeNode(name, "", parent)
            count = self._count(path, parent, context)
            room = MOST_GROWN - len(self.repeated)
            for position in range(1, min(count, room) + 1):
                self._grow(path, parent, f"{parent.path}/{name}[{position}]")

    def _count(self, path: str, parent: TreeNode, context: Context) -> int:
        """Return how many instances of a repeat there are (table “repeat_count” of Web Forms)."""
        repeat = self.form.repeats[path]
        count = to_number(repeat.count.string(context)) if repeat.count else math.nan
        if math.isnan(count):
            key = f"{parent.path}/{path.rpartition('/')[2]}"
            count = to_number(self.values.get(key, str(repeat.first)))
        return int(max(0, min(count, MOST_INSTANCES))) if math.isfinite(count) else 0

    def _grow(self, path: str, parent: TreeNode, at: str) -> None:
        """Grow a node of a repeat and all below it, but nested repeats, which come later."""
        tree = TreeNode(path.rpartition("/")[2], "", parent, NO_ATTRIBUTES, at)
        tree.relevant = parent.relevant
        number = self.form.model.slots[path]
        self._insert(parent, tree, number)
        self.found[number] += (tree,)
        self.repeated[at] = tree
        for below in self.form.children.get(path, ()):
            if below not in self.form.repeats:
                self._grow(below, tree, f"{at}/{below.rpartition('/')[2]}")

    def _insert(self, parent: TreeNode, tree: TreeNode, number: int) -> None:
        """Put a node among its parent's children, in the order of the form."""
        slots = self.form.model.slots
        at = len(parent.children)
        while at and slots[plain(parent.children[at - 1].path)] > number:
            at -= 1
        parent.children.insert(at, tree)
