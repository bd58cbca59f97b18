"""The open question in the chat: shown, shown anew, taken out of use. One live message a person."""

from collections.abc import Sequence
from dataclasses import replace

from handlers import rendering, textkeys
from handlers.enclosed import PHOTO, Shown, calls
from handlers.rendering import Screen
from handlers.visit import Visit
from storage import interviews, outbox
from storage.interviews import Stored
from surveys.form import Form
from surveys.interview import Instance


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
    is_picture = shown.files.on(shown.text) != ""
    visit.edit(shown.text, shown.keyboard, message_id=tapped_id, is_picture=is_picture)
    _save_live(visit, form, stored, shown, message_id=tapped_id)


def turns(visit: Visit, form: Form, stored: Stored, after: Stored) -> bool:
    """Tell whether the tapped message can turn into what follows."""
    if visit.query is None or textkeys.is_typing(visit, form, after):
        return False
    if not (stored.message_media or form.attached):
        return True
    return _can_turn(visit, stored, rendering.screen(visit, form, after))


def _can_turn(visit: Visit, stored: Stored, shown: Screen) -> bool:
    """Tell whether the tapped message shows the same pictures and sounds as it shall."""
    is_live = visit.tapped_message_id == stored.message_id
    others = (PHOTO,) if visit.tapped_picture else ()
    return (stored.message_media if is_live else others) == shown.files.mark(shown.text)


def _close(visit: Visit, stored: Stored) -> tuple[Visit, Stored]:
    """Leave the tapped message as it is, without its buttons; what follows is a new one."""
    visit.take_buttons(visit.tapped_message_id, None)
    if stored.message_id == visit.tapped_message_id:
        stored = replace(stored, message_id=None, message_outbox_id=None)
    return replace(visit, is_closed=True), stored


def _send(visit: Visit, form: Form, stored: Stored, shown: Screen) -> None:
    """Send the open question in a message of its own."""
    picture = shown.files.picture(shown.text)
    outbox_id = visit.send(shown.text, shown.keyboard, picture)
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
    live = replace(
        stored,
        message_id=message_id,
        message_outbox_id=message_outbox_id,
        message_media=shown.files.mark(shown.text),
    )
    save(visit, form, live)


def _present_keys(visit: Visit, form: Form, stored: Stored, shown: Screen) -> None:
    """Send the open question with buttons under the text field; Telegram lets nobody edit such."""
    if visit.tapped_message_id is not None and stored.message_id == visit.tapped_message_id:
        visit.take_buttons(visit.tapped_message_id, None)
    if stored.message_media != shown.files.mark(shown.text):
        _send_above(visit, shown)
    markup = textkeys.markup(visit, form, stored, shown.keyboard)
    visit.send_keys(shown.text, markup, shown.files.picture(shown.text))
    _save_live(visit, form, stored, shown)


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


def remind(visit: Visit, form: Form, stored: Stored) -> int:
    """Ask the question again that somebody left long ago; return the message's id in the outbox.

    The older message keeps its buttons, as above.
    """
    shown = rendering.screen(visit, form, stored)
    not_now = visit.button(visit.say("button.not_this_time"), "decline", stored.id[:8])
    shown = replace(shown, keyboard=[*shown.keyboard, [not_now]])
    return _ask_unasked(visit, form, stored, shown, "reminder")


def _ask_unasked(visit: Visit, form: Form, stored: Stored, shown: Screen, key: str) -> int:
    shown = replace(shown, text=f"{visit.say(key)}\n\n{shown.text}")
    is_typing = textkeys.is_typing(visit, form, stored)
    keys = textkeys.markup(visit, form, stored, shown.keyboard) if is_typing else None
    picture = shown.files.picture(shown.text)
    outbox_id = visit.send_unasked(shown.text, shown.keyboard, keys, picture)
    _save_live(visit, form, stored, shown, message_outbox_id=None if is_typing else outbox_id)
    return outbox_id


def retire(visit: Visit, stored: Stored) -> None:
    """Take the buttons off a question's message, unless it is the one that was tapped."""
    tapped = visit.tapped_message_id
    was_tapped = tapped is not None and tapped == stored.message_id
    if not was_tapped and (stored.message_id or stored.message_outbox_id):
        visit.take_buttons(stored.message_id, stored.message_outbox_id)


def set_aside(visit: Visit) -> None:
    """Let the interview that holds the chat wait, without buttons that no longer work."""
    if stored := interviews.active(visit.tx, visit.person.id):
        retire(visit, stored)
        interviews.pause(visit.tx, visit.person.id)


def live_message_id(visit: Visit, stored: Stored) -> int | None:
    """Return the message of the open question, as far as Telegram has named it."""
    if stored.message_outbox_id is None:
        return stored.message_id
    return outbox.message_id(visit.tx, stored.message_outbox_id)


def save(visit: Visit, form: Form, stored: Stored) -> None:
    """Write the interview with its response as the export sees it."""
    response = Instance(form, stored.interview.values, visit.world(stored)).response()
    interviews.save(visit.tx, replace(stored, response=response))
