"""One respondent's way through one form: state in, (state, events) out. Pure.

Nothing is stored or sent here. Values of questions that aren't relevant are kept, read as blank,
left out of the response, and return when they are relevant again
(https://getodk.github.io/xforms-spec/#bind-attributes, `relevant`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from surveys import setting
from surveys.definition import Form, Question
from surveys.instance import Instance, World
from surveys.state import (
    SUMMARY,
    Added,
    Answered,
    Asked,
    Cleared,
    Event,
    Interview,
    Rejected,
    Removed,
    Submitted,
    Summarised,
    Turn,
)
from surveys.stops import is_repeat, stops

__all__ = [
    "SUMMARY",
    "Added",
    "Answered",
    "Asked",
    "Cleared",
    "Event",
    "Instance",
    "Interview",
    "Rejected",
    "Removed",
    "Submitted",
    "Summarised",
    "Turn",
    "World",
]


def begin(form: Form, presets: Mapping[str, str], world: World) -> Turn:
    """Begin an interview, with values that are known from elsewhere.

    What the form itself sets is only proposed: its questions are asked all the same.
    """
    values = setting.at_first(form, presets, world)
    proposed = frozenset(path for path in values.keys() - presets.keys())
    return proceed(form, Interview(values=values, proposed=proposed), world)


def proceed(form: Form, interview: Interview, world: World, *events: Event) -> Turn:
    """Go to the first stop that is still open, or to the summary.

    A question is open until it is answered or skipped, a repeat until nobody wants one more.
    """
    return _proceed(interview, Instance(form, interview.values, world), *events)


def _proceed(interview: Interview, instance: Instance, *events: Event) -> Turn:
    for stop in stops(instance):
        if _is_open(interview, instance, stop):
            return _open(interview, instance, stop, *events)
    return Turn(_moved(interview, SUMMARY), (*events, Summarised()))


def _is_open(interview: Interview, instance: Instance, path: str) -> bool:
    """Tell whether a stop still waits: a default is no answer, nor what is offered no more."""
    if is_repeat(instance.form, path):
        return path not in interview.closed
    is_given = interview.values.get(path, "") != "" and path not in interview.proposed
    return path not in interview.skipped and (not is_given or instance.value(path) == "")


def _open(interview: Interview, instance: Instance, stop: str, *events: Event) -> Turn:
    """Open a stop; a question of several ticks starts from what was chosen before, or proposed."""
    is_asked = not is_repeat(instance.form, stop)
    is_ticked = is_asked and instance.form.question(stop).kind in {"select_multiple", "rank"}
    chosen = instance.value(stop) if is_ticked else ""
    return Turn(_moved(interview, stop, tuple(chosen.split())), (*events, Asked(stop)))


def _moved(interview: Interview, position: str, draft: tuple[str, ...] = ()) -> Interview:
    """Return an interview at another question, or at the summary."""
    return Interview(
        interview.values,
        position,
        interview.turn + 1,
        interview.skipped,
        draft,
        proposed=interview.proposed,
        closed=interview.closed,
        reviewed=interview.reviewed or position == SUMMARY,
    )


def preset(form: Form, interview: Interview, values: Mapping[str, str], world: World) -> Turn:
    """Set values from outside and go on; what they make relevant is asked."""
    changed = replace(
        interview,
        values={**interview.values, **values},
        skipped=interview.skipped - {path for path, value in values.items() if value},
        proposed=interview.proposed - values.keys(),
    )
    return proceed(form, changed, world)


def answer(form: Form, interview: Interview, value: str, world: World) -> Turn:
    """Store a value for the open question and go on, or say why it can't stand.

    A blank value is a skip.
    """
    if value == "":
        return skip(form, interview, world)
    question = form.question(interview.position)
    values = {**interview.values, question.path: value}
    instance = Instance(form, values, world)
    if not instance.satisfied(question):
        return _reject(interview, "constraint")
    answered = replace(
        interview,
        values=values,
        skipped=interview.skipped - {question.path},
        proposed=interview.proposed - {question.path},
    )
    return _settle(interview, answered, instance, Answered(question.path, value))


def _settle(before: Interview, after: Interview, instance: Instance, event: Answered) -> Turn:
    """Go on after an answer, with what its change sets off in the form."""
    form = instance.form
    is_change = before.values.get(event.path, "") != event.value
    if not (is_change and form.has_effects):
        return _proceed(after, instance, event, *_cleared(before, instance, event.path))
    world = World(instance.now, instance.language, instance.seed)
    values = setting.after_change(form, after.values, world, event.path)
    new = (
        Instance(form, values, world).instances() - Instance(form, before.values, world).instances()
    )
    values = setting.after_growth(form, values, world, sorted(new))
    is_set = {path for path in values if values[path] != after.values.get(path)}
    proposed = (after.proposed | is_set) - {event.path}
    settled = replace(after, values=values, proposed=proposed, skipped=after.skipped - is_set)
    now = Instance(form, values, world)
    return _proceed(settled, now, event, *_cleared(before, now, event.path))


def _cleared(before: Interview, now: Instance, answered: str) -> list[Cleared]:
    """Return the answers that are offered no more (javarosa#437), so that the person is told."""
    if not any(question.itemset for question in now.form.questions):
        return []
    world = World(now.now, now.language, now.seed)
    then = Instance(now.form, before.values, world)
    asked = [q.path for q in now.asked() if q.itemset and q.path != answered]
    blank = [path for path in asked if now.value(path) == ""]
    return [Cleared(path) for path in blank if then.has(path) and then.value(path) != ""]


def _reject(interview: Interview, reason: str) -> Turn:
    again = replace(interview, tries=interview.tries + 1)
    return Turn(again, (Rejected(interview.position, reason),))


def misread(interview: Interview, reason: str) -> Turn:
    """Count an answer that couldn't be read as the question's type."""
    return _reject(interview, reason)


def done(form: Form, interview: Interview, world: World) -> Turn:
    """Store the ticks of the open question: in the order of the form, or of a rank as ticked.

    Ticking changes the draft and leaves the turn, so that buttons drawn before still work: on a
    slow phone people tick several before the first tick is shown.
    """
    question = form.question(interview.position)
    offered = Instance(form, interview.values, world).choices(question)
    values = [choice.value for choice in offered]
    ticked = [value for value in values if value in interview.draft]
    if question.kind == "rank":
        ticked = [value for value in interview.draft if value in values]
    return answer(form, interview, " ".join(ticked), world)


def skip(form: Form, interview: Interview, world: World) -> Turn:
    """Leave the open question without an answer, where it isn't required."""
    question = form.question(interview.position)
    instance = Instance(form, interview.values, world)
    if instance.required(question):
        return _reject(interview, "required")
    values = _without(interview.values, question)
    skipped = replace(
        interview,
        values=values,
        skipped=interview.skipped | {question.path},
        proposed=interview.proposed - {question.path},
    )
    if interview.values.get(question.path, "") == "":
        return proceed(form, skipped, world)
    instance = Instance(form, values, world)
    return _settle(interview, skipped, instance, Answered(question.path, ""))


def _without(values: Mapping[str, str], question: Question) -> dict[str, str]:
    """Return the values without a question's; a blank keeps its default from coming back."""
    others = {path: value for path, value in values.items() if path != question.path}
    return {**others, question.path: ""} if question.node.default else others


def back(form: Form, interview: Interview, world: World) -> Turn:
    """Open the question before the open one; at the first, the first again."""
    instance = Instance(form, interview.values, world)
    paths = stops(instance)
    # The clock alone can make the open question irrelevant; then the last one is before it.
    at = paths.index(interview.position) if interview.position in paths else len(paths)
    if not paths:
        return proceed(form, interview, world)
    return _open(interview, instance, paths[max(0, at - 1)])


def edit(form: Form, interview: Interview, path: str, world: World) -> Turn:
    """Open an earlier stop to change what was said; one that isn't there changes nothing."""
    instance = Instance(form, interview.values, world)
    if path not in stops(instance):
        return proceed(form, interview, world)
    return _open(interview, instance, path)


def submit(form: Form, interview: Interview, world: World) -> Turn:
    """Close the interview, or open the first question whose answer can't stand."""
    instance = Instance(form, interview.values, world)
    for question in instance.asked():
        missing = instance.required(question) and instance.value(question.path) == ""
        if missing or not instance.satisfied(question):
            reason = "required" if missing else "constraint"
            return _open(interview, instance, question.path, Rejected(question.path, reason))
        if _is_open(interview, instance, question.path):
            return _open(interview, instance, question.path)
    submitted = replace(
        interview,
        values=setting.at_last(form, interview.values, world),
        submitted=True,
        turn=interview.turn + 1,
        position=SUMMARY,
    )
    return Turn(submitted, (Submitted(),))


def progress(instance: Instance, interview: Interview) -> tuple[int, int]:
    """Return which question of how many is open; at the summary, both are the number asked."""
    paths = [question.path for question in instance.asked()]
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
