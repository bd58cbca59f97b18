"""/team: the owners see who is a member, confirm or end roles, bind staff to a province.

A member is a number, since nobody's name is known. The last owner stays: somebody must be able to
give roles.
"""

import datetime as dt
from collections.abc import Callable

from handlers import links, menus, pin, reviewing, telling, texts
from handlers.layout import grid
from handlers.quiet import PHNOM_PENH
from handlers.visit import Keyboard, Visit
from storage import audit, members, pins
from storage.members import Member
from storage.store import Transaction
from surveys.respondent import may

EVERYWHERE = "all"
# The acts about members, as they wait for the PIN.
TEAM = "team"


def team(visit: Visit) -> None:
    """List the members."""
    if not may(visit.owner.role, "roles"):
        visit.send(visit.say("only_owners"))
        return
    listed = members.listed(visit.tx)
    rows = [[visit.button(told(visit, one), TEAM, "show", one.number)] for one in listed]
    visit.answer(visit.say("team.head", n=texts.number(visit.language, len(listed))), rows)


def told(visit: Visit, one: Member) -> str:
    """Say who a member is, on one line: number, role, province, and until when."""
    parts = [
        visit.say("member", n=texts.number(visit.language, one.number)),
        visit.say("role." + one.role),
        *([visit.say("sector." + one.sector)] if one.sector else []),
        *([visit.say("province." + one.bound_to)] if one.bound_to else []),
    ]
    if one.until:
        parts.append(visit.say("team.until", day=day(visit.language, one.until)))
    return " · ".join(parts)


def day(language: str, moment: dt.datetime) -> str:
    """Write the day of a moment in Cambodia, day first."""
    return texts.number(language, f"{moment.astimezone(PHNOM_PENH):%d/%m/%Y}")


def tapped(visit: Visit) -> None:
    """Show a member, or do what a button says about them, once the PIN is typed."""
    assert visit.tap is not None
    if not may(visit.owner.role, "roles"):
        visit.toast(visit.say("only_owners"), alert=True)
        return
    visit.toast()
    act, *arguments = visit.tap.arguments
    if act == "list":
        team(visit)
    elif act == "show":
        show(visit, int(arguments[0]))
    elif act == "bind" and len(arguments) == 1:
        visit.answer(visit.say("invite.bound_to"), _provinces(visit, arguments[0]))
    elif act in ACTS and pin.is_proved(visit, TEAM, act, *arguments):
        perform(visit, act, *arguments)


def show(visit: Visit, number: int, said: str = "") -> None:
    """Show a member and what can be done about them."""
    one = members.by_number(visit.tx, number)
    if one is None:
        visit.answer(visit.say("team.gone"), [_back(visit)])
        return
    reads = members.reads_sensitive(visit.tx, one.respondent_id)
    left_out = {
        *(() if one.role == "staff" else ("bind",)),
        *(("reader", "no_reader") if one.role == "reporter" else ()),
        "reader" if reads else "no_reader",
    }
    acts = [act for act in ACTS if act not in left_out]
    rows: Keyboard = [
        [visit.button(visit.say("button.team_" + act), TEAM, act, number)] for act in acts
    ]
    text = "\n\n".join([*([said] if said else []), told(visit, one)])
    visit.answer(text, [*rows, _back(visit)])


def _back(visit: Visit) -> list[dict[str, str]]:
    return [visit.button(visit.say("button.team_list"), TEAM, "list")]


def _provinces(visit: Visit, number: str) -> Keyboard:
    named = [
        visit.button(visit.say("province." + name), TEAM, "bind", number, name)
        for name in links.PROVINCES.values()
    ]
    everywhere = visit.button(visit.say("invite.everywhere"), TEAM, "bind", number, EVERYWHERE)
    return [[everywhere], *grid(named, 2)]


def perform(visit: Visit, act: str, number: str, province: str = "") -> None:
    """Do an act about a member; say what became of it."""
    said = change(visit.tx, visit.owner.id, act, int(number), province)
    show(visit, int(number), visit.say("team." + said))


def change(tx: Transaction, actor: str, act: str, number: int, province: str = "") -> str:
    """Confirm, bind or end a role, or take a PIN away; return the key of what to say of it."""
    one = members.by_number(tx, number)
    if one is None:
        return "gone"
    if act == "end" and members.is_last_owner(tx, one.respondent_id):
        return "last_owner"
    if act == "reader" and not may(one.role, "dialogues"):
        return "only_staff_read"
    if act == "reader" and not members.name_reader(tx, one.respondent_id, named=True):
        return "readers_full"
    name, do = ACTS[act]
    do(tx, one, province)
    audit.record(tx, actor, name, one.respondent_id, **({"province": province} if province else {}))
    return "done_" + act


def confirm(tx: Transaction, one: Member, _: str) -> None:
    """Let a role last another 90 days."""
    members.confirm(tx, one.respondent_id)


def bind(tx: Transaction, one: Member, province: str) -> None:
    """Bind somebody to a province, or to none."""
    bound_to = None if province == EVERYWHERE else province
    members.grant(tx, one.respondent_id, one.role, bound_to)


def reset(tx: Transaction, one: Member, _: str) -> None:
    """Take a PIN away that was forgotten."""
    pins.reset(tx, one.respondent_id)


def name_reader(tx: Transaction, one: Member, _: str) -> None:
    """Let a member of staff read sensitive reports."""
    members.name_reader(tx, one.respondent_id, named=True)


def stop_reading(tx: Transaction, one: Member, _: str) -> None:
    """Let a member read no sensitive reports any more."""
    members.name_reader(tx, one.respondent_id, named=False)


def end(tx: Transaction, one: Member, _: str = "") -> None:
    """End a role: what is in the person's hands goes back, their menu becomes everybody's."""
    reviewing.let_go(tx, one.respondent_id)
    members.grant(tx, one.respondent_id, "respondent")
    pins.reset(tx, one.respondent_id)
    menus.take_from(tx, one.respondent_id)
    telling.tell(tx, one, texts.say(one.language, "team.ended"))


def end_terms(tx: Transaction) -> int:
    """End the roles whose time is over; the last owner's begins anew. Return how many."""
    over = members.ended(tx)
    for one in over:
        if one.role == "owner" and not members.owners(tx):
            members.confirm(tx, one.respondent_id)
            audit.record(tx, audit.CLOCK, "keep last owner", one.respondent_id)
        else:
            end(tx, one)
            audit.record(tx, audit.CLOCK, "end role", one.respondent_id)
    return len(over)


# What can be done about a member, in the order of the buttons: its name in the log, and how.
ACTS: dict[str, tuple[str, Callable[[Transaction, Member, str], None]]] = {
    "confirm": ("confirm role", confirm),
    "bind": ("bind role", bind),
    "pin": ("reset PIN", reset),
    "reader": ("name reader", name_reader),
    "no_reader": ("end reading", stop_reading),
    "end": ("end role", end),
}
