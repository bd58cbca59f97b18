"""The store alone: how many answers a second reach the disk while 40 people answer at once."""

import asyncio
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bot.publishing import publish_instruments
from storage import answers, forms, inbox, interviews, outbox, respondents
from storage.answers import Source
from storage.database import open_store
from storage.store import Store, Transaction
from surveys.interview import Answered

PEOPLE, ANSWERS, ROUNDS, BOT = 40, 200, 5, 424242


def answer(tx: Transaction, respondent_id: str, update_id: int) -> None:
    """Store one answer as the conversation does: received, read, answered, written, promised."""
    inbox.receive(tx, BOT, update_id)
    stored = interviews.active(tx, respondent_id)
    assert stored is not None
    given = Answered("/data/change", f"ស្ពានលេខ {update_id}")
    answers.add(tx, stored.id, [(given, None)], Source(BOT, update_id))
    state = replace(stored.interview, values={given.path: given.value}, turn=update_id)
    interviews.save(tx, replace(stored, interview=state, response={given.path: given.value}))
    body = {"text": "សំណួរ", "message_id": 1}
    outbox.put(tx, respondent_id, "editMessageText", body, policy="edit")


def arrive(tx: Transaction, person: int) -> str:
    """Make a person with an interview."""
    made = respondents.create(tx, BOT, person)
    published = forms.newest(tx, "citizen_interests")
    assert published is not None
    interviews.start(tx, made.id, published.id, published.form.form_id, "km")
    return made.id


async def answer_all(store: Store, respondent_id: str, first: int) -> None:
    for number in range(ANSWERS):
        await store.call(answer, respondent_id, first + number)


async def answer_at_once(store: Store, people: list[str], first: int) -> None:
    await asyncio.gather(
        *[answer_all(store, one, first + at * ANSWERS) for at, one in enumerate(people)]
    )


def measure(store: Store, people: list[str], first: int) -> float:
    """Return how many answers a second were stored in one round."""
    began = time.perf_counter()
    asyncio.run(answer_at_once(store, people, first))
    return PEOPLE * ANSWERS / (time.perf_counter() - began)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        publish_instruments(store)
        people = [store.run(arrive, person) for person in range(PEOPLE)]
        cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        rates = [measure(store, people, at * PEOPLE * ANSWERS) for at in range(ROUNDS)]
        used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
        store.close()
    each = used / (PEOPLE * ANSWERS * ROUNDS) * 1e6
    print(
        f"store: {max(rates):,.0f} answers/s at best, {statistics.median(rates):,.0f} in the middle"
        f" of {ROUNDS} rounds, at synchronous=FULL with {PEOPLE} people at once,"
        f" {each:.0f} µs of CPU each"
    )


if __name__ == "__main__":
    main()
