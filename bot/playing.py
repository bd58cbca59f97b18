"""A form filled in the terminal, for whoever wrote it, before anybody is asked."""

from collections.abc import Callable

from surveys import interview as engine
from surveys import reading, repeats
from surveys.definition import Form, Question
from surveys.instance import Instance, World
from surveys.interview import SUMMARY, Interview, Rejected, Turn
from surveys.reading import READERS, Unread, Unsure
from surveys.stops import is_repeat

Ask = Callable[[str], str]
Say = Callable[[str], None]
SIGNS = {"image": "🖼", "audio": "🔊"}
HELP = "Enter alone skips; /back goes back; /stop ends."


class Stopped(Exception):
    """The player had enough."""


def play(form: Form, world: World, ask: Ask, say: Say) -> Instance:
    """Ask every question until all is answered or skipped; return the form as it was filled."""
    say(f"{form.title}\n{HELP}")
    state = engine.begin(form, {}, world).interview
    while state.position != SUMMARY:
        step = _grow if is_repeat(form, state.position) else _step
        state = step(form, state, world, ask, say)
    return Instance(form, state.values, world)


def _step(form: Form, state: Interview, world: World, ask: Ask, say: Say) -> Interview:
    """Ask the open question once; say why where an answer can't stand."""
    instance = Instance(form, state.values, world)
    question = form.question(state.position)
    say(_shown(instance, question))
    turn = _take(form, state, world, ask("> ").strip(), instance)
    for event in turn.events:
        if isinstance(event, Rejected):
            say(f"! {_why(instance, question, event.reason)}")
    return turn.interview


def _shown(instance: Instance, question: Question) -> str:
    """Return notes, label, names of files, hint and numbered choices."""
    context, language = instance.at(question.path), instance.language
    notes = [
        note.label.text(language, instance.at(note.path))
        for note in instance.notes_before(question.path)
    ]
    choices = [
        f"  {at}. {choice.label.text(language, context)}"
        for at, choice in enumerate(instance.choices(question), 1)
    ]
    media = [
        f"  {sign} {name}"
        for kind, sign in SIGNS.items()
        if (name := question.label.file(kind, language))
    ]
    hint = [f"  ({question.hint.text(language, context)})"] if question.hint else []
    return "\n".join(["", *notes, question.label.text(language, context), *media, *hint, *choices])


def _take(form: Form, state: Interview, world: World, typed: str, instance: Instance) -> Turn:
    if typed == "/stop":
        raise Stopped
    if typed == "/back":
        return engine.back(form, state, world)
    if not typed:
        return engine.skip(form, state, world)
    question = form.question(state.position)
    # What is sent and not typed is named as it is stored.
    read = reading.read(question, typed, instance) if question.kind in READERS else typed
    if isinstance(read, Unread):
        return engine.misread(state, read.reason)
    return engine.answer(form, state, read.value if isinstance(read, Unsure) else read, world)


def _why(instance: Instance, question: Question, reason: str) -> str:
    """Return the form's own message, or the reason's name."""
    messages = {
        "constraint": question.node.constraint_message,
        "required": question.node.required_message,
    }
    message = messages.get(reason)
    return message.text(instance.language, instance.at(question.path)) if message else reason


def _grow(form: Form, state: Interview, world: World, ask: Ask, _: Say) -> Interview:
    """Offer one more of a repeat."""
    name = state.position.rpartition("/")[2]
    if ask(f"One more {name}? y/N > ").strip().lower() == "y":
        return repeats.add(form, state, state.position, world).interview
    return repeats.close(form, state, state.position, world).interview
