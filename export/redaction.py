"""Phone numbers, e-mail addresses, Telegram names and ID numbers in what people wrote. Pure.

People are asked not to write them; what they write all the same doesn't leave the house.
"""

import regex
from phonenumbers import Leniency, PhoneNumberMatcher

from surveys.khmer import to_ascii_digits

MARK = "[…]"
BETWEEN = r"[\s.\-()\u200b-\u200d\u2060\ufeff]{0,3}"
PATTERNS = (
    # https://en.wikipedia.org/wiki/Telephone_numbers_in_Cambodia: 0 or 855, then 8 or 9 digits.
    regex.compile(rf"(?<!\d)(?:\+|00)?{BETWEEN}(?:855|0)(?:{BETWEEN}\d){{8,9}}(?!\d)"),
    regex.compile(rf"\+(?:{BETWEEN}\d){{8,15}}(?!\d)"),
    # A Cambodian identity card has nine digits.
    regex.compile(r"(?<!\d)\d{9}(?!\d)"),
    regex.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+"),
    regex.compile(r"(?<!\w)@\w{4,}|(?:https?://)?(?:t|telegram)\.me/\S+", regex.IGNORECASE),
)


def redact(text: str) -> tuple[str, int]:
    """Return the text with a mark in place of each, and how many there were."""
    # One digit becomes one digit, so places in both texts are the same.
    plain = to_ascii_digits(text)
    spans = [match.span() for pattern in PATTERNS for match in pattern.finditer(plain)]
    spans += [(m.start, m.end) for m in PhoneNumberMatcher(plain, "KH", Leniency.VALID)]
    merged = _merge(spans)
    for start, end in reversed(merged):
        text = text[:start] + MARK + text[end:]
    return text, len(merged)


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
