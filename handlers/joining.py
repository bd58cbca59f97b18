"""Which wave an interview is of, when somebody begins a form."""

from handlers.visit import Visit
from storage import wave_people, waves


def wave_of(visit: Visit, form_version_id: int) -> int | None:
    """Return the open wave of a form version whose audience a person is of; they are in it now."""
    for row in waves.open_of(visit.tx, form_version_id):
        is_first = not wave_people.is_answering(visit.tx, row.id, visit.person.id)
        if is_first and wave_people.belongs(visit.tx, row, visit.person.id):
            wave_people.join(visit.tx, row.id, visit.person.id)
            return int(row.id)
    return None
