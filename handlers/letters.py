"""/inbox: what people sent and couldn't be handled. Staff see its kind and error, not a word."""

from handlers import pin, texts
from handlers.visit import Keyboard, Visit
from storage import audit, inbox
from surveys.respondent import may

MOST = 5
ERASE = "erase update"


def show(visit: Visit, said: str = "") -> None:
    """List the oldest updates that weren't handled, each with what can be done."""
    if not may(visit.owner.role, "inbox"):
        visit.send(visit.say("only_staff"))
        return
    found = inbox.unhandled(visit.tx)
    lines = [*([said] if said else []), visit.say("inbox.head", n=_number(visit, len(found)))]
    rows: Keyboard = []
    for one in found[:MOST]:
        values = {"id": one.update_id, "kind": one.kind, "error": one.error, "n": one.attempts}
        lines.append(visit.say("inbox." + one.status, **values))
        rows.append([
            visit.button(visit.say("button.inbox_" + act, id=one.update_id), "inbox", act,
                         one.update_id)
            for act in ("retry", "drop")
        ])  # fmt: skip
    visit.answer("\n\n".join(lines), rows)


def _number(visit: Visit, number: int) -> str:
    return texts.number(visit.language, number)


def tapped(visit: Visit) -> None:
    """Have an update tried again, or erase it, for which the PIN is asked."""
    assert visit.tap is not None
    act, update_id = visit.tap.arguments
    if not may(visit.owner.role, "inbox"):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    if act == "retry":
        inbox.try_again(visit.tx, int(update_id))
        audit.record(visit.tx, visit.owner.id, "retry update", update_id)
        show(visit, visit.say("inbox.tried"))
    elif pin.is_proved(visit, ERASE, update_id):
        drop(visit, update_id)


def drop(visit: Visit, update_id: str) -> None:
    """Erase an update."""
    inbox.give_up(visit.tx, int(update_id))
    audit.record(visit.tx, visit.owner.id, ERASE, update_id)
    show(visit, visit.say("inbox.dropped"))
