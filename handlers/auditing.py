"""/audit: the owners read what was done, page by page, and see that nobody changed the log.

Once a day, when there is something new, its head goes to them: an anchor outside the machine.
"""

import datetime as dt
import re

from handlers import links, telling, texts
from handlers.quiet import PHNOM_PENH, is_night
from handlers.visit import Visit
from storage import audit, facts, members
from storage.audit import Entry, Head
from storage.store import Transaction
from surveys.respondent import may

PAGE = 8
SHOWN_OF_HASH = 16
# An id that means nothing to anybody.
RANDOM = re.compile("[0-9a-f]{32}")
SOON = dt.timedelta(days=7)


def show(visit: Visit, before: int = 2**62) -> None:
    """Show the newest entries, and whether the log is whole."""
    if not may(visit.owner.role, "audit"):
        visit.send(visit.say("only_owners"))
        return
    verdict = audit.verify(visit.tx)
    key = "audit.whole" if verdict.broken_at is None else "audit.broken"
    entries = audit.latest(visit.tx, PAGE, before)
    numbers = {"n": verdict.head.number, "at": verdict.broken_at}
    shown = {name: texts.number(visit.language, value) for name, value in numbers.items()}
    told = visit.say(key, hash=short(verdict.head), **shown)
    lines = [told, *(line(visit, one) for one in entries)]
    rows = []
    if entries and entries[-1].id > 1:
        older = visit.button(visit.say("button.audit_older"), "audit", entries[-1].id)
        rows.append([older])
    visit.answer("\n\n".join(lines), rows)


def tapped(visit: Visit) -> None:
    """Show older entries."""
    assert visit.tap is not None
    visit.toast()
    show(visit, int(visit.tap.arguments[0]))


def line(visit: Visit, one: Entry) -> str:
    """Write an entry: number, time in Cambodia, who, what."""
    when = texts.number(visit.language, f"{one.at.astimezone(PHNOM_PENH):%d/%m %H:%M}")
    number = texts.number(visit.language, one.id)
    did = " ".join(filter(None, [visit.say("act." + one.act), to_what(visit, one.object)]))
    return visit.say("audit.line", id=number, when=when, who=who(visit, one.actor), act=did)


def to_what(visit: Visit, object_: str) -> str:
    """Name what an act was done to, where that says anything: a form, a member, a province."""
    if members.number_of(visit.tx, object_) is not None:
        return f"→ {telling.name_of(visit.tx, object_, visit.language)}"
    if object_ in links.PROVINCES.values():
        return visit.say("province." + object_)
    if object_.isdecimal():
        return texts.number(visit.language, object_)
    return "" if RANDOM.fullmatch(object_) else object_


def who(visit: Visit, actor: str) -> str:
    """Name who acted: a member by number, else the command line, the clock, or somebody gone."""
    if actor in {audit.CONSOLE, audit.CLOCK}:
        return visit.say("audit." + actor)
    is_member = members.number_of(visit.tx, actor) is not None
    return (
        telling.name_of(visit.tx, actor, visit.language) if is_member else visit.say("audit.gone")
    )


def short(head: Head) -> str:
    """Write a hash short enough to compare by eye."""
    return head.hash.hex()[:SHOWN_OF_HASH]


def anchor(tx: Transaction) -> bool:
    """Send the owners the head, and whose role ends soon: once, by day, where there is news."""
    day, head = tx.now.astimezone(PHNOM_PENH).date().isoformat(), audit.head(tx)
    if is_night(tx.now) or facts.read(tx, "anchor_day") == day:
        return False
    ending = [one for one in members.listed(tx) if one.until and one.until < tx.now + SOON]
    is_new = str(head) != facts.read(tx, "anchor_head")
    if not (is_new or ending):
        return False
    facts.write(tx, "anchor_day", day)
    facts.write(tx, "anchor_head", str(head))
    for owner in members.owners(tx):
        say = {"n": texts.number(owner.language, head.number), "head": str(head)}
        parts = [texts.say(owner.language, "audit.anchor", **say)]
        if ending:
            names = ", ".join(telling.name_of(tx, m.respondent_id, owner.language) for m in ending)
            parts.append(texts.say(owner.language, "team.ending", who=names))
        telling.tell(tx, owner, "\n\n".join(parts))
    return True
