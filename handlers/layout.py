"""Buttons laid out as they are read on a small screen. Pure."""

from collections.abc import Iterable, Sequence

from handlers.visit import Button, Keyboard
from surveys.khmer import CLUSTER

SHORT_LABEL = 12
NUMBERS_IN_A_ROW = 5


def in_rows(buttons: Iterable[Button]) -> Keyboard:
    """Lay buttons out one a row, or two where all are short."""
    listed = list(buttons)
    is_long = any(is_longer(button["text"], SHORT_LABEL) for button in listed)
    return grid(listed, 1 if is_long or len(listed) <= 2 else 2)


def grid(buttons: Sequence[Button], width: int = NUMBERS_IN_A_ROW) -> Keyboard:
    """Lay buttons out so many a row."""
    return [list(buttons[at : at + width]) for at in range(0, len(buttons), width)]


def clusters(text: str) -> int:
    """Count what a reader of Khmer takes for letters."""
    return len(CLUSTER.findall(text))


def is_longer(text: str, most: int) -> bool:
    """Tell whether a text has more letters than that; few characters are never more letters."""
    return len(text) > most and clusters(text) > most


def shorten(text: str, most: int) -> str:
    """Cut a text to so many clusters, on one line."""
    line = " ".join(text.split())
    return text if not is_longer(line, most) else "".join(CLUSTER.findall(line)[:most]) + "…"
