"""What reading a typed answer can lead to, beside a value: nothing, or a guess to confirm."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """A text that can't be read as the question's kind; `reason` names the explaining text."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A value that was probably meant; the person is asked whether it was."""

    value: str


Read = str | Unread | Unsure
