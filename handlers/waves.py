"""/waves: staff see how each wave stands, release what others made, pause, extend and close.

Whoever is bound to a province sees only its waves. Numbers of a part of the people are rounded.
"""

from handlers import holding, pin, texts, wave_changes, wavemaking, wavetexts
from handlers.visit import Button, Keyboard, Visit
from handlers.wavetexts import named, number, told
from storage import ballots, forms, wave_people, waves
from storage.waves import Wave
from surveys.ballot import FEWEST
from surveys.respondent import may

# What staff do about waves, as their buttons and the PIN name it.
WAVES = "waves"
MOST = 10
WEEKS = (1, 2, 4)


def show_all(visit: Visit) -> None:
    """List the waves, newest first."""
    if not may(visit.owner.role, WAVES):
        visit.send(visit.say("only_staff"))
        return
    listed = [one for one in waves.listed(visit.tx) if is_theirs(visit, one)]
    rows = [[visit.button(named(visit, one), WAVES, "show", one.id)] for one in listed[:MOST]]
    rows.append([visit.button(visit.say("button.wave_new"), WAVES, "new")])
    rows.append([visit.button(visit.say("button.provinces"), WAVES, "provinces")])
    visit.answer(visit.say("wave.head", n=texts.number(visit.language, len(listed))), rows)


def is_theirs(visit: Visit, one: Wave) -> bool:
    """Tell whether a wave is any business of whoever looks."""
    return visit.owner.bound_to in {None, one.audience.province}


def tapped(visit: Visit) -> None:
    """Show a wave, make one, or do something to one; to release, the PIN is asked."""
    assert visit.tap is not None
    if not may(visit.owner.role, WAVES):
        visit.toast(visit.say("only_staff"), alert=True)
        return
    visit.toast()
    act, *chosen = visit.tap.arguments
    if act == "list":
        show_all(visit)
    elif act == "new":
        wavemaking.ask(visit, *chosen)
    elif act == "provinces":
        holding.show(visit)
    elif act == "province":
        holding.perform(visit, *chosen)
    elif act == "make":
        show(visit, wavemaking.make(visit, *chosen), visit.say("wave.made"))
    elif act == "show":
        show(visit, int(chosen[0]))
    elif act == "extend" and len(chosen) == 1:
        _ask_weeks(visit, chosen[0])
    elif act != "release" or pin.is_proved(visit, WAVES, act, *chosen):
        perform(visit, act, *chosen)


def perform(visit: Visit, act: str, number: str, weeks: str = "0") -> None:
    """Do something to a wave; say what became of it."""
    one = waves.find(visit.tx, int(number))
    if one is None or not is_theirs(visit, one):
        visit.answer(visit.say("wave.gone"), [_back(visit)])
        return
    said = wave_changes.change(visit.tx, visit.owner.id, act, one.id, int(weeks))
    is_box_closed = one.is_ballot and said == "done_close"
    show(visit, one.id, visit.say("ballot.closed" if is_box_closed else "wave." + said))


def show(visit: Visit, number: int, said: str = "") -> None:
    """Show a wave, how it stands, and what can be done."""
    one = waves.find(visit.tx, number)
    if one is None or not is_theirs(visit, one):
        visit.answer(visit.say("wave.gone"), [_back(visit)])
        return
    parts = [said, told(visit, one), *_standing(visit, one)]
    visit.answer("\n\n".join(filter(None, parts)), [*_buttons(visit, one), _back(visit)])


def _standing(visit: Visit, one: Wave) -> list[str]:
    """Say how many people stand where, blank for what there isn't; nothing before it opened."""
    if one.status == "draft":
        return []
    questions = len(forms.by_id(visit.tx, one.form_version_id).form.asked)
    counts = wave_people.standing(visit.tx, one, questions)
    counts = {"people": sum(counts.values()), **counts}
    lines = [
        visit.say(
            "labelled", name=visit.say("wave.is_" + name), value=number(visit, one.audience, n)
        )
        for name, n in counts.items()
    ]
    return [
        "\n".join(lines),
        *_counted(visit, one),
        wavetexts.quotas_told(visit, one),
    ]


def _counted(visit: Visit, one: Wave) -> list[str]:
    """Say how many ballots of a box are counted, and why the others aren't."""
    if not one.is_ballot:
        return []
    counted = ballots.number(visit.tx, one.id)
    if one.status == "closed" and counted + ballots.waiting(visit.tx, one.id) < FEWEST:
        return [visit.say("ballot.too_few", n=texts.number(visit.language, FEWEST))]
    return [visit.say("ballot.counted", n=number(visit, one.audience, counted))]


def _buttons(visit: Visit, one: Wave) -> Keyboard:
    acts = [act for act, holds in _possible(visit, one).items() if holds]
    return [[visit.button(visit.say("button.wave_" + act), WAVES, act, one.id)] for act in acts]


def _possible(visit: Visit, one: Wave) -> dict[str, bool]:
    actor, runs = visit.owner.id, one.status in {"open", "paused"}
    wants_more = runs and one.extend_to is not None
    return {
        "release": (one.waits and actor != one.created_by)
        or (wants_more and actor != one.extend_by),
        "pause": one.status == "open",
        "resume": one.status == "paused",
        "extend": runs and not wants_more,
        "close": one.status != "closed",
    }


def _ask_weeks(visit: Visit, number: str) -> None:
    row = [_weeks(visit, weeks, "extend", number) for weeks in WEEKS]
    visit.answer(visit.say("wave.how_much_longer"), [*([one] for one in row), _back(visit)])


def _weeks(visit: Visit, weeks: int, *arguments: str) -> Button:
    label = visit.say("wave.weeks", n=texts.number(visit.language, weeks))
    return visit.button(label, WAVES, *arguments, weeks)


def _back(visit: Visit) -> list[Button]:
    return [visit.button(visit.say("button.wave_list"), WAVES, "list")]
