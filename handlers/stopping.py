"""Whether somebody wants to stop, in whatever words, with spaces or without. Pure.

"ឈប់" is also a part of answers: "ឈប់កាប់ឈើ" (stop logging), "ឈប់សម្រាក" (a holiday). So a text is a wish
anywhere only if it says nothing else; one that can't be an answer is read less strictly.
"""

import regex

from surveys.khmer import fold


def _bare(text: str) -> str:
    return str(regex.sub(r"[\s\p{P}\p{S}]", "", fold(text)))


def _any_of(words: str) -> "regex.Pattern[str]":
    """Return a pattern of words, the longest first."""
    bare = sorted({_bare(word) for word in words.split("|")}, key=len, reverse=True)
    return regex.compile("|".join(map(regex.escape, bare)))


STOP = _any_of("stop|quit|unsubscribe|ឈប់|បញ្ឈប់|លែងចង់|មិនចង់|កុំ|don't|do not|chhop|chop|chhob")
# What people say around it: please, I, want, send, messages, questions, any more, to me.
AROUND = _any_of(
    "please|i|we|want|would like|to|now|me|us|it|you|send|sending|sent|ask|asking|write|writing|"
    "message|messages|text|texts|question|questions|survey|answer|answering|receive|receiving|get|"
    "any|more|no|the|this|these|bot|"
    "សូម|ខ្ញុំ|យើង|ចង់|សុំ|ឱ្យ|អោយ|ផ្ញើ|សួរ|ឆ្លើយ|ទទួល|សារ|សំណួរ|ការស្ទង់មតិ|មក|ទៀត|ទេ|ហើយ|ណា|បាទ|ចាស|អ្នក|"
    "បុត|នេះ|ឥឡូវ|ឥឡូវនេះ|បាន|ទៅ|វិញ|រំខាន"
)
# A wish in the middle of a longer text.
PHRASES = _any_of(
    "stop sending|stop asking|stop writing|stop messag|stop text|stop this|want to stop|"
    "don't send|do not send|don't ask|do not ask|unsubscribe|leave me alone|"
    "ឈប់ផ្ញើ|ឈប់សួរ|ឈប់ទទួល|ឈប់ឆ្លើយ|ចង់ឈប់|សុំឈប់|សូមឈប់|កុំផ្ញើ|កុំសួរ|កុំរំខាន|មិនចង់ឆ្លើយ|មិនចង់ទទួល|លែងចង់ឆ្លើយ"
)
# These alone refuse something, but not the whole.
WEAK = _any_of("don't|do not|កុំ|មិនចង់|លែងចង់")
HOLIDAY = _any_of("ឈប់សម្រាក")


def is_wish(text: str) -> bool:
    """Tell whether a text says nothing but that somebody wants to stop."""
    bare = _bare(text)
    if not STOP.search(bare) or HOLIDAY.search(bare):
        return False
    rest = STOP.sub("", bare)
    is_only = AROUND.sub("", rest) == ""
    return is_only and (bool(STOP.search(WEAK.sub("", bare))) or bool(PHRASES.search(bare)))


def is_among(text: str) -> bool:
    """Tell whether a text that can't be an answer holds the wish to stop."""
    return is_wish(text) or PHRASES.search(_bare(text)) is not None
