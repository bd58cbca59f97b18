"""The open question in the chat: shown, shown anew, taken out of use. One live message a person."""

from dataclasses import replace

from handlers import rendering, textkeys
from handlers.visit import Visit
from storage import interviews, outbox
from storage.interviews import Stored
from surveys.form import Form
from surveys.interview import Instance


def present(visit: Visit, form: Form, stored: Stored, remark: str = "") -> None:
    """Show the open question: a tap edits its message into it, anything else sends a new one."""
    shown = rendering.screen(visit, form, stored)
    text = f"ℹ️ {remark}\n\n{shown.text}" if remark else shown.text
    retire(visit, stored)
    if textkeys.is_typing(visit, form, stored):
        _present_keys(visit, form, stored, replace(shown, text=text))
        return
    outbox_id = visit.answer(text, shown.keyboard)
    tapped_id = visit.tapped_message_id
    at = replace(
        stored,
        message_id=tapped_id,
        message_outbox_id=None if tapped_id else outbox_id,
    )
    save(visit, form, at)


def _present_keys(visit: Visit, form: Form, stored: Stored, shown: rendering.Screen) -> None:
    """Send the open question with buttons under the text field; Telegram lets nobody edit such."""
    if visit.tapped_message_id is not None and stored.message_id == visit.tapped_message_id:
        visit.take_buttons(visit.tapped_message_id, None)
    visit.send_keys(shown.text, textkeys.markup(visit, form, stored, shown.keyboard))
    save(visit, form, replace(stored, message_id=None, message_outbox_id=None))


def repeat(visit: Visit, form: Form, stored: Stored, text: str) -> None:
    """Ask the open question again in a new message, below a remark."""
    shown = rendering.screen(visit, form, stored)
    retire(visit, stored)
    below = f"⚠️ {text}\n\n{shown.text}"
    if textkeys.is_typing(visit, form, stored):
        _present_keys(visit, form, stored, replace(shown, text=below))
        return
    outbox_id = visit.send(below, shown.keyboard)
    save(visit, form, replace(stored, message_id=None, message_outbox_id=outbox_id))


def ask_again(visit: Visit, form: Form, stored: Stored) -> None:
    """Ask the open question again of somebody who did nothing.

    The older message keeps its buttons: this one may get lost, and either leads on.
    """
    shown = rendering.screen(visit, form, stored)
    remark = visit.say("asked_again")
    is_typing = textkeys.is_typing(visit, form, stored)
    keys = textkeys.markup(visit, form, stored, shown.keyboard) if is_typing else None
    outbox_id = visit.send_unasked(f"{remark}\n\n{shown.text}", shown.keyboard, keys)
    live = None if is_typing else outbox_id
    save(visit, form, replace(stored, message_id=None, message_outbox_id=live))


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
