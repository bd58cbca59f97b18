"""Khmer text as code points: digits, invisible characters, and cuts that never split a cluster."""

import unicodedata

import regex

CLUSTER = regex.compile(r"\X")
# Zero-width space and joiners, word joiner, byte-order mark: Khmer keyboards insert them freely.
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Bidirectional overrides can make an answer read as something else in an export.
UNSAFE = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
KEPT_CONTROLS = "\n\t"


def to_ascii_digits(text: str) -> str:
    """Return the text with every decimal digit of any script (៣៥, ３５) as an ASCII digit."""
    return "".join(
        str(unicodedata.digit(char)) if char.isdecimal() and not char.isascii() else char
        for char in text
    )


def to_khmer_digits(text: str) -> str:
    """Return the text with ASCII digits as Khmer digits."""
    return text.translate({ord("0") + n: chr(0x17E0 + n) for n in range(10)})


def clean(text: str) -> str:
    """Return typed text as it may be stored: NFC, no controls, lone surrogates or overrides."""
    safe = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(UNSAFE)
    composed = unicodedata.normalize("NFC", safe)
    return "".join(
        char for char in composed if unicodedata.category(char) != "Cc" or char in KEPT_CONTROLS
    ).strip()


def is_blank(text: str) -> bool:
    """Tell whether nothing of the text can be seen."""
    return not text.translate(INVISIBLE).strip()


def fold(text: str) -> str:
    """Return the text as it is compared: visible characters only, case and spacing set aside."""
    visible = clean(text).translate(INVISIBLE)
    return " ".join(to_ascii_digits(visible).casefold().split())


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the measure of Telegram's limits."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int, ellipsis: str = "…") -> str:
    """Cut the text to at most `limit` UTF-16 units, only between grapheme clusters."""
    if utf16_length(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - utf16_length(ellipsis)
    for cluster in CLUSTER.findall(text):
        room -= utf16_length(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + ellipsis
