"""The page on what forms may use is what the registries say."""

import os
from pathlib import Path

from surveys import reference
from surveys.controls import KINDS, REFUSED, UPLOADS

PAGE = Path(__file__).parents[2] / "docs" / "forms.md"


def test_the_page_is_made_from_the_registries():
    if os.environ.get("SAMLENG_GOLDEN"):
        PAGE.write_text(reference.page(), "utf-8")

    assert PAGE.read_text("utf-8") == reference.page()


def test_every_kind_of_question_is_on_the_page():
    kinds = {*KINDS.values(), *UPLOADS.values(), "file", "note"}

    assert set(reference.KINDS) == kinds - REFUSED
