"""The store alone: how many answers a second reach the disk while 40 people answer at once."""

import asyncio
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bot.publishing import publish_instruments
from storage import forms, inbox, interviews, outbox, respondents
from storage.database import open_store
from storage.interviews import Source
from storage.store import Store, Transaction
from surveys.interview import Answered

PEOPLE, ANSWERS, BOT = 40, 200, 424242


def answer(tx: Transaction, person: int, number: int) -> None:
    """Store one answer as the conversation does: received, read, answered, promised."""
    update_id = person * ANSWERS + number
    inbox.receive(tx, BOT, update_id)
    found = respondents.find(tx, BOT, person, "")
    assert found is not None
    stored = interviews.active(tx, found.id)
    assert stored is not None
    given = Answered("/data/change", f"ស្ពានលេខ {number}")
    interviews.add_answers(tx, stored.id, [(given, None)], Source(BOT, update_id))
    state = replace(stored.interview, values={given.path: given.value}, turn=number)
    interviews.save(tx, replace(stored, interview=state, response={given.path: given.value}))
    outbox.put(tx, found.id, "editMessageText", {"text": "សំណួរ", "message_id": 1}, policy="edit")


def arrive(tx: Transaction, person: int) -> None:
    """Make a person with an interview."""
    made = respondents.create(tx, BOT, person)
    published = forms.newest(tx, "citizen_interests")
    assert published is not None
    interviews.start(tx, made.id, published.id, published.form.form_id, "km")


async def answer_all(store: Store, person: int) -> None:
    for number in range(ANSWERS):
        await store.call(answer, person, number)


async def answer_at_once(store: Store) -> None:
    await asyncio.gather(*[answer_all(store, person) for person in range(PEOPLE)])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        publish_instruments(store)
        for person in range(PEOPLE):
            store.run(arrive, person)
        began, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
        asyncio.run(answer_at_once(store))
        seconds = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
        store.close()
    total = PEOPLE * ANSWERS
    print(
        f"store: {total / seconds:,.0f} answers/s at synchronous=FULL with {PEOPLE} people at once,"
        f" {used / total * 1e6:.0f} µs of CPU each"
    )


if __name__ == "__main__":
    main()
