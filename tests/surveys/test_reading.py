"""What a person types, and what is stored or asked back: one reader for each kind of question."""

import datetime as dt
import inspect
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import reading
from surveys.controls import KINDS, REFUSED
from surveys.datatypes import accepts
from surveys.form import Question
from surveys.interview import Instance, World
from surveys.khmer import to_khmer_digits
from surveys.reading import READERS, Read, Unread, Unsure, read
from tests.surveys.conftest import NOW
from tests.surveys.markdown import engine_form, form

FORM = engine_form("""
| survey |
| | type | name | label::English (en) | label::Khmer (km) |
| | text | text | T | អ |
| | integer | integer | N | ចំនួន |
| | date | date | D | ថ្ងៃ |
| | select_one who | select_one | Who? | អ្នកណា? |
| | select_one scale | scale | Agree? | យល់ស្រប? |
| | select_multiple topic | select_multiple | Topics? | ប្រធានបទ? |
| | decimal | decimal | S | ទំហំ |
| | time | time | T | ម៉ោង |
| | dateTime | dateTime | M | ពេល |
| | geopoint | geopoint | P | ទីតាំង |
| | barcode | barcode | C | កូដ |
| | acknowledge | acknowledge | A | យល់ព្រម |
| | rank topic | rank | R | លំដាប់ |
| choices |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | who | citizen | Citizen | ប្រជាពលរដ្ឋ |
| | who | gov | Government official | មន្ត្រីរាជការ |
| | who | yes | Yes | បាទ/ចាស |
| | who | no | No | ទេ |
| | scale | 3 | Strongly agree | យល់ស្របទាំងស្រុង |
| | scale | 2 | Agree | យល់ស្រប |
| | scale | 1 | Disagree | មិនយល់ស្រប |
| | topic | road | Road, bridge | ផ្លូវ |
| | topic | water | Water | ទឹក |
| | topic | school | School | សាលារៀន |
| | topic | dont_know | Don't know | មិនដឹង |
""")
RANGED = form("""
| survey |
| | type | name | label | parameters | appearance |
| | range | range | R | start=1 end=2 step=0.5 | |
| | date | month | M | | month-year |
| | date | year | Y | | year |
""")
INSTANCE = Instance(FORM, {}, World(NOW, "km"))


def typed(kind: str, text: str) -> Read:
    of_form = FORM if kind in FORM.by_name else RANGED
    return read(of_form.by_name[kind], text, INSTANCE)


def table(rows: dict[str, str]) -> list[object]:
    return [pytest.param(text, expected, id=text) for text, expected in rows.items()]


def test_every_kind_of_question_has_a_reader_and_a_test():
    kinds = {*KINDS.values()} - REFUSED
    source = inspect.getsource(inspect.getmodule(table))

    assert set(READERS) == kinds
    for kind in kinds:
        assert f'typed("{kind}", ' in source


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "nothing",
    ["", " ", "\n\t", "\u200b", " \u200b\u200d ", "\ufeff", "\u00ad", "\u17b4", "\x00", "\u202e"],
    ids=ascii,
)
def test_what_cannot_be_seen_is_empty(kind, nothing):
    assert typed(kind, nothing) == Unread("empty")


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "  ផ្លូវខូច \n": "ផ្លូវខូច",
            "two\nlines": "two\nlines",
            "=1+1": "=1+1",
            "ខ្ញុំ\u200bចង់": "ខ្ញុំ\u200bចង់",
            "a\x00b\u202ec": "abc",
            "e\u0301": "\u00e9",
            "🙂": "🙂",
        }
    ),
)
def test_a_text_is_kept_as_it_is_but_trimmed_and_safe(text, stored):
    assert typed("text", text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "35": "35",
            "៣៥": "35",
            "３５": "35",
            "٣٥": "35",
            "៣\u200b៥": "35",
            " 35 ": "35",
            "0": "0",
            "007": "7",
            "-5": "-5",
            "−5": "-5",
            "－５": "-5",
            "-0": "0",
            "+5": "5",
            "15,000": "15000",
            "១៥.០០០": "15000",
            "15 000": "15000",
            "15\u00a0000": "15000",
            "1,234,567": "1234567",
            "-1,234": "-1234",
            "2147483647": "2147483647",
            "-2147483648": "-2147483648",
        }
    ),
)
def test_a_whole_number_is_read_in_any_digits(text, stored):
    assert typed("integer", text) == stored


@pytest.mark.parametrize(
    "text",
    [
        "1e5",
        "1.5",
        "1,5",
        "0.123",
        "0,123",
        "12,34",
        "1,23,456",
        "1.234,567",
        "1234,567",
        "1,,000",
        "--5",
        "5-",
        "5+5",
        "²",
        "½",
        "ពីរ",
        "two",
        "0x10",
        "1_000",
        "Infinity",
        "2147483648",
        "-2147483649",
        "9" * 4000,
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_whole_number_is_asked_back(text):
    assert typed("integer", text) == Unread("integer")


@given(st.integers(-(2**31), 2**31 - 1))
def test_a_number_is_read_as_it_is_shown(number):
    assert typed("integer", str(number)) == str(number)
    assert typed("integer", to_khmer_digits(f"{number:,}")) == str(number)


@pytest.mark.parametrize(
    "text",
    [
        "12/07/2026",
        "12-07-2026",
        "12.7.2026",
        "12 7 2026",
        "១២/០៧/២០២៦",
        "១២/៧/២០២៦",
        "2026-07-12",
        "2026-7-12",
        "2026/07/12",
        "២០២៦-០៧-១២",
        "12 July 2026",
        "12 july, 2026",
        "12 Jul. 2026",
        "12-Jul-2026",
        "12July2026",
        "July 12, 2026",
        "១២ កក្កដា ២០២៦",
        "12 កក្កដា 2026",
        "១២កក្កដា២០២៦",
        "១២ ខែកក្កដា ២០២៦",
        "ថ្ងៃទី១២ ខែកក្កដា ឆ្នាំ២០២៦",
        "ថ្ងៃទី ១២ ខែ ៧ ឆ្នាំ ២០២៦",
        "ថ្ងៃ១២ ខែ កក្ក\u200bដា ឆ្នាំ ២០២៦",
    ],
)
def test_a_day_is_read_day_first_or_with_its_month_by_name(text):
    assert typed("date", text) == "2026-07-12"


@pytest.mark.parametrize(
    ("month", "number"),
    [(name, number) for name, number in reading.MONTHS.items()],
)
def test_every_name_of_a_month_is_known(month, number):
    assert typed("date", f"1 {month} 2026") == f"2026-{number:02}-01"


def test_february_is_known_in_the_spelling_that_many_write():
    assert typed("date", "១ កុម្ភះ ២០២៦") == typed("date", "១ កុម្ភៈ ២០២៦") == "2026-02-01"


@pytest.mark.parametrize(
    ("text", "reason"),
    table(
        {
            "31/02/2026": "date",
            "30 កុម្ភៈ 2026": "date",
            "32/01/2026": "date",
            "01/13/2026": "date",
            "07/31/2026": "date",
            "0/1/2026": "date",
            "1/1/0000": "date",
            "29/02/2025": "date",
            "12/07/26": "date",
            "12/07": "date",
            "2026": "date",
            "12 Foo 2026": "date",
            "tomorrow": "date",
            "ថ្ងៃស្អែក": "date",
            "12/07/2026 x": "date",
        }
    ),
)
def test_a_day_that_is_none_is_asked_back(text, reason):
    assert typed("date", text) == Unread(reason)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2399, 12, 31)))
def test_a_day_is_read_as_it_is_shown(day):
    assert typed("date", day.isoformat()) == day.isoformat()
    assert typed("date", to_khmer_digits(f"{day.day}/{day.month}/{day.year}")) == day.isoformat()


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("integer", "១៥ឆ្នាំ", "15"),
        ("integer", "15 people", "15"),
        ("integer", "about 1,500 riel", "1500"),
        ("decimal", "1.5 kg", "1.5"),
        ("decimal", "1,234", "1234"),
        ("date", "12/07/2569", "2026-07-12"),
        ("date", "១២ កក្កដា ២៥៧០", "2027-07-12"),
        ("date", "2570-07-12", "2027-07-12"),
        ("month", "កក្កដា ២៥៦៩", "2026-07-01"),
        ("dateTime", "12/07/2569 8:00", "2026-07-12T08:00:00.000+07:00"),
    ],
)
def test_a_number_among_words_and_a_buddhist_year_are_asked_back(kind, text, meant):
    assert typed(kind, text) == Unsure(meant)


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "2.5": "2.5",
            "២,៥": "2.5",
            "-0.50": "-0.5",
            ".5": "0.5",
            "1,234.5": "1234.5",
            "1.234,5": "1234.5",
            "1 234,5": "1234.5",
            "1,234,567": "1234567",
            "100": "100",
            "-0": "0",
        }
    ),
)
def test_a_number_is_read_with_a_point_or_a_comma(text, stored):
    assert typed("decimal", text) == stored


@pytest.mark.parametrize("text", ["1e5", "1..2", "1,2,3", "2-3", "½", "two"])
def test_what_is_no_number_is_asked_back(text):
    assert typed("decimal", text) == Unread("decimal")


@pytest.mark.parametrize(
    ("text", "stored"),
    table({"1": "1", "1.5": "1.5", "១,៥": "1.5", "2 ★": "2", "1.2": None, "3": None}),
)
def test_a_range_takes_only_its_steps(text, stored):
    assert typed("range", text) == (stored or Unread("range"))


@pytest.mark.parametrize(
    ("text", "clock"),
    table(
        {
            "14:30": "14:30",
            "១៤:៣០": "14:30",
            "14.30": "14:30",
            "14h30": "14:30",
            "2:30 pm": "14:30",
            "2pm": "14:00",
            "12 am": "00:00",
            "8": "08:00",
            "ម៉ោង ៨ ព្រឹក": "08:00",
            "៨ព្រឹក": "08:00",
            "ម៉ោង ២ រសៀល": "14:00",
            "ម៉ោង ២ កន្លះ រសៀល": "14:30",
            "ម៉ោង ៨ និង ៥ នាទី": None,
            "ម៉ោង ៧ យប់": "19:00",
            "ម៉ោង ២ យប់": "02:00",
            "24:00": None,
            "8:60": None,
            "now": None,
        }
    ),
)
def test_a_time_is_read_with_its_part_of_the_day(text, clock):
    assert typed("time", text) == (f"{clock}:00.000+07:00" if clock else Unread("time"))


@pytest.mark.parametrize(
    "text",
    [
        "12/07/2026 14:30",
        "១២ កក្កដា ២០២៦ ម៉ោង ២ កន្លះ រសៀល",
        "2026-07-12T14:30",
        "12 July 2026 2:30pm",
    ],
)
def test_a_day_and_its_time_are_read_together(text):
    assert typed("dateTime", text) == "2026-07-12T14:30:00.000+07:00"


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        ("month", "07/2026", "2026-07-01"),
        ("month", "July 2026", "2026-07-01"),
        ("month", "ខែកក្កដា ឆ្នាំ២០២៦", "2026-07-01"),
        ("month", "12/07/2026", "2026-07-01"),
        ("year", "២០២៦", "2026-01-01"),
        ("year", "12/07/2026", "2026-01-01"),
    ],
)
def test_a_month_and_a_year_are_stored_as_their_first_day(kind, text, stored):
    assert typed(kind, text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "13.3671, 103.8448": "13.3671 103.8448 0 0",
            "១៣.៣៦, ១០៣.៨៤": "13.36 103.84 0 0",
            "13.3671 103.8448": "13.3671 103.8448 0 0",
            "103.8448, 13.3671": None,
            "Siem Reap": None,
        }
    ),
)
def test_a_place_is_read_by_its_coordinates(text, stored):
    assert typed("geopoint", text) == (stored or Unread("geopoint"))


def test_a_code_is_taken_as_one_line():
    assert typed("barcode", " 8850 \n 0012 ") == "8850 0012"


@pytest.mark.parametrize("text", ["yes", "បាទ", "ចាស", "OK", "baat"])
def test_a_yes_is_an_agreement(text):
    assert typed("acknowledge", text) == "OK"
    assert typed("acknowledge", "no") == Unread("acknowledge")


@pytest.mark.parametrize("text", ["3, 1, 2, 4", "៣ ១ ២ ៤", "school > road > water > 4"])
def test_an_order_is_read_only_as_a_whole(text):
    assert typed("rank", text) == "school road water dont_know"
    assert typed("rank", "3, 1") == Unread("rank")


@pytest.mark.parametrize(
    ("text", "stored"), table({"ot te": "no", "អត់ទេ": "no", "jas": "yes", "ok": "yes"})
)
def test_yes_and_no_are_known_in_the_words_people_use(text, stored):
    assert typed("select_one", text) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "1": "citizen",
            "២": "gov",
            "Citizen": "citizen",
            "CITIZEN": "citizen",
            "government  official": "gov",
            "gov": "gov",
            "ប្រជាពលរដ្ឋ": "citizen",
            "ប្រជា\u200bពលរដ្ឋ": "citizen",
            "មន្ត្រីរាជការ": "gov",
            "មន្ដ្រីរាជការ": "gov",
            "មន្រ្តីរាជការ": "gov",
            "មន្ត្រី រាជការ": None,
            "បាទ/ចាស": "yes",
            "បាទ": "yes",
            "ចាស": "yes",
            "ទេ": "no",
            "0": None,
            "5": None,
            "²": None,
            "9" * 4000: None,
            "perhaps": None,
            "cit": None,
            "/": None,
        }
    ),
)
def test_a_choice_is_read_by_its_number_label_or_value(text, stored):
    assert typed("select_one", text) == (stored or Unread("choice"))


@pytest.mark.parametrize(
    ("text", "stored"),
    table({"1": None, "3": None, "2": "2", "Strongly agree": "3", "មិនយល់ស្រប": "1"}),
)
def test_a_number_that_could_mean_two_choices_is_asked_back(text, stored):
    assert typed("scale", text) == (stored or Unread("choice"))


@pytest.mark.parametrize(
    ("text", "stored"),
    table(
        {
            "Water": "water",
            "water, school": "water school",
            "school,water": "water school",
            "school; water;": "water school",
            "សាលារៀន\nទឹក": "water school",
            "ទឹក។ សាលារៀន។": "water school",
            "2 3": "water school",
            "២ ៣": "water school",
            "2, ,3": "water school",
            "water, water": "water",
            "Road, bridge": "road",
            "Don't know": "dont_know",
            "water, moon": None,
            "2 9": None,
            "water school": None,
            ",": None,
        }
    ),
)
def test_several_choices_are_read_in_any_order_and_stored_in_the_forms(text, stored):
    assert typed("select_multiple", text) == (stored or Unread("choice"))


def test_a_choice_is_found_among_very_many():
    rows = "\n".join(f"| | places | p{n} | Place {n} |" for n in range(300))
    many = form(
        "| survey |\n| | type | name | label |\n| | select_one places | q | Q |\n| choices |\n"
        f"| | list_name | name | label |\n{rows}"
    )
    question, instance = many.by_name["q"], Instance(many, {}, World(NOW, "en"))

    assert read(question, "300", instance) == "p299"
    assert read(question, "place 299", instance) == "p299"
    assert read(question, "301", instance) == Unread("choice")


ANYTHING = st.one_of(
    st.text(max_size=30), st.text("0123456789០១២៣៤៥៦៧៨៩²٣/-., កខេា្ដ\u200bមករា", max_size=20)
)


@given(st.sampled_from(FORM.asked), ANYTHING)
def test_no_text_breaks_a_reader_and_what_is_read_is_read_again_the_same(
    question: Question, text: str
):
    value = read(question, text, INSTANCE)

    if isinstance(value, Unread):
        assert value.reason in {"empty", "choice", question.kind}
    elif isinstance(value, Unsure):
        assert question.kind in {"integer", "decimal", "date", "dateTime"}
    elif question.kind in {"text", "integer", "date", "barcode"}:
        assert read(question, value, INSTANCE) == value
    elif not question.choices:
        assert accepts(question.node.type, value)
    else:
        assert set(value.split()) <= {choice.value for choice in question.choices}


def test_a_very_long_answer_to_a_very_long_list_is_read_at_once():
    rows = "\n".join(f"| | places | p{n} | Place {n} |" for n in range(300))
    many = form(
        "| survey |\n| | type | name | label |\n| | select_multiple places | q | Q |\n| choices |\n"
        f"| | list_name | name | label |\n{rows}"
    )
    question, instance = many.by_name["q"], Instance(many, {}, World(NOW, "en"))
    before = time.monotonic()

    value = read(question, ",".join(str(n) for n in range(1, 301)) + ",1" * 1000, instance)

    assert len(str(value).split()) == 300
    assert time.monotonic() - before < 2
