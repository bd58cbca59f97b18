"""Every kind of question the engine runs can be asked, read, and stands in a conversation."""

from handlers import kinds
from surveys.controls import KINDS, REFUSED, UPLOADS
from surveys.form import load
from surveys.reading import READERS
from tests.steps import FORMS, brought

# What is sent instead of typed.
SENT = {*UPLOADS.values(), "file"}


def test_every_kind_is_asked() -> None:
    assert set(kinds.KINDS) == {*KINDS.values(), *SENT} - REFUSED


def test_every_kind_is_read_or_sent() -> None:
    assert set(READERS) == {*KINDS.values()} - REFUSED


def test_no_two_kinds_have_an_act_of_the_same_name_that_does_another_thing() -> None:
    for kind in kinds.KINDS.values():
        for name, act in kind.acts.items():
            assert kinds.ACTS[name] is act, name


def test_every_kind_stands_in_a_transcript_in_both_languages() -> None:
    asked = set()
    for path in FORMS.glob("*.md"):
        form = load(*brought(path.stem))
        asked |= {question.kind for question in form.questions}
        for language in ("en", "km"):
            transcript = path.parents[1] / f"{path.stem}_{language}.txt"
            told = transcript.read_text("utf-8").splitlines()
            assert {f"asked {path.stem} {language}", f"form {path.stem}"} & set(told)

    assert asked >= set(kinds.KINDS)
