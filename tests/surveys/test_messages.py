"""What authors are told: every code in both languages, and every one can be reached."""

import re
from pathlib import Path
from string import Formatter

import pytest

import surveys
from surveys.check import check
from surveys.errors import FormError
from surveys.messages import MESSAGES
from tests.surveys.markdown import converted

KHMER = re.compile(r"[\u1780-\u17ff]")
SOURCES = Path(surveys.__file__).parent
CALLED = re.compile(r'(?:note|form_error|placed)\(\s*f?"([a-z_.:]+)')
# Uploads are converted at the edge, and what becomes of them is the conversation's.
UPLOADING = ("bot/conversion.py", "bot/uploading.py", "handlers/uploads.py", "handlers/mistakes.py")
ELSEWHERE = [SOURCES.parent / name for name in UPLOADING]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", MESSAGES)
def test_a_message_is_there_in_both_languages_with_the_same_places(key):
    message = MESSAGES[key]

    assert KHMER.search(message.km)
    assert fields(message.en) == fields(message.km)
    assert fields(message.way_out) == fields(message.way_out_km)
    assert bool(message.way_out) == bool(message.way_out_km)


def test_every_problem_but_no_form_at_all_has_a_way_out():
    without = {key for key, message in MESSAGES.items() if not message.way_out}

    assert without == {"xml", "instance"}


def test_no_message_is_left_over_and_none_is_missing():
    ours = (path for path in SOURCES.glob("*.py") if path.name != "messages.py")
    places = [*ours, *ELSEWHERE]
    source = "\n".join(path.read_text("utf-8") for path in places)
    chosen = set(re.findall(r'f?"((?:warning\.)?preload|type:)[{"]', source))
    called = set(CALLED.findall(source))
    # Some are chosen before they are called by.
    named = called | chosen | set(re.findall(r'"([a-z_.]+:?[a-z_]*)["{]', source))

    for key in MESSAGES:
        assert key in named or key.partition(":")[0] + ":" in named, key
    assert {key for key in called if not key.endswith(":")} <= MESSAGES.keys()


def test_a_problem_is_told_in_khmer_with_its_place():
    text = "| survey |\n| | type | name | label | relevant |\n| | text | q | Q | year(.) |"

    _, (problem,) = check(converted(text))

    assert problem.told("km").startswith("[survey, row 2, relevant] “q”: មិនអាចគណនា “year(.)”")
    assert FormError(**problem.as_dict()) == problem


def test_what_pyxform_says_is_told_in_english_where_there_is_no_khmer():
    error = FormError("xlsform", "No.", sheet="survey", row=2)

    assert error.told("km") == error.told("en") == "[survey, row 2] No."
