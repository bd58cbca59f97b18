"""The quarter itself: every act at its time, and the clock's own work each morning."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.demonstration import citizens, dialogues, staff
from bot.demonstration.acts import Act, moment
from bot.demonstration.chance import Chance
from bot.demonstration.filling import updates
from bot.demonstration.people import Person
from bot.demonstration.staff import Staff
from bot.demonstration.story import Story
from bot.demonstration.teams import Teams, teams
from handlers import fielding, reminding, team
from handlers.quiet import PHNOM_PENH
from storage import members, outbox, subscriptions
from storage.store import Store, Transaction
from surveys.respondent import may

RATE = 25.0
LANES = (outbox.REPLIES, outbox.REMINDERS, outbox.BROADCASTS)
# Until the roles are over that were given when it began.
FIRST, LAST = moment(1, 2, 7), moment(4, 6, 18)
# When the page begins: the quarter isn't closed yet, and the Forum is still to come.
MORNING_AFTER = moment(4, 7)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Turned:
    """A clock that shows the moment of the quarter that is being told."""

    now: dt.datetime = FIRST

    def __call__(self) -> dt.datetime:
        """Return the moment."""
        return self.now.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the quarter."""

    staff: Staff
    teams: Teams
    citizens: list[Person]

    def known(self, kind: str) -> Person:
        """Return whoever somebody is who comes back to the page: by what it calls them."""
        return {
            "citizen": next(p for p in self.citizens if p.province == "siem_reap"),
            "reporter": self.teams.of("siem_reap")[-1],
            "official": self.teams.officials[0],
            "staff": self.staff.officer,
            "owner": self.staff.owner,
        }[kind]


def tell(
    store: Store, clock: Turned, bot_id: int, seed: str, progress: Progress,
    known: Mapping[str, int] | None = None,
) -> Cast:  # fmt: skip
    """Let the quarter happen; `known` are Telegram's ids of people who come back, by kind."""
    chance, source = Chance(seed), updates(bot_id)
    cast = Cast(staff.staff(), teams(chance), citizens.crowd(chance))
    for kind, telegram_id in (known or {}).items():
        cast.known(kind).telegram_id = telegram_id
    acts = [
        *staff.acts(cast.staff, bot_id, cast.teams.members),
        *Story(chance, source, cast.teams).acts(),
        *dialogues.acts(source, cast.staff, cast.teams),
        *citizens.acts(chance, source, cast.citizens),
        Act(moment(4, 1), lambda tx: stay(tx, cast, known or {})),
        *_mornings(bot_id),
    ]
    days = _by_day(acts)
    for at, (day, of_day) in enumerate(days, 1):
        clock.now = day
        store.run(_happen, of_day)
        progress(at, len(days))
    return cast


def stay(tx: Transaction, cast: Cast, known: Iterable[str]) -> None:
    """Let the members who come back keep their roles for another term; staff get their cards."""
    for person in map(cast.known, known):
        if person.role != "respondent":
            members.confirm(tx, person.id)
        if may(person.role, "numbers"):
            subscriptions.add(tx, person.id, "card", "day")


def _by_day(acts: Iterable[Act]) -> list[tuple[dt.datetime, list[Act]]]:
    ordered = sorted(acts, key=lambda act: act.at)
    days = itertools.groupby(ordered, lambda act: act.at.astimezone(PHNOM_PENH).date())
    return [(found[0].at, found) for found in (list(group) for _, group in days)]


def _happen(tx: Transaction, acts: Iterable[Act]) -> None:
    """Let the acts of a day happen, each at its moment, in one transaction."""
    for act in acts:
        act.do(replace(tx, now=act.at.astimezone(dt.UTC)))


def _mornings(bot_id: int) -> Iterator[Act]:
    """Yield what the clock does, once each morning."""
    day = FIRST.replace(hour=9, minute=30)
    while day <= LAST:
        yield Act(day, lambda tx: _morning(tx, bot_id))
        day += dt.timedelta(days=1)


def _morning(tx: Transaction, bot_id: int) -> None:
    """Do what the clock does all day: waves, invitations, reminders; and send what it promised."""
    fielding.turn(tx, RATE)
    while fielding.plan(tx) or fielding.invite(tx) or reminding.plan(tx):
        pass
    remind(tx, bot_id)
    team.end_terms(tx)
    _send(tx)
    fielding.turn(tx, RATE)
    remind(tx, bot_id)


def remind(tx: Transaction, bot_id: int) -> None:
    """Promise every reminder that is due."""
    if reminding.room(tx):
        while reminding.promise(tx, bot_id):
            pass


def _send(tx: Transaction) -> None:
    """Let everything that was promised be at Telegram, which isn't asked."""
    for lane in LANES:
        while promises := outbox.claim(tx, lane):
            for one in promises:
                outbox.sent(tx, one.id, one.id)
