"""Which wave an interview is of, when somebody begins a form."""

from dataclasses import dataclass

from handlers.visit import Visit
from storage import wave_people, waves


@dataclass(frozen=True, slots=True)
class Joined:
    """A wave that somebody is in, and whether it is a ballot box."""

    wave_id: int
    is_ballot: bool


def wave_of(visit: Visit, form_version_id: int) -> Joined | None:
    """Return the open wave of a form version whose audience a person is of; they are in it now.

    Whoever is helped answers aloud, which no ballot box makes secret.
    """
    for row in waves.open_of(visit.tx, form_version_id):
        is_theirs = not (row.ballot and visit.is_helped)
        is_first = not wave_people.is_answering(visit.tx, row.id, visit.person.id)
        if is_theirs and is_first and wave_people.belongs(visit.tx, row, visit.person.id):
            wave_people.join(visit.tx, row.id, visit.person.id)
            return Joined(row.id, bool(row.ballot))
    return None
