"""What nobody asked for begins neutrally: a notification shows its first words to whoever looks."""

import re
from itertools import chain
from pathlib import Path

import pytest

from handlers import broadcast, texts
from surveys.instruments import INSTRUMENTS, PROFILE
from surveys.language import LANGUAGES

HANDLERS = Path(texts.__file__).parent
# Where a message is promised that nobody asked for, and the texts of ours it begins with; that of a
# broadcast is written by staff.
BEGINNINGS: dict[str, tuple[str, ...]] = {
    "asking.py": ("asked_again", "reminder", "reminder_of_some"),
    "broadcast.py": (),
    "following.py": ("wave.invitation",),
    "chasing.py": ("chase.head",),
    "fielding.py": ("wave.invitation",),
    # To members only.
    "subscribing.py": (
        "card.head",
        "subscription.week",
        "subscription.month",
        "subscription.quarter",
    ),
    "releasing.py": ("release.asked", "release.done", "release.sent_back"),
    "telling.py": (
        "team.joined",
        "team.ended",
        "pin.told_owners",
        "audit.anchor",
        "wave.asked",
        "wave.asked_more_time",
    ),
}
SURVEYS = [item.form_id for item in INSTRUMENTS if item.form_id != PROFILE]
TITLES = [texts.say(code, f"form.{name}") for name in SURVEYS for code in LANGUAGES]


def test_each_unasked_message_of_ours_is_known_here() -> None:
    unasked = re.compile(r"\.send_unasked\(|\bdisable_notification\b")
    callers = {path.name for path in HANDLERS.rglob("*.py") if unasked.search(path.read_text())}

    assert callers == {*BEGINNINGS, "visit.py"}


def test_its_first_words_name_no_survey() -> None:
    for language in LANGUAGES:
        for key in chain(*BEGINNINGS.values()):
            begins = texts.catalogue(language)[key].partition("\n")[0]
            assert not any(title in begins for title in TITLES)
            assert "{form}" not in begins


@pytest.mark.parametrize("title", TITLES)
def test_a_broadcast_that_begins_with_a_survey_is_known_however_it_is_written(title: str) -> None:
    assert broadcast.title_in(f"News! {title.upper()} …") == title
    assert broadcast.title_in("ព័ត៌មានថ្មី " + title) == title
    assert broadcast.title_in("We have news about you.") == ""
    assert broadcast.title_in("We have news for you. " + 20 * "Nothing else. " + title) == ""
