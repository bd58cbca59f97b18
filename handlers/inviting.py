"""/invite: a link that gives a role once, or opens the bot for citizens, as text and QR picture.

The open link comes as a poster too.
"""

from collections.abc import Callable

from handlers import links, offering, pin, quiet, texts
from handlers.layout import grid
from handlers.posters import POSTER
from handlers.visit import Button, Keyboard, Visit
from storage import facts, forms, invitations, jobs, organisations
from surveys.language import EN, KM
from surveys.respondent import Role, Sector, may

# What can be invited: by which act, as which role, in which sector.
KINDS: dict[str, tuple[str, Role, Sector | None]] = {
    "cso": ("invite", "reporter", "cso"),
    "gov": ("invite", "reporter", "gov"),
    "staff": ("roles", "staff", None),
    "owner": ("roles", "owner", None),
}
# Who may be of an organisation.
OF_ORGANISATIONS = frozenset({"cso", "gov"})
CITIZEN = "citizen"
ALL, TODAY = "all", "today"
# The act of making an invitation, as it waits for the PIN.
INVITE = "invite"


def invite(visit: Visit) -> None:
    """Ask whom to invite."""
    if not may(visit.owner.role, "invite"):
        visit.send(visit.say("only_staff"))
        return
    kinds = [kind for kind, (act, *_) in KINDS.items() if may(visit.owner.role, act)]
    rows = [[_button(visit, "invite." + kind, kind)] for kind in (*kinds, CITIZEN)]
    visit.send(visit.say("invite.whom"), rows)


def tapped(visit: Visit) -> None:
    """Go on to what else is to be chosen, or make the invitation."""
    assert visit.tap is not None
    kind, *chosen = visit.tap.arguments
    act = KINDS[kind][0] if kind in KINDS else "invite"
    if not may(visit.owner.role, act):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    if kind == CITIZEN:
        _citizens(visit, chosen)
    elif kind == "staff" and not chosen:
        visit.answer(visit.say("invite.bound_to"), _provinces(visit, kind))
    elif kind in OF_ORGANISATIONS and not chosen and organisations.listed(visit.tx):
        visit.answer(visit.say("invite.organisation"), _organisations(visit, kind))
    elif pin.is_proved(visit, INVITE, kind, *chosen):
        make(visit, kind, *chosen)


def _citizens(visit: Visit, chosen: list[str]) -> None:
    if len(chosen) == len(STEPS):
        open_door(visit, *chosen)
        return
    key, buttons_of = STEPS[len(chosen)]
    visit.answer(visit.say(key), buttons_of(visit, *chosen))


def make(visit: Visit, kind: str, chosen: str = ALL) -> None:
    """Make an invitation; only who has its link or its picture can use it.

    What was chosen binds staff to a province, and says of whom else which organisation they are of.
    """
    _, role, sector = KINDS[kind]
    is_of = kind in OF_ORGANISATIONS and chosen != ALL
    found = organisations.by_id(visit.tx, int(chosen)) if is_of else None
    bound_to = chosen if chosen != ALL and not is_of else None
    code = found.code if found else None
    token = invitations.create(visit.tx, role, sector, bound_to, visit.owner.id, code)
    parts = [
        visit.say("invite." + kind),
        *([visit.say("province." + bound_to)] if bound_to else []),
        *([found.name(visit.language)] if found else []),
    ]
    whom = " · ".join(parts)
    visit.send_qr(_link(visit, links.payload(token)), visit.say("invite.made", whom=whom))


def open_door(visit: Visit, province: str, version_id: str, language: str, event: str) -> None:
    """Show the link by which any number of citizens come to a survey; its poster follows."""
    form = forms.by_id(visit.tx, int(version_id)).form
    payload = links.open_payload(
        None if province == ALL else province,
        form.form_id,
        None if language == ALL else language,
        links.event_of(quiet.local(visit.tx.now)) if event == TODAY else None,
    )
    name = offering.title(visit.language, form)
    if len(payload) > links.LONGEST:
        visit.answer(visit.say("invite.too_long", form=name))
        return
    told = visit.send_qr(_link(visit, payload), visit.say("invite.open", form=name))
    jobs.add(visit.tx, visit.owner.id, POSTER, payload, told)


def _link(visit: Visit, payload: str) -> str:
    return links.to(facts.read(visit.tx, "username") or links.NAMELESS, payload)


def _button(visit: Visit, key: str, *arguments: str) -> Button:
    return visit.button(visit.say(key), "invite", *arguments)


def _provinces(visit: Visit, kind: str = CITIZEN) -> Keyboard:
    named = [_button(visit, f"province.{name}", kind, name) for name in links.PROVINCES.values()]
    return [[_button(visit, "invite.everywhere", kind, ALL)], *grid(named, 2)]


def _organisations(visit: Visit, kind: str) -> Keyboard:
    named = [
        [visit.button(one.name(visit.language), INVITE, kind, one.id)]
        for one in organisations.listed(visit.tx)
    ]
    return [[_button(visit, "invite.no_organisation", kind, ALL)], *named]


def _forms(visit: Visit, *chosen: str) -> Keyboard:
    published = offering.newest(visit.tx, offering.put(visit.tx))
    return [
        [_named(visit, offering.title(visit.language, one.form), *chosen, one.id)]
        for one in published
    ]


def _languages(visit: Visit, *chosen: str) -> Keyboard:
    asked = [_named(visit, visit.say("invite.any_language"), *chosen, ALL)]
    return [asked, *([_named(visit, texts.LANGUAGE_NAMES[c], *chosen, c)] for c in (KM, EN))]


def _events(visit: Visit, *chosen: str) -> Keyboard:
    keys = {ALL: "invite.no_event", TODAY: "invite.event_today"}
    return [[_named(visit, visit.say(key), *chosen, name)] for name, key in keys.items()]


def _named(visit: Visit, label: str, *chosen: object) -> Button:
    return visit.button(label, INVITE, CITIZEN, *chosen)


# What is chosen of an open link, one after the other.
STEPS: tuple[tuple[str, Callable[..., Keyboard]], ...] = (
    ("invite.where", _provinces),
    ("invite.which_form", _forms),
    ("invite.which_language", _languages),
    ("invite.which_event", _events),
)
