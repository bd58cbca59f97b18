"""What `samleng dialogue` and `samleng commitment` do in the database.

No word of a report is shown here: figures, offices and days, as the register has them.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from handlers import days, dialogue_changes
from storage import audit, commitments, dialogues, reports
from storage.commitments import Commitment
from storage.dialogues import Dialogue
from storage.store import Transaction
from surveys import commitment as rules
from surveys.dialogue import SIDES, is_place

Request = dict[str, Any]
Answer = dict[str, Any]
# Why an act wasn't done.
WHY = {
    "gone": "there is no such dialogue.",
    "late": "the dialogue isn't in a state for that.",
    "bad_day": "a day is YYYY-MM-DD, and a dialogue that was held isn't in the future.",
    "place": "a provincial dialogue needs --province; a national one has none.",
    "no_commitment": "there is no such commitment.",
}


def add(tx: Transaction, request: Request) -> Answer:
    """Plan a dialogue."""
    level, province = request["level"], request["province"]
    if not is_place(level, province):
        return {"why": "place"}
    made = dialogue_changes.add(
        tx,
        audit.CONSOLE,
        level,
        province,
        dt.date.fromisoformat(request["day"]),
        request["place"],
        request["organisations"],
        request["work_plan"],
    )
    return {"why": "", "id": made.id}


def list_(tx: Transaction, _: Request) -> Answer:
    """List the dialogues, the latest day first."""
    counted = reports.how_many(tx)
    rows = [{**_row(one), **_counts(counted.get(one.id, {}))} for one in dialogues.listed(tx)]
    return {"dialogues": rows}


def show(tx: Transaction, request: Request) -> Answer:
    """Show a dialogue with how many reports and commitments there are of it."""
    one = dialogues.find(tx, int(request["id"]))
    if one is None:
        return {"why": "gone"}
    made = [c for c in commitments.listed(tx) if c.dialogue_id == one.id and c.same_as is None]
    counts = _counts(reports.how_many(tx).get(one.id, {}))
    more = {"organisations": ", ".join(one.organisations), "work_plan": one.work_plan}
    return {"why": "", "dialogue": {**_row(one), **more, **counts, "commitments": str(len(made))}}


def _row(one: Dialogue) -> dict[str, str]:
    return {
        "id": str(one.id),
        "level": one.level,
        "province": one.province or "",
        "place": one.place,
        "planned_on": one.planned_on.isoformat(),
        "held_on": one.held_on.isoformat() if one.held_on else "",
        "status": one.status,
    }


def _counts(counted: dict[Any, int]) -> dict[str, str]:
    return {f"reports_{side}": str(counted.get(side, 0)) for side in SIDES}


def change(tx: Transaction, request: Request) -> Answer:
    """Correct what is named of a dialogue: all of it, or nothing where the day can't be so."""
    # A day alone can be wrong, so it comes first.
    acts = {name: request.get(name) for name in ("day", "place", "organisations", "line")}
    said = "done"
    for act, value in acts.items():
        if value and said == "done":
            said = dialogue_changes.change(tx, audit.CONSOLE, act, int(request["id"]), value)
    return {"why": "" if said == "done" else said}


def _change(act: str) -> Callable[[Transaction, Request], Answer]:
    def perform(tx: Transaction, request: Request) -> Answer:
        number, value = int(request["id"]), request.get("value") or ""
        said = dialogue_changes.change(tx, audit.CONSOLE, act, number, value)
        return {"why": "" if said == "done" else said}

    return perform


def commitment_list(tx: Transaction, request: Request) -> Answer:
    """List the register, with the share that was kept by its due day of those whose day passed."""
    today = days.of(tx.now)
    province = request.get("province")
    found = [
        one
        for one in commitments.listed(tx)
        if one.same_as is None and province in {None, one.province}
    ]
    rows = [_entry(one, today) for one in found]
    wanted = request.get("state")
    share = rules.share(((one.due_on, one.words(days.of)) for one in found), today)
    return {
        "commitments": [row for row in rows if wanted in {None, row["state"]}],
        "kept": share.kept,
        "due": share.due,
    }


def _entry(one: Commitment, today: dt.date) -> dict[str, str]:
    words = one.words(days.of)
    views = {word.side: word.state for word in words}
    kept = rules.kept_on(words)
    overdue = rules.is_overdue(one.due_on, words, today)
    return {
        "id": str(one.id),
        "dialogue": str(one.dialogue_id),
        "province": one.province or "",
        "office": "" if one.hides_office else one.office,
        "due_on": one.due_on.isoformat() if one.due_on else "",
        "state": rules.state(words),
        "overdue": "yes" if overdue else "",
        "kept_on": kept.isoformat() if kept else "",
        **{side: views.get(side, "") for side in SIDES},
    }


def commitment_update(tx: Transaction, request: Request) -> Answer:
    """Note what a side says of a commitment."""
    number = int(request["id"])
    if number not in {one.id for one in commitments.listed(tx)}:
        return {"why": "no_commitment"}
    side, state, reason = request["side"], request["state"], request.get("reason")
    commitments.say(tx, number, side, state, None, reason)
    audit.record(tx, audit.CONSOLE, "update commitment", str(number), side=side, state=state)
    return {"why": ""}


READING = frozenset({"dialogue_list", "dialogue_show", "commitment_list"})
ACTS: dict[str, Callable[[Transaction, Request], Answer]] = {
    "dialogue_add": add,
    "dialogue_list": list_,
    "dialogue_show": show,
    "dialogue_held": _change("hold"),
    "dialogue_cancel": _change("cancel"),
    "dialogue_restore": _change("restore"),
    "dialogue_change": change,
    "commitment_list": commitment_list,
    "commitment_update": commitment_update,
}
