"""Who is who: a keyed hash finds a person again, a sealed row holds their address, no more."""

import datetime as dt
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from storage import respondents, vault
from storage.keys import Keys, load_or_create, random_id
from storage.respondents import Respondent
from storage.store import Store, Transaction
from storage.tables import contact_vault
from tests.storage.conftest import REFUSED

BOT = 42
TELEGRAM_ID = 5_123_456_789
Rows = Callable[..., list[dict[str, Any]]]

KEYS, OTHER_KEYS = Keys(b"k" * 32), Keys(b"o" * 32)


def sealed_row(tx: Transaction, respondent_id: str) -> bytes:
    row = tx.value(
        select(contact_vault.c.sealed).where(contact_vault.c.respondent_id == respondent_id)
    )
    assert row is not None
    return row


def test_a_pseudonym_is_always_the_same_for_one_person_bot_and_key() -> None:
    assert KEYS.pseudonym(BOT, TELEGRAM_ID) == Keys(b"k" * 32).pseudonym(BOT, TELEGRAM_ID)
    assert len(KEYS.pseudonym(BOT, TELEGRAM_ID)) == 16


def test_a_pseudonym_differs_by_person_bot_and_key() -> None:
    pseudonyms = {
        KEYS.pseudonym(BOT, TELEGRAM_ID),
        KEYS.pseudonym(BOT, TELEGRAM_ID + 1),
        KEYS.pseudonym(BOT + 1, TELEGRAM_ID),
        OTHER_KEYS.pseudonym(BOT, TELEGRAM_ID),
    }

    assert len(pseudonyms) == 4


def test_an_export_id_differs_by_form_interview_and_key() -> None:
    ids = {
        KEYS.export_id("survey", "interview"),
        KEYS.export_id("survey", "another"),
        KEYS.export_id("report", "interview"),
        OTHER_KEYS.export_id("survey", "interview"),
    }

    assert len(ids) == 4
    assert all(len(one) == 16 and one.isalnum() for one in ids)
    assert KEYS.export_id("survey", "interview") in ids


def test_a_mac_is_short_url_safe_and_differs_by_text_and_key() -> None:
    macs = {KEYS.mac("a"), KEYS.mac("b"), OTHER_KEYS.mac("a")}

    assert len(macs) == 3
    assert all(len(mac) == 8 and set(mac) < set(URL_SAFE) for mac in macs)


URL_SAFE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


def test_each_purpose_has_its_own_key() -> None:
    sealed = KEYS.seal(b"plain", "context")

    with pytest.raises(InvalidTag):
        KEYS.unseal_media(sealed, "context")


def test_keys_show_nothing_of_themselves() -> None:
    shown = repr(KEYS) + str(KEYS) + f"{[KEYS]}"

    assert "k" * 8 not in shown
    assert b"kkkk".hex() not in shown
    with pytest.raises(TypeError):
        pickle.dumps(KEYS)


@given(st.binary(max_size=200), st.text(max_size=50))
def test_what_is_sealed_can_be_unsealed_in_its_context_only(plain: bytes, context: str) -> None:
    sealed = KEYS.seal(plain, context)

    assert KEYS.unseal(sealed, context) == plain
    with pytest.raises(InvalidTag):
        KEYS.unseal(sealed, context + "x")
    with pytest.raises(InvalidTag):
        OTHER_KEYS.unseal(sealed, context)


def test_the_same_plain_text_is_never_sealed_alike() -> None:
    assert KEYS.seal(b"plain", "context") != KEYS.seal(b"plain", "context")


def test_a_changed_file_is_noticed() -> None:
    sealed = bytearray(KEYS.seal_media(b"voice", "id"))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        KEYS.unseal_media(bytes(sealed), "id")


def test_a_key_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "key.part").write_text("the rest of a crash")

    keys = load_or_create(tmp_path / "key")

    assert load_or_create(tmp_path / "key").canary() == keys.canary()
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_random_ids_are_128_bits_and_differ() -> None:
    ids = {random_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert {len(one) for one in ids} == {32}


def test_a_person_is_found_again(store: Store) -> None:
    made = store.run(respondents.find_or_create, BOT, TELEGRAM_ID, "v1")

    assert store.run(respondents.find_or_create, BOT, TELEGRAM_ID, "v1") == made
    assert store.run(respondents.find, BOT, TELEGRAM_ID, "v1") == made
    assert store.run(respondents.find, BOT, TELEGRAM_ID + 1, "v1") is None


def test_one_person_is_two_strangers_to_two_bots(store: Store) -> None:
    here = store.run(respondents.find_or_create, BOT, TELEGRAM_ID, "v1")
    there = store.run(respondents.find_or_create, BOT + 1, TELEGRAM_ID, "v1")

    assert here.id != there.id


def test_the_database_refuses_a_second_row_of_a_person(store: Store) -> None:
    store.run(respondents.create, BOT, TELEGRAM_ID)

    with pytest.raises(REFUSED):
        store.run(respondents.create, BOT, TELEGRAM_ID)


@pytest.mark.one_file
def test_the_telegram_id_stands_nowhere_in_clear(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    person(TELEGRAM_ID)
    store.close()

    on_disk = store.path.read_bytes()

    assert str(TELEGRAM_ID).encode() not in on_disk
    assert TELEGRAM_ID.to_bytes(8, "big") not in on_disk
    assert TELEGRAM_ID.to_bytes(6, "big") not in on_disk


def test_deleting_the_vault_row_makes_a_person_unknown(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    who = person(TELEGRAM_ID)

    store.run(lambda tx: tx.change(delete(contact_vault)) and None)

    assert store.run(vault.telegram_id, who.id) is None


def test_a_vault_row_under_another_person_cant_be_read(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    one, other = person(1), person(2)

    def swap(tx: Transaction) -> None:
        sealed = sealed_row(tx, other.id)
        of_one = contact_vault.c.respondent_id == one.id
        tx.change(update(contact_vault).where(of_one).values(sealed=sealed))

    store.run(swap)

    with pytest.raises(InvalidTag):
        store.run(vault.telegram_id, one.id)
    assert store.run(vault.telegram_id, other.id) == 2


def test_consent_is_to_one_version_of_the_text(
    store: Store, person: Callable[[int], Respondent], rows: Rows
) -> None:
    who = person(TELEGRAM_ID)

    store.run(respondents.give_consent, who.id, "v1", "km")

    assert rows("SELECT respondent_id, version, language, given_at FROM consent") == [
        {
            "respondent_id": who.id,
            "version": "v1",
            "language": "km",
            "given_at": "2026-11-25T03:00:00.000+00:00",
        }
    ]
    found = [store.run(respondents.find, BOT, TELEGRAM_ID, v) for v in ("v1", "v2")]
    assert [one and one.consented for one in found] == [True, False]


def test_a_change_is_stored_and_read_back(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    who = person(TELEGRAM_ID)
    at = dt.datetime(2026, 11, 25, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))

    store.run(respondents.change, who.id, language="km", role="staff", sector="cso", stopped_at=at)

    changed = store.run(respondents.find, BOT, TELEGRAM_ID, "v1")
    assert changed == Respondent(
        who.id, consented=False, language="km", role="staff", sector="cso", stopped_at=at
    )
    assert changed.stopped_at is not None
    assert changed.stopped_at.utcoffset() == dt.timedelta(0)


def test_a_change_of_one_person_leaves_others_alone(
    store: Store, person: Callable[[int], Respondent]
) -> None:
    one, other = person(1), person(2)

    store.run(respondents.change, one.id, role="owner")

    assert store.run(respondents.find, BOT, 2, "v1") == other


def test_a_key_made_by_chance_is_a_key(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(os.urandom(32).hex() + "\n")

    assert load_or_create(tmp_path / "key")
