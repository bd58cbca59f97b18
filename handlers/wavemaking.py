"""A wave made by taps: form, where, who, from when, how long, linked or a ballot box; then what it
would be, narrowed and with targets as one likes, and making it.

Every button carries what was chosen so far, so that nothing is kept before the wave is made.
"""

import datetime as dt
from dataclasses import dataclass

from handlers import links, narrowing, offering, quiet, texts, wave_changes, wavetexts
from handlers.layout import grid
from handlers.visit import Button, Keyboard, Visit
from storage import forms, waves
from surveys import quota
from surveys.ballot import takes
from surveys.respondent import SECTORS
from surveys.wave import Audience, Reminding

# In the 64 bytes of a button's data there is no room for words.
ALL = "a"
OPENS = {"n": "now", "t": "next"}
KINDS = {"l": "linked", "b": "ballot"}
WEEKS = ("1", "2", "4")


def ask(visit: Visit, *chosen: str) -> None:
    """Ask for what isn't chosen yet; with all of it, say what the wave would be."""
    if len(chosen) < len(STEPS):
        _ask_next(visit, *chosen)
        return
    steps, rest = chosen[: len(STEPS)], chosen[len(STEPS) :]
    wish = rest[0] if rest else narrowing.NOTHING
    if len(rest) > 1:
        text, rows = narrowing.menu(visit, wish, rest[1])
        buttons = [[_button(visit, label, *steps, *then)] for label, then in rows]
        visit.answer(text, [*buttons, _leave(visit)])
    else:
        _tell_plan(visit, _read(visit, wish, *steps), *steps, wish)


def _ask_next(visit: Visit, *chosen: str) -> None:
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
    codes = [code for code, name in links.PROVINCES.items() if bound in {None, name}]
    named = [
        _button(visit, visit.say("province." + links.PROVINCES[code]), *chosen, code)
        for code in codes
    ]
    everywhere = [_button(visit, visit.say("invite.everywhere"), *chosen, ALL)]
    return [*([] if bound else [everywhere]), *grid(named, 2)]


def _sectors(visit: Visit, *chosen: str) -> Keyboard:
    everybody = _button(visit, visit.say("wave.everybody"), *chosen, ALL)
    named = [
        _button(visit, visit.say("sector." + name), *chosen, at) for at, name in enumerate(SECTORS)
    ]
    return [[one] for one in (everybody, *named)]


def _openings(visit: Visit, *chosen: str) -> Keyboard:
    return [
        [_button(visit, visit.say("wave.opens_" + at), *chosen, code)] for code, at in OPENS.items()
    ]


def _weeks(visit: Visit, *chosen: str) -> Keyboard:
    return [
        [_button(visit, visit.say("wave.weeks", n=texts.number(visit.language, n)), *chosen, n)]
        for n in WEEKS
    ]


def _kinds(visit: Visit, *chosen: str) -> Keyboard:
    codes = KINDS if _takes_ballots(visit, *chosen) else ("l",)
    return [
        [_button(visit, visit.say("button.wave_" + KINDS[code]), *chosen, code)] for code in codes
    ]


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a wave."""

    version_id: int
    audience: Audience
    opens_at: dt.datetime
    closes_at: dt.datetime
    is_ballot: bool
    grid: tuple[quota.Quota, ...]


def _read(visit: Visit, wish: str, *steps: str) -> Chosen:
    """Return what was chosen; whoever is bound to a province stays in it."""
    version_id, place, sector, opens, weeks, kind = steps
    where = visit.owner.bound_to or links.PROVINCES.get(place)
    who = None if sector == ALL else SECTORS[int(sector)]
    opens_at = visit.tx.now if OPENS[opens] == "now" else quiet.tomorrow(visit.tx.now)
    return Chosen(
        int(version_id),
        narrowing.audience(visit.tx, Audience(province=where, sector=who), wish),
        opens_at,
        opens_at + dt.timedelta(weeks=int(weeks)),
        KINDS[kind] == "ballot" and _takes_ballots(visit, version_id),
        narrowing.targets(where, wish),
    )


def _tell_plan(visit: Visit, wanted: Chosen, *chosen: str) -> None:
    """Say how many people and messages it would be, and until when."""
    audience, version_id = wanted.audience, wanted.version_id
    plan = wave_changes.plan(visit.tx, version_id, audience, wanted.opens_at, Reminding().most)
    form = forms.by_id(visit.tx, version_id).form
    text = visit.say(
        "wave.plan",
        form=offering.title(visit.language, form),
        whom=wavetexts.whom(visit, audience),
        span=wavetexts.span(visit, wanted.opens_at, wanted.closes_at),
        people=wavetexts.number(visit, audience, plan.people),
        minutes=texts.number(visit.language, plan.minutes),
        last=wavetexts.moment(visit, plan.last_at),
    )
    parts = [text, narrowing.told(visit, chosen[-1])]
    parts += [visit.say("ballot.staff_price")] if wanted.is_ballot else []
    acts = [
        visit.button(visit.say("button.wave_make"), "waves", "make", *chosen),
        _button(visit, visit.say("button.wave_narrow"), *chosen, narrowing.ALL),
        _button(visit, visit.say("button.wave_targets"), *chosen, narrowing.TARGETS),
    ]
    rows = [*([act] for act in acts), _leave(visit)]
    visit.answer("\n\n".join(filter(None, parts)), rows)


def make(visit: Visit, *chosen: str) -> int:
    """Make the wave; a second member releases it. Return its number."""
    *steps, wish = chosen
    wanted = _read(visit, wish, *steps)
    made = wave_changes.create(
        visit.tx,
        visit.owner.id,
        wanted.version_id,
        wanted.audience,
        wanted.opens_at,
        wanted.closes_at,
        Reminding(),
        is_ballot=wanted.is_ballot,
        grid=wanted.grid,
    )
    return made.id
