"""What nobody asked for begins neutrally: a notification shows its first words to whoever looks."""

import re
from pathlib import Path

from handlers import texts
from surveys.instruments import INSTRUMENTS
from surveys.language import LANGUAGES

HANDLERS = Path(texts.__file__).parent
# Where a message is promised that nobody asked for, and the text it begins with.
BEGINNINGS = {"asking.py": ("asked_again", "reminder")}


def test_each_unasked_message_of_ours_is_known_here() -> None:
    callers = {
        path.name
        for path in HANDLERS.rglob("*.py")
        if re.search(r"\.send_unasked\(", path.read_text("utf-8"))
    }

    assert callers == set(BEGINNINGS)


def test_its_first_words_name_no_survey() -> None:
    for language in LANGUAGES:
        titles = [texts.say(language, "form." + item.form_id) for item in INSTRUMENTS]
        for key in BEGINNINGS.values():
            assert not any(title in texts.say(language, key) for title in titles)
