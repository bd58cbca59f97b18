"""Published forms: stored to the letter, and never changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import forms
from storage.database import reading
from storage.responses import form_ids, versions
from storage.store import Store
from surveys.errors import FormRefused
from tests.surveys.markdown import converted

Rows = Callable[..., list[dict[str, Any]]]
XForm = Callable[[str], str]


def test_a_form_is_stored_to_the_letter(store: Store, xform: XForm, rows: Rows) -> None:
    assert store.run(forms.publish, xform("1"), "hash")

    assert rows("SELECT form_id, version, source_hash, xform FROM form_version") == [
        {"form_id": "survey", "version": "1", "source_hash": "hash", "xform": xform("1")}
    ]


def test_a_published_version_never_changes(store: Store, xform: XForm, rows: Rows) -> None:
    store.run(forms.publish, xform("1"), "hash")
    changed = xform("1").replace("What should change?", "Who should go?")

    assert not store.run(forms.publish, changed, "another hash")

    assert [row["xform"] for row in rows("SELECT xform FROM form_version")] == [xform("1")]
    assert store.run(forms.source_hashes) == {"hash"}


def test_the_newest_version_is_the_one_published_last(store: Store, xform: XForm) -> None:
    for version in ("9", "10", "8"):
        store.run(forms.publish, xform(version), version)

    newest = store.run(forms.newest, "survey")

    assert newest is not None
    assert newest.form.version == "8"
    assert store.run(forms.by_id, newest.id) == newest


def test_a_running_interview_finds_its_version_after_a_newer_came(
    store: Store, survey: forms.Published, xform: XForm
) -> None:
    store.run(forms.publish, xform("2"), "hash of 2")

    assert store.run(forms.by_id, survey.id).form.version == "1"


def test_an_unknown_form_has_no_newest_version(store: Store) -> None:
    assert store.run(forms.newest, "nowhere") is None


def test_a_form_that_cant_run_is_not_stored(store: Store, rows: Rows) -> None:
    with pytest.raises(FormRefused):
        store.run(forms.publish, "<html/>", "hash")

    assert rows("SELECT * FROM form_version") == []


def test_a_reader_gets_all_versions_oldest_first(
    store: Store, xform: XForm, folder: Path, database: str | None
) -> None:
    for version in ("9", "10", "8"):
        store.run(forms.publish, xform(version), version)

    with reading(folder, database) as connection:
        assert [form.version for form in versions(connection, "survey")] == ["9", "10", "8"]
        assert form_ids(connection) == ["survey"]
        assert versions(connection, "nowhere") == []


LISTED = """
| survey | | | |
| | type | name | label |
| | select_one_from_file places.csv | place | Where? |
| settings | | |
| | form_id | version |
| | listed | 1 |
"""
FILES = {"places.csv": b"name,label\nkampot,Kampot\n", "map.png": b"\x89PNG"}


def test_a_forms_files_are_kept_with_its_version(store: Store, rows: Rows) -> None:
    assert store.run(forms.publish, converted(LISTED)["xform"], "hash", FILES)

    kept = rows("SELECT name, content FROM form_attachment ORDER BY name")
    assert {row["name"]: bytes(row["content"]) for row in kept} == FILES


def test_a_list_from_a_file_is_offered_and_exported_again(
    store: Store, folder: Path, database: str | None
) -> None:
    store.run(forms.publish, converted(LISTED)["xform"], "another hash", FILES)

    published = store.run(forms.newest, "listed")
    with reading(folder, database) as connection:
        [exported] = versions(connection, "listed")

    assert published is not None
    assert published.form.attached == {"places.csv", "map.png"}
    for form in (published.form, exported):
        assert [choice.value for choice in form.questions[0].choices] == ["kampot"]


def test_a_form_whose_list_did_not_come_with_it_is_not_stored(store: Store, rows: Rows) -> None:
    with pytest.raises(FormRefused):
        store.run(forms.publish, converted(LISTED)["xform"], "hash")

    assert rows("SELECT * FROM form_version") == []
