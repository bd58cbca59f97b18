"""A report of a dialogue as read from its answers, and how two of one dialogue differ. Pure.

Answers are known by the names of their questions, wherever they stand in the form; what a report
doesn't say can't differ from what another one says.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SHORT, FULL = "short", "full"
ISSUE, COMMITMENT = "issue", "commitment"
# What each says of the dialogue as a whole, in the order in which it is shown.
FIGURES = (
    "held_on", "participants", "women", "speakers", "women_speakers", "young", "indigenous",
    "disability", "led_by",
)  # fmt: skip
# The office that isn't in the list has its name in a question of its own.
OTHER = "other"
INSTANCE = re.compile(r"(.*/(\w+)\[(\d+)\])/(\w+)")


@dataclass(frozen=True, slots=True)
class Issue:
    """What was talked about, what came of it, and who raised it."""

    topic: str
    outcome: str = ""
    raised_by: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment as a report names it: where it stands there, which office, what, by when."""

    path: str
    office: str
    what: str
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says; one of an earlier form is neither short nor full."""

    dialogue: str = ""
    place: str = ""
    held_on: dt.date | None = None
    is_short: bool = False
    is_full: bool = False
    is_sensitive: bool = False
    figures: Mapping[str, str] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that two reports say otherwise; blank where only the other one says it.

    `kind`: a name of FIGURES, or `outcome`, `issue`, `commitment`. `of` is the topic, or the office
    and the day of a commitment.
    """

    kind: str
    ours: str = ""
    theirs: str = ""
    of: tuple[str, ...] = ()


def read(response: Mapping[str, str]) -> Report:
    """Read a report from its answers by path."""
    said: dict[str, str] = {}
    instances: dict[tuple[str, int, str], dict[str, str]] = {}
    for path, value in response.items():
        if found := INSTANCE.fullmatch(path):
            where, repeat, position, name = found.groups()
            instances.setdefault((repeat, int(position), where), {})[name] = value
        else:
            said[path.rpartition("/")[2]] = value
    issues = [values for (repeat, _, _), values in sorted(instances.items()) if repeat == ISSUE]
    promises = [
        _promise(where, values)
        for (repeat, _, where), values in sorted(instances.items())
        if repeat == COMMITMENT and values.get("what")
    ]
    return Report(
        said.get("dialogue", ""),
        said.get("place", ""),
        day(said.get("held_on", "")),
        said.get("detail") == SHORT,
        said.get("detail") == FULL,
        said.get("access") == "sensitive",
        {name: said[name] for name in FIGURES if said.get(name)},
        tuple(_issue(values) for values in issues if values.get("topic")),
        tuple(promises),
    )


def _issue(values: Mapping[str, str]) -> Issue:
    return Issue(values["topic"], values.get("outcome", ""), values.get("raised_by", ""))


def _promise(path: str, values: Mapping[str, str]) -> Promise:
    listed, named = values.get("office", ""), values.get("office_name", "")
    office = named if listed == OTHER and named else listed
    return Promise(path, office, values["what"], day(values.get("due_on", "")))


def day(text: str) -> dt.date | None:
    """Return the day that a date or the beginning of a time means; None where it is none."""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def differences(ours: Report, theirs: Report) -> list[Difference]:
    """Return what two reports of one dialogue say otherwise."""
    found = [
        Difference(name, ours.figures[name], theirs.figures[name])
        for name in FIGURES
        if name in ours.figures and name in theirs.figures
    ]
    found = [each for each in found if each.ours != each.theirs]
    found += _outcomes(ours.issues, theirs.issues)
    if not (ours.is_full and theirs.is_full):
        return found
    return [*found, *_topics(ours, theirs), *_promises(ours, theirs)]


def _outcomes(ours: Sequence[Issue], theirs: Sequence[Issue]) -> list[Difference]:
    other = {issue.topic: issue.outcome for issue in theirs}
    return [
        Difference("outcome", issue.outcome, other[issue.topic], (issue.topic,))
        for issue in ours
        if other.get(issue.topic, issue.outcome) != issue.outcome
    ]


def _topics(ours: Report, theirs: Report) -> list[Difference]:
    mine, other = ({issue.topic for issue in report.issues} for report in (ours, theirs))
    return [
        *(Difference("issue", ours=topic, of=(topic,)) for topic in sorted(mine - other)),
        *(Difference("issue", theirs=topic, of=(topic,)) for topic in sorted(other - mine)),
    ]


def _promises(ours: Report, theirs: Report) -> list[Difference]:
    mine, other = ({_key(promise) for promise in report.promises} for report in (ours, theirs))
    return [
        *(Difference("commitment", ours=key[0], of=key) for key in sorted(mine - other)),
        *(Difference("commitment", theirs=key[0], of=key) for key in sorted(other - mine)),
    ]


def _key(promise: Promise) -> tuple[str, str]:
    return promise.office, promise.due_on.isoformat() if promise.due_on else ""
