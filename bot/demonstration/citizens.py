"""The citizens of the demonstration: who they are, what matters to them, who leaves it halfway."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from bot.demonstration.acts import Act, by_day, moment
from bot.demonstration.chance import Chance
from bot.demonstration.filling import Updates, fill, introduce, tell_more
from bot.demonstration.people import NOBODY, Person, arrive, refuse
from bot.demonstration.sentences import say
from storage import interviews, outbox, respondents
from storage.store import Transaction

FORM, EXPERIENCE = "citizen_interests", "dialogue_experience"
HOW_MANY, WHO_REFUSE = 500, 18
DAYS = 82
LIVE = {"siem_reap": 32, "kampong_cham": 30, "kampot": 22, "ratanakiri": 16}
SEXES = {"f": 54, "m": 43, "o": 1, "na": 2}
AGES = {"18_24": 22, "25_34": 30, "35_44": 22, "45_59": 17, "60_up": 8, "na": 1}
GROUPS = {
    "ratanakiri": {"khmer": 45, "tampuan": 20, "jarai": 14, "kreung": 12, "brao": 6, "kavet": 3},
    "kampong_cham": {"khmer": 86, "cham": 13, "na": 1},
}
KHMER = {"khmer": 97, "other": 1, "na": 2}
MATTERS = {
    "siem_reap": {"waste": 22, "road": 18, "jobs": 18, "water": 14, "services": 10, "school": 9},
    "ratanakiri": {"road": 24, "water": 20, "forest": 18, "health": 14, "school": 14},
    "kampot": {"water": 22, "agriculture": 20, "road": 16, "electricity": 12, "waste": 10},
    "kampong_cham": {"road": 22, "agriculture": 18, "health": 16, "school": 14, "services": 12},
}
EXTENT = {
    "not_at_all": 14, "very_little": 24, "some": 30, "a_lot": 16, "great_deal": 6,
    "dont_know": 6, "no_answer": 4,
}  # fmt: skip
AGREE = {"5": 18, "4": 40, "3": 20, "2": 12, "1": 4, "dont_know": 4, "no_answer": 2}
# The days of the dialogues, and what they are called in the links on the wall.
DIALOGUES = {
    "siem_reap": (2, 16), "ratanakiri": (2, 23), "kampot": (3, 2), "kampong_cham": (3, 9),
}  # fmt: skip


def event(province: str) -> str:
    """Return what a province's dialogue is called in a link."""
    month, day = DIALOGUES[province]
    return f"d22{month:02}{day:02}"


def crowd(chance: Chance) -> list[Person]:
    """Return the citizens."""
    return [_citizen(chance, NOBODY + 1000 + number) for number in range(HOW_MANY)]


def _citizen(chance: Chance, telegram_id: int) -> Person:
    province = chance.weighted(LIVE)
    about = {
        "sex": chance.weighted(SEXES),
        "age_group": chance.weighted(AGES),
        "disability": chance.weighted({"yes": 6, "no": 92, "na": 2}),
        "ethnicity": chance.weighted(GROUPS.get(province, KHMER)),
    }
    language = chance.weighted({"km": 88, "en": 12})
    return Person(telegram_id, language, province=province, about=about)


def acts(chance: Chance, source: Updates, people: list[Person]) -> Iterator[Act]:
    """Yield what the citizens do, and those who don't agree to be asked."""
    for person in people:
        yield from _answers(chance, source, person)
    for number in range(WHO_REFUSE):
        at = by_day(chance, moment(1, 5), DAYS)
        yield Act(at, partial(_refuses, bot_id=source.bot_id, telegram_id=NOBODY + 9000 + number))


def _refuses(tx: Transaction, bot_id: int, telegram_id: int) -> None:
    refuse(tx, bot_id, telegram_id)


def _answers(chance: Chance, source: Updates, person: Person) -> Iterator[Act]:
    at = by_day(chance, moment(1, 5), DAYS)
    given, tells = interests(chance, person), chance.happens(70)
    stays = chance.happens(84)

    def comes(tx: Transaction) -> None:
        arrive(tx, source.bot_id, person)
        introduce(tx, source, person)
        fill(tx, source, person, FORM, given, most=None if stays else leaves)
        if stays and tells:
            tell_more(tx, source, person)

    leaves = chance.below(4)
    yield Act(at, comes)
    if not stays:
        yield from _afterwards(chance, source, person, at, given)
    elif at < moment(2, 10) and chance.happens(30) and person.province:
        yield _was_there(chance, source, person)


def _afterwards(
    chance: Chance, source: Updates, person: Person, at: dt.datetime, given: dict[str, str]
) -> Iterator[Act]:
    """Yield what those do who left: come back once they are reminded, stop, or nothing."""
    does = chance.weighted({"back": 35, "stop": 8, "not_now": 6, "blocks": 6, "nothing": 45})
    if does == "back":
        later = by_day(chance, at + dt.timedelta(days=3), 4)
        yield Act(later, lambda tx: fill(tx, source, person, FORM, given))
    elif does != "nothing":
        yield Act(at + dt.timedelta(hours=1), partial(LEAVING[does], person=person))


def _stops(tx: Transaction, person: Person) -> None:
    respondents.change(tx, person.id, stopped_at=tx.now)
    outbox.cancel_unasked(tx, person.id)


def _declines(tx: Transaction, person: Person) -> None:
    stored = interviews.latest(tx, person.id, FORM)
    assert stored is not None
    interviews.decline(tx, stored.id)
    interviews.pause(tx, person.id)


def _blocks(tx: Transaction, person: Person) -> None:
    respondents.change(tx, person.id, unreachable_at=tx.now)
    outbox.cancel(tx, person.id)


LEAVING: dict[str, Callable[..., None]] = {
    "stop": _stops,
    "not_now": _declines,
    "blocks": _blocks,
}


def interests(chance: Chance, person: Person) -> dict[str, str]:
    """Return what somebody answers about their commune."""
    topics = chance.several(MATTERS[person.province or "kampot"], 1 + chance.below(3))
    text = say(chance, f"change.{topics[0]}", person.language) if chance.happens(72) else ""
    order = [code for code in ORDER if code in topics]
    return {
        "topics": " ".join(order),
        "have_say": chance.weighted(EXTENT),
        "influence": chance.weighted(EXTENT),
        "change": text,
        "ask_again": chance.weighted({"yes": 82, "no": 18}),
    }


ORDER = (
    "road", "water", "electricity", "school", "health", "waste", "agriculture", "jobs", "forest",
    "services",
)  # fmt: skip


def _was_there(chance: Chance, source: Updates, person: Person) -> Act:
    """Say what somebody says who was in the dialogue of their province."""
    given = {name: chance.weighted(AGREE) for name in ("felt_heard", "women_heard", "relationship")}
    given["trust"] = chance.weighted(AGREE)
    given["better"] = say(chance, "better", person.language) if chance.happens(60) else ""
    name = event(person.province or "")
    at = by_day(chance, moment(*DIALOGUES[person.province or ""]), 2)
    return Act(at, lambda tx: fill(tx, source, person, EXPERIENCE, given, event=name))
