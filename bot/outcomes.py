"""What a call to Telegram led to, and what becomes of its message. Pure.

Unknown outcomes (a connection cut after sending, a 5xx) are where the policies differ: a
repeatable message goes again, a once-only one is counted as uncertain and never sent again.
"""

from dataclasses import dataclass
from typing import Literal

from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.transport import seconds_to_wait, was_not_sent

Fate = Literal["sent", "retry", "uncertain", "dead", "blocked"]
# Telegram doesn't know our token, or not any more: that is 401 and 404.
UNKNOWN = "InvalidToken"
CLOSED_SECONDS = 30.0
# 400s that mean the wish is fulfilled, or can't be any more and needn't be.
HARMLESS = (
    "message is not modified",
    "query is too old",
    "query_id_invalid",
    "message to delete not found",
)


class FileForgotten(TelegramError):
    """Telegram doesn't know a file by its id any more; it is uploaded when it is sent again."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of a message, a wait in seconds where Telegram named one, and the reason's name."""

    fate: Fate
    wait: float = 0.0
    reason: str = ""


def judge(error: TelegramError, policy: str) -> Outcome:
    """Return what a failed call means for its message."""
    name = type(error).__name__
    if isinstance(error, RetryAfter):
        return Outcome("retry", seconds_to_wait(error), "RetryAfter")
    if isinstance(error, FileForgotten):
        return Outcome("retry", reason=name)
    if isinstance(error, Forbidden):
        return Outcome("blocked", reason=name)
    if isinstance(error, BadRequest):
        harmless = any(text in str(error).lower() for text in HARMLESS)
        return Outcome("sent" if harmless else "dead", reason=name)
    if isinstance(error, InvalidToken | EndPointNotFound):
        return Outcome("retry", CLOSED_SECONDS, UNKNOWN)
    if isinstance(error, Conflict):
        return Outcome("retry", CLOSED_SECONDS, name)
    if isinstance(error, NetworkError) and was_not_sent(error):
        return Outcome("retry", reason=name)
    return Outcome("uncertain" if policy == "once" else "retry", reason=name)
