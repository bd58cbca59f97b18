"""One respondent's way through one form: state in, (state, events) out. Pure.

Nothing is stored or sent here. Values of questions that aren't relevant are kept, read as blank,
left out of the response, and return when they are relevant again
(https://getodk.github.io/xforms-spec/#bind-attributes, `relevant`).
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from surveys.form import Form, Node, Question
from surveys.language import EN

SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class World:
    """What an interview needs from outside: the time and the language."""

    now: dt.datetime
    language: str = EN


@dataclass(frozen=True, slots=True)
class Interview:
    """The state between two turns; plain data, so that it can be stored after each.

    `position` is the path of the open question, or SUMMARY. `turn` counts changes: a button of an
    earlier turn is stale. `draft` holds the ticks of a select_multiple until Done.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    position: str = SUMMARY
    turn: int = 0
    skipped: frozenset[str] = frozenset()
    draft: tuple[str, ...] = ()
    tries: int = 0
    submitted: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the state as JSON data."""
        return {
            "values": dict(self.values),
            "position": self.position,
            "turn": self.turn,
            "skipped": sorted(self.skipped),
            "draft": list(self.draft),
            "tries": self.tries,
            "submitted": self.submitted,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Interview":
        """Return the state that as_dict wrote."""
        return cls(
            **{
                **data,
                "skipped": frozenset(data["skipped"]),
                "draft": tuple(data["draft"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Answered:
    """A value was given, changed or taken back (blank)."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is open."""

    path: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """An answer can't stand: 'required' or 'constraint'."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Summarised:
    """Everything is answered or skipped; only Submit is left."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The respondent confirmed the whole."""


Event = Answered | Asked | Rejected | Summarised | Submitted


@dataclass(frozen=True, slots=True)
class Turn:
    """What one step led to: the new state, and what happened."""

    interview: Interview
    events: tuple[Event, ...]


class Instance:
    """A form filled in as far as it is: values and relevance, computed once, when first asked."""

    def __init__(self, form: Form, values: Mapping[str, str], world: World) -> None:
        self.form = form
        self.values = values
        self.now = world.now
        self.language = world.language
        self._known: dict[str, str] = {}
        self._relevant: dict[str, bool] = {}

    def value(self, path: str) -> str:
        """Return a node's value as expressions see it: blank where it isn't relevant."""
        if not self._known:
            self._compute()
        return self._known[path]

    def relevant(self, path: str) -> bool:
        """Tell whether a node and all above it are relevant."""
        if not self._known:
            self._compute()
        return self._relevant[path]

    def _compute(self) -> None:
        """Compute every node after those it depends on, so that no chain is too long to run."""
        for path in self.form.order:
            node = self.form.nodes[path]
            above = self._relevant.get(node.parent, True)
            self._relevant[path] = above and (node.relevant is None or node.relevant.boolean(self))
            self._known[path] = self._value(node) if self._relevant[path] else ""

    def _value(self, node: Node) -> str:
        if node.calculate:
            return node.calculate.string(self)
        return self.values.get(node.path, node.default)

    def required(self, question: Question) -> bool:
        """Tell whether a question must be answered now."""
        rule = question.node.required
        return rule is not None and rule.boolean(self)

    def satisfied(self, question: Question) -> bool:
        """Tell whether the value meets its constraint; a blank one always does.

        https://getodk.github.io/xforms-spec/#bind-attributes, `constraint`.
        """
        rule = question.node.constraint
        return rule is None or self.value(question.path) == "" or rule.boolean(self)

    def choice_label(self, path: str, value: str) -> str:
        """Return the label of a choice in the language of the interview."""
        question = self.form.by_path.get(path)
        for choice in question.choices if question else ():
            if choice.value == value:
                return choice.label.text(self.language, self)
        return value

    def asked(self) -> list[Question]:
        """Return the questions that are asked of this respondent, in order."""
        return [question for question in self.form.asked if self.relevant(question.path)]

    def notes_before(self, path: str) -> list[Question]:
        """Return the relevant notes between the question asked before and this one (or the end)."""
        notes: list[Question] = []
        for question in self.form.questions:
            if question.path == path:
                break
            if self.relevant(question.path):
                notes = [*notes, question] if question.kind == "note" else []
        return notes

    def response(self) -> dict[str, str]:
        """Return what the export sees: every relevant value that isn't blank, by path."""
        leaves = [n.path for n in self.form.nodes.values() if not n.path.endswith("/instanceID")]
        return {path: value for path in leaves if (value := self.value(path)) != ""}


def begin(form: Form, presets: Mapping[str, str], world: World) -> Turn:
    """Begin an interview, with values that are known from elsewhere."""
    return proceed(form, Interview(values=dict(presets)), world)


def proceed(form: Form, interview: Interview, world: World, *events: Event) -> Turn:
    """Go to the first question that is neither answered nor skipped, or to the summary."""
    instance = Instance(form, interview.values, world)
    for question in instance.asked():
        if _is_open(interview, question.path):
            return _open(interview, question, *events)
    at_end = Interview(interview.values, SUMMARY, interview.turn + 1, interview.skipped)
    return Turn(at_end, (*events, Summarised()))


def _is_open(interview: Interview, path: str) -> bool:
    """Tell whether a question still waits: a default is no answer."""
    return interview.values.get(path, "") == "" and path not in interview.skipped


def _open(interview: Interview, question: Question, *events: Event) -> Turn:
    """Open a question; a select_multiple starts from what was chosen before."""
    chosen = interview.values.get(question.path, "") if question.kind == "select_multiple" else ""
    turn, draft = interview.turn + 1, tuple(chosen.split())
    opened = Interview(interview.values, question.path, turn, interview.skipped, draft)
    return Turn(opened, (*events, Asked(question.path)))


def preset(form: Form, interview: Interview, values: Mapping[str, str], world: World) -> Turn:
    """Set values from outside and go on; what they make relevant is asked."""
    changed = replace(
        interview,
        values={**interview.values, **values},
        skipped=interview.skipped - {path for path, value in values.items() if value},
    )
    return proceed(form, changed, world)


def answer(form: Form, interview: Interview, value: str, world: World) -> Turn:
    """Store a value for the open question and go on, or say why it can't stand.

    A blank value is a skip.
    """
    if value == "":
        return skip(form, interview, world)
    question = form.by_path[interview.position]
    values = {**interview.values, question.path: value}
    instance = Instance(form, values, world)
    if not instance.satisfied(question):
        return _reject(interview, "constraint")
    answered = replace(interview, values=values, skipped=interview.skipped - {question.path})
    return proceed(form, answered, world, Answered(question.path, value))


def _reject(interview: Interview, reason: str) -> Turn:
    again = replace(interview, tries=interview.tries + 1)
    return Turn(again, (Rejected(interview.position, reason),))


def misread(interview: Interview, reason: str) -> Turn:
    """Count an answer that couldn't be read as the question's type."""
    return _reject(interview, reason)


def toggle(interview: Interview, value: str) -> Turn:
    """Tick or untick one choice of the open select_multiple; nothing is stored until Done."""
    chosen = interview.draft
    draft = tuple(v for v in chosen if v != value) if value in chosen else (*chosen, value)
    return Turn(replace(interview, draft=draft, turn=interview.turn + 1), ())


def done(form: Form, interview: Interview, world: World) -> Turn:
    """Store the ticks of the open select_multiple, in the order of the form."""
    question = form.by_path[interview.position]
    ticked = [c.value for c in question.choices if c.value in interview.draft]
    return answer(form, interview, " ".join(ticked), world)


def skip(form: Form, interview: Interview, world: World) -> Turn:
    """Leave the open question without an answer, where it isn't required."""
    question = form.by_path[interview.position]
    instance = Instance(form, interview.values, world)
    if instance.required(question):
        return _reject(interview, "required")
    had_value = interview.values.get(question.path, "") != ""
    skipped = replace(
        interview,
        values=_without(interview.values, question),
        skipped=interview.skipped | {question.path},
    )
    taken_back = (Answered(question.path, ""),) if had_value else ()
    return proceed(form, skipped, world, *taken_back)


def _without(values: Mapping[str, str], question: Question) -> dict[str, str]:
    """Return the values without a question's; a blank keeps its default from coming back."""
    others = {path: value for path, value in values.items() if path != question.path}
    return {**others, question.path: ""} if question.node.default else others


def back(form: Form, interview: Interview, world: World) -> Turn:
    """Open the question before the open one; at the first, the first again."""
    asked = Instance(form, interview.values, world).asked()
    paths = [question.path for question in asked]
    # The clock alone can make the open question irrelevant; then the last one is before it.
    at = paths.index(interview.position) if interview.position in paths else len(paths)
    return _open(interview, asked[max(0, at - 1)]) if asked else proceed(form, interview, world)


def edit(form: Form, interview: Interview, path: str, world: World) -> Turn:
    """Open an earlier question to change its answer; one that isn't asked changes nothing."""
    asked = {q.path: q for q in Instance(form, interview.values, world).asked()}
    return _open(interview, asked[path]) if path in asked else proceed(form, interview, world)


def submit(form: Form, interview: Interview, world: World) -> Turn:
    """Close the interview, or open the first question whose answer can't stand."""
    instance = Instance(form, interview.values, world)
    for question in instance.asked():
        missing = instance.required(question) and instance.value(question.path) == ""
        if missing or not instance.satisfied(question):
            reason = "required" if missing else "constraint"
            return _open(interview, question, Rejected(question.path, reason))
        if _is_open(interview, question.path):
            return _open(interview, question)
    return Turn(
        replace(interview, submitted=True, turn=interview.turn + 1, position=SUMMARY),
        (Submitted(),),
    )


def progress(form: Form, interview: Interview, world: World) -> tuple[int, int]:
    """Return which question of how many is open; at the summary, both are the number asked."""
    paths = [q.path for q in Instance(form, interview.values, world).asked()]
    total = len(paths)
    at = paths.index(interview.position) + 1 if interview.position in paths else total
    return at, total


def by_names(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """Turn values by node name into values by path; names that the form lacks are left out."""
    paths = {node.name: node.path for node in form.nodes.values()}
    return {paths[name]: value for name, value in values.items() if name in paths}


def answered_paths(events: Iterable[Event]) -> list[Answered]:
    """Return the answers among events."""
    return [event for event in events if isinstance(event, Answered)]
