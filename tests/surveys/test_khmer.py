"""Khmer text: cut between clusters, compared as it is seen, counted as Telegram counts."""

import re
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.texts import catalogue
from surveys.instruments import INSTRUMENTS
from surveys.khmer import (
    CLUSTER,
    clean,
    cut,
    fold,
    in_order,
    is_blank,
    to_ascii_digits,
    to_khmer_digits,
    utf16_length,
)

# A consonant with a subscript, which a careless cut takes apart.
CLUSTER_OF_SEVERAL = re.compile("[\u1780-\u17b3]\u17d2")
KHMER = st.text(
    st.one_of(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17DD),
        st.sampled_from(" \u200b🙂👨\u200d👩\u200d👧aខ្មែរ"),
    ),
    max_size=40,
)


@given(KHMER, st.integers(0, 30))
def test_a_cut_text_is_never_longer_than_the_limit(text, limit):
    assert utf16_length(cut(text, limit)) <= limit


@given(KHMER, st.integers(0, 30))
def test_a_cut_never_splits_a_cluster(text, limit):
    kept = cut(text, limit).removesuffix("…") if utf16_length(text) > limit else text

    clusters = CLUSTER.findall(text)
    assert kept in {"".join(clusters[:n]) for n in range(len(clusters) + 1)}


@given(KHMER)
def test_a_text_that_fits_is_not_cut(text):
    assert cut(text, utf16_length(text)) == text


def sentences() -> list[str]:
    """Return 500 Khmer sentences: ours, and longer ones made of two."""
    forms = [item.path.read_text("utf-8") for item in INSTRUMENTS]
    texts = [*catalogue("km").values(), *(cell for form in forms for cell in form.split("|"))]
    ours = sorted({line.strip() for text in texts for line in text.split("\n")})
    khmer = [line for line in ours if CLUSTER_OF_SEVERAL.search(line)]
    joined = [f"{one}។ {other}" for one in khmer for other in khmer[:3]]
    return [*khmer, *joined][:500]


def test_five_hundred_khmer_sentences_are_cut_only_between_clusters():
    found = sentences()

    assert len(found) == 500
    for sentence in found:
        edges = {0, *accumulate(map(utf16_length, CLUSTER.findall(sentence)))}
        for limit in range(1, utf16_length(sentence)):
            assert utf16_length(cut(sentence, limit, ellipsis="")) in edges


def test_a_cut_keeps_as_much_as_fits_and_says_so():
    assert cut("ស្ត្រី និងបុរស", 8) == "ស្ត្រី …"
    assert cut("ស្ត្រី", 5) == "…"
    assert cut("ស្ត្រី", 0) == ""
    assert cut("abc", 2, ellipsis="") == "ab"


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("ខ្មែរ", 5), ("🙂", 2), ("a\ud800", 2)],
    ids=["nothing", "khmer", "emoji", "half a character"],
)
def test_length_is_counted_in_utf16_units(text, length):
    assert utf16_length(text) == length


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ខែ្មរ", "ខ្មែរ"),
        ("ស្ដី", "ស្តី"),
        ("ស្រ្តី", "ស្ត្រី"),
        ("ស្រី្ត", "ស្ត្រី"),
        ("ចំា", "ចាំ"),
        ("ប្រំា", "ប្រាំ"),
        ("មេី", "មើ"),
        ("កេា", "កោ"),
        ("ម៉្លេះ", "ម្ល៉េះ"),
        ("ក្ក\u200bដា", "ក្កដា"),
        ("STOP", "stop"),
        ("  a \n b ", "a b"),
        ("៣៥", "35"),
    ],
)
def test_what_looks_alike_is_compared_alike(typed, meant):
    assert fold(typed) == fold(meant) == meant


@pytest.mark.parametrize(
    "word",
    ["ឈប់", "បញ្ឈប់", "ជំនួយ", "ប្រជាពលរដ្ឋ", "ស្ត្រី", "សំណួរ", "ទិន្នន័យ", "កិច្ចព្រមព្រៀង", "ទាំងស្រុង"],
)
def test_a_word_in_its_common_spelling_stays_as_it_is(word):
    assert fold(word) == word


@pytest.mark.parametrize(("one", "other"), [("តា", "តី"), ("ក", "ខ"), ("ផ្លូវ", "ផ្លវ"), ("មាន", "មិន")])
def test_different_words_stay_different(one, other):
    assert fold(one) != fold(other)


@given(st.one_of(KHMER, st.text(max_size=30)))
@example("េេា")
@example("ẖ\u0331")
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@given(KHMER)
def test_putting_signs_in_order_keeps_the_letters(text):
    letters = [c for c in text if unicodedata.category(c) == "Lo"]
    ordered = [c for c in in_order(text) if unicodedata.category(c) == "Lo"]

    # Only subscripts change places, and DA becomes TA below a letter.
    assert sorted("".join(ordered).replace("ដ", "ត")) == sorted("".join(letters).replace("ដ", "ត"))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\x00b", "ab"),
        ("a\x07\x1bb", "ab"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("a\ud800b", "a\ufffdb"),
        ("a\udc00", "a\ufffd"),
        ("a\u202eb\u2066c\u2069", "abc"),
        ("e\x00\u0301", "é"),
        ("  ខ្មែរ\u200b  ", "ខ្មែរ\u200b"),
        ("🙂", "🙂"),
    ],
    ids=ascii,
)
def test_a_cleaned_text_has_nothing_that_harms(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(st.characters(codec=None), max_size=30))
@example("\ud83d\ude42")
@example("a\u202e\u0301")
@example("\x85 a")
def test_cleaning_twice_changes_nothing_more_and_can_be_stored(text):
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert "\x00" not in cleaned


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200c\u200d\u2060\ufeff", "\u17b4\u00ad"])
def test_nothing_to_be_seen_is_blank(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "ខ", "0", "🙂", ".", "\u200bក"])
def test_anything_to_be_seen_is_not_blank(text):
    assert not is_blank(text)


@given(st.integers(0, 10**12))
def test_digits_make_the_round_trip(number):
    khmer = to_khmer_digits(str(number))

    assert to_ascii_digits(khmer) == str(number)
    assert not any(char.isascii() for char in khmer)


def test_digits_of_any_script_become_ascii_and_other_signs_stay():
    assert to_ascii_digits("៣៥ ３５ ٣ x² ½") == "35 35 3 x² ½"
