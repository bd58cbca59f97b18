"""No file of an export says who anybody is."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from storage.database import DATABASE
from tests.database import plain_sql

Village = Any
Exporting = Callable[..., Any]


@pytest.fixture
def told(village: Village, secrets: Sequence[str]) -> Village:
    """A village in which people write what they were asked not to write."""
    for secret in secrets:
        who = village.person(sector="cso", province="kampot")
        village.answers(who, "profile", sex="f", age_group="25_34", ethnicity="tampuan")
        village.answers(who, "1", note=f"ខ្ញុំ {secret}", say=secret, since=secret)
        village.answers(who, "2", change=f"សូមទាក់ទង {secret} អរគុណ", topics=secret)
    village.speaks(village.person())
    return village


def ids(village: Village) -> list[str]:
    """Return every id that names a person, an interview or a file inside."""

    def read(tx: Any) -> list[str]:
        sql = (
            "SELECT id FROM respondent UNION SELECT id FROM interview UNION SELECT id FROM media"
            " UNION SELECT lower(hex(pseudonym)) FROM respondent"
        )
        return [row[0] for row in plain_sql(tx, sql)]

    return village.store.run(read)


def test_no_number_and_no_address_that_was_written_is_in_any_file(
    told: Village, export: Exporting, secrets: Sequence[str]
) -> None:
    everything = export().everything()

    for secret in secrets:
        assert not [text for text in everything if secret in text], secret


def test_no_telegram_id_and_no_id_of_ours_is_in_any_file(told: Village, export: Exporting) -> None:
    known = [*ids(told), *(str(7_100_000_000 + n) for n in range(1, told.people + 1))]
    assert len(known) > 50

    everything = "\n".join(export().everything())

    assert not [one for one in known if one in everything]


def test_nothing_looks_like_a_telegram_id(told: Village, export: Exporting) -> None:
    made = export()

    cells = [str(cell) for row in made.sheet("data") for cell in row]
    assert not [cell for cell in cells if re.search(r"(?<![0-9])[0-9]{9,12}(?![0-9])", cell)]


def test_ethnicity_is_in_no_file(told: Village, export: Exporting) -> None:
    assert not [text for text in export().everything() if "tampuan" in text.lower()]


def test_the_files_say_nothing_of_where_and_by_whom_they_were_made(
    told: Village, export: Exporting
) -> None:
    made = export()

    everything = "\n".join(made.everything())
    assert str(told.folder) not in everything
    assert DATABASE not in everything
    (core,) = [xml for name, xml in made.xml().items() if name.endswith("core.xml")]
    assert "<dc:creator></dc:creator>" in core


def test_a_persons_two_answers_to_a_form_cant_be_joined(
    village: Village, export: Exporting
) -> None:
    who = village.person()
    for _ in range(2):
        village.answers(who, "2", change="ផ្លូវ")

    names = export().column("data", "_id")

    assert len(set(names)) == 2


def test_the_id_of_a_response_is_the_same_in_every_export(told: Village, export: Exporting) -> None:
    assert export().column("data", "_id") == export().column("data", "_id")


def test_nothing_on_the_way_says_more_than_how_far_it_is(told: Village, export: Exporting) -> None:
    *progress, last = export().lines

    assert {tuple(line) for line in progress} == {("percent",)}
    assert set(last) == {"files", "rows"}
    assert json.loads(json.dumps(last)) == last
    assert all(Path(name).name.startswith("village_") for name in last["files"])
