"""The open question in the chat: shown, shown anew, taken out of use. One live message a person."""

from collections.abc import Sequence
from dataclasses import replace

from handlers import rendering, textkeys
from handlers.enclosed import Shown, calls
from handlers.rendering import Screen
from handlers.visit import Visit
from storage import forms, interviews, outbox
from storage.interviews import Stored
from surveys.form import Form
from surveys.interview import Instance

# A message with a file that isn't the open question's.
FILE = "file"
# How a message with buttons under the text field is remembered: nobody can edit it.
KEYS = "keys"


def present(visit: Visit, form: Form, stored: Stored, remark: str = "") -> None:
    """Show the open question: a tap edits its message into it, anything else sends a new one."""
    shown = rendering.screen(visit, form, stored)
    if remark:
        shown = replace(shown, text=f"ℹ️ {remark}\n\n{shown.text}")
    if textkeys.is_typing(visit, form, stored):
        retire(visit, stored)
        _present_keys(visit, form, stored, shown)
        return
    if visit.tapped_message_id is not None and not _can_turn(visit, stored, shown):
        visit, stored = _close(visit, stored)
    retire(visit, stored)
    tapped_id = visit.tapped_message_id
    if tapped_id is None:
        _send_above(visit, shown)
        _send(visit, form, stored, shown)
        return
    has_file = shown.files.on(shown.text) is not None
    visit.edit(shown.text, shown.keyboard, message_id=tapped_id, is_caption=has_file)
    _save_live(visit, form, stored, shown, message_id=tapped_id)


def _can_turn(visit: Visit, stored: Stored, shown: Screen) -> bool:
    """Tell whether the tapped message shows the same pictures and sounds as it shall."""
    is_live = visit.tapped_message_id == stored.message_id
    others = (FILE,) if visit.tapped_file else ()
    return (stored.message_media if is_live else others) == shown.files.mark(shown.text)


def _close(visit: Visit, stored: Stored) -> tuple[Visit, Stored]:
    """Be done with the tapped message; what follows is a new one."""
    if stored.message_id == visit.tapped_message_id:
        stored = replace(stored, message_id=None, message_outbox_id=None)
    return visit.leave(), stored


def _send(visit: Visit, form: Form, stored: Stored, shown: Screen) -> None:
    """Send the open question in a message of its own."""
    outbox_id = visit.send(shown.text, shown.keyboard, shown.files.on(shown.text))
    _save_live(visit, form, stored, shown, message_outbox_id=outbox_id)


def _send_above(visit: Visit, shown: Screen) -> None:
    """Send the sounds and pictures that stand above a question."""
    for method, body in calls(shown.files.version_id, shown.files.above(shown.text)):
        visit.call(method, body)


def _save_live(
    visit: Visit,
    form: Form,
    stored: Stored,
    shown: Screen,
    *,
    message_id: int | None = None,
    message_outbox_id: int | None = None,
) -> None:
    """Write down which message is the open question's, and what stands with it."""
    save(visit, form, _live(stored, shown, message_id, message_outbox_id))


def _live(
    stored: Stored,
    shown: Screen,
    message_id: int | None = None,
    message_outbox_id: int | None = None,
) -> Stored:
    media = shown.files.mark(shown.text)
    return replace(
        stored, message_id=message_id, message_outbox_id=message_outbox_id, message_media=media
    )


def _present_keys(visit: Visit, form: Form, stored: Stored, shown: Screen) -> None:
    """Send the open question with buttons under the text field; Telegram lets nobody edit such."""
    if visit.tapped_message_id is not None:
        visit = visit.leave()
    mark = shown.files.mark(shown.text)
    if stored.message_media not in (mark, (KEYS, *mark)):
        _send_above(visit, shown)
    markup = textkeys.markup(visit, form, stored, shown.keyboard)
    sent = visit.send_keys(shown.text, markup, shown.files.on(shown.text))
    live = replace(stored, message_id=None, message_outbox_id=sent, message_media=(KEYS, *mark))
    save(visit, form, live)


def take_away(visit: Visit, stored: Stored) -> None:
    """Delete the open question's message where it can't be edited, and its buttons with it."""
    if is_fixed(stored) and stored.message_outbox_id:
        visit.delete(stored.message_outbox_id)
    if visit.owner.keyboard:
        textkeys.put_away(visit)


def is_fixed(stored: Stored) -> bool:
    """Tell whether the open question's message is one that nobody can edit."""
    return stored.message_media[:1] == (KEYS,)


def repeat(visit: Visit, form: Form, stored: Stored, text: str) -> None:
    """Ask the open question again in a new message, below a remark; what is above it stays so."""
    shown = rendering.screen(visit, form, stored)
    shown = replace(shown, text=f"⚠️ {text}\n\n{shown.text}")
    retire(visit, stored)
    _send_below(visit, form, stored, shown)


def _send_below(visit: Visit, form: Form, stored: Stored, shown: Screen) -> None:
    """Send the open question anew, whose sounds stand above it already."""
    if textkeys.is_typing(visit, form, stored):
        stands = replace(stored, message_media=shown.files.mark(shown.text))
        _present_keys(visit, form, stands, shown)
    else:
        _send(visit, form, stored, shown)


def play(visit: Visit, form: Form, stored: Stored, files: Sequence[Shown]) -> None:
    """Play sounds, and ask the open question again below them."""
    for method, body in calls(stored.form_version_id, files):
        visit.call(method, body)
    shown = rendering.screen(visit, form, stored)
    if visit.tapped_message_id is not None:
        visit, stored = _close(visit, stored)
    retire(visit, stored)
    _send_below(visit, form, stored, shown)


def ask_again(visit: Visit, form: Form, stored: Stored) -> None:
    """Ask the open question again of somebody who did nothing.

    The older message keeps its buttons: this one may get lost, and either leads on.
    """
    _ask_unasked(visit, form, stored, rendering.screen(visit, form, stored), "asked_again")


def remind(visit: Visit, form: Form, stored: Stored, key: str = "reminder") -> int:
    """Ask the question again that somebody left long ago; return the message's id in the outbox.

    The older message keeps its buttons, as above.
    """
    shown = rendering.screen(visit, form, stored)
    not_now = visit.button(visit.say("button.not_this_time"), "decline", stored.id[:8])
    shown = replace(shown, keyboard=[*shown.keyboard, [not_now]])
    return _ask_unasked(visit, form, stored, shown, key)


def _ask_unasked(visit: Visit, form: Form, stored: Stored, shown: Screen, key: str) -> int:
    shown = replace(shown, text=f"{visit.say(key)}\n\n{shown.text}")
    is_typing = textkeys.is_typing(visit, form, stored)
    keys = textkeys.markup(visit, form, stored, shown.keyboard) if is_typing else None
    file = shown.files.on(shown.text)
    outbox_id = visit.send_unasked(shown.text, shown.keyboard, keys, file)
    live = _live(stored, shown, message_outbox_id=None if is_typing else outbox_id)
    interviews.show(visit.tx, live)
    return outbox_id


def retire(visit: Visit, stored: Stored) -> None:
    """Take the buttons off a question's message, unless it is the one that was tapped."""
    tapped = visit.tapped_message_id
    was_tapped = tapped is not None and tapped == stored.message_id
    is_there = stored.message_id or stored.message_outbox_id
    if is_there and not was_tapped and not is_fixed(stored):
        visit.take_buttons(stored.message_id, stored.message_outbox_id)


def set_aside(visit: Visit, *, for_question: bool = False) -> None:
    """Let the interview that holds the chat wait, without buttons that no longer work.

    Those under the text field stay where another question brings its own in their place.
    """
    if stored := interviews.active(visit.tx, visit.person.id):
        retire(visit, stored)
        interviews.pause(visit.tx, visit.person.id)
        if _has_keys(visit, stored) and not (for_question and visit.owner.keyboard):
            textkeys.put_away(visit)


def has_keys(visit: Visit) -> bool:
    """Tell whether the person's open question has its buttons under the text field."""
    stored = interviews.active(visit.tx, visit.person.id)
    return stored is not None and _has_keys(visit, stored)


def _has_keys(visit: Visit, stored: Stored) -> bool:
    form = forms.by_id(visit.tx, stored.form_version_id).form
    return textkeys.is_typing(visit, form, stored)


def live_message_id(visit: Visit, stored: Stored) -> int | None:
    """Return the message of the open question, as far as Telegram has named it."""
    if is_fixed(stored):
        return None
    if stored.message_outbox_id is None:
        return stored.message_id
    return outbox.message_id(visit.tx, stored.message_outbox_id)


def save(visit: Visit, form: Form, stored: Stored) -> None:
    """Write the interview with its response as the export sees it."""
    response = Instance(form, stored.interview.values, visit.world(stored)).response()
    interviews.save(visit.tx, replace(stored, response=response))
