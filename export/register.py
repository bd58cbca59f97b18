"""The register of commitments as rows: what was promised, what each side says of it, whether in
time. Pure.

Commitments of withdrawn and sensitive reports aren't in it. What both sides named has two rows; the
second names the first in `same_as`, and is in no count.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from export.frames import PHNOM_PENH, Redactions, Row
from storage.commitments import Commitment
from storage.media import is_voice
from surveys import commitment as rules
from surveys.dialogue import SIDES

SHEET = "register"
HEADER = (
    "commitment", "_id", "_dialogue", "_level", "_dialogue_province", "_side", "same_as", "office",
    "office_en", "office_km", "what", "made_on", "due_on", "state", "overdue", "kept_on",
    "kept_in_time",
    *(f"{side}_{name}" for side in SIDES for name in ("state", "on", "reason")),
    "updates",
)  # fmt: skip
# How an office is called in each language, by its code; what was typed isn't there.
Offices = Mapping[str, tuple[str, str]]


def rows(
    known: Sequence[Commitment],
    offices: Offices,
    export_id: Callable[[str], str],
    redactions: Redactions,
    today: dt.date,
) -> list[Row]:
    """Return a row for each commitment, the oldest first."""
    return [_row(one, offices, export_id, redactions, today) for one in known]


def day(moment: dt.datetime) -> dt.date:
    """Return the day of a moment in Cambodia."""
    return moment.astimezone(PHNOM_PENH).date()


def _row(
    one: Commitment,
    offices: Offices,
    export_id: Callable[[str], str],
    redactions: Redactions,
    today: dt.date,
) -> Row:
    words = one.words(day)
    views = {word.side: word for word in words}
    passed = one.due_on is not None and one.due_on < today
    return [
        one.id,
        export_id(one.interview_id),
        one.dialogue_id,
        one.level,
        one.province,
        one.side,
        one.same_as,
        *_office(one, offices, redactions),
        _what(one, redactions),
        one.made_on,
        one.due_on,
        rules.state(words),
        int(rules.is_overdue(one.due_on, words, today)),
        rules.kept_on(words),
        int(rules.is_kept_in_time(one.due_on, words)) if passed else None,
        *(cell for side in SIDES for cell in _view(views.get(side))),
        len(one.history),
    ]


def _office(one: Commitment, offices: Offices, redactions: Redactions) -> Row:
    if one.hides_office:
        return [redactions.hide(), None, None]
    if one.office in offices:
        return [one.office, *offices[one.office]]
    return ["other", *([redactions.clean(one.office)] * 2)]


def _what(one: Commitment, redactions: Redactions) -> str | None:
    """Return what was promised; nothing of a sound that isn't written down."""
    if one.is_hidden:
        return redactions.hide()
    return None if is_voice(one.what) else redactions.clean(one.what)


def _view(word: rules.Word | None) -> Row:
    return [word.state, word.on, word.reason] if word else [None, None, None]


def told(known: Sequence[Commitment], today: dt.date) -> str:
    """Say how many were kept by their due day, of how many whose day passed."""
    counted = [one for one in known if one.same_as is None]
    share = rules.share(((one.due_on, one.words(day)) for one in counted), today)
    return (
        f"{len(counted)} commitments. Kept by their due day: {share.kept} of {share.due} whose day "
        "has passed. What has no due day is in neither number."
    )
