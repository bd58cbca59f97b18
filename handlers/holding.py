"""A province paused by staff: nobody there is written to unasked until it is resumed."""

from handlers import links
from handlers.visit import Visit
from storage import audit, provinces
from storage.store import Transaction

# What is done to a province, as buttons, the command line and the log name it.
PAUSE, RESUME = "pause", "resume"
ACTS = {PAUSE: "pause province", RESUME: "resume province"}


def change(tx: Transaction, actor: str, act: str, province: str) -> bool:
    """Pause a province or resume it; False where it is so already."""
    done = {PAUSE: provinces.pause, RESUME: provinces.resume}[act](tx, province)
    if done:
        audit.record(tx, actor, ACTS[act], province)
    return done


def show(visit: Visit, said: str = "") -> None:
    """Show which provinces are paused, with a button for each to change that."""
    bound, paused = visit.owner.bound_to, provinces.paused(visit.tx)
    theirs = [name for name in links.PROVINCES.values() if bound in {None, name}]
    rows = []
    for name in theirs:
        act = RESUME if name in paused else PAUSE
        place = visit.say("province." + name)
        label = visit.say("button.province_" + act, province=place)
        rows.append([visit.button(label, "waves", "province", act, name)])
    rows.append([visit.button(visit.say("button.wave_list"), "waves", "list")])
    visit.answer("\n\n".join(filter(None, (said, visit.say("province_paused.ask")))), rows)


def perform(visit: Visit, act: str, province: str) -> None:
    """Pause or resume a province, as far as it is any business of whoever asks."""
    if visit.owner.bound_to in {None, province}:
        change(visit.tx, visit.owner.id, act, province)
    show(visit, visit.say("province_paused." + act, province=visit.say("province." + province)))
