"""The newest rows, for whoever wants to see what is stored; sealed things stay sealed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import browse, inbox, media, outbox
from storage.interviews import Stored
from storage.respondents import Respondent
from storage.store import Store
from storage.tables import metadata

pytestmark = pytest.mark.one_file

TELEGRAM_ID = 5_123_456_789


def test_before_there_is_a_database_there_is_nothing_to_see(tmp_path: Path) -> None:
    assert browse.newest_rows(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


def test_the_newest_rows_come_first_and_are_few(store: Store, folder: Path, clock: Any) -> None:
    for update_id in range(browse.MOST + 5):
        store.run(inbox.receive, 42, update_id)

    shown = browse.newest_rows(folder)["inbox"]

    assert len(shown) == browse.MOST
    assert [row["update_id"] for row in shown][:2] == ["16", "15"]


def test_sealed_things_are_shown_sealed(
    store: Store,
    folder: Path,
    person: Callable[[int], Respondent],
    begin: Callable[[Respondent], Stored],
) -> None:
    stored = begin(person(TELEGRAM_ID))
    store.run(media.want, stored.id, "/data/change", "a-file-id", "audio/ogg", 1)
    sender = {"id": TELEGRAM_ID}
    parked = {"update_id": 1, "message": {"from": sender, "text": "parked words"}}
    store.run(inbox.park, 42, parked, "ValueError")
    store.run(outbox.put_farewell, TELEGRAM_ID, "sendMessage", {})

    shown = browse.newest_rows(folder)

    for secret in (str(TELEGRAM_ID), "a-file-id", "parked words"):
        assert secret not in str(shown)
    sealed = (
        shown["contact_vault"][0]["sealed"],
        shown["respondent"][0]["pseudonym"],
        shown["inbox"][0]["payload"],
        shown["media"][0]["sealed_file_id"],
        shown["outbox"][0]["sealed_chat"],
    )
    assert all(value.startswith("🔒 ") for value in sealed)


def test_invitations_keys_forms_and_their_files_arent_shown() -> None:
    hidden = {table.name for table in metadata.sorted_tables} - {t.name for t in browse.SHOWN}

    assert hidden == {"meta", "invitation", "form_version", "form_attachment", "uploaded_file"}


def test_long_texts_are_cut_and_nothing_is_shown_as_nothing(
    store: Store, folder: Path, person: Callable[[int], Respondent]
) -> None:
    who = person(1)
    store.run(outbox.put, who.id, "sendMessage", {"text": "ក" * 4096})
    store.run(outbox.claim, outbox.REPLIES)

    (row,) = browse.newest_rows(folder)["outbox"]
    assert len(row["body"]) == browse.LONGEST + 1
    assert row["error"] == ""

    store.run(outbox.sent, 1, 100)
    assert browse.newest_rows(folder)["outbox"][0]["body"] == ""


def test_a_database_whose_tables_are_still_to_come_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "samleng.db").touch()

    assert browse.newest_rows(tmp_path) == {}
