"""What `samleng wave` commands do in the database; the command line counts as one person.

Numbers of a part of the people are rounded here as in the chat.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from export.rounding import STEP, rounded
from handlers import wave_changes
from handlers.quiet import PHNOM_PENH
from handlers.wavetexts import state
from storage import audit, ballots, forms, members, organisations, quotas, wave_people, waves
from storage.store import Transaction
from storage.waves import Wave
from surveys import quota
from surveys.ballot import takes
from surveys.wave import Audience, Reminding, is_span

Request = dict[str, Any]
Answer = dict[str, Any]
# Why an act wasn't done.
WHY = {
    "gone": "there is no such wave.",
    "own": "whoever asked for it can't release it; a staff member must, by /waves.",
    "late": "the wave isn't in a state for that.",
    "form": "there is no such form.",
    "span": "a wave must close after it opens.",
    "quota": (
        "a quota reads ratanakiri/f=60: a province, f, m or o, an age group; all of a wave name the"
        " same of these, and none comes twice."
    ),
    "organisation": "there is no such organisation; samleng organisation list shows them.",
    "files": "a form that asks for files or a place, or a report, can't be put to a ballot box.",
}


def plan(tx: Transaction, request: Request) -> Answer:
    """Say what a wave would be."""
    found, audience = forms.newest(tx, request["form"]), Audience(**request["audience"])
    opens_at, _ = _span(tx, request)
    if found is None:
        return {"why": "form"}
    if not _is_known(tx, audience):
        return {"why": "organisation"}
    made = wave_changes.plan(tx, found.id, audience, opens_at, request["reminders"])
    return {
        "why": "",
        "people": _number(audience, made.people),
        "invitations": _number(audience, made.invitations),
        "reminders": _number(audience, made.reminders),
        "minutes": made.minutes,
        "last_at": _moment(made.last_at),
    }


def create(tx: Transaction, request: Request) -> Answer:
    """Make a wave of a form's newest version, and ask for its release."""
    found = forms.newest(tx, request["form"])
    opens_at, closes_at = _span(tx, request)
    if found is None:
        return {"why": "form"}
    if not _is_known(tx, Audience(**request["audience"])):
        return {"why": "organisation"}
    read = [quota.read(text) for text in request["quotas"]]
    grid = tuple(one for one in read if one)
    if len(grid) < len(read) or not quota.are_apart(grid):
        return {"why": "quota"}
    if request["ballot"] and not takes(found.form):
        return {"why": "files"}
    if not is_span(opens_at, closes_at, tx.now):
        return {"why": "span"}
    made = wave_changes.create(
        tx,
        audit.CONSOLE,
        found.id,
        Audience(**request["audience"]),
        opens_at,
        closes_at,
        Reminding(request["remind_after"], request["reminders"]),
        is_ballot=request["ballot"],
        grid=grid,
    )
    return {"why": "", "id": made.id}


def _is_known(tx: Transaction, audience: Audience) -> bool:
    code = audience.organisation
    return code is None or organisations.by_code(tx, code) is not None


def _span(tx: Transaction, request: Request) -> tuple[dt.datetime, dt.datetime]:
    opens_at = dt.datetime.fromisoformat(request["opens_at"]) if request["opens_at"] else tx.now
    return opens_at, opens_at + dt.timedelta(weeks=request["weeks"])


def list_(tx: Transaction, _: Request) -> Answer:
    """List the waves, newest first."""
    return {"waves": [_row(tx, one) for one in waves.listed(tx)]}


def show(tx: Transaction, request: Request) -> Answer:
    """Show a wave with what became of its people."""
    one = waves.find(tx, int(request["id"]))
    if one is None:
        return {"why": "gone"}
    questions = len(forms.by_id(tx, one.form_version_id).form.asked)
    counts = wave_people.standing(tx, one, questions)
    counts = {"people": sum(counts.values()), **counts}
    numbers = {name: _number(one.audience, n) for name, n in counts.items()}
    if one.is_ballot:
        numbers["counted_ballots"] = _number(one.audience, ballots.number(tx, one.id))
    for filled in quotas.standing(tx, one.id):
        cell, _, target = quota.written(filled.quota).rpartition("=")
        numbers[cell] = f"{_floor(filled.complete)} of {target}"
    return {"why": "", "wave": {**_row(tx, one), **numbers}}


def _row(tx: Transaction, one: Wave) -> dict[str, Any]:
    names = Audience.__slots__
    parts = zip(names, astuple(one.audience), strict=True)
    return {
        "id": one.id,
        "form": one.form_id,
        "state": state(one),
        "answers": "ballot box" if one.is_ballot else "linked",
        "audience": ", ".join(f"{name} {value}" for name, value in parts if value) or "everybody",
        "opens_at": _moment(one.opens_at),
        "closes_at": _moment(one.closes_at),
        "reminders": f"{one.reminding.most} after {one.reminding.after} h",
        "made_by": _called(tx, one.created_by),
        "released_by": _called(tx, one.released_by),
        "wants_until": _moment(one.extend_to) if one.extend_to else "",
    }


def _moment(at: dt.datetime) -> str:
    return at.astimezone(PHNOM_PENH).strftime("%Y-%m-%d %H:%M")


def _called(tx: Transaction, person_id: str | None) -> str:
    if person_id in {None, audit.CONSOLE}:
        return person_id or ""
    number = members.number_of(tx, str(person_id))
    return f"member {number}" if number else "somebody who left"


def _number(audience: Audience, n: int) -> str:
    if all(value is None for value in astuple(audience)):
        return str(n)
    return _floor(n)


def _floor(n: int) -> str:
    floor = rounded({"": n})[""]
    return f"{floor} or more" if floor else f"under {STEP}"


def _change(act: str) -> Callable[[Transaction, Request], Answer]:
    def perform(tx: Transaction, request: Request) -> Answer:
        weeks = int(request.get("weeks", 0))
        said = wave_changes.change(tx, audit.CONSOLE, act, int(request["id"]), weeks)
        return {"why": "" if said == "done_" + act else said}

    return perform


READING = frozenset({"wave_plan", "wave_list", "wave_show"})
ACTS: dict[str, Callable[[Transaction, Request], Answer]] = {
    "wave_plan": plan,
    "wave_create": create,
    "wave_list": list_,
    "wave_show": show,
    **{"wave_" + act: _change(act) for act in ("release", "pause", "resume", "close", "extend")},
}
