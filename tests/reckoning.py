"""What a storm left: what people saw, what is stored and what arrived, held together."""

import shutil
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.simulator.ledger import key_of
from storage.database import DATABASE
from tests.citizens import Citizen, disordered, expected, stored_answers
from tests.database import Place

# What must be nothing, whatever the storm.
NOTHING = (
    "stuck",
    "lost",
    "doubled",
    "disordered",
    "stored, never confirmed",
    "once-messages twice",
    "once-messages unaccounted for",
)
LONGEST_FROZEN = 30
BLOCKED = "status = 'blocked' OR (status = 'dead' AND error IN ('Forbidden', 'unreachable'))"


def answers(citizens: list[Citizen], place: Place) -> dict[str, int]:
    """Hold what people saw confirmed against what is stored."""
    confirmed = Counter(expected(citizens))
    stored = stored_answers(place)
    return {
        "people": len(citizens),
        "stuck": sum(citizen.gives_up for citizen in citizens),
        "confirmed": confirmed.total(),
        "stored": stored.total(),
        "lost": (confirmed - stored).total(),
        "doubled": sum(number - 1 for number in stored.values()),
        "disordered": disordered(place),
        "stored, never confirmed": (stored - confirmed).total(),
    }


def once_messages(texts: list[str], ledger: list[dict[str, Any]], place: Place) -> dict[str, int]:
    """Hold the messages that may arrive once at most against what arrived."""
    arrived = Counter(entry["key"] for entry in ledger)
    return {
        "once-messages promised": len(texts),
        "once-messages sent": count(place, "status = 'sent'"),
        "once-messages uncertain": count(place, "status = 'uncertain'"),
        "once-messages blocked": count(place, BLOCKED),
        "once-messages arrived": sum(arrived[key_of(text)] for text in texts),
        "once-messages twice": sum(arrived[key_of(text)] > 1 for text in texts),
    }


def count(place: Place, condition: str) -> int:
    """Count once-messages of the outbox."""
    query = f"SELECT count(*) FROM outbox WHERE policy = 'once' AND ({condition})"
    return int(place.rows(query)[0][0])


def on_the_way(place: Place) -> list[bool]:
    """Tell of each send that a kill cut off whether it was a once-message.

    A file is looked up in a copy: the log that the killed process left is for the next one.
    """
    query = "SELECT policy = 'once' FROM outbox WHERE status = 'sending'"
    with TemporaryDirectory() as folder:
        copied = Path(folder)
        for part in place.folder.glob(f"{DATABASE}*"):
            shutil.copy(part, copied)
        looked_at = place if place.url else Place(copied)
        return [bool(is_once) for (is_once,) in looked_at.rows(query)]


def account(found: dict[str, int]) -> dict[str, int]:
    """Add what follows: nothing promised may be missing, and uncertainty has its causes."""
    ends = sum(found[f"once-messages {end}"] for end in ("sent", "uncertain", "blocked"))
    causes = found["once-messages in flight at kills"] + found["calls without a sure answer"]
    return {
        **found,
        "once-messages unaccounted for": found["once-messages promised"] - ends,
        "uncertain at most": causes,
    }


def complaints(found: dict[str, int]) -> list[str]:
    """Name what breaks a promise."""
    broken = [name for name in NOTHING if found[name]]
    too_many = found["once-messages uncertain"] > found["uncertain at most"]
    arrived, sent = found["once-messages arrived"], found["once-messages sent"]
    impossible = not sent <= arrived <= sent + found["once-messages uncertain"]
    slow = found.get("seconds until a frozen leader is replaced", 0) > LONGEST_FROZEN
    return ["frozen leader"] * slow + broken + ["uncertain"] * too_many + ["arrived"] * impossible
