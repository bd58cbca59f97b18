"""What a submitted report changes beside itself: its dialogue, the quarter that counts it, and the
register of commitments; and what its withdrawal takes back. All in the transaction of the tap.
"""

import datetime as dt
from typing import Any

from handlers import days, reviewing
from handlers.visit import Visit
from storage import commitments, dialogues, interviews, reports
from storage.commitments import Commitment, Entry
from storage.dialogues import Dialogue
from storage.interviews import Stored
from storage.store import Transaction
from surveys import quarters, report
from surveys.dialogue import Side, place_of, side_of
from surveys.report import Promise, Report


def file(visit: Visit, interview_id: str) -> None:
    """Do what follows from the report that a person has just submitted."""
    tx, stored = visit.tx, interviews.by_id(visit.tx, interview_id)
    said, today = report.read(stored.response), days.of(visit.tx.now)
    about = _subject(visit, stored, said)
    day = said.held_on or (about.day if about else today)
    counts_in = stored.counts_in or str(quarters.reported_in(quarters.of_day(day), today))
    number = about.id if about else None
    reports.file(tx, interview_id, number, counts_in, is_sensitive=said.is_sensitive)
    if about is None or said.is_sensitive:
        _take_back(tx, interview_id)
        return
    if about.status == "planned":
        dialogues.change(tx, about.id, status="held", held_on=said.held_on or about.planned_on)
    _enter(tx, about, stored.id, side_of(visit.person.sector), said.promises, day)


def _subject(visit: Visit, stored: Stored, said: Report) -> Dialogue | None:
    """Return the dialogue that a report is about: as it began, as others brought it, or a new one.

    A sensitive report makes none, since everybody would see it.
    """
    if stored.dialogue_id is not None:
        return dialogues.find(visit.tx, stored.dialogue_id)
    place = place_of(said.dialogue)
    if place is None or said.held_on is None:
        return None
    mine = {one.dialogue_id for one in reports.of_person(visit.tx, visit.person.id)}
    known = [one for one in dialogues.on_day(visit.tx, *place, said.held_on) if one.id not in mine]
    if known or said.is_sensitive:
        return known[0] if known else None
    return dialogues.create(
        visit.tx, *place, said.place, said.held_on, visit.person.id, held_on=said.held_on
    )


def _enter(
    tx: Transaction,
    about: Dialogue,
    interview_id: str,
    side: Side,
    promises: tuple[Promise, ...],
    made_on: dt.date,
) -> None:
    """Let the register hold what a report promises now: no more, no less, nothing twice."""
    before = commitments.of_report(tx, interview_id)
    others = [one for one in commitments.listed(tx) if one.dialogue_id == about.id]
    taken = {one.same_as for one in others if one.interview_id != interview_id}
    for promise in promises:
        entry = _entry(promise)
        twin = _twin(others, taken, side, promise)
        taken.add(twin)
        if known := _known(before, promise):
            before.remove(known)
            if (known.office, known.due_on) != (promise.office, promise.due_on) or twin:
                commitments.part(tx, known.id)
            commitments.revise(tx, known.id, {**entry, "same_as": twin})
        else:
            commitments.enter(tx, about.id, interview_id, side, entry, made_on, twin)
    for gone in before:
        commitments.withdraw(tx, gone.id)


def _entry(promise: Promise) -> dict[str, Any]:
    return {
        "path": promise.path,
        "office": promise.office,
        "what": promise.what,
        "due_on": promise.due_on,
    }


def _known(before: list[Entry], promise: Promise) -> Entry | None:
    """Return what a promise was when its report was submitted before: by words, or by place."""
    by_words = (one for one in before if (one.office, one.what) == (promise.office, promise.what))
    by_place = (one for one in before if one.path == promise.path)
    return next(by_words, None) or next(by_place, None)


def _twin(
    others: list[Commitment], taken: set[int | None], side: Side, promise: Promise
) -> int | None:
    """Return the same promise as the other side named it before: of one office, by one day."""
    for one in others:
        is_same = (one.office, one.due_on) == (promise.office, promise.due_on)
        is_free = one.side != side and one.same_as is None and one.id not in taken
        if is_same and is_free and promise.due_on is not None:
            return one.id
    return None


def withdraw(visit: Visit, interview_id: str) -> None:
    """Take a report back: what it said is erased, its commitments leave the register.

    What staff have in hand of this person's voice notes leaves their chat, this one's for good.
    """
    reviewing.withdraw(visit.tx, visit.person.id)
    _take_back(visit.tx, interview_id)
    reports.withdraw(visit.tx, interview_id)


def _take_back(tx: Transaction, interview_id: str) -> None:
    for entry in commitments.of_report(tx, interview_id):
        commitments.withdraw(tx, entry.id)
