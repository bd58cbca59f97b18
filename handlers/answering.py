"""What a person does with an open question: types, speaks, taps, goes back, skips, submits."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from handlers import (
    asking,
    between,
    journey,
    kinds,
    previewing,
    rendering,
    repeating,
    rights,
    stopping,
    textkeys,
    texts,
)
from handlers.enclosed import is_caption
from handlers.explaining import explain, reason
from handlers.kinds.kind import Look, Taken
from handlers.opened import Opened
from handlers.visit import Visit
from storage import forms, interviews, sealing
from storage.interviews import Stored
from surveys import interview as engine
from surveys.definition import plain
from surveys.form import Form
from surveys.interview import SUMMARY, Answered, Instance, Rejected, Turn
from surveys.reading import Unread, Unsure
from surveys.state import Event
from surveys.stops import is_repeat, stops

A_SECOND = dt.timedelta(seconds=1)
FILES = frozenset({"image", "audio", "video", "file"})


def typed(visit: Visit) -> None:
    """Take a message as the answer to the open question."""
    stored = interviews.active(visit.tx, visit.person.id)
    assert stored is not None
    form = forms.by_id(visit.tx, stored.form_version_id).form
    if is_older(visit, stored):
        asking.repeat(visit, form, stored, visit.say("came_late", person=visit.whom))
        return
    if named := rendering.named_button(visit, form, stored):
        _, _, act, *arguments = named.arguments
        perform(visit, form, stored, act, *map(int, arguments))
        return
    if stored.interview.position == SUMMARY and stopping.is_among(visit.typed):
        rights.stop(visit)
        return
    if stored.interview.position == SUMMARY:
        asking.repeat(visit, form, stored, visit.say("summary.tap"))
        return
    if is_repeat(form, stored.interview.position):
        follow(visit, form, stored, repeating.read(visit, form, stored))
        return
    opened = Opened.of(visit, form, stored)
    follow(visit, form, stored, kinds.of(opened).take(opened))


def is_older(visit: Visit, stored: Stored) -> bool:
    """Tell whether a message was written before this one of several people began.

    Messages and taps of a chat reach a webhook by different queues: it may be the answer of
    whoever had the phone before. Telegram gives its time in whole seconds.
    """
    if not visit.whom or visit.message is None or stored.started_at is None:
        return False
    return visit.message.date + A_SECOND <= stored.started_at


def follow(visit: Visit, form: Form, stored: Stored, step: Taken | Turn) -> None:
    """Go on from what was read or tapped; or show what it led to; or ask back."""
    match step:
        case Unread() if stopping.is_among(visit.typed):
            rights.stop(visit)
        case Unread(why):
            turn = engine.misread(stored.interview, why)
            explain(visit, form, replace(stored, interview=turn.interview), why)
        case Unsure(value):
            ask_back(Opened.of(visit, form, stored), value)
        case Look():
            visit.toast(step.notice)
            asking.present(visit, form, looking(stored, step))
        case Turn():
            settle(visit, form, stored, step)
        case str(value):
            answered = engine.answer(form, stored.interview, value, visit.world(stored))
            settle(visit, form, stored, answered)


def ask_back(opened: Opened, value: str) -> None:
    """Ask whether a value was meant; it stands only after a yes."""
    turn = engine.misread(opened.stored.interview, "unsure")
    asked = replace(turn.interview, view=(rendering.SURE, value))
    remark = opened.say("unsure", answer=kinds.shown(opened, value))
    asking.repeat(opened.visit, opened.form, replace(opened.stored, interview=asked), remark)


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
    perform(visit, form, here, act, *map(int, arguments))


def perform(visit: Visit, form: Form, stored: Stored, act: str, *arguments: int) -> None:
    """Do an act of any question, or one that its kind has."""
    if act in ACTS:
        ACTS[act](visit, form, stored, *arguments)
        return
    if act in repeating.ACTS:
        follow(visit, form, stored, repeating.ACTS[act](visit, form, stored, *arguments))
        return
    follow(visit, form, stored, kinds.ACTS[act](Opened.of(visit, form, stored), *arguments))


def looking(stored: Stored, look: Look) -> Stored:
    """Return an interview whose open question is seen in another way."""
    return replace(stored, interview=replace(stored.interview, view=look.view, draft=look.draft))


def show_again(visit: Visit, form: Form, stored: Stored) -> None:
    """Say that a button is of an earlier turn; bring a message below the open one up to date.

    A message can be at Telegram twice after a crash. The second one stands below and looks open,
    and would lead nowhere.
    """
    visit.toast(visit.say("stale_button"))
    live, tapped = asking.live_message_id(visit, stored), visit.tapped_message_id
    if live is not None and tapped is not None and tapped >= live:
        asking.present(visit, form, stored)


def sure(visit: Visit, form: Form, stored: Stored, tries: int) -> None:
    """Answer with what was probably meant; a later try has taken its place otherwise."""
    interview = stored.interview
    if interview.tries != tries or interview.view[:1] != (rendering.SURE,):
        show_again(visit, form, stored)
        return
    value = interview.view[1]
    settle(visit, form, stored, engine.answer(form, interview, value, visit.world(stored)))


def keep(visit: Visit, form: Form, stored: Stored) -> None:
    """Answer with what stands there already."""
    state, value = stored.interview, Opened.of(visit, form, stored).given
    turn = engine.answer(form, state, value, visit.world(stored))
    # What the form only proposed becomes an answer now; anything else is one already.
    if state.position not in state.proposed:
        turn = replace(turn, events=tuple(_kept(event, state.position) for event in turn.events))
    settle(visit, form, stored, turn)


def _kept(event: Event, path: str) -> Event:
    if isinstance(event, Answered) and event.path == path:
        return replace(event, is_kept=True)
    return event


def skip(visit: Visit, form: Form, stored: Stored) -> None:
    """Leave a question."""
    settle(visit, form, stored, engine.skip(form, stored.interview, visit.world(stored)))


def back(visit: Visit, form: Form, stored: Stored) -> None:
    """Open the question before."""
    settle(visit, form, stored, engine.back(form, stored.interview, visit.world(stored)))


def edit(visit: Visit, form: Form, stored: Stored, index: int) -> None:
    """Open a question or a repeat from the summary."""
    world = visit.world(stored)
    places = stops(Instance(form, stored.interview.values, world))
    path = places[index] if index < len(places) else ""
    settle(visit, form, stored, engine.edit(form, stored.interview, path, world))


def leaf(visit: Visit, form: Form, stored: Stored, page: int) -> None:
    """Show another page of the summary."""
    visit.toast()
    asking.present(visit, form, looking(stored, Look((str(page),))))


def hear(visit: Visit, form: Form, stored: Stored) -> None:
    """Play the choices, one after the other, and before them what wasn't heard yet."""
    visit.toast()
    asking.play(visit, form, stored, rendering.to_hear(Opened.of(visit, form, stored)))


def later(visit: Visit, form: Form, stored: Stored) -> None:
    """Keep the place and leave the person in peace."""
    visit.toast()
    if stored.is_preview:
        previewing.finish(visit)
        return
    asking.save(visit, form, replace(stored, status="paused"))
    if textkeys.is_typing(visit, form, stored):
        textkeys.put_away(visit)
    if visit.is_helped:
        between.menu(visit, visit.say("assist.later", person=visit.whom))
        return
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
    settle(visit, form, stored, engine.submit(form, stored.interview, visit.world(stored)))


def settle(visit: Visit, form: Form, stored: Stored, turn: Turn) -> None:
    """Go on, or say why the answer can't stand: to a tap by its notice, to a text by a message."""
    rejected = next((event for event in turn.events if isinstance(event, Rejected)), None)
    after = replace(stored, interview=turn.interview)
    if stored.is_ballot and not sealing.fits(turn.interview.as_dict()):
        explain(visit, form, stored, "too_long")
    elif rejected is None:
        visit.toast()
        journey.advance(*confirmed(visit, form, stored, turn), turn)
    elif visit.query is None:
        explain(visit, form, after, rejected.reason)
    else:
        visit.toast(reason(Opened.of(visit, form, after), rejected.reason), alert=True)
        if turn.interview.turn != stored.interview.turn:
            asking.present(visit, form, after)


def confirmed(visit: Visit, form: Form, stored: Stored, turn: Turn) -> tuple[Visit, Form, Stored]:
    """Mark the message of a question as answered, where it doesn't turn into the next one.

    A tap turns it into the next, unless that has its buttons under the text field, or other
    pictures and sounds; so the mark goes with the visit.
    """
    path = stored.interview.position
    given = [event for event in engine.answered_paths(turn.events) if event.path == path]
    if not (given and given[0].value):
        return visit, form, stored
    text = rendering.answered(Opened.of(visit, form, stored), given[0])
    if visit.query:
        return replace(visit, receipt=text), form, stored
    is_there = stored.message_id or stored.message_outbox_id
    if is_there and not asking.is_fixed(stored):
        visit.edit(
            text,
            message_id=stored.message_id,
            outbox_id=stored.message_outbox_id,
            is_caption=is_caption(stored.message_media),
        )
    elif not visit.owner.keyboard:
        visit.send_keys(text, textkeys.REMOVED)
    return visit, form, replace(stored, message_id=None, message_outbox_id=None)


def wants_file(visit: Visit) -> bool:
    """Tell whether a file that a person sends is the answer to the open question."""
    stored = interviews.active(visit.tx, visit.person.id)
    if stored is None:
        return False
    form = forms.by_id(visit.tx, stored.form_version_id).form
    question = form.by_path.get(plain(stored.interview.position))
    return question is not None and question.kind in FILES


def wants_place(visit: Visit) -> bool:
    """Tell whether this person is asked for a place now; nobody else's is looked at."""
    stored = interviews.active(visit.tx, visit.person.id)
    return stored is not None and textkeys.is_place(
        forms.by_id(visit.tx, stored.form_version_id).form, stored
    )


def keyboard(visit: Visit) -> None:
    """Put the buttons under the text field from now on, or back on the messages."""
    changed = visit.change_phone(keyboard=not visit.owner.keyboard)
    remark = visit.say("keyboard.on" if changed.owner.keyboard else "keyboard.off")
    stored = interviews.active(visit.tx, visit.person.id)
    if not changed.owner.keyboard or stored is None:
        changed.send_keys(remark, textkeys.REMOVED)
        remark = ""
    if stored:
        form = forms.by_id(visit.tx, stored.form_version_id).form
        asking.present(changed, form, stored, remark)


def show(visit: Visit, form: Form, stored: Stored) -> None:
    """Show the question as it stands: what was tapped is so already."""
    asking.present(visit, form, stored)


ACTS: dict[str, Callable[..., None]] = {
    "show": show,
    "sure": sure,
    "keep": keep,
    "skip": skip,
    "back": back,
    "edit": edit,
    "leaf": leaf,
    "hear": hear,
    "later": later,
    "language": switch_language,
    "submit": submit,
}
