"""Telegram's rules for what a bot sends, and its words for breaking them. Pure.

Texts and codes as the Bot API server 10.0 gives them (tdlib/telegram-bot-api, Client.cpp).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from surveys.khmer import utf16_length

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_NOTICE = 200
LONGEST_CALLBACK_DATA = 64
LONGEST_SECRET = 256
LONGEST_DESCRIPTION = 256
MOST_COMMANDS = 100
MOST_BUTTONS, MOST_IN_A_ROW = 100, 8
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
# The scopes of menus that a private chat can see; groups have theirs, and aren't simulated.
OWN_CHAT = "chat"
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
DELETABLE_SECONDS = 48 * 3600
BUTTON_KINDS = ("callback_data", "url", "web_app", "copy_text", "switch_inline_query")
# What nobody can see: a text of nothing else is empty.
BLANKS = " \n\t\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
INVISIBLE = r"\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\ufeff\ufff9-\ufffc"
EMPTY = re.compile(f"[{BLANKS}{INVISIBLE}]*")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]*")
LANGUAGE = re.compile(r"([a-z]{2})?")

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
ENDED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
    "the webhook first"
)
BLOCKED = "Forbidden: bot was blocked by the user"
NEVER_MET = "Forbidden: bot can't initiate conversation with a user"


class ApiError(Exception):
    """A call that Telegram refuses: its code, its words, and how long to wait where it says so."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Return the answer as the Bot API writes it."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(text: str) -> ApiError:
    """Return a 400."""
    return ApiError(400, f"Bad Request: {text}")


def text(parameters: Mapping[str, Any]) -> str:
    """Return the text of a message as Telegram keeps it, without the space around it."""
    value = _words(parameters, "text")
    if EMPTY.fullmatch(value):
        raise bad_request("message text is empty")
    if utf16_length(value) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return value


def caption(parameters: Mapping[str, Any]) -> str:
    """Return the caption of a file."""
    value = _words(parameters, "caption")
    if utf16_length(value) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return value


def _words(parameters: Mapping[str, Any], name: str) -> str:
    if parameters.get("parse_mode"):
        raise bad_request("this server knows no parse_mode")
    return str(parameters.get(name, "")).strip(" \n\t\r")


def notice(parameters: Mapping[str, Any]) -> str:
    """Return the text of the notice that answers a tap."""
    value = str(parameters.get("text", ""))
    if utf16_length(value) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    return value


def chat_id(parameters: Mapping[str, Any]) -> int:
    """Return the chat a call is about."""
    if not str(parameters.get("chat_id", "")):
        raise bad_request("chat_id is empty")
    value = _whole(parameters["chat_id"])
    if value is None:
        raise bad_request("chat not found")
    return value


def message_id(parameters: Mapping[str, Any]) -> int:
    """Return the message a call is about."""
    value = _whole(parameters.get("message_id"))
    if not value or value < 0:
        raise bad_request("message identifier is not specified")
    return value


def number(parameters: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number, brought within its limits; what is none counts as 0."""
    if not str(parameters.get(name, "")):
        return default
    return max(low, min(high, _whole(parameters[name]) or 0))


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return None


def flag(parameters: Mapping[str, Any], name: str) -> bool:
    """Return a yes or no in any of the spellings Telegram takes."""
    return str(parameters.get(name, "")).lower() in {"true", "yes", "1"}


def array(parameters: Mapping[str, Any], name: str) -> list[Any]:
    """Return a list that a call carries as JSON; empty where it carries none."""
    value = _json(parameters.get(name) or [])
    if not isinstance(value, list):
        raise bad_request(f"can't parse {name} JSON object")
    return value


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return None


def keyboard(parameters: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the inline keyboard of a message; apps show no more than eight buttons in a row."""
    markup = _json(parameters.get("reply_markup") or {})
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if set(markup) - {"inline_keyboard"}:
        raise bad_request("inline keyboard expected")
    rows = markup.get("inline_keyboard", [])
    if not _is_grid(rows):
        raise bad_request("can't parse inline keyboard: array of arrays of buttons expected")
    _check_buttons([button for row in rows for button in row])
    return [row[:MOST_IN_A_ROW] for row in rows if row]


def markup(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands below a new message: buttons on it, buttons under the text field, none.

    Buttons under the text field are sent with a message and can't be edited into one.
    """
    given = _json(parameters.get("reply_markup") or {})
    if isinstance(given, dict) and "keyboard" in given:
        return _text_keyboard(given)
    if isinstance(given, dict) and "remove_keyboard" in given:
        return {"remove_keyboard": True}
    rows = keyboard(parameters)
    return {"inline_keyboard": rows} if rows else {}


def _text_keyboard(given: dict[str, Any]) -> dict[str, Any]:
    rows = given["keyboard"]
    if not (_is_grid(rows) and any(rows)):
        raise bad_request("can't parse keyboard: array of arrays of buttons expected")
    for button in (button for row in rows for button in row):
        if EMPTY.fullmatch(str(button.get("text", ""))):
            raise bad_request("keyboard button text must be non-empty")
        if set(button) - {"text", "request_location"}:
            raise bad_request("this server knows no such keyboard button")
    return {**given, "keyboard": [row for row in rows if row]}


def _is_grid(rows: Any) -> bool:
    return isinstance(rows, list) and all(
        isinstance(row, list) and all(isinstance(button, dict) for button in row) for row in rows
    )


def _check_buttons(buttons: list[dict[str, Any]]) -> None:
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        if EMPTY.fullmatch(str(button.get("text", ""))):
            raise bad_request("inline keyboard button text must be non-empty")
        if sum(kind in button for kind in BUTTON_KINDS) != 1:
            raise bad_request("text buttons are unallowed in the inline keyboard")
        data = str(button.get("callback_data", "x")).encode()
        if not 1 <= len(data) <= LONGEST_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")


def file_size(kind: str, size: int) -> None:
    """Refuse a file that is empty or too large for its kind."""
    if not size:
        raise bad_request("file must be non-empty")
    if size > LARGEST_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and size > LARGEST_PHOTO:
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; "
            f"the maximum size is {LARGEST_PHOTO} bytes"
        )


def commands(parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the commands of a menu."""
    given = array(parameters, "commands")
    if len(given) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        if not isinstance(command, dict):
            raise bad_request("can't parse BotCommand: expected an Object")
        if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(str(command.get("description", ""))) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return given


def menu(parameters: Mapping[str, Any]) -> tuple[str, str, int | None]:
    """Return for whom a menu is: its scope, its language, and the chat where it is one's own."""
    scope = _json(parameters.get("scope") or {"type": "default"})
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope")
    language = str(parameters.get("language_code") or "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    if scope["type"] == OWN_CHAT:
        person_id = chat_id(scope)
        return own_menu(person_id), language, person_id
    if scope["type"] not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return str(scope["type"]), language, None


def own_menu(person_id: int) -> str:
    """Return the scope of one chat's own menu."""
    return f"{OWN_CHAT} {person_id}"


def secret(parameters: Mapping[str, Any]) -> str:
    """Return the secret that every post to the webhook shall carry."""
    value = str(parameters.get("secret_token") or "")
    if len(value) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(value):
        raise bad_request("secret token contains unallowed characters")
    return value
