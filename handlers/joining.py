"""Which wave an interview is of, when somebody begins a form."""

from storage import wave_people, waves
from storage.store import Transaction


def wave_of(tx: Transaction, person_id: str, form_version_id: int) -> int | None:
    """Return the open wave of a form version whose audience a person is of; they are in it now."""
    for row in waves.open_of(tx, form_version_id):
        is_first = not wave_people.is_answering(tx, row.id, person_id)
        if is_first and wave_people.belongs(tx, row, person_id):
            wave_people.join(tx, row.id, person_id)
            return int(row.id)
    return None
