"""Which language a text or a form's heading is in. The only importer of langdetect."""

import functools
from dataclasses import dataclass
from importlib import resources

import regex

KM, EN = "km", "en"
LANGUAGES = (KM, EN)

HEADINGS = {
    KM: regex.compile(r"khmer|cambodian|ខ្មែរ|\(?\bkh?m\b\)?|\bkh\b", regex.IGNORECASE),
    EN: regex.compile(r"english|អង់គ្លេស|\ben\b", regex.IGNORECASE),
}
NOT_WORDS = regex.compile(r"https?://\S+|\S+@\S+|[@/]\w+|\p{N}+|[\u200b-\u200d\u2060\ufeff]")
KHMER_LETTER = regex.compile(r"[\u1780-\u17b3]")
LATIN_WORD = regex.compile(r"\p{Latin}{2,}")
LETTER = regex.compile(r"\p{L}")
FOREIGN_LETTER = regex.compile(r"[\p{L}--[\p{Latin}\p{Khmer}]]", regex.VERSION1)
# langdetect takes the shortest answers for Turkish, Slovak or French.
COMMON = (
    "a agree all and bad better clean don't everything fine for good great health help i in is it"
    " job jobs know land maybe me more my need no none not nothing of ok okay please road roads"
    " safe school schools stop thank thanks the they this to waste water we yes you"
)
ENGLISH_WORDS = frozenset(COMMON.split())
PROFILES = ("en", "fr", "vi")
PRIOR = {"en": 0.9, "fr": 0.05, "vi": 0.05}


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
    """Label a text km, en, mixed, other or und: by script first, then by langdetect.

    langdetect has no Khmer profile and raises on Khmer script, so it only sees Latin text.
    """
    words = NOT_WORDS.sub(" ", text)
    if not LETTER.search(words):
        return Guess("und", 1.0, "script")
    has_khmer, has_latin = bool(KHMER_LETTER.search(words)), bool(LATIN_WORD.search(words))
    if has_khmer:
        return Guess("mixed" if has_latin else KM, 1.0, "script")
    if has_latin:
        return _detect_latin(words)
    return Guess("other" if FOREIGN_LETTER.search(words) else "und", 1.0, "script")


def _detect_latin(text: str) -> Guess:
    if set(regex.findall(r"[\p{L}']+", text.lower())) <= ENGLISH_WORDS:
        return Guess(EN, 0.9, "words")
    return _detect_by_profile(text)


def _detect_by_profile(text: str) -> Guess:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.set_prior_map(dict(PRIOR))
    detector.append(text)
    try:
        best = detector.get_probabilities()[0]
    except (LangDetectException, IndexError):
        return Guess("und", 0.0, "langdetect")
    confidence = round(best.prob if len(text.split()) > 3 else min(best.prob, 0.5), 3)
    return Guess(EN if best.lang == EN else "other", confidence, "langdetect")


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
