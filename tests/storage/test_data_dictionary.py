"""docs/data.md explains every table and column that there is, and none that there isn't."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Table

from storage.tables import metadata

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
LINE = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


def sections() -> dict[str, str]:
    _, *rest = re.split(r"^## (\w+)$", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(rest[::2], rest[1::2], strict=True))


def test_every_table_has_a_section_and_every_section_a_table() -> None:
    assert sorted(sections()) == sorted(metadata.tables)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_column_is_explained_with_its_end(table: Table) -> None:
    explained = LINE.findall(sections()[table.name])

    assert [name for name, _, _ in explained] == list(table.c.keys())


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_says_what_it_is_for(table: Table) -> None:
    purpose = sections()[table.name].strip().splitlines()[0]

    assert purpose.endswith(".")
    assert not purpose.startswith("|")
