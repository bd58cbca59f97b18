"""What is taken out of people's texts, and what must stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.redaction import MARK, redact

TAKEN_OUT = (
    "012 345 678",
    "012345678",
    "0977123456",
    "096-123-4567",
    "011/222/333",
    "012.345.678",
    "012 34 56 78",
    "(023) 212 345",
    "០១២ ៣៤៥ ៦៧៨",
    "០១២៣៤៥៦៧៨",
    "០៩៧ ៧១២ ៣៤៥៦",
    "+855 12 345 678",
    "+855-12-345-678",
    "00855 12 345 678",
    "855 97 123 4567",
    "៨៥៥៩៧១២៣៤៥៦៧",
    "+84 912 345 678",
    "0\u200b12\u200b345\u200b678",
    "sokha.dara@gmail.com",
    "SOKHA@mail.gov.kh",
    "so\u200bkha@gmail.com",
    "@sokha_dara",
    "t.me/sokha",
    "https://t.me/+AbCdEf",
    "tg://user?id=123456",
    "https://www.facebook.com/sokha.dara",
    "fb.com/sokha",
    "m.me/sokha",
    "wa.me/85512345678",
    "123456789",
    "១២៣៤៥៦៧៨៩",
    "010203040",
    "5012345678",
)
LEFT_ALONE = (
    "១០០០០០ រៀល",
    "20,000 riel",
    "100000",
    "1,500,000 riel",
    "១៥០០០០០០០ រៀល",
    "150000000 riel",
    "៣០០០០០០០០៛",
    "150 000 000 រៀល",
    "23 456 789 riel",
    "$ 1,200,000",
    "@2000",
    "500 ដុល្លារ",
    "25,000-30,000 riel",
    "១០០ ២០០ ៣០០",
    "24/11/2026",
    "24-11-2026",
    "24.11.2026",
    "២៤/១១/២០២៦",
    "2026-11-24",
    "01-12-2026 31-12-2026",
    "01.12.2026 - 31.12.2026",
    "12:30 24/11/2026",
    "2026",
    "1998-2003",
    "ឆ្នាំ២០២៤ ២០២៥ ២០២៦",
    "12",
    "៣៥",
    "100%",
    "3.14159",
    "10:30-12:00",
    "5 km",
    "ផ្លូវជាតិលេខ 6",
    "#1",
    "=1+1",
    "@SUM(1)",
    "-5+3",
)


@pytest.mark.parametrize("secret", TAKEN_OUT)
@pytest.mark.parametrize("around", ["{}", "សូមទាក់ទង {} អរគុណ", "Call {}, please.", "{}\n{}\n"])
def test_it_is_taken_out_and_what_stands_around_it_stays(secret: str, around: str) -> None:
    expected = around.format(MARK, MARK)

    assert redact(around.format(secret, secret)) == (expected, expected.count(MARK))


@pytest.mark.parametrize("secret", TAKEN_OUT)
@pytest.mark.parametrize("around", ["({})", "«{}»", "“{}”", "[{}]", "*{}*", "{}។", "៖{}"])
def test_it_is_taken_out_whole_whatever_it_is_wrapped_in(secret: str, around: str) -> None:
    cleaned, found = redact(around.format(secret))

    assert found == 1
    assert cleaned.strip("()«»“”[]*។៖") == MARK.strip("[]")


@pytest.mark.parametrize("text", LEFT_ALONE)
@pytest.mark.parametrize("around", ["{}", "ខ្ញុំបានបង់ {} កាលពីឆ្នាំមុន", "It was {}, I think."])
def test_it_stays(text: str, around: str) -> None:
    assert redact(around.format(text)) == (around.format(text), 0)


def test_khmer_words_that_touch_an_address_stay() -> None:
    assert redact("អ៊ីមែលsokha@gmail.comរបស់ខ្ញុំ") == (f"អ៊ីមែល{MARK}របស់ខ្ញុំ", 1)
    assert redact("តេឡេក្រាម@sokha_daraជាខ្ញុំ") == (f"តេឡេក្រាម{MARK}ជាខ្ញុំ", 1)
    assert redact("ទាក់ទង០១២៣៤៥៦៧៨មក") == (f"ទាក់ទង{MARK}មក", 1)
    assert redact("t.me/sokhaជាខ្ញុំ") == (f"{MARK}ជាខ្ញុំ", 1)


def test_nothing_is_left_of_two_numbers_side_by_side() -> None:
    assert redact("0 12 345 678 0 12 345 678") == (MARK, 1)
    assert redact("012 345 678 097 712 3456") == (f"{MARK} {MARK}", 2)


def test_each_is_counted() -> None:
    text = "012 345 678, 097 712 3456 and sokha@example.com"

    assert redact(text) == (f"{MARK}, {MARK} and {MARK}", 3)


def test_a_date_in_a_phone_number_doesnt_save_it() -> None:
    assert redact("+855 12-10-2012") == (MARK, 1)


@given(st.text())
def test_a_text_without_digits_signs_and_dots_stays_as_it_is(text: str) -> None:
    harmless = "".join(c for c in text if not c.isdigit() and c not in "@./:")

    assert redact(harmless) == (harmless, 0)


@given(st.text(alphabet="0123456789០១២៣៤៥៦៧៨៩ +-.()@a\u200b"))
def test_what_was_cleaned_once_is_clean(text: str) -> None:
    once, _ = redact(text)

    assert redact(once) == (once, 0)
