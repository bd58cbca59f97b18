"""Several processes on one database: one leads, a silent one is replaced, nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from storage import outbox, respondents
from storage.database import open_store
from storage.leadership import SILENT_SECONDS, Leadership
from storage.outbox import REPLIES, Promise
from storage.store import Store, Transaction
from tests.conftest import BOT_ID, HandClock

OTHERS = 8


@pytest.fixture
def two_stores(on_server: str, folder: Path, clock: HandClock):  # type: ignore[no-untyped-def]
    """The store of each of two processes."""
    stores = [open_store(folder, clock, url=on_server) for _ in range(2)]
    yield stores
    for store in stores:
        store.close()


def soon_leads(other: Leadership) -> bool:
    """Tell whether it gets the lead; the server may take a moment until the lock is free."""
    return any(other.try_to_lead() for _ in range(200))


def test_one_leads_until_it_resigns(on_server: str) -> None:
    first, second = Leadership(on_server), Leadership(on_server)

    assert first.try_to_lead()
    assert not second.try_to_lead()
    assert first.still_leads()

    first.resign()
    assert soon_leads(second)
    second.resign()


def test_a_leader_without_a_sign_of_life_is_replaced(on_server: str) -> None:
    frozen, other = Leadership(on_server), Leadership(on_server)
    assert frozen.try_to_lead()
    with psycopg.connect(on_server) as connection:
        connection.execute(
            "UPDATE meta SET value = (value::float - %s)::text WHERE key = 'leader_seen'",
            (SILENT_SECONDS + 1,),
        )

    # The first try takes the lock from the silent one.
    assert soon_leads(other)
    assert not frozen.still_leads()
    assert not frozen.try_to_lead()
    frozen.resign()
    other.resign()


def test_a_leader_that_was_cut_off_knows_it_and_can_lead_again(on_server: str) -> None:
    leader = Leadership(on_server)
    assert leader.try_to_lead()
    with psycopg.connect(on_server, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'samleng leader%'"
        )

    assert not leader.still_leads()
    assert soon_leads(leader)
    leader.resign()


def test_a_server_that_is_away_is_led_by_nobody(tmp_path: Path) -> None:
    assert not Leadership(f"postgresql:///none?host={tmp_path}").try_to_lead()


def test_a_person_who_writes_to_two_processes_at_once_is_one_person(
    two_stores: list[Store],
) -> None:
    def arrive(number: int) -> str:
        store = two_stores[number % 2]
        return store.run(respondents.find_or_create, BOT_ID, 77 + number // OTHERS, "v1").id

    with ThreadPoolExecutor(OTHERS) as pool:
        ids = list(pool.map(arrive, range(OTHERS * 10)))

    assert len(set(ids)) == 10


def test_two_processes_never_claim_one_message_nor_a_later_one_before_it(
    two_stores: list[Store],
) -> None:
    people = [two_stores[0].run(respondents.create, BOT_ID, 1000 + n).id for n in range(20)]
    for _ in range(5):
        for person in people:
            two_stores[0].run(outbox.put, person, "sendMessage", {"text": "x"})

    sent: list[Promise] = []

    def send(number: int) -> None:
        while len(sent) < 100:
            claimed = two_stores[number % 2].run(outbox.claim, REPLIES, 3)
            sent.extend(claimed)
            two_stores[number % 2].run(settle, claimed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))

    assert len({promise.id for promise in sent}) == len(sent) == 100
    for person in people:
        ids = [promise.id for promise in sent if promise.respondent_id == person]
        assert ids == sorted(ids)


def settle(tx: Transaction, promises: list[Promise]) -> None:
    for promise in promises:
        outbox.sent(tx, promise.id, 1)
