"""The PIN of staff: asked before an export, a role, an erasure; whoever has their phone lacks it.

What was asked for waits in the member's row, and is done as soon as the PIN was typed
(handlers/guarded.py). What is typed is deleted from the chat at once.
"""

import hmac
import itertools
from typing import Any

from handlers import telling
from handlers.visit import Visit
from storage import audit, members, outbox, pins
from storage.pins import Pin
from surveys.khmer import to_ascii_digits

DIGITS = 6


def is_proved(visit: Visit, act: str, *arguments: object) -> bool:
    """Tell whether an act may be done now; else ask for the PIN, and keep the act for then."""
    if pins.is_proved(visit.tx, visit.owner.id):
        return True
    ask(visit, {"act": act, "arguments": [str(each) for each in arguments]})
    return False


def ask(visit: Visit, wanted: dict[str, Any]) -> None:
    """Ask for the PIN, or for a new one where there is none."""
    pin = _of(visit)
    if pins.is_locked(visit.tx, pin):
        visit.answer(visit.say("pin.locked"))
        return
    step = "type" if pin.hash else "choose"
    pins.wait(visit.tx, visit.owner.id, {"step": step, **wanted})
    visit.answer(visit.say("pin." + step), [[visit.button(visit.say("button.cancel"), "pin_off")]])


def is_awaited(visit: Visit) -> bool:
    """Tell whether what this person types is a PIN."""
    if visit.message is None or visit.owner.role not in {"staff", "owner"}:
        return False
    pin = pins.of(visit.tx, visit.owner.id)
    return pin is not None and pin.awaits is not None


def give_up(visit: Visit) -> None:
    """Forget what waited for the PIN."""
    visit.toast()
    pins.wait(visit.tx, visit.owner.id, None)
    visit.answer(visit.say("pin.given_up"))


def take(visit: Visit) -> dict[str, Any] | None:
    """Take what was typed as the PIN; return the act that waited, once it may be done."""
    _delete_typed(visit)
    typed, pin = to_ascii_digits(visit.typed.strip()), _of(visit)
    awaits = pin.awaits or {}
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        visit.send(visit.say("pin.six_digits"))
        return None
    return {"type": _try, "choose": _choose, "repeat": _repeat}[awaits["step"]](
        visit, typed, awaits
    )


def _of(visit: Visit) -> Pin:
    """Return the person's PIN; whoever is staff since before there were members becomes one."""
    if pins.of(visit.tx, visit.owner.id) is None:
        members.grant(visit.tx, visit.owner.id, visit.owner.role, visit.owner.bound_to)
    found = pins.of(visit.tx, visit.owner.id)
    assert found is not None
    return found


def _delete_typed(visit: Visit) -> None:
    assert visit.message is not None
    body = {"message_id": visit.message.message_id}
    outbox.put(visit.tx, visit.owner.id, "deleteMessage", body, policy="edit")


def _try(visit: Visit, typed: str, awaits: dict[str, Any]) -> dict[str, Any] | None:
    outcome = pins.try_(visit.tx, visit.owner.id, typed)
    if outcome == "right":
        pins.wait(visit.tx, visit.owner.id, None)
        return awaits
    visit.send(visit.say("pin." + outcome))
    if outcome == "locked":
        audit.record(visit.tx, visit.owner.id, "lock PIN")
        telling.owners(visit.tx, visit.owner.id, "pin.told_owners")
    return None


def _choose(visit: Visit, typed: str, awaits: dict[str, Any]) -> None:
    """Keep only a hash of a new PIN until it was typed again."""
    if is_weak(typed):
        visit.send(visit.say("pin.weak"))
        return
    first = visit.tx.keys.pin_hash(visit.owner.id, typed).hex()
    pins.wait(visit.tx, visit.owner.id, {**awaits, "step": "repeat", "first": first})
    visit.send(visit.say("pin.repeat"))


def _repeat(visit: Visit, typed: str, awaits: dict[str, Any]) -> dict[str, Any] | None:
    again = visit.tx.keys.pin_hash(visit.owner.id, typed).hex()
    if not hmac.compare_digest(again, awaits["first"]):
        pins.wait(visit.tx, visit.owner.id, {**awaits, "step": "choose"})
        visit.send(visit.say("pin.differs"))
        return None
    pins.choose(visit.tx, visit.owner.id, typed)
    pins.wait(visit.tx, visit.owner.id, None)
    audit.record(visit.tx, visit.owner.id, "choose PIN")
    visit.send(visit.say("pin.chosen"))
    return awaits


def is_weak(pin: str) -> bool:
    """Tell whether everybody would try a PIN first: one digit only, or digits in a row."""
    steps = {(int(b) - int(a)) % 10 for a, b in itertools.pairwise(pin)}
    return steps <= {0} or steps <= {1} or steps <= {9}
