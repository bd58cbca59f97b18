"""What waits for the PIN, by name: done as soon as it was typed (handlers/pin.py)."""

from collections.abc import Callable

from handlers import dialogues, exporting, inviting, letters, pin, rights, sensitive, team, waves
from handlers.visit import Visit
from surveys.respondent import may

# The act and what it takes, and which act of surveys/respondent.py it is.
GUARDED: dict[str, tuple[str, Callable[..., None]]] = {
    exporting.EXPORT: ("export", exporting.begin),
    inviting.INVITE: ("invite", inviting.make),
    team.TEAM: ("roles", team.perform),
    waves.WAVES: ("waves", waves.perform),
    dialogues.DIALOGUES: ("dialogues", dialogues.perform),
    sensitive.SENSITIVE: ("dialogues", sensitive.show),
    letters.ERASE: ("inbox", letters.drop),
    rights.FORGET: ("ask", rights.erase),
}


def typed(visit: Visit) -> None:
    """Take what was typed as the PIN; where it is right, do what waited for it."""
    wanted = pin.take(visit)
    if wanted is None:
        return
    act, do = GUARDED[wanted["act"]]
    # The role may have ended meanwhile.
    if may(visit.owner.role, act):
        do(visit, *wanted["arguments"])
