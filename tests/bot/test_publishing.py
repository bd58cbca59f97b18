"""What people may be offered is there when the bot serves; what staff put follows by itself."""

import logging
from pathlib import Path

import pytest

from bot.publishing import OFFERED, Publishing, publish_instruments
from storage import forms
from storage.database import open_store
from storage.store import Store, Transaction
from surveys.instruments import PUBLISHED, Instrument
from tests.conftest import HandClock


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    return open_store(tmp_path, clock=HandClock())


def published(tx: Transaction) -> set[str]:
    return {one.form_id for one in forms.published(tx)}


async def test_what_staff_put_is_published_after_the_rest(empty: Store) -> None:
    publish_instruments(empty, OFFERED)
    at_once = empty.run(published)
    await Publishing(empty).run()
    after = empty.run(published)
    empty.close()

    assert at_once == {
        "profile", "citizen_interests", "dialogue_experience", "dialogue_report",
    }  # fmt: skip
    assert after == {item.form_id for item in PUBLISHED}


async def test_what_is_published_stays_as_it_is(empty: Store) -> None:
    publish_instruments(empty)
    before = empty.run(forms.published)
    await Publishing(empty).run()
    after = empty.run(forms.published)
    empty.close()

    assert before == after


async def test_a_form_of_ours_that_cannot_be_read_ends_no_bot(
    empty: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        await Publishing(empty, [Instrument("no_such_form")]).run()
    empty.close()

    assert "forms not published" in caplog.text
