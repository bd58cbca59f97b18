"""What a person does with an open question: types, speaks, taps, goes back, skips, submits."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from handlers import asking, journey, rendering, texts
from handlers.visit import Visit
from storage import forms, interviews, media
from storage.interviews import Stored
from surveys import interview as engine
from surveys import reading
from surveys.form import Form, Question
from surveys.interview import SUMMARY, Instance, Rejected, Turn

LARGEST_VOICE = 20 * 1024 * 1024
PATIENCE = 2


def typed(visit: Visit) -> None:
    """Take a message as the answer to the open question."""
    stored = interviews.active(visit.tx, visit.person.id)
    assert stored is not None
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if stored.interview.position == SUMMARY:
        asking.repeat(visit, form, stored, visit.say("summary.tap"))
        return
    question = form.by_path[stored.interview.position]
    value = read(visit, form, stored, question)
    if isinstance(value, reading.Unread):
        turn = engine.misread(stored.interview, value.reason)
        explain(visit, form, replace(stored, interview=turn.interview), value.reason)
        return
    turn = engine.answer(form, stored.interview, value, visit.world)
    if any(isinstance(event, Rejected) for event in turn.events):
        explain(visit, form, replace(stored, interview=turn.interview), "constraint")
        return
    confirm(visit, form, stored, question, value)
    journey.advance(visit, form, replace(stored, message_id=None, message_outbox_id=None), turn)


def read(visit: Visit, form: Form, stored: Stored, question: Question) -> str | reading.Unread:
    """Read a typed text, or a voice note where the question takes text."""
    message = visit.message
    if message and message.voice and question.kind == "text":
        voice = message.voice
        if (voice.file_size or 0) > LARGEST_VOICE:
            return reading.Unread("too_large")
        return media.want(
            visit.tx,
            stored.id,
            question.path,
            voice.file_id,
            voice.mime_type or "audio/ogg",
            voice.file_size or 0,
        )
    if not (message and message.text):
        return reading.Unread("not_text" if question.kind == "text" else "tap_or_type")
    instance = Instance(form, stored.interview.values, visit.world)
    return reading.read(question, message.text, instance)


def confirm(visit: Visit, form: Form, stored: Stored, question: Question, value: str) -> None:
    """Mark the message of a question as answered, so that only the next one has buttons."""
    if stored.message_id or stored.message_outbox_id:
        text = rendering.answered(visit, form, question, value, stored)
        visit.edit(text, message_id=stored.message_id, outbox_id=stored.message_outbox_id)


def explain(visit: Visit, form: Form, stored: Stored, reason: str) -> None:
    """Say kindly why an answer can't stand, and ask again; after two tries, say more."""
    question = form.by_path[stored.interview.position]
    instance = Instance(form, stored.interview.values, visit.world)
    message = question.node.constraint_message if reason == "constraint" else None
    text = message.text(visit.language, instance) if message else visit.say("reject." + reason)
    if stored.interview.tries >= PATIENCE:
        required = instance.required(question)
        text += "\n\n" + visit.say("help.required" if required else "help.skip")
    asking.repeat(visit, form, stored, text)


def tapped(visit: Visit) -> None:
    """Do what a button of an interview says, if it is of the open interview's present turn."""
    assert visit.tap is not None
    prefix, turn, act, *arguments = visit.tap.arguments
    stored = interviews.active(visit.tx, visit.person.id)
    if stored is None or stored.id[:8] != prefix:
        visit.toast(visit.say("stale_button"))
        return
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if str(stored.interview.turn) != turn:
        show_again(visit, form, stored)
        return
    here = replace(stored, message_id=visit.tapped_message_id, message_outbox_id=None)
    ACTS[act](visit, form, here, *map(int, arguments))


def show_again(visit: Visit, form: Form, stored: Stored) -> None:
    """Say that a button is of an earlier turn; bring a message below the open one up to date.

    A message can be at Telegram twice after a crash. The second one stands below and looks open,
    and would lead nowhere.
    """
    visit.toast(visit.say("stale_button"))
    live, tapped = asking.live_message_id(visit, stored), visit.tapped_message_id
    if live is not None and tapped is not None and tapped >= live:
        asking.present(visit, form, stored)


def choose(visit: Visit, form: Form, stored: Stored, index: int) -> None:
    """Answer with one choice."""
    value = form.by_path[stored.interview.position].choices[index].value
    settle(visit, form, stored, engine.answer(form, stored.interview, value, visit.world))


def tick(visit: Visit, form: Form, stored: Stored, index: int, wanted: int) -> None:
    """Tick or untick one choice, as its button said; say at once where the ticks can't stand.

    A second tap on the same button wants what is so already.
    """
    question = form.by_path[stored.interview.position]
    value = question.choices[index].value
    if (value in stored.interview.draft) == bool(wanted):
        visit.toast()
        asking.present(visit, form, stored)
        return
    turn = engine.toggle(stored.interview, value)
    trial = engine.done(form, turn.interview, visit.world)
    wrong = any(isinstance(event, Rejected) for event in trial.events)
    visit.toast(_reason(visit, form, stored) if wrong else "")
    asking.present(visit, form, replace(stored, interview=turn.interview))


def done(visit: Visit, form: Form, stored: Stored) -> None:
    """Answer with what is ticked; nothing ticked is a skip."""
    if not stored.interview.draft:
        skip(visit, form, stored)
        return
    settle(visit, form, stored, engine.done(form, stored.interview, visit.world))


def day(visit: Visit, form: Form, stored: Stored, days_ago: int) -> None:
    """Answer a date with today or yesterday."""
    value = (visit.world.now.date() - dt.timedelta(days=days_ago)).isoformat()
    settle(visit, form, stored, engine.answer(form, stored.interview, value, visit.world))


def skip(visit: Visit, form: Form, stored: Stored) -> None:
    """Leave a question."""
    settle(visit, form, stored, engine.skip(form, stored.interview, visit.world))


def back(visit: Visit, form: Form, stored: Stored) -> None:
    """Open the question before."""
    settle(visit, form, stored, engine.back(form, stored.interview, visit.world))


def edit(visit: Visit, form: Form, stored: Stored, index: int) -> None:
    """Open a question from the summary."""
    path = form.asked[index].path
    settle(visit, form, stored, engine.edit(form, stored.interview, path, visit.world))


def later(visit: Visit, form: Form, stored: Stored) -> None:
    """Keep the place and leave the person in peace."""
    visit.toast()
    asking.save(visit, form, replace(stored, status="paused"))
    version = stored.form_version_id
    visit.answer(visit.say("later"), [[visit.button(visit.say("button.continue"), "go", version)]])


def switch_language(visit: Visit, form: Form, stored: Stored) -> None:
    """Show the same question in the other language."""
    other = texts.other_language(visit.language)
    switched = visit.change(language=other)
    switched.toast()
    asking.present(switched, form, replace(stored, language=other))


def submit(visit: Visit, form: Form, stored: Stored) -> None:
    """Close the interview, if everything can stand."""
    settle(visit, form, stored, engine.submit(form, stored.interview, visit.world))


def settle(visit: Visit, form: Form, stored: Stored, turn: Turn) -> None:
    """End the spinner of a tap; go on, or say why the answer can't stand."""
    rejected = [event for event in turn.events if isinstance(event, Rejected)]
    if rejected:
        at_fault = replace(stored, interview=turn.interview)
        visit.toast(_reason(visit, form, at_fault, rejected[0].reason), alert=True)
        if turn.interview.turn != stored.interview.turn:
            asking.present(visit, form, at_fault)
        return
    visit.toast()
    journey.advance(visit, form, stored, turn)


def _reason(visit: Visit, form: Form, stored: Stored, reason: str = "constraint") -> str:
    question = form.by_path[stored.interview.position]
    node = question.node
    message = node.constraint_message if reason == "constraint" else node.required_message
    instance = Instance(form, stored.interview.values, visit.world)
    return message.text(visit.language, instance) if message else visit.say("reject." + reason)


ACTS: dict[str, Callable[..., None]] = {
    "choose": choose,
    "tick": tick,
    "done": done,
    "day": day,
    "skip": skip,
    "back": back,
    "edit": edit,
    "later": later,
    "language": switch_language,
    "submit": submit,
}
