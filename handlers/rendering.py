"""A question as a chat message, and a button tap back as what it means. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers import texts
from handlers.visit import Keyboard, Visit
from storage.interviews import Stored
from storage.media import is_voice
from surveys.form import Form, Question
from surveys.interview import SUMMARY, Instance, progress
from surveys.khmer import CLUSTER, cut
from surveys.language import EN, KM

SHORT_LABEL = 12
SUMMARY_ANSWER = 160
SUMMARY_QUESTION = 90
LANGUAGE_NAMES = {KM: "ខ្មែរ", EN: "English"}
TICKED, UNTICKED = "☑", "☐"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: a text and its buttons."""

    text: str
    keyboard: Keyboard


def screen(visit: Visit, form: Form, stored: Stored) -> Screen:
    """Return the open question, or the summary when there is none."""
    if stored.interview.position == SUMMARY:
        return summary(visit, form, stored)
    question = form.by_path[stored.interview.position]
    instance = Instance(form, stored.interview.values, visit.world)
    return Screen(
        question_text(visit, form, stored, question, instance),
        [
            *answer_buttons(visit, stored, question, instance),
            *navigation(visit, form, stored, skippable=not instance.required(question)),
        ],
    )


def question_text(
    visit: Visit, form: Form, stored: Stored, question: Question, instance: Instance
) -> str:
    """Return progress, notes, group, question, hint and how to answer, as far as there are any."""
    at, total = progress(form, stored.interview, visit.world)
    given = instance.value(question.path)
    hint = question.hint.text(visit.language, instance) if question.hint else ""
    current = show_value(visit, question, given, instance) if given else ""
    parts = (
        f"{texts.number(visit.language, f'{at}/{total}')}  {'▰' * at}{'▱' * (total - at)}",
        *(n.label.text(visit.language, instance) for n in instance.notes_before(question.path)),
        group_label(visit, form, question, instance),
        question.label.text(visit.language, instance),
        hint,
        visit.say("how_to." + question.kind) if question.kind in {"integer", "date"} else "",
        visit.say("current_answer", answer=current) if current and not question.choices else "",
    )
    return "\n\n".join(part for part in parts if part)


def group_label(visit: Visit, form: Form, question: Question, instance: Instance) -> str:
    """Return the label of the question's group where it is the group's first."""
    group = question.path.rsplit("/", 1)[0]
    label = form.group_labels.get(group)
    first = next((q for q in instance.asked() if q.path.startswith(group + "/")), None)
    return label.text(visit.language, instance) if label and first == question else ""


def answer_buttons(
    visit: Visit, stored: Stored, question: Question, instance: Instance
) -> Keyboard:
    """Return the buttons that answer a question, in rows."""
    if question.kind == "date":
        return [
            [
                _act(visit, stored, visit.say("button.today"), "day", 0),
                _act(visit, stored, visit.say("button.yesterday"), "day", 1),
            ]
        ]
    labels = [choice.label.text(visit.language, instance) for choice in question.choices]
    if question.kind == "select_multiple":
        ticked = [choice.value in stored.interview.draft for choice in question.choices]
        rows = _rows(
            _act(visit, stored, f"{TICKED if on else UNTICKED} {label}", "tick", at, int(not on))
            for at, (on, label) in enumerate(zip(ticked, labels, strict=True))
        )
        chosen = texts.number(visit.language, len(stored.interview.draft))
        return [*rows, [_act(visit, stored, visit.say("button.done", n=chosen), "done")]]
    given = instance.value(question.path)
    marked = [
        f"✓ {label}" if c.value == given else label
        for c, label in zip(question.choices, labels, strict=True)
    ]
    return _rows(_act(visit, stored, label, "choose", i) for i, label in enumerate(marked))


def navigation(visit: Visit, form: Form, stored: Stored, *, skippable: bool) -> Keyboard:
    """Return the buttons that are always there: Back, Skip where allowed, Later, language."""
    at, _ = progress(form, stored.interview, visit.world)
    move = []
    if at > 1:
        move.append(_act(visit, stored, visit.say("button.back"), "back"))
    if skippable:
        move.append(_act(visit, stored, visit.say("button.skip"), "skip"))
    return [row for row in (move, _always(visit, stored)) if row]


def _always(visit: Visit, stored: Stored) -> list[dict[str, str]]:
    other = LANGUAGE_NAMES[texts.other_language(visit.language)]
    return [
        _act(visit, stored, visit.say("button.later"), "later"),
        _act(visit, stored, f"🌐 {other}", "language"),
    ]


def summary(visit: Visit, form: Form, stored: Stored) -> Screen:
    """Return all answers with a button to change each, and Submit."""
    instance = Instance(form, stored.interview.values, visit.world)
    lines = [visit.say("summary.title")]
    edits = []
    for at, question in enumerate(instance.asked(), 1):
        shown = texts.number(visit.language, at)
        value = instance.value(question.path)
        answer = show_value(visit, question, value, instance) or visit.say("summary.skipped")
        label = _shorten(question.label.text(visit.language, instance), SUMMARY_QUESTION)
        lines.append(f"{shown}. {label}\n→ {_shorten(answer, SUMMARY_ANSWER)}")
        edits.append(_act(visit, stored, f"✏ {shown}", "edit", form.asked.index(question)))
    lines += [n.label.text(visit.language, instance) for n in instance.notes_before("")]
    lines.append(visit.say("summary.closing"))
    submit = [_act(visit, stored, visit.say("button.submit"), "submit")]
    rows = [edits[i : i + 5] for i in range(0, len(edits), 5)]
    return Screen("\n\n".join(lines), [submit, *rows, _always(visit, stored)])


def answered(visit: Visit, form: Form, question: Question, value: str, stored: Stored) -> str:
    """Return a question that was answered by typing: its label, and the answer with a tick."""
    instance = Instance(form, stored.interview.values, visit.world)
    label = question.label.text(visit.language, instance)
    return f"{label}\n\n✓ {show_value(visit, question, value, instance)}"


def show_value(visit: Visit, question: Question, value: str, instance: Instance) -> str:
    """Return a stored value as a person reads it."""
    if question.choices:
        return ", ".join(instance.choice_label(question.path, v) for v in value.split())
    if is_voice(value):
        return visit.say("voice_message")
    if question.kind == "date" and value:
        year, month, day = value.split("-")
        return texts.number(visit.language, f"{day}/{month}/{year}")
    if question.kind == "integer":
        return texts.number(visit.language, value)
    return value


def _shorten(text: str, clusters: int) -> str:
    parts = CLUSTER.findall(" ".join(text.split()))
    return text if len(parts) <= clusters else cut("".join(parts[:clusters]) + "…", 4096)


def _act(visit: Visit, stored: Stored, label: str, act: str, *args: object) -> dict[str, str]:
    """Return a button of an interview, bound to its turn."""
    return visit.button(label, "a", stored.id[:8], stored.interview.turn, act, *args)


def _rows(buttons: Iterable[dict[str, str]]) -> Keyboard:
    """Lay buttons out one a row, or two where all are short."""
    listed = list(buttons)
    longest = max((len(CLUSTER.findall(b["text"])) for b in listed), default=0)
    width = 2 if longest <= SHORT_LABEL and len(listed) > 2 else 1
    return [listed[i : i + width] for i in range(0, len(listed), width)]
