"""The audit log: nothing that was written can be changed, removed or added without showing."""

import datetime as dt
import sqlite3
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import audit
from storage.audit import BEGINNING, Entry, Head
from storage.store import Store, Transaction
from tests.database import plain_sql

# A test's file is its own; a server's database is also other tests'.
GUARDS_OFF = {
    "sqlite": ("DROP TRIGGER audit_UPDATE", "DROP TRIGGER audit_DELETE"),
    "postgresql": ("ALTER TABLE audit DISABLE TRIGGER audit_only_grows",),
}
GUARDS_ON = {
    "sqlite": (),
    "postgresql": ("ALTER TABLE audit ENABLE TRIGGER audit_only_grows",),
}


def fill(tx: Transaction, number: int = 5) -> None:
    for at in range(number):
        audit.record(tx, "a" * 32, "export", f"form_{at}", rows=at, named="ភូមិ")


def tamper(tx: Transaction, *statements: str) -> None:
    """Do what somebody can who has the database, but not the key."""
    database = tx.dialect.name
    for statement in (*GUARDS_OFF[database], *statements, *GUARDS_ON[database]):
        plain_sql(tx, statement)


def test_an_empty_log_is_whole(store: Store) -> None:
    verdict = store.run(audit.verify)

    assert verdict.broken_at is None
    assert verdict.head == Head(0, BEGINNING)


def test_a_log_that_nobody_touched_is_whole(store: Store) -> None:
    store.run(fill)

    assert store.run(audit.verify).broken_at is None
    assert store.run(audit.verify).head == store.run(audit.head)


def test_the_newest_come_first_and_lead_to_older_ones(store: Store) -> None:
    store.run(fill)

    newest = store.run(audit.latest, 2)
    older = store.run(audit.latest, 10, newest[-1].id)

    assert [entry.object for entry in newest] == ["form_4", "form_3"]
    assert [entry.object for entry in older] == ["form_2", "form_1", "form_0"]


@pytest.mark.parametrize(
    ("harm", "shows_at"),
    [
        ("UPDATE audit SET actor = 'b' WHERE id = 3", 3),
        ("UPDATE audit SET act = 'exporT' WHERE id = 1", 1),
        ("UPDATE audit SET object = 'form_9' WHERE id = 5", 5),
        ("UPDATE audit SET detail = replace(detail, 'rows', 'rowS') WHERE id = 2", 2),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000+00:00' WHERE id = 4", 4),
        ("DELETE FROM audit WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 1", 1),
        ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE id = 4) WHERE id = 2", 2),
        (
            "INSERT INTO audit SELECT 6, at, actor, act, object, detail, hash"
            " FROM audit WHERE id = 5",
            6,
        ),
        (
            "INSERT INTO audit SELECT 0, at, actor, act, object, detail, hash"
            " FROM audit WHERE id = 5",
            1,
        ),
    ],
)
def test_a_row_that_was_changed_removed_or_added_is_found(
    store: Store, harm: str, shows_at: int
) -> None:
    store.run(fill)

    store.run(tamper, harm)

    assert store.run(audit.verify).broken_at == shows_at


def test_a_single_flipped_bit_of_a_hash_is_found(store: Store) -> None:
    store.run(fill)
    flipped = bytearray(store.run(audit.latest, 1, 4)[0].hash)
    flipped[17] ^= 1

    store.run(tamper, f"UPDATE audit SET hash = {as_bytes(store, bytes(flipped))} WHERE id = 3")

    assert store.run(audit.verify).broken_at == 3


def as_bytes(store: Store, value: bytes) -> str:
    is_file = store.run(lambda tx: tx.dialect.name) == "sqlite"
    return f"x'{value.hex()}'" if is_file else f"'\\x{value.hex()}'"


def test_an_end_that_was_cut_off_shows_against_a_head_that_was_kept(store: Store) -> None:
    store.run(fill)
    kept = store.run(audit.head)

    store.run(tamper, "DELETE FROM audit WHERE id > 3")

    assert store.run(audit.verify).broken_at is None
    assert store.run(audit.verify, kept).broken_at == 4


def test_a_log_that_was_written_anew_shows_against_a_head_that_was_kept(store: Store) -> None:
    store.run(fill)
    kept = store.run(audit.head)

    store.run(tamper, "DELETE FROM audit")
    store.run(audit.record, "console", "invite")
    store.run(fill, 9)

    assert store.run(audit.verify).broken_at is None
    assert store.run(audit.verify, kept).broken_at == kept.number


@pytest.mark.parametrize("statement", ["UPDATE audit SET act = 'x'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_a_row(store: Store, statement: str) -> None:
    store.run(fill)

    with pytest.raises((psycopg.Error, sqlite3.Error), match="only grows"):
        store.run(plain_sql, statement)
    assert store.run(audit.verify).broken_at is None


def test_an_act_that_fails_leaves_no_row(store: Store) -> None:
    def act_that_fails(tx: Transaction) -> None:
        audit.record(tx, "console", "invite")
        raise LookupError

    with pytest.raises(LookupError):
        store.run(act_that_fails)

    assert store.run(audit.latest, 1) == []


def test_acts_of_many_at_once_stand_one_after_another(store: Store) -> None:
    waiting = [store.submit(audit.record, "console", "invite", str(n)) for n in range(40)]
    for one in waiting:
        one.result()

    assert store.run(audit.verify).head.number == 40
    assert store.run(audit.verify).broken_at is None


@given(
    st.lists(
        st.tuples(
            st.text("abc", max_size=5), st.dictionaries(st.text(max_size=3), st.integers(-9, 9))
        )
    )
)
def test_what_is_hashed_says_everything_of_an_entry(
    written: list[tuple[str, dict[str, Any]]],
) -> None:
    moment = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
    seen = {
        audit._canonical(audit._row(Entry(at, moment, actor, "act", "", str(detail), b"")))
        for at, (actor, detail) in enumerate(written)
    }

    assert len(seen) == len(written)
