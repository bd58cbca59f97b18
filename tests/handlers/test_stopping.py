"""Who wants to stop is understood, and who writes of stopping something else is too."""

import pytest

from handlers import rights
from handlers.stopping import is_among, is_wish
from handlers.texts import catalogue

WISHES = [
    "stop", "STOP!", "Please stop", "stop please", "I want to stop now.",
    "stop sending me messages",
    "don't send me any more messages", "unsubscribe", "ឈប់", "ឈប់!", "សូមឈប់", "បញ្ឈប់", "ឈប់ទទួលសារ",
    "ឈប់ផ្ញើសារមកខ្ញុំ", "សូមឈប់ផ្ញើសារមកខ្ញុំទៀត", "ខ្ញុំចង់ឈប់", "ខ្ញុំ ចង់ ឈប់", "ខ្ញុំ\u200bសុំ\u200bឈប់ហើយ",
    "កុំផ្ញើសារមកទៀត", "ខ្ញុំមិនចង់ឆ្លើយទៀតទេ", "កុំរំខានខ្ញុំ", "បាទ ឈប់",
]  # fmt: skip
ANSWERS = [
    "stop illegal logging", "The bus stop is too far", "Stop the dust on the road", "nonstop noise",
    "ឈប់កាប់ឈើ", "សូមឈប់កាប់ឈើខុសច្បាប់", "ឈប់សម្រាក", "ថ្ងៃឈប់សម្រាក", "ខ្ញុំចង់ឈប់សម្រាក", "បញ្ឈប់អំពើពុករលួយ",
    "មិនចង់", "ខ្ញុំមិនចង់ទេ", "កុំ", "don't know", "រដ្ឋាភិបាលគួរឈប់ផ្ញើទាហាន", "I", "more", "no", "ទេ",
    "សូម", "ខ្ញុំចង់បានផ្លូវ", "stop the trucks asking for money",
]  # fmt: skip
WITHIN = [
    "I am busy today so please stop sending these",
    "ខ្ញុំរវល់ណាស់ថ្ងៃនេះ សូមឈប់សួរខ្ញុំ",
    "ខ្ញុំមិនចេះអានទេដូច្នេះខ្ញុំចង់ឈប់",
]


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_to_stop_is_understood_in_whatever_words(text: str) -> None:
    assert is_wish(text)
    assert rights.wish(text) == "stop"


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_about_stopping_something_is_an_answer(text: str) -> None:
    assert not is_wish(text)
    assert rights.wish(text) is None


@pytest.mark.parametrize("text", WITHIN)
def test_within_a_sentence_it_counts_where_the_sentence_is_no_answer(text: str) -> None:
    assert is_among(text)
    assert not is_wish(text)


@pytest.mark.parametrize("language", ["en", "km"])
def test_no_button_of_ours_is_taken_for_a_wish(language: str) -> None:
    labels = [text for key, text in catalogue(language).items() if key.startswith("button.")]

    assert not [label for label in labels if is_wish(label)]
