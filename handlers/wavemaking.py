"""A wave made by taps: form, where, who, from when, how long, linked or a ballot box;
then what it would be, and making it.

Every button carries what was chosen so far, so that nothing is kept before the wave is made.
"""

import datetime as dt

from handlers import links, offering, quiet, texts, wave_changes, wavetexts
from handlers.layout import grid
from handlers.visit import Button, Keyboard, Visit
from storage import forms, waves
from surveys.ballot import takes
from surveys.respondent import SECTORS
from surveys.wave import Audience, Reminding

ALL = "all"
NOW, TOMORROW = "now", "next"
LINKED, BALLOT = "linked", "ballot"
WEEKS = ("1", "2", "4")


def ask(visit: Visit, *chosen: str) -> None:
    """Ask for what isn't chosen yet; with all of it, say what the wave would be."""
    if len(chosen) == len(STEPS):
        _tell_plan(visit, *chosen)
        return
    key, buttons_of = STEPS[len(chosen)]
    text = visit.say("wave.ask_" + key)
    if key == "kind" and not _takes_ballots(visit, *chosen):
        text += "\n\n" + visit.say("wave.no_ballots")
    visit.answer(text, [*buttons_of(visit, *chosen), _leave(visit)])


def _button(visit: Visit, label: str, *chosen: object) -> Button:
    return visit.button(label, "waves", "new", *chosen)


def _leave(visit: Visit) -> list[Button]:
    return [visit.button(visit.say("button.cancel"), "waves", "list")]


def _forms(visit: Visit) -> Keyboard:
    found = [forms.by_id(visit.tx, at) for at in waves.forms_to_put(visit.tx)]
    return [[_button(visit, offering.title(visit.language, one.form), one.id)] for one in found]


def _provinces(visit: Visit, *chosen: str) -> Keyboard:
    bound = visit.owner.bound_to
    names = [bound] if bound else links.PROVINCES.values()
    named = [_button(visit, visit.say("province." + name), *chosen, name) for name in names]
    everywhere = [_button(visit, visit.say("invite.everywhere"), *chosen, ALL)]
    return [*([] if bound else [everywhere]), *grid(named, 2)]


def _sectors(visit: Visit, *chosen: str) -> Keyboard:
    everybody = _button(visit, visit.say("wave.everybody"), *chosen, ALL)
    named = [_button(visit, visit.say("sector." + name), *chosen, name) for name in SECTORS]
    return [[one] for one in (everybody, *named)]


def _openings(visit: Visit, *chosen: str) -> Keyboard:
    return [[_button(visit, visit.say("wave.opens_" + at), *chosen, at)] for at in (NOW, TOMORROW)]


def _weeks(visit: Visit, *chosen: str) -> Keyboard:
    return [
        [_button(visit, visit.say("wave.weeks", n=texts.number(visit.language, n)), *chosen, n)]
        for n in WEEKS
    ]


def _kinds(visit: Visit, *chosen: str) -> Keyboard:
    kinds = (LINKED, BALLOT) if _takes_ballots(visit, *chosen) else (LINKED,)
    return [[_button(visit, visit.say("button.wave_" + kind), *chosen, kind)] for kind in kinds]


def _takes_ballots(visit: Visit, version_id: str, *_: str) -> bool:
    return takes(forms.by_id(visit.tx, int(version_id)).form)


STEPS = (
    ("form", _forms),
    ("where", _provinces),
    ("whom", _sectors),
    ("opens", _openings),
    ("closes", _weeks),
    ("kind", _kinds),
)


def _read(
    visit: Visit, province: str, sector: str, at: str, weeks: str, _: str = LINKED
) -> tuple[Audience, dt.datetime, dt.datetime]:
    """Return what was chosen; whoever is bound to a province stays in it."""
    where = visit.owner.bound_to or (None if province == ALL else province)
    audience = Audience(province=where, sector=None if sector == ALL else sector)
    opens_at = visit.tx.now if at == NOW else quiet.tomorrow(visit.tx.now)
    return audience, opens_at, opens_at + dt.timedelta(weeks=int(weeks))


def _tell_plan(visit: Visit, version_id: str, *chosen: str) -> None:
    """Say how many people and messages it would be, and until when."""
    audience, opens_at, closes_at = _read(visit, *chosen)
    plan = wave_changes.plan(visit.tx, int(version_id), audience, opens_at, Reminding().most)
    form = forms.by_id(visit.tx, int(version_id)).form
    text = visit.say(
        "wave.plan",
        form=offering.title(visit.language, form),
        whom=wavetexts.whom(visit, audience),
        span=wavetexts.span(visit, opens_at, closes_at),
        people=wavetexts.number(visit, audience, plan.people),
        minutes=texts.number(visit.language, plan.minutes),
        last=wavetexts.moment(visit, plan.last_at),
    )
    if chosen[-1] == BALLOT:
        text += "\n\n" + visit.say("ballot.staff_price")
    make = visit.button(visit.say("button.wave_make"), "waves", "make", version_id, *chosen)
    visit.answer(text, [[make], _leave(visit)])


def make(visit: Visit, version_id: str, *chosen: str) -> int:
    """Make the wave; a second member releases it. Return its number."""
    audience, opens_at, closes_at = _read(visit, *chosen)
    is_ballot = chosen[-1] == BALLOT and _takes_ballots(visit, version_id)
    made = wave_changes.create(
        visit.tx,
        visit.owner.id,
        int(version_id),
        audience,
        opens_at,
        closes_at,
        Reminding(),
        is_ballot=is_ballot,
    )
    return made.id
