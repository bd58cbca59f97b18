"""One thing that happened, in one transaction: what a handler reads, and how it answers.

A handler can't talk to Telegram: what it says goes into the outbox and is sent after the commit.
"""

from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Message, Update

from handlers import buttons, texts
from handlers.quiet import PHNOM_PENH
from storage import outbox, respondents
from storage.interviews import Source, Stored
from storage.outbox import REMINDERS
from storage.respondents import Respondent
from storage.store import Transaction
from surveys.interview import World
from surveys.khmer import cut
from surveys.language import EN

LONGEST_TEXT = 4096
LONGEST_TOAST = 200
LONGEST_CAPTION = 1024
MOST_IN_A_ROW = 8
Button = dict[str, str]
Keyboard = list[list[Button]]


@dataclass(frozen=True, slots=True)
class Visit:
    """An update of one person inside one transaction."""

    tx: Transaction
    update: Update
    person: Respondent
    bot_id: int
    telegram_id: int

    @classmethod
    def unprompted(cls, tx: Transaction, person: Respondent, bot_id: int) -> "Visit":
        """Return the visit of a person who did nothing: it is we who come to them."""
        return cls(tx, Update(0), person, bot_id, 0)

    @property
    def language(self) -> str:
        """The language the person chose, or English."""
        return self.person.language or EN

    def world(self, stored: Stored) -> World:
        """Return the time in Cambodia, the language and the chance of an interview."""
        return World(self.tx.now.astimezone(PHNOM_PENH), self.language, stored.seed)

    @property
    def source(self) -> Source:
        """Where answers of this visit come from."""
        return Source(self.bot_id, self.update.update_id)

    @property
    def query(self) -> CallbackQuery | None:
        """The tap, where the visit is one."""
        return self.update.callback_query

    @property
    def message(self) -> Message | None:
        """The message, where the visit is one."""
        return self.update.message

    @property
    def typed(self) -> str:
        """The text of the message, or nothing."""
        return (self.message.text if self.message else None) or ""

    @property
    def tapped_message_id(self) -> int | None:
        """The id of the message whose button was tapped."""
        message = self.query.message if self.query else None
        return message.message_id if message else None

    @property
    def tap(self) -> buttons.Tap | None:
        """What the tapped button means; None where it isn't ours."""
        return self.meaning((self.query.data if self.query else None) or "")

    def meaning(self, data: str) -> buttons.Tap | None:
        """Return what a button's data mean; None where it isn't ours or another person's."""
        return buttons.decode(self.tx.keys, self.person.id, data)

    def say(self, key: str, /, **values: Any) -> str:
        """Return a text in the person's language, or in both before one is chosen."""
        return texts.say(self.person.language, key, **values)

    def button(self, label: str, action: str, *arguments: object) -> Button:
        """Return a button that only this person can use."""
        data = buttons.encode(self.tx.keys, self.person.id, action, *arguments)
        return {"text": label, "callback_data": data}

    def send(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Promise a new message; return its id in the outbox."""
        return outbox.put(self.tx, self.person.id, "sendMessage", _body(text, keyboard))

    def send_keys(self, text: str, markup: dict[str, Any]) -> int:
        """Promise a new message with buttons under the text field, or that takes them away."""
        body = {**_body(text, None), "reply_markup": markup}
        return outbox.put(self.tx, self.person.id, "sendMessage", body)

    def send_unasked(
        self, text: str, keyboard: Keyboard, keys: dict[str, Any] | None = None
    ) -> int:
        """Promise a message that nobody asked for: without a sound, and once at most.

        `keys` are buttons under the text field, in place of those on the message.
        """
        body = {**_body(text, keyboard), "disable_notification": True}
        if keys:
            body["reply_markup"] = keys
        return outbox.put(
            self.tx, self.person.id, "sendMessage", body, policy="once", lane=REMINDERS
        )

    def edit(
        self,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        message_id: int | None = None,
        outbox_id: int | None = None,
    ) -> int:
        """Promise to change a message, named by Telegram's id or by its promise in the outbox."""
        return self._edit("editMessageText", _body(text, keyboard or []), message_id, outbox_id)

    def take_buttons(self, message_id: int | None, outbox_id: int | None) -> None:
        """Promise to take the buttons off a message; its text stays."""
        body: dict[str, Any] = {"reply_markup": {"inline_keyboard": []}}
        self._edit("editMessageReplyMarkup", body, message_id, outbox_id)

    def _edit(
        self, method: str, body: dict[str, Any], message_id: int | None, outbox_id: int | None
    ) -> int:
        if message_id is not None:
            body["message_id"] = message_id
        return outbox.put(
            self.tx,
            self.person.id,
            method,
            body,
            policy="edit",
            target_outbox_id=outbox_id,
        )

    def send_sound(self, media_id: str, caption: str, keyboard: Keyboard) -> int:
        """Promise a voice note that can't be passed on; return its id in the outbox."""
        body = {
            "caption": cut(caption, LONGEST_CAPTION),
            "protect_content": True,
            "reply_markup": {"inline_keyboard": keyboard},
        }
        return outbox.put(self.tx, self.person.id, "sendVoice", body, media_id=media_id)

    def answer(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Answer a tap by changing its message, and anything else by a new one."""
        if self.tapped_message_id is not None:
            return self.edit(text, keyboard, message_id=self.tapped_message_id)
        return self.send(text, keyboard)

    def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Promise the small notice that ends the spinner of a tap."""
        if self.query:
            body = {
                "callback_query_id": self.query.id,
                "text": cut(text, LONGEST_TOAST),
                "show_alert": alert,
            }
            outbox.put(self.tx, self.person.id, "answerCallbackQuery", body)

    def change(self, **values: Any) -> "Visit":
        """Set columns of the person; return the visit with the person as they are now."""
        respondents.change(self.tx, self.person.id, **values)
        return replace(self, person=replace(self.person, **values))


def _body(text: str, keyboard: Keyboard | None) -> dict[str, Any]:
    body: dict[str, Any] = {"text": cut(text, LONGEST_TEXT)}
    if keyboard is not None:
        body["reply_markup"] = {"inline_keyboard": keyboard}
    return body
