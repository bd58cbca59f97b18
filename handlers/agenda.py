"""What the next dialogue of a place has to talk about: the blocked, by reason, and the overdue."""

from handlers import days, texts
from handlers.commitments import visible
from handlers.commitmenttexts import line, state
from handlers.dialoguetexts import where
from handlers.visit import Visit
from storage.commitments import Commitment
from storage.dialogues import Dialogue
from surveys import commitment as rules
from surveys.commitment import REASONS
from surveys.dialogue import takes_up

# So many of each reason; how many there are stands beside it.
MOST = 4


def told(visit: Visit, one: Dialogue) -> str:
    """Group the blocked commitments of a dialogue's place by reason; then list those overdue."""
    here = [c for c in visible(visit) if takes_up(one.province, c.province)]
    blocked = [c for c in here if state(c) == "blocked"]
    today = days.of(visit.tx.now)
    overdue = [
        c for c in here
        if c not in blocked and rules.is_overdue(c.due_on, c.words(days.of), today)
    ]  # fmt: skip
    parts = [visit.say("agenda.head", place=where(visit.language, one.province))]
    for reason in REASONS:
        parts += _group(visit, visit.say("reason." + reason), [
            c for c in blocked if _reason(c) == reason
        ])  # fmt: skip
    parts += _group(visit, visit.say("commitment.is_overdue"), overdue)
    return "\n\n".join(parts if len(parts) > 1 else [*parts, visit.say("agenda.none")])


def _reason(one: Commitment) -> str:
    blocked = [word for word in one.words(days.of) if word.state == "blocked"]
    return max(blocked, key=lambda word: word.on).reason or "other"


def _group(visit: Visit, name: str, found: list[Commitment]) -> list[str]:
    if not found:
        return []
    n = texts.number(visit.language, len(found))
    return [f"{name} ({n})", *(line(visit, c) for c in found[:MOST])]
