"""Drafts: nobody's form until a second person releases them, once, whoever is at it at once."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from storage import attachments, drafts, forms, interviews, jobs, previews
from storage.database import reading
from storage.drafts import Draft, Upload
from storage.respondents import Respondent
from storage.responses import form_ids, versions
from storage.store import Store
from tests.storage.conftest import Clock

XForm = Callable[[str], str]
Rows = Callable[..., list[dict[str, Any]]]
People = Callable[[int], Respondent]


@pytest.fixture
def upload(xform: XForm) -> Callable[[str], Upload]:
    return lambda version: Upload("survey", version, xform(version), "hash", {"change": 2})


@pytest.fixture
def draft(store: Store, upload: Callable[[str], Upload]) -> Draft:
    return store.run(drafts.keep, upload("1"), {"map.png": b"map"}, "author")


def test_a_draft_is_nobodys_form(store: Store, draft: Draft) -> None:
    assert store.run(forms.newest, "survey") is None
    assert store.run(forms.released) == []
    assert store.run(forms.source_hashes) == frozenset()
    assert store.run(forms.by_id, draft.id).is_draft
    assert draft.rows == {"change": 2}


@pytest.mark.one_file
def test_a_draft_is_in_no_export(store: Store, draft: Draft) -> None:
    with reading(folder_of(store)) as connection:
        assert form_ids(connection) == []
        assert versions(connection, "survey") == []


def folder_of(store: Store) -> Any:
    return store.path.parent  # type: ignore[attr-defined]


def test_of_many_who_release_a_draft_at_once_one_does(store: Store, draft: Draft) -> None:
    store.run(drafts.change, draft.id, release_asked_at=store.clock())

    tries: list[Future[bool]] = [
        store.submit(drafts.publish, draft, f"officer {n}") for n in range(20)
    ]

    assert [one.result() for one in tries].count(True) == 1
    [released] = store.run(drafts.listed)
    assert released.published_at is not None
    assert str(released.released_by).startswith("officer")


def test_a_draft_that_nobody_asks_to_release_is_not(store: Store, draft: Draft) -> None:
    assert not store.run(drafts.publish, draft, "officer")


def test_a_version_is_one_persons_until_it_is_withdrawn(
    store: Store, draft: Draft, upload: Callable[[str], Upload]
) -> None:
    def clash(by: str, version: str = "1") -> str:
        return store.run(drafts.clash, "survey", version, by)

    assert [clash("author"), clash("other"), clash("other", "2")] == ["", "taken", ""]
    store.run(drafts.withdraw, draft, "author")
    assert clash("other") == ""
    assert store.run(drafts.listed) == []
    other = store.run(drafts.keep, upload("1"), {}, "other")
    store.run(drafts.change, other.id, release_asked_at=store.clock())
    store.run(drafts.publish, other, "author")
    assert clash("other") == "published"


def test_a_file_of_a_draft_changes_its_hash_and_is_replaced_by_its_name(
    store: Store, draft: Draft
) -> None:
    digest = store.run(drafts.add_file, draft, "map.png", b"a new map")

    changed = store.run(drafts.find, draft.id)
    assert changed is not None
    assert changed.source_hash == digest == drafts.hash_with(draft, "map.png", b"a new map")
    assert store.run(attachments.whole, draft.id, ["map.png"]) == {"map.png": b"a new map"}
    assert store.run(attachments.size_of_others, draft.id, "map.png") == 0
    assert store.run(attachments.size_of_others, draft.id, "b.png") == 9


def test_nothing_of_a_preview_is_left_when_a_draft_is_withdrawn(
    store: Store, draft: Draft, person: People, rows: Rows
) -> None:
    who = person(1)
    store.run(previews.begin, who.id, draft.id, "km")
    store.run(interviews.start, who.id, draft.id, "survey", "en", is_preview=True)
    assert store.run(interviews.latest, who.id, "survey") is None
    assert store.run(interviews.of_person, who.id) == []
    active = store.run(interviews.active, who.id)
    assert active is not None
    assert active.is_preview

    store.run(drafts.withdraw, draft, "author")

    assert rows("SELECT id FROM interview") == []
    assert rows("SELECT language FROM respondent") == [{"language": "km"}]


def test_only_a_preview_of_a_day_ago_is_old(
    store: Store, draft: Draft, person: People, clock: Clock
) -> None:
    who = person(1)
    store.run(previews.begin, who.id, draft.id, "km")
    store.run(interviews.start, who.id, draft.id, "survey", "en", is_preview=True)
    assert store.run(previews.old) == []

    clock.now += previews.LIFETIME

    assert [one.respondent_id for one in store.run(previews.old)] == [who.id]


def test_a_closed_form_is_released_and_no_longer_open(
    store: Store, draft: Draft, upload: Callable[[str], Upload]
) -> None:
    store.run(drafts.change, draft.id, release_asked_at=store.clock())
    store.run(drafts.publish, draft, "officer")
    [opened] = store.run(forms.released)

    store.run(drafts.change, draft.id, closed_at=store.clock())

    [closed] = store.run(forms.released)
    store.run(drafts.change, draft.id, audience="cso")
    newer = store.run(drafts.keep, upload("2"), {}, "author")
    assert newer.audience == "cso"
    assert (opened.is_closed, closed.is_closed) == (False, True)
    assert (opened.form_id, opened.audience) == ("survey", drafts.EVERYBODY)


def test_uploads_and_exports_never_take_each_others_jobs(store: Store, person: People) -> None:
    who = person(1)
    store.run(jobs.add, who.id, "form", "xlsx", 1, {"file": "sealed"})
    store.run(jobs.add, who.id, "export", "survey", 2)

    export, form = store.run(jobs.take, "export"), store.run(jobs.take, "form")

    assert export is not None
    assert form is not None
    assert (export.argument, export.options) == ("survey", None)
    assert (form.argument, form.options) == ("xlsx", {"file": "sealed"})
    assert store.run(jobs.take, "form") is None
    store.run(jobs.forget_options, form.id)
    store.run(jobs.recover, "form")
    again = store.run(jobs.take, "form")
    assert again is not None
    assert again.options is None
