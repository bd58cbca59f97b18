"""Khmer text as code points: digits, invisible characters, and cuts that never split a cluster."""

import unicodedata

import regex

CLUSTER = regex.compile(r"\X")
# Zero-width space and joiners, word joiner, byte-order mark: Khmer keyboards insert them freely.
# And the inherent vowels, which Unicode keeps only for old texts and nothing draws.
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x17B4, 0x17B5))
UNSEEN_CATEGORIES = {"Cc", "Cf", "Zs", "Zl", "Zp"}
# The signs after a consonant, a subscript consonant as one; they are ranked so that each
# syllable has one order.
SIGN = r"\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]"
SIGNS = regex.compile(rf"(?:{SIGN}){{2,}}")
RANKS = {"\u17cc": 0, "\u17d2": 1, "\u17c9": 2, "\u17ca": 2, "\u17c7": 6, "\u17c8": 6}
RANKS |= {"\u17c1": 3, "\u17c2": 3, "\u17c3": 3}
LAST_VOWEL, SUBSCRIPT_RO = "\u17c5", "\u17d2\u179a"
# What looks the same: subscript DA and TA, and vowels typed as their two halves.
ALIKE = {"\u17d2\u178a": "\u17d2\u178f", "\u17c1\u17b8": "\u17be", "\u17c1\u17b6": "\u17c4"}
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
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(UNSAFE)
    safe = (c for c in whole if unicodedata.category(c) != "Cc" or c in KEPT_CONTROLS)
    return unicodedata.normalize("NFC", "".join(safe)).strip()


def is_blank(text: str) -> bool:
    """Tell whether nothing of the text can be seen."""
    visible = text.translate(INVISIBLE)
    return all(unicodedata.category(char) in UNSEEN_CATEGORIES for char in visible)


def fold(text: str) -> str:
    """Return the text as it is compared: what is seen alike is alike, case and spacing aside."""
    visible = in_order(clean(text).translate(INVISIBLE))
    return " ".join(to_ascii_digits(visible).casefold().split())


def in_order(text: str) -> str:
    """Return the text with the signs of each Khmer syllable in one order, however typed."""
    ordered: str = SIGNS.sub(
        lambda run: "".join(sorted(regex.findall(SIGN, run[0]), key=_rank)), text
    )
    for typed, alike in ALIKE.items():
        ordered = ordered.replace(typed, alike)
    return ordered


def _rank(sign: str) -> tuple[int, bool]:
    """Rank subscripts (RO last), shifters, vowels (left ones first), signs above, final signs."""
    others = 4 if sign <= LAST_VOWEL else 5
    return RANKS.get(sign[0], others), sign == SUBSCRIPT_RO


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the measure of Telegram's limits."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int, ellipsis: str = "…") -> str:
    """Cut the text to at most `limit` UTF-16 units, only between grapheme clusters."""
    if utf16_length(text) <= limit:
        return text
    kept: list[str] = []
    if utf16_length(ellipsis) > limit:
        ellipsis = ""
    room = limit - utf16_length(ellipsis)
    for cluster in CLUSTER.findall(text):
        room -= utf16_length(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + ellipsis
