"""A person's way through a form: typed, spoken and tapped answers, Back, Skip, Later, Submit."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from handlers import onboarding, rendering, rights, texts
from handlers.visit import Visit
from storage import forms, interviews, media, outbox
from storage.forms import Published
from storage.interviews import Stored
from surveys import interview as engine
from surveys import language, reading
from surveys.form import Form, Question
from surveys.instruments import UNDER_AGE
from surveys.interview import SUMMARY, Instance, Rejected, Submitted, Turn

LARGEST_VOICE = 20 * 1024 * 1024
PATIENCE = 2


def begin(visit: Visit, published: Published, presets: dict[str, str] | None = None) -> None:
    """Begin a form and ask its first question."""
    form = published.form
    set_aside(visit)
    stored = interviews.start(visit.tx, visit.person.id, published.id, form.form_id, visit.language)
    turn = engine.begin(form, engine.by_names(form, presets or {}), visit.world)
    advance(visit, form, stored, turn)


def resume(visit: Visit, stored: Stored, presets: dict[str, str] | None = None) -> None:
    """Go on with an interview where it stands, with anything newly known."""
    form = forms.by_id(visit.tx, stored.form_version_id).form
    set_aside(visit)
    active = interviews.resume(visit.tx, stored)
    values = engine.by_names(form, presets or {})
    advance(visit, form, active, engine.preset(form, active.interview, values, visit.world))


def set_aside(visit: Visit) -> None:
    """Let the interview that holds the chat wait, without buttons that no longer work."""
    if stored := interviews.active(visit.tx, visit.person.id):
        retire(visit, stored)
        interviews.pause(visit.tx, visit.person.id)


def retire(visit: Visit, stored: Stored) -> None:
    """Take the buttons off a question's message, unless it is the one that was tapped."""
    tapped = visit.tapped_message_id
    was_tapped = tapped is not None and tapped == stored.message_id
    if not was_tapped and (stored.message_id or stored.message_outbox_id):
        visit.take_buttons(stored.message_id, stored.message_outbox_id)


def typed(visit: Visit) -> None:
    """Take a message as the answer to the open question."""
    stored = interviews.active(visit.tx, visit.person.id)
    assert stored is not None
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if stored.interview.position == SUMMARY:
        repeat(visit, form, stored, visit.say("summary.tap"))
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
    advance(visit, form, replace(stored, message_id=None, message_outbox_id=None), turn)


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
    repeat(visit, form, stored, text)


def repeat(visit: Visit, form: Form, stored: Stored, text: str) -> None:
    """Ask the open question again in a new message, below a remark."""
    shown = rendering.screen(visit, form, stored)
    retire(visit, stored)
    outbox_id = visit.send(f"⚠️ {text}\n\n{shown.text}", shown.keyboard)
    save(visit, form, replace(stored, message_id=None, message_outbox_id=outbox_id))


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
    live, tapped = live_message_id(visit, stored), visit.tapped_message_id
    if live is not None and tapped is not None and tapped >= live:
        present(visit, form, stored)


def live_message_id(visit: Visit, stored: Stored) -> int | None:
    """Return the message of the open question, as far as Telegram has named it."""
    if stored.message_outbox_id is None:
        return stored.message_id
    return outbox.message_id(visit.tx, stored.message_outbox_id)


def choose(visit: Visit, form: Form, stored: Stored, index: int) -> None:
    """Answer with one choice."""
    value = form.by_path[stored.interview.position].choices[index].value
    settle(visit, form, stored, engine.answer(form, stored.interview, value, visit.world))


def tick(visit: Visit, form: Form, stored: Stored, index: int) -> None:
    """Tick or untick one choice; say at once where the ticks can't stand."""
    question = form.by_path[stored.interview.position]
    turn = engine.toggle(stored.interview, question.choices[index].value)
    trial = engine.done(form, turn.interview, visit.world)
    wrong = any(isinstance(event, Rejected) for event in trial.events)
    visit.toast(_reason(visit, form, stored) if wrong else "")
    present(visit, form, replace(stored, interview=turn.interview))


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
    save(visit, form, replace(stored, status="paused"))
    version = stored.form_version_id
    visit.answer(visit.say("later"), [[visit.button(visit.say("button.continue"), "go", version)]])


def switch_language(visit: Visit, form: Form, stored: Stored) -> None:
    """Show the same question in the other language."""
    other = texts.other_language(visit.language)
    switched = visit.change(language=other)
    switched.toast()
    present(switched, form, replace(stored, language=other))


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
            present(visit, form, at_fault)
        return
    visit.toast()
    advance(visit, form, stored, turn)


def _reason(visit: Visit, form: Form, stored: Stored, reason: str = "constraint") -> str:
    question = form.by_path[stored.interview.position]
    node = question.node
    message = node.constraint_message if reason == "constraint" else node.required_message
    instance = Instance(form, stored.interview.values, visit.world)
    return message.text(visit.language, instance) if message else visit.say("reject." + reason)


def advance(visit: Visit, form: Form, stored: Stored, turn: Turn) -> None:
    """Store what a turn brought, and show where it led."""
    after = replace(stored, interview=turn.interview)
    answers = engine.answered_paths(turn.events)
    if any(event.value == UNDER_AGE for event in answers):
        rights.farewell(visit, "under_age")
        return
    guesses = [(event, _guess(form, event.path, event.value)) for event in answers]
    interviews.add_answers(visit.tx, stored.id, guesses, visit.source)
    if any(isinstance(event, Submitted) for event in turn.events):
        save(visit, form, replace(after, status="complete"))
        onboarding.finished(visit, form)
    elif onboarding.pauses_profile(form, turn.interview, visit.world):
        save(visit, form, replace(after, status="paused"))
        onboarding.known(visit, form, after)
    else:
        present(visit, form, after)


def _guess(form: Form, path: str, value: str) -> language.Guess | None:
    """Label the language of a free text; it is metadata and decides nothing."""
    is_text = form.by_path[path].kind == "text" and not media.is_voice(value)
    return language.detect(value) if is_text and value else None


def present(visit: Visit, form: Form, stored: Stored) -> None:
    """Show the open question: a tap edits its message into it, anything else sends a new one."""
    shown = rendering.screen(visit, form, stored)
    retire(visit, stored)
    outbox_id = visit.answer(shown.text, shown.keyboard)
    tapped_id = visit.tapped_message_id
    at = replace(
        stored,
        message_id=tapped_id,
        message_outbox_id=None if tapped_id else outbox_id,
    )
    save(visit, form, at)


def save(visit: Visit, form: Form, stored: Stored) -> None:
    """Write the interview with its response as the export sees it."""
    response = Instance(form, stored.interview.values, visit.world).response()
    interviews.save(visit.tx, replace(stored, response=response))


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
