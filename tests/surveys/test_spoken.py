"""Spoken languages: what is to be recorded, and which file speaks what."""

from surveys.spoken import languages, recorded, stem_of, to_record
from tests.surveys.markdown import form

ASKED = """
| survey | | | |
| | type | name | label |
| | note | hello | Hello |
| | select_one yn | came | Did you come? |
| | select_multiple yn | again | And again? |
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""
MANY = "\n".join(f"| | many | c{number} | {number} |" for number in range(31))
ATTACHED = frozenset({"audio/tpu/came.mp3", "audio/jra/yn.yes.ogg", "audio/xx/came.ogg", "a.ogg"})


def test_each_question_and_each_choice_of_a_list_is_recorded_once() -> None:
    stems = [one.stem for one in to_record(form(ASKED))]

    assert stems == ["hello", "came", "yn.yes", "yn.no", "again"]


def test_nobody_listens_to_a_list_that_is_searched() -> None:
    asked = ASKED.replace("select_multiple yn", "select_multiple many") + MANY

    assert "many.c1" not in [one.stem for one in to_record(form(asked))]


def test_a_choice_is_spoken_by_the_file_of_its_list() -> None:
    question = form(ASKED).by_name["came"]

    assert stem_of(question, question.choices[0]) == "yn.yes"
    assert recorded(ATTACHED, "tpu", "came") == "audio/tpu/came.mp3"
    assert recorded(ATTACHED, "jra", "came") == ""


def test_a_form_speaks_the_languages_that_have_files() -> None:
    assert languages(ATTACHED) == ("tpu", "jra")
