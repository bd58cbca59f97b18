"""Which language a text or a form's heading is in. The only importer of langdetect."""

import functools
import unicodedata
from dataclasses import dataclass
from importlib import resources

import regex

from surveys.words import BORROWED, ENGLISH, KHMER_SHAPE, NEIGHBOURS, ROMANISED

KM, EN = "km", "en"
LANGUAGES = (KM, EN)
MIXED_TEXT, KM_LATIN, OTHER, UND = "mixed", "km-Latn", "other", "und"
LABELS = (KM, EN, MIXED_TEXT, KM_LATIN, OTHER, UND)
SCRIPT, WORDS, LANGDETECT = METHODS = ("script", "words", "langdetect")
WORD_LISTS = {EN: ENGLISH, KM_LATIN: ROMANISED, OTHER: NEIGHBOURS}

HEADINGS = {
    KM: regex.compile(r"khmer|cambodian|ខ្មែរ|\(?\bkh?m\b\)?|\bkh\b", regex.IGNORECASE),
    EN: regex.compile(r"english|អង់គ្លេស|\ben\b", regex.IGNORECASE),
}
NOT_WORDS = regex.compile(
    r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]+@\S+|[\w-]+\.(?:com|org|net|me|kh)\b\S*"
    r"|(?<!\S)[@/]\w+|\p{N}+|[\u200b-\u200d\u2060\ufeff]"
)
KHMER_LETTER = regex.compile(r"[\u1780-\u17b3]")
# A syllable begins with a letter that isn't written below another; a word has two, more or less.
KHMER_SYLLABLE = regex.compile(r"(?<!\u17d2)[\u1780-\u17b3]")
SYLLABLES_A_WORD = 2
LATIN_WORD = regex.compile(r"(?:\p{Latin}\p{M}*['’]?){2,}|(?<!\p{L})[aAI](?!\p{L})")
LATIN_LETTER = regex.compile(r"\p{Latin}")
# Common: letters that no script owns, such as the information sign.
FOREIGN_LETTER = regex.compile(r"[\p{L}--[\p{Latin}\p{Khmer}\p{Common}]]", regex.VERSION1)
ACRONYM = regex.compile(r"[A-Z]{2,5}")
# Below this share of the words, the other script's are borrowed ones.
MIXED = 0.2
LONGEST_NAME = 2
# Words enough to know by; langdetect takes the shortest answers for Turkish, Slovak or French.
KNOWN = 1 / 3
LOOKS_KHMER = 0.5
FEW = 3
LONGEST = 60
PROFILES = ("en", "fr", "vi", "es", "id", "de")
PRIOR = {name: 0.98 if name == EN else 0.004 for name in PROFILES}
# Of seven trials of 1000 iterations three of 100 find as much, in a third of the time.
TRIALS, ITERATIONS = 3, 100
# So likely, few words are English: that is what people here write, if it isn't Khmer.
DOUBTFUL = 0.2


@dataclass(frozen=True, slots=True)
class Guess:
    """The language a text seems to be in: a label, a confidence from 0 to 1, how it was found."""

    label: str
    confidence: float
    method: str


def heading_language(heading: str) -> str | None:
    """Map a form's language heading ("Khmer (km)", "ខ្មែរ", "kh") to km or en, or None."""
    for code, pattern in HEADINGS.items():
        if pattern.search(heading):
            return code
    return None


def detect(text: str) -> Guess:
    """Label a text km, en, mixed, km-Latn (Khmer in Latin letters), other or und.

    By script first, then by words; what is left goes to langdetect, which has no Khmer profile.
    """
    written = NOT_WORDS.sub(" ", unicodedata.normalize("NFC", text))
    khmer, latin = len(KHMER_LETTER.findall(written)), len(LATIN_LETTER.findall(written))
    foreign = len(FOREIGN_LETTER.findall(written))
    if foreign and foreign >= khmer + latin:
        return Guess(OTHER, 1.0, SCRIPT)
    words = [word.replace("’", "'") for word in LATIN_WORD.findall(written)]
    if khmer:
        return _detect_both(len(KHMER_SYLLABLE.findall(written)) / SYLLABLES_A_WORD, words)
    return _detect_latin(words) if _says_something(words) else Guess(UND, 1.0, SCRIPT)


def _says_something(words: list[str]) -> bool:
    return any(len(word) > 1 for word in words)


def _detect_both(khmer: float, words: list[str]) -> Guess:
    """Label a text with about so many Khmer words and with these Latin words."""
    words = [] if _are_borrowed(words) else words
    share = len(words) / (len(words) + max(khmer, 1))
    if share < MIXED:
        return Guess(KM, round(1 - share, 3), SCRIPT)
    return _detect_latin(words) if share > 1 - MIXED else Guess(MIXED_TEXT, 1.0, SCRIPT)


def _are_borrowed(words: list[str]) -> bool:
    """Tell whether Latin words are a loan, an acronym or a name, as Khmer texts have them."""
    if len(words) == 1 and (words[0].lower() in BORROWED or ACRONYM.fullmatch(words[0])):
        return True
    return len(words) <= LONGEST_NAME and all(_is_name(word) for word in words)


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in ENGLISH


def _detect_latin(words: list[str]) -> Guess:
    plain = [word.lower().replace("'", "") for word in words[:LONGEST]]
    scores: dict[str, float] = dict.fromkeys((EN, KM_LATIN, OTHER), 0)
    for word in plain:
        for label, score in _evidence(word).items():
            scores[label] += score
    best, second, _ = sorted(scores, key=lambda label: -scores[label])
    known = scores[best] / len(plain)
    if known >= KNOWN and scores[best] > scores[second]:
        return Guess(best, round(_bearing(known, plain), 3), WORDS)
    return _detect_by_profile(plain)


def _evidence(word: str) -> dict[str, float]:
    """Tell which languages a word speaks for; one that several have speaks less for each."""
    found = [label for label, known in WORD_LISTS.items() if word in known]
    if found:
        return dict.fromkeys(found, 1 / len(found))
    if word.removesuffix("s") in ENGLISH:
        return {EN: 1}
    if not word.isascii():
        return {OTHER: 1}
    return {KM_LATIN: LOOKS_KHMER} if KHMER_SHAPE.search(word) else {}


def _bearing(probability: float, words: list[str]) -> float:
    """Return how far a probability bears: never far on three words or fewer."""
    return probability if len(words) > FEW else min(probability, 0.5)


def _detect_by_profile(words: list[str]) -> Guess:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.set_prior_map(dict(PRIOR))
    detector.n_trial, detector.ITERATION_LIMIT = TRIALS, ITERATIONS
    detector.append(" ".join(words))
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return Guess(UND, 0.0, LANGDETECT)
    english = sum(language.prob for language in found if language.lang == EN)
    is_english = english >= (DOUBTFUL if len(words) <= FEW else 0.5)
    sure = max(english, 1 - english) if is_english == (english >= 0.5) else 0.5
    return Guess(EN if is_english else OTHER, round(_bearing(sure, words), 3), LANGDETECT)


@functools.cache
def _factory():  # type: ignore[no-untyped-def]
    """Build a detector of few profiles; its fixed seed gives the same text the same label."""
    from langdetect.detector_factory import DetectorFactory

    folder = resources.files("langdetect") / "profiles"
    profiles = [(folder / name).read_text("utf-8") for name in PROFILES]
    factory = DetectorFactory()
    factory.load_json_profile(profiles)
    factory.set_seed(0)
    return factory
