"""Telegram's rules for what a bot sends, and its words for breaking them. Pure.

Texts and codes as the Bot API server 10.0 gives them (tdlib/telegram-bot-api, Client.cpp).
"""

import json
from collections.abc import Mapping
from typing import Any

from surveys.khmer import utf16_length

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_NOTICE = 200
LONGEST_CALLBACK_DATA = 64
MOST_BUTTONS = 100
LARGEST_UPLOAD = 50 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
BUTTON_KINDS = ("callback_data", "url", "web_app", "copy_text", "switch_inline_query")

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is "
    "running"
)
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
    """Return the text of a message, if Telegram would take it."""
    value = str(parameters.get("text", ""))
    if "parse_mode" in parameters:
        raise bad_request("this server knows no parse_mode")
    if not value.strip(" \n\t\r\u200b\u200c\u200d\u2060\ufeff"):
        raise bad_request("message text is empty")
    if utf16_length(value) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return value


def caption(parameters: Mapping[str, Any]) -> str:
    """Return the caption of a file."""
    value = str(parameters.get("caption", ""))
    if utf16_length(value) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return value


def notice(parameters: Mapping[str, Any]) -> str:
    """Return the text of the notice that answers a tap."""
    value = str(parameters.get("text", ""))
    if utf16_length(value) > LONGEST_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    return value


def integer(parameters: Mapping[str, Any], name: str) -> int:
    """Return a whole number that a call must carry."""
    try:
        return int(parameters[name])
    except KeyError:
        raise bad_request(f"{name} is empty") from None
    except (TypeError, ValueError):
        raise bad_request(f"can't parse {name}") from None


def keyboard(parameters: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the inline keyboard of a message."""
    markup = parameters.get("reply_markup")
    if not markup:
        return []
    if isinstance(markup, str):
        try:
            markup = json.loads(markup)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return [row for row in rows if row]


def _check_button(button: Mapping[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request("text buttons must have non-empty text")
    if sum(kind in button for kind in BUTTON_KINDS) != 1:
        raise bad_request("inline keyboard button must have exactly one type")
    data = str(button.get("callback_data", "x")).encode()
    if not 1 <= len(data) <= LONGEST_CALLBACK_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
