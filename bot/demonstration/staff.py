"""What the project's staff do in the quarter: a wave, texts read, a figure released."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.demonstration.acts import Act, moment
from bot.demonstration.people import NOBODY, Person, arrive
from bot.demonstration.teams import organisations
from handlers import wave_changes
from storage import audit, forms, readings, wave_people, waves
from storage import organisations as known_organisations
from storage.store import Transaction
from surveys.wave import Audience, Reminding

FORM = "cso_interview"
# So many free texts are left to whoever looks at the data.
LEFT_UNREAD = 12


@dataclass(frozen=True, slots=True)
class Staff:
    """An owner, the M&E officer, and whoever releases what the officer makes."""

    owner: Person
    officer: Person
    second: Person


def staff() -> Staff:
    """Return the staff."""
    ids = range(NOBODY + 200, NOBODY + 203)
    owner, officer, second = (Person(at, sector=None, role="staff") for at in ids)
    owner.role, second.language = "owner", "en"
    return Staff(owner, officer, second)


def acts(of: Staff, bot_id: int, members: Sequence[Person]) -> Iterator[Act]:
    """Yield what the staff do."""
    for minute, person in enumerate((of.owner, of.officer, of.second)):
        yield Act(moment(1, 2, 8, minute), _arrives(bot_id, person))
    yield Act(moment(1, 2, 9), _add_organisations)
    yield Act(moment(3, 11, 10), lambda tx: _make_wave(tx, of.officer))
    yield Act(moment(3, 11, 16), lambda tx: _release_wave(tx, of.second))
    yield Act(moment(3, 17, 12), lambda tx: _declines(tx, members[-1]))
    yield Act(moment(3, 31, 15), _read)
    yield Act(moment(3, 31, 16), lambda tx: _release_figure(tx, of.officer))


def _arrives(bot_id: int, person: Person) -> Callable[[Transaction], None]:
    return lambda tx: arrive(tx, bot_id, person)


def _add_organisations(tx: Transaction) -> None:
    for code, names in organisations().items():
        known_organisations.add(tx, code, *names)


def _make_wave(tx: Transaction, officer: Person) -> None:
    published = forms.newest(tx, FORM)
    assert published is not None
    span = moment(3, 14, 9), moment(3, 28, 18)
    wave_changes.create(
        tx, officer.id, published.id, Audience(sector="cso"), *span, Reminding(after=72, most=1)
    )


def _release_wave(tx: Transaction, second: Person) -> None:
    [one] = waves.listed(tx)
    assert wave_changes.release(tx, second.id, one) == ""


def _declines(tx: Transaction, member: Person) -> None:
    [one] = waves.listed(tx)
    wave_people.decline(tx, one.id, member.id)


def _read(tx: Transaction) -> None:
    """Read the free texts of the quarter but for the last; none of them names anybody."""
    for _ in range(max(0, readings.count(tx) - LEFT_UNREAD)):
        text = readings.oldest(tx)
        assert text is not None
        readings.mark(tx, text.id, hidden=False)


def _release_figure(tx: Transaction, officer: Person) -> None:
    """Let a figure be published that stands on fewer people than the closed group has."""
    audit.record(
        tx, officer.id, "release figure", "1.a", quarter="2022-Q1", percent=80, numerator=8,
        denominator=10, population=12,
        reason="Published in the Quarterly Newsletter; two of the twelve weren't interviewed.",
    )  # fmt: skip
