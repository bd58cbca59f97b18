"""The parts of a compiled form: labels, choices, nodes, repeats, actions, questions. Plain data.

The words are those of https://getodk.github.io/xforms-spec/.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from surveys.language import LANGUAGES
from surveys.xpath import Context, Expression


@dataclass(frozen=True, slots=True)
class Label:
    """A text in several languages; its parts are strings and expressions whose value is shown.

    `media` holds names of files by language and kind: image, big-image, audio, video
    (https://getodk.github.io/xforms-spec/#media).
    """

    parts: Mapping[str, tuple[str | Expression, ...]]
    media: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, language: str, context: Context) -> str:
        """Return the text in a language, or in the first other one that has it.

        What is shown in it is read where `context` stands: `instance.at(path)`, or the instance
        itself outside repeats.
        """
        for code in (language, *LANGUAGES, *self.parts):
            if code in self.parts:
                return "".join(
                    part if isinstance(part, str) else part.string(context)
                    for part in self.parts[code]
                ).strip()
        return ""

    def outline(self, language: str) -> str:
        """Return the text where nobody has answered: what it shows of answers stands as [name]."""
        for code in (language, *LANGUAGES, *self.parts):
            if code in self.parts:
                return "".join(map(_outlined, self.parts[code])).strip()
        return ""

    def file(self, kind: str, language: str) -> str:
        """Return the name of its picture or sound, in a language or the first other that has it."""
        codes = (language, *LANGUAGES, *self.media)
        files = (self.media[code].get(kind, "") for code in codes if code in self.media)
        return next(filter(None, files), "")


def _outlined(part: str | Expression) -> str:
    if isinstance(part, str):
        return part
    names = sorted(path.rpartition("/")[2] for path in part.references)
    return f"[{', '.join(names)}]"


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a text of the form names: its name and kind, and where the form says so."""

    name: str
    kind: str
    at: str
    sheet: str
    column: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a question: the machine's value, the person's label, and its list if any."""

    value: str
    label: Label
    list_name: str = ""


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices that depend on the instance (https://getodk.github.io/xforms-spec/#itemset).

    `value` and `label` stand on each node of `nodes`; a label by the id of a text is `by_id`.
    `known` are the choices of a list, by the identity of its nodes.
    """

    nodes: Expression
    value: Expression
    label: Expression
    by_id: bool = False
    known: Mapping[int, Choice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a range offers: from, to and by how much, as decimal texts."""

    start: str
    end: str
    step: str


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
    readonly: Expression | None = None
    preload: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The last step of the path, the name of the form's author."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def parent(self) -> str:
        """The path of the group around it; blank for the root."""
        return self.path.rsplit("/", 1)[0]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A group that may be there several times (https://getodk.github.io/xforms-spec/#repeats).

    `first` is how many there are in the beginning; `count` computes how many there are, and then
    none can be added or removed by hand.
    """

    path: str
    label: Label
    first: int = 1
    count: Expression | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """A setvalue (https://getodk.github.io/xforms-spec/#actions): when it sets which node to what.

    `trigger` is the question whose change it waits for; `place` the repeat whose new instance.
    """

    events: frozenset[str]
    target: str
    value: Expression | None
    text: str = ""
    trigger: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A control of the body: what is asked, and for which node.

    `choices` are all choices there can be; `Instance.choices` returns those that are offered. In a
    repeat `at` is the path with positions, /data/member[2]/age.
    """

    node: Node
    kind: str
    label: Label
    hint: Label | None = None
    choices: tuple[Choice, ...] = ()
    appearance: frozenset[str] = frozenset()
    guidance: Label | None = None
    itemset: Itemset | None = None
    bounds: Bounds | None = None
    at: str = ""

    @property
    def path(self) -> str:
        """The absolute path of the question's node."""
        return self.at or self.node.path

    @property
    def name(self) -> str:
        """The name of the question's node."""
        return self.node.name
