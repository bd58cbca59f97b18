"""What staff do about dialogues: make one, say when it was held, cancel it, correct it.

The chat and the command line do the same; each act is written down.
"""

import datetime as dt
from collections.abc import Callable

from handlers import days
from storage import audit, dialogues
from storage.dialogues import Dialogue
from storage.store import Transaction
from surveys import dialogue as rules
from surveys.dialogue import Level
from surveys.khmer import clean
from surveys.reading.moments import read_day

LONGEST = 200
BETWEEN = ","
MOST_ORGANISATIONS = 40


def add(
    tx: Transaction,
    actor: str,
    level: Level,
    province: str | None,
    planned_on: dt.date,
    place: str = "",
    organisations: str = "",
    work_plan: str = "",
) -> Dialogue:
    """Plan a dialogue."""
    made = dialogues.create(
        tx, level, province, short(place), planned_on, actor,
        organisations=listed(organisations), work_plan=short(work_plan),
    )  # fmt: skip
    audit.record(tx, actor, "add dialogue", str(made.id))
    return made


def change(tx: Transaction, actor: str, act: str, number: int, value: str = "") -> str:
    """Do an act about a dialogue; return the key of what to say of it."""
    one = dialogues.find(tx, number)
    if one is None:
        return "gone"
    name, do = ACTS[act]
    said = do(tx, one, value)
    if said == "done":
        audit.record(tx, actor, name, str(number))
    return said


def hold(tx: Transaction, one: Dialogue, value: str) -> str:
    """Note that a dialogue was held: on a day that is named, else as planned, else today."""
    today = days.of(tx.now)
    day = read_day(value) if value else min(one.planned_on, today)
    if not rules.may_follow(one.status, "held"):
        return "late"
    if day is None or day > today:
        return "bad_day"
    dialogues.change(tx, one.id, status="held", held_on=day)
    return "done"


def cancel(tx: Transaction, one: Dialogue, _: str) -> str:
    """Note that a dialogue won't be held."""
    if not rules.may_follow(one.status, "cancelled"):
        return "late"
    dialogues.change(tx, one.id, status="cancelled")
    return "done"


def restore(tx: Transaction, one: Dialogue, _: str) -> str:
    """Plan a cancelled dialogue again."""
    if one.status != "cancelled":
        return "late"
    dialogues.change(tx, one.id, status="planned")
    return "done"


def move(tx: Transaction, one: Dialogue, value: str) -> str:
    """Plan a dialogue for another day; of one that was held, correct the day."""
    day = read_day(value)
    if day is None or (one.status == "held" and day > days.of(tx.now)):
        return "bad_day"
    dialogues.change(tx, one.id, **{"held_on" if one.status == "held" else "planned_on": day})
    return "done"


def name_place(tx: Transaction, one: Dialogue, value: str) -> str:
    """Write where a dialogue is."""
    dialogues.change(tx, one.id, place=short(value))
    return "done"


def name_organisations(tx: Transaction, one: Dialogue, value: str) -> str:
    """Write which organisations take part, between commas."""
    dialogues.change(tx, one.id, organisations=list(listed(value)))
    return "done"


def name_line(tx: Transaction, one: Dialogue, value: str) -> str:
    """Write for which line of the work plan a dialogue is."""
    dialogues.change(tx, one.id, work_plan=short(value))
    return "done"


def short(text: str) -> str:
    """Return a text on one line, not too long."""
    return " ".join(clean(text).split())[:LONGEST]


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a text between commas or on lines."""
    parts = (short(part) for part in text.replace("\n", BETWEEN).split(BETWEEN))
    return tuple(part for part in parts if part)[:MOST_ORGANISATIONS]


# Each act: its name in the log, and how.
ACTS: dict[str, tuple[str, Callable[[Transaction, Dialogue, str], str]]] = {
    "hold": ("hold dialogue", hold),
    "cancel": ("cancel dialogue", cancel),
    "restore": ("plan dialogue again", restore),
    "day": ("move dialogue", move),
    "place": ("correct dialogue", name_place),
    "organisations": ("correct dialogue", name_organisations),
    "line": ("correct dialogue", name_line),
}
