"""Buttons under the text field, whose taps are texts: for weak connections, and to send a place.

A tap on a button of a message lives 150 seconds at Telegram, a text a whole day.
"""

from typing import Any

from handlers.visit import Keyboard, Visit
from storage import outbox
from storage.interviews import Stored
from surveys.definition import plain
from surveys.form import Form

PLACE = "geopoint"


def is_place(form: Form, stored: Stored) -> bool:
    """Tell whether a place is asked, which a phone only sends by such a button."""
    question = form.by_path.get(plain(stored.interview.position))
    return question is not None and question.kind == PLACE


def is_typing(visit: Visit, form: Form, stored: Stored) -> bool:
    """Tell whether the open question has its buttons under the text field."""
    return visit.owner.keyboard or is_place(form, stored)


def markup(visit: Visit, form: Form, stored: Stored, keyboard: Keyboard) -> dict[str, Any]:
    """Return the buttons of a question as buttons under the text field."""
    rows: list[list[dict[str, Any]]] = [[{"text": b["text"]} for b in row] for row in keyboard]
    if is_place(form, stored):
        rows.insert(0, [{"text": visit.say("button.place"), "request_location": True}])
    return {
        "keyboard": rows,
        "resize_keyboard": True,
        # For one question only it goes away by itself, whichever of its buttons is tapped.
        "one_time_keyboard": not visit.owner.keyboard,
    }


REMOVED = {"remove_keyboard": True}


def put_away(visit: Visit) -> None:
    """Take away buttons under the text field that lead nowhere now."""
    visit.send_keys("✓", REMOVED)


def put_away_at_farewell(visit: Visit) -> None:
    """Promise the same for somebody who is being forgotten in this transaction."""
    body = {"text": "✓", "reply_markup": REMOVED}
    outbox.put_farewell(visit.tx, visit.telegram_id, "sendMessage", body)
