"""One thing that happened, in one transaction: what a handler reads, and how it answers.

A handler can't talk to Telegram: what it says goes into the outbox and is sent after the commit.
"""

from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Message, Update

from handlers import buttons, texts
from handlers.quiet import PHNOM_PENH
from storage import outbox, respondents
from storage.answers import Source
from storage.interviews import Stored
from storage.outbox import REMINDERS
from storage.respondents import Respondent
from storage.store import Transaction
from surveys.interview import World
from surveys.khmer import cut
from surveys.language import EN, KM

LONGEST_TEXT, LONGEST_CAPTION = 4096, 1024
LONGEST_TOAST = 200
MOST_IN_A_ROW = 8
# The owner's number on a phone that nobody shares yet.
FIRST = 1
# What may be tapped whoever has the phone.
FOR_ALL = frozenset({"who", "wave"})
Button = dict[str, str]
Keyboard = list[list[Button]]
# What Telegram can put words and buttons below.
CAPTIONED = ("photo", "audio", "voice")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a form version, and what Telegram takes it for."""

    kind: str
    version_id: int
    name: str

    @property
    def named(self) -> dict[str, Any]:
        """The file as the outbox names it."""
        return {"form_version": self.version_id, "name": self.name}


@dataclass(frozen=True, slots=True)
class Visit:
    """An update from one phone inside one transaction.

    `person` is who answers; `owner` is whose phone it is, and where all messages go. They are the
    same unless somebody is helped, or several people share the phone.

    `is_closed` says that the tapped message is done with: what follows is a new one. `receipt` is
    what that message says from then on, where a question was answered by the tap.
    """

    tx: Transaction
    update: Update
    person: Respondent
    owner: Respondent
    bot_id: int
    telegram_id: int
    is_closed: bool = False
    receipt: str = ""

    @classmethod
    def unprompted(
        cls, tx: Transaction, person: Respondent, owner: Respondent, bot_id: int
    ) -> "Visit":
        """Return the visit of a person who did nothing: it is we who come to them."""
        return cls(tx, Update(0), person, owner, bot_id, 0)

    @property
    def is_guest(self) -> bool:
        """Whether somebody else than the phone's owner answers."""
        return self.person.id != self.owner.id

    @property
    def is_shared(self) -> bool:
        """Whether several people share the phone."""
        return self.owner.number is not None

    @property
    def is_helped(self) -> bool:
        """Whether the owner reads and taps for the person who answers."""
        return self.person.mode == "assisted"

    @property
    def is_secret(self) -> bool:
        """Whether somebody on this phone answers for a ballot box, so that all of it is sealed."""
        return self.person.secret or self.owner.secret

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
    def is_forwarded(self) -> bool:
        """Whether the message was somebody else's first."""
        return bool(self.message and self.message.api_kwargs.get("forwarded"))

    @property
    def tapped_message_id(self) -> int | None:
        """The id of the message whose button was tapped, while it can become another one."""
        message = self.query.message if self.query and not self.is_closed else None
        return message.message_id if message else None

    @property
    def tapped_file(self) -> bool:
        """Whether the tapped message is a picture or a sound, which never becomes a text."""
        message = self.query.message if self.query else None
        return any(getattr(message, kind, None) for kind in CAPTIONED)

    @property
    def tap(self) -> buttons.Tap | None:
        """What the tapped button means; None where it isn't ours."""
        return self.meaning((self.query.data if self.query else None) or "")

    def meaning(self, data: str) -> buttons.Tap | None:
        """Return what a button's data mean; None where it isn't ours or another person's."""
        tap = buttons.decode(self.tx.keys, self.person.id, data)
        if tap is None and self.is_guest:
            tap = buttons.decode(self.tx.keys, self.owner.id, data)
            return tap if tap and tap.action in FOR_ALL else None
        return tap

    def say(self, key: str, /, **values: Any) -> str:
        """Return a text in the person's language, or in both before one is chosen."""
        return texts.say(self.person.language, key, **values)

    @property
    def whom(self) -> str:
        """Which of several people answers, by number; nothing where there is only one."""
        return self.named(self.person) if self.person.number else ""

    def named(self, person: Respondent) -> str:
        """Return what a person on this phone is called: a number, never a name."""
        number = person.number or FIRST
        codes = [self.person.language] if self.person.language else [KM, EN]
        named = (texts.say(code, "person", n=texts.number(code, number)) for code in codes)
        return " · ".join(named)

    def marked(self, text: str) -> str:
        """Return a text with a line above it that says for whom it is, where that isn't plain."""
        return f"{self.whom}\n{text}" if self.whom else text

    def button(self, label: str, action: str, *arguments: object) -> Button:
        """Return a button that only this person can use."""
        data = buttons.encode(self.tx.keys, self.person.id, action, *arguments)
        return {"text": label, "callback_data": data}

    def button_for_all(self, label: str, action: str, *arguments: object) -> Button:
        """Return a button that everybody on this phone can use."""
        assert action in FOR_ALL
        data = buttons.encode(self.tx.keys, self.owner.id, action, *arguments)
        return {"text": label, "callback_data": data}

    def send(
        self, text: str, keyboard: Keyboard | None = None, file: Attached | None = None
    ) -> int:
        """Promise a new message, a text or a file with it; return its id in the outbox."""
        return self.call(_method(file), _body(text, keyboard, file))

    def call(self, method: str, body: dict[str, Any]) -> int:
        """Promise a call; return its id in the outbox."""
        return outbox.put(self.tx, self.owner.id, method, body, is_secret=self.is_secret)

    def send_keys(self, text: str, markup: dict[str, Any], file: Attached | None = None) -> int:
        """Promise a new message with buttons under the text field, or that takes them away."""
        body = {**_body(text, None, file), "reply_markup": markup}
        return self.call(_method(file), body)

    def send_unasked(
        self,
        text: str,
        keyboard: Keyboard,
        keys: dict[str, Any] | None = None,
        file: Attached | None = None,
    ) -> int:
        """Promise a message that nobody asked for: without a sound, and once at most.

        `keys` are buttons under the text field, in place of those on the message.
        """
        body = {**_body(text, keyboard, file), "disable_notification": True}
        if keys:
            body["reply_markup"] = keys
        return outbox.put(
            self.tx,
            self.owner.id,
            _method(file),
            body,
            policy="once",
            lane=REMINDERS,
            is_secret=self.is_secret,
        )

    def edit(
        self,
        text: str,
        keyboard: Keyboard | None = None,
        *,
        message_id: int | None = None,
        outbox_id: int | None = None,
        is_caption: bool = False,
    ) -> int:
        """Promise to change a message, named by Telegram's id or by its promise in the outbox.

        Of a picture or a sound it is the caption that changes.
        """
        method = "editMessageCaption" if is_caption else "editMessageText"
        body = _body(text, keyboard or [], is_caption=is_caption)
        return self._edit(method, body, message_id, outbox_id)

    def take_buttons(self, message_id: int | None, outbox_id: int | None) -> None:
        """Promise to take the buttons off a message; its text stays."""
        body: dict[str, Any] = {"reply_markup": {"inline_keyboard": []}}
        self._edit("editMessageReplyMarkup", body, message_id, outbox_id)

    def delete(self, outbox_id: int) -> None:
        """Promise to delete a message, named by its promise in the outbox."""
        outbox.put(
            self.tx,
            self.owner.id,
            "deleteMessage",
            {},
            policy="edit",
            target_outbox_id=outbox_id,
            is_secret=self.is_secret,
        )

    def _edit(
        self, method: str, body: dict[str, Any], message_id: int | None, outbox_id: int | None
    ) -> int:
        if message_id is not None:
            body["message_id"] = message_id
        return outbox.put(
            self.tx,
            self.owner.id,
            method,
            body,
            policy="edit",
            target_outbox_id=outbox_id,
            is_secret=self.is_secret,
        )

    def send_sound(self, media_id: str, caption: str, keyboard: Keyboard) -> int:
        """Promise a voice note that can't be passed on; return its id in the outbox."""
        body = {
            "caption": cut(caption, LONGEST_CAPTION),
            "protect_content": True,
            "reply_markup": {"inline_keyboard": keyboard},
        }
        return outbox.put(self.tx, self.person.id, "sendVoice", body, media_id=media_id)

    def send_qr(self, link: str, caption: str) -> int:
        """Promise a link as a QR picture, and as text below it; return its id in the outbox."""
        body = {"qr": link, "caption": cut(f"{caption}\n\n{link}", LONGEST_CAPTION)}
        return outbox.put(self.tx, self.owner.id, "sendPhoto", body)

    def answer(self, text: str, keyboard: Keyboard | None = None) -> int:
        """Answer a tap by changing its message, a file's and anything else by a new one."""
        if self.tapped_message_id is None:
            return self.send(text, keyboard)
        if self.tapped_file:
            return self.leave().send(text, keyboard)
        return self.edit(text, keyboard, message_id=self.tapped_message_id)

    def leave(self) -> "Visit":
        """Be done with the tapped message: it says what was answered, or only loses its buttons."""
        at = self.tapped_message_id
        if self.receipt:
            self.edit(self.receipt, message_id=at, is_caption=self.tapped_file)
        else:
            self.take_buttons(at, None)
        return replace(self, is_closed=True)

    def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Promise the small notice that ends the spinner of a tap."""
        if self.query:
            body = {
                "callback_query_id": self.query.id,
                "text": cut(text, LONGEST_TOAST),
                "show_alert": alert,
            }
            self.call("answerCallbackQuery", body)

    def change(self, **values: Any) -> "Visit":
        """Set columns of the person; return the visit with the person as they are now."""
        respondents.change(self.tx, self.person.id, **values)
        person = replace(self.person, **values)
        return replace(self, person=person, owner=self.owner if self.is_guest else person)

    def change_phone(self, **values: Any) -> "Visit":
        """Set columns of the phone's owner, whoever answers."""
        respondents.change(self.tx, self.owner.id, **values)
        owner = replace(self.owner, **values)
        return replace(self, owner=owner, person=self.person if self.is_guest else owner)

    def hand_to(self, person: Respondent) -> "Visit":
        """Let a person answer on this phone from now on; return the visit as theirs."""
        is_owner = person.id == self.owner.id
        visit = self.change_phone(answering_id=None if is_owner else person.id)
        return replace(visit, person=visit.owner if is_owner else person)

    def hand_back(self) -> "Visit":
        """Let the phone's owner answer, where somebody else does."""
        return self.hand_to(self.owner) if self.is_guest else self


def _method(file: Attached | None) -> str:
    return f"send{file.kind.title()}" if file else "sendMessage"


def _body(
    text: str,
    keyboard: Keyboard | None,
    file: Attached | None = None,
    *,
    is_caption: bool = False,
) -> dict[str, Any]:
    """Return a message's words and buttons: a text, or a file's caption."""
    body: dict[str, Any] = {"text": cut(text, LONGEST_TEXT)}
    if file or is_caption:
        body = {"caption": cut(text, LONGEST_CAPTION)}
    if file:
        body[file.kind] = file.named
    if keyboard is not None:
        body["reply_markup"] = {"inline_keyboard": keyboard}
    return body
