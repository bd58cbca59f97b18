"""Phone numbers, e-mail addresses, Telegram names and ID numbers in what people wrote. Pure.

People are asked not to write them; what they write all the same doesn't leave the house. Names of
people aren't found.
"""

import regex
from phonenumbers import Leniency, PhoneNumberMatcher

from surveys.khmer import to_ascii_digits

MARK = "[…]"
FEWEST_DIGITS = 7
INVISIBLE = r"\u200b-\u200d\u2060\ufeff"
BETWEEN = rf"(?:[^\S\n]|[.\-(){INVISIBLE}]){{0,3}}"
# Khmer is written without spaces, so a word may touch an address; an address is in Latin letters.
LATIN = rf"\p{{Latin}}\d{INVISIBLE}"
MONEY = r"(?!\s*(?:រៀល|៛|ដុល្លារ|riel|khr|usd|dollar|\$))"
SITES = r"(?:t|telegram|m|wa|fb|line)\.me|(?:facebook|fb|messenger|instagram|tiktok|whatsapp)\.com"
# Days would be read as phone numbers where two stand side by side.
DAY = regex.compile(
    r"(?<![\d.\-/])(?<!855.)(?:0?[1-9]|[12]\d|3[01])([./\-])(?:0?[1-9]|1[0-2])\1(?:19|2[05])\d\d(?!\d)"
)
PATTERNS = (
    # https://en.wikipedia.org/wiki/Telephone_numbers_in_Cambodia: 0 or 855, then 8 or 9 digits.
    regex.compile(rf"(?<!\d)\(?(?:(?:\+|00){BETWEEN}855|855|0)(?:{BETWEEN}\d){{8,9}}(?!\d)"),
    regex.compile(rf"\+(?:{BETWEEN}\d){{8,15}}(?!\d)"),
    # A Cambodian identity card has nine digits; Telegram's and banks' numbers have more.
    regex.compile(rf"(?<!\d)\d{{9,}}(?!\d){MONEY}", regex.IGNORECASE),
    regex.compile(rf"[{LATIN}._%+\-]+@[{LATIN}\-]+(?:\.[{LATIN}\-]+)+"),
    # Telegram's names begin with a letter; @2000 is a price.
    regex.compile(rf"@[A-Za-z][A-Za-z0-9_{INVISIBLE}]{{3,}}"),
    regex.compile(
        rf"(?:https?://)?(?:www\.|m\.)?(?:{SITES})/[{LATIN}_+./?=&%\-]+|tg://[{LATIN}_+./?=&%\-]+",
        regex.IGNORECASE,
    ),
)


def redact(text: str) -> tuple[str, int]:
    """Return the text with a mark in place of each, and how many there were."""
    # One character becomes one character, so places in both texts are the same.
    plain = DAY.sub(lambda day: "x" * len(day[0]), to_ascii_digits(text))
    # Overlapping, because a match may reach into the next number.
    spans = [
        match.span() for pattern in PATTERNS for match in pattern.finditer(plain, overlapped=True)
    ]
    if len(regex.findall(r"\d", plain)) >= FEWEST_DIGITS:
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
