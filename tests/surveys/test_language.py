"""Which language a text is in: by its script first, then by words and profiles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.language import detect, heading_language

TEXTS = {
    "km": [
        "ខ្ញុំចង់បានទឹកស្អាត",
        "បាទ",
        "ផ្លូវ 5 គីឡូម៉ែត្រ",
        "ផ្លូវខូច 🙂",
        "សូមមើល https://example.org/road",
        "ឃុំ/សង្កាត់",
    ],
    "en": [
        "yes",
        "Yes!",
        "ok",
        "no",
        "Road",
        "jobs",
        "I don't know",
        "clean water",
        "The road to the school is broken.",
        "Please repair the road 👍",
        "We need a health centre in our village, see http://example.org",
    ],
    "mixed": ["ខ្ញុំ agree", "road ផ្លូវ", "Facebook របស់ឃុំ"],
    "other": [
        "Je pense que la route est mauvaise",
        "tôi muốn nước sạch cho làng",
        "ไทย",
        "中文",
        "ພາສາລາວ",
        "я не знаю",
    ],
    "und": ["", " ", "123", "១២៣", "12/07/2026", "🙂👍", "?!", "https://example.org", "a@b.org",
            "@somebody", "/start", "A", "\u200b"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "text"), [(label, text) for label, texts in TEXTS.items() for text in texts]
)
def test_a_text_is_labelled(label, text):
    assert detect(text).label == label


@pytest.mark.parametrize("text", ["broken", "the bridge", "bonjour madame", "xin chào"])
def test_few_words_are_not_labelled_with_great_confidence(text):
    assert detect(text).confidence <= 0.5


def test_a_whole_sentence_is_labelled_with_confidence():
    assert detect("The road to the school is broken.").confidence > 0.9


@given(st.text(max_size=60))
def test_a_text_is_always_labelled_and_always_the_same(text):
    guess = detect(text)

    assert guess.label in TEXTS
    assert 0 <= guess.confidence <= 1
    assert guess == detect(text)


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Khmer (km)", "km"),
        ("ខ្មែរ (km)", "km"),
        ("ភាសាខ្មែរ", "km"),
        ("kh", "km"),
        ("khm", "km"),
        ("km-KH", "km"),
        ("English (en)", "en"),
        ("ENGLISH", "en"),
        ("en", "en"),
        ("អង់គ្លេស", "en"),
        ("French (fr)", None),
        ("default", None),
        ("", None),
    ],
)
def test_a_heading_names_its_language(heading, code):
    assert heading_language(heading) == code
