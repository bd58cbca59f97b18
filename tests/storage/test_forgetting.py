"""/forget: no row of a person is left in any table, nor their words anywhere on the disk."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from storage import (
    answers,
    awaited,
    commitments,
    dialogues,
    inbox,
    interviews,
    jobs,
    linkage,
    media,
    members,
    outbox,
    previews,
    respondents,
    slots,
    subscriptions,
    wave_people,
    wave_slots,
    waves,
)
from storage.answers import Source
from storage.database import DATABASE
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store, Transaction
from storage.tables import metadata
from surveys.interview import Answered, Interview
from surveys.wave import Audience, Reminding
from tests.database import plain_sql

BOT, TELEGRAM_ID, OTHER_ID = 42, 5_123_456_789, 6_000_000_001
Rows = Callable[..., list[dict[str, Any]]]
# Texts of one person, each in another place of the database.
SAID = ("កាលពីម្សិល", "yesterday I said", "first-version", "parked words", "dead words", "province_x")


@dataclass(frozen=True)
class Traces:
    """A person who left something in every table, and what to look for afterwards."""

    person: Respondent
    interview: Stored
    on_disk: tuple[bytes, ...]


def parked(update_id: int, sender: int, text: str) -> dict[str, Any]:
    person = {"id": sender, "is_bot": False, "first_name": ""}
    return {"update_id": update_id, "message": {"message_id": 1, "from": person, "text": text}}


def be_invited(tx: Transaction, outbox_id: int) -> None:
    plain_sql(tx, f"UPDATE wave_person SET invitation = 'promised', outbox_id = {outbox_id}")


def leave_traces(
    store: Store, begin: Callable[[Respondent], Stored], telegram_id: int, clock: Any
) -> Traces:
    who = store.run(respondents.find_or_create, BOT, telegram_id, "v1")
    store.run(respondents.give_consent, who.id, "v1", "km")
    store.run(respondents.change, who.id, province=SAID[5])
    store.run(linkage.decide, who.id, "v1", "km", agreed=True)
    begin(who)
    clock.advance(milliseconds=1)
    stored = begin(who)
    state = Interview(values={"/data/change": SAID[0]})
    store.run(interviews.save, replace(stored, interview=state, response={"/data/change": SAID[0]}))
    for text in (SAID[2], SAID[0]):
        given = [(Answered("/data/change", text), None)]
        store.run(answers.add, stored.id, given, Source(BOT, 1))
    store.run(media.want, stored.id, "/data/change", "file", "audio/ogg", 1)
    sent, uncertain, retried = (
        store.run(outbox.put, who.id, "sendMessage", {"text": SAID[1]}) for _ in range(3)
    )
    store.run(outbox.claim, outbox.REPLIES)
    store.run(outbox.sent, sent, 100)
    store.run(outbox.drop, uncertain, "uncertain", "TimedOut")
    store.run(outbox.retry, retried, inbox.KEEP, "NetworkError")
    store.run(jobs.add, who.id, "export", "survey", sent)
    store.run(members.grant, who.id, "staff", "kampot")
    store.run(subscriptions.add, who.id, "card", "day")
    store.run(slots.plan, dt.timedelta(0))
    wants = (Audience(), clock(), clock(), Reminding(), "maker")
    wave = store.run(waves.create, stored.form_version_id, *wants)
    store.run(wave_people.join, wave, who.id)
    invited = store.run(outbox.put, who.id, "sendMessage", {"text": SAID[1]})
    store.run(outbox.sent, invited, 101)
    store.run(be_invited, invited)
    store.run(wave_slots.plan_invited)
    store.run(previews.begin, who.id, stored.form_version_id, "km")
    day = clock().date()
    about = store.run(dialogues.create, "provincial", "kampot", "Hall", day, who.id)
    promise = {"path": "/data/commitment[1]", "office": "cso", "what": SAID[0], "due_on": day}
    number = store.run(commitments.enter, about.id, stored.id, "cso", promise, day, None)
    store.run(commitments.say, number, "cso", "blocked", who.id, "other", SAID[1])
    store.run(awaited.ask, who.id, f"reason:{number}")
    store.run(inbox.park, BOT, parked(telegram_id + 1, telegram_id, SAID[3]), "ValueError")
    store.run(inbox.park, BOT, parked(telegram_id + 2, telegram_id, SAID[4]), "ValueError")
    seals = store.run(
        lambda tx: [
            bytes(value)
            for sql in (
                "SELECT sealed FROM contact_vault",
                "SELECT pseudonym FROM respondent",
                "SELECT payload FROM inbox WHERE payload IS NOT NULL",
                "SELECT sealed_file_id FROM media",
            )
            for (value,) in plain_sql(tx, sql)
        ]
    )
    clear = (SAID[0], SAID[1], SAID[2], SAID[5], who.id, stored.id)
    return Traces(who, stored, (*(text.encode() for text in clear), *seals))


@pytest.fixture
def traces(store: Store, begin: Callable[[Respondent], Stored], clock: Any) -> Traces:
    return leave_traces(store, begin, TELEGRAM_ID, clock)


def on_disk(store: Store) -> bytes:
    files = sorted(store.path.parent.glob(DATABASE + "*"))
    return b"".join(path.read_bytes() for path in files)


def holders(column: str) -> list[str]:
    return [table.name for table in metadata.sorted_tables if column in table.c]


@pytest.mark.one_file
def test_everything_that_is_looked_for_was_there(store: Store, traces: Traces) -> None:
    before = on_disk(store)

    assert [trace for trace in traces.on_disk if trace not in before] == []


def test_no_row_of_a_forgotten_person_is_left_in_any_table(
    store: Store, traces: Traces, rows: Rows
) -> None:
    of_person = {"respondent_id": traces.person.id, "interview_id": traces.interview.id}
    for column, value in of_person.items():
        for table in holders(column):
            assert rows(f"SELECT 1 FROM {table} WHERE {column} = ?", value), table

    store.run(respondents.forget, traces.person.id)

    for table in metadata.sorted_tables:
        left = str(rows(f"SELECT * FROM {table.name}"))
        assert traces.person.id not in left, table.name
        assert traces.interview.id not in left, table.name
    assert rows("SELECT * FROM respondent") == []
    assert rows("SELECT 1 FROM inbox WHERE payload IS NOT NULL") == []


def test_every_table_that_names_a_person_loses_its_rows_with_them() -> None:
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in {"respondent", "interview"}:
                assert key.ondelete == "CASCADE", f"{table.name}.{key.parent.name}"
    named = set(holders("respondent_id")) | set(holders("interview_id"))
    assert named == {
        "answer", "awaited_text", "commitment", "consent", "contact_vault", "interview", "job",
        "linkage", "media", "member", "outbox", "preview", "slot", "subscription", "wave_person",
    }  # fmt: skip


@pytest.mark.one_file
def test_nothing_of_a_forgotten_person_is_left_on_the_disk(store: Store, traces: Traces) -> None:
    store.run(respondents.forget, traces.person.id)
    store.empty_log()
    store.run(lambda _: None)

    after = on_disk(store)
    assert [trace for trace in traces.on_disk if trace in after] == []
    assert store.path.with_name(DATABASE + "-wal").stat().st_size == 0


def test_what_a_forgotten_person_sent_before_isnt_handled_afterwards(
    store: Store, traces: Traces, clock: Any
) -> None:
    store.run(respondents.forget, traces.person.id)
    clock.advance(hours=1)

    assert store.run(inbox.due) == []
    assert not store.run(inbox.receive, BOT, TELEGRAM_ID + 1)


def test_a_forgotten_person_is_a_stranger_when_they_come_back(store: Store, traces: Traces) -> None:
    store.run(respondents.forget, traces.person.id)

    assert store.run(respondents.find, BOT, TELEGRAM_ID, "v1") is None
    again = store.run(respondents.find_or_create, BOT, TELEGRAM_ID, "v1")
    assert again.id != traces.person.id
    assert not again.consented


def test_nobody_else_is_forgotten(
    store: Store, traces: Traces, begin: Callable[[Respondent], Stored], rows: Rows, clock: Any
) -> None:
    other = leave_traces(store, begin, OTHER_ID, clock)
    before = {
        table: rows(f"SELECT count(*) AS n FROM {table} WHERE respondent_id = ?", other.person.id)
        for table in holders("respondent_id")
    }

    store.run(respondents.forget, traces.person.id)

    for table, count in before.items():
        sql = f"SELECT count(*) AS n FROM {table} WHERE respondent_id = ?"
        assert rows(sql, other.person.id) == count, table
    assert len(rows("SELECT 1 FROM inbox WHERE payload IS NOT NULL")) == 2
    assert len(rows("SELECT 1 FROM answer")) == 2


def test_a_message_that_arrives_after_its_person_was_forgotten_leaves_nothing(
    store: Store, traces: Traces, rows: Rows
) -> None:
    late = store.run(outbox.put, traces.person.id, "sendMessage", {"text": "late"})
    store.run(respondents.forget, traces.person.id)

    store.run(outbox.sent, late, 100)
    store.run(outbox.retry, late, inbox.KEEP, "NetworkError")
    store.run(outbox.drop, late, "dead", "BadRequest")

    assert rows("SELECT * FROM outbox") == []


def test_forgetting_works_for_somebody_whose_address_is_gone_already(
    store: Store, traces: Traces, rows: Rows
) -> None:
    store.run(lambda tx: plain_sql(tx, "DELETE FROM contact_vault") and None)

    store.run(respondents.forget, traces.person.id)

    assert rows("SELECT * FROM respondent") == []
