"""Ballots in an export: rows of nobody, with a day."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from storage import ballots, waves
from storage.ballots import Box
from storage.responses import Part
from surveys.wave import Audience, Reminding
from tests.export.conftest import NOW, Export, Village

DAY = dt.date(2026, 11, 25)


def box_of(village: Village, *groups: dict[str, str]) -> int:
    """Count a closed box with a ballot for each of some people."""
    wants = (Audience(), NOW, NOW + dt.timedelta(weeks=1), Reminding(), "maker")
    number = village.store.run(waves.create, village.forms["2"].id, *wants, is_ballot=True)
    for at, group in enumerate(groups):
        response = {"/data/change": f"word {at}", "/data/topics": "road jobs"}
        village.store.run(ballots.put, number, group, response)
    village.store.run(ballots.count, Box(number, is_closed=True), DAY)
    return number


def group(province: str = "kampot", sex: str = "f") -> dict[str, str]:
    return {"province": province, "sex": sex}


def test_ballots_are_rows_with_a_day_and_of_nobody(
    village: Village, export: Callable[..., Export]
) -> None:
    village.answers(village.person(), change="linked")
    box_of(village, *[group()] * 6)

    made = export()

    header, linked, *rows = made.sheet("data")
    shown = [dict(zip(header, row, strict=True)) for row in rows]
    assert len(shown) == 6
    assert {row["_submission_time"] for row in shown} == {DAY.isoformat()}
    assert {(row["_lang"], row["_mode"], row["_sector"]) for row in shown} == {("", "", "")}
    assert {(row["_province"], row["_sex"]) for row in shown} == {("kampot", "f")}
    assert {row["change"] for row in shown} == {f"word {at}" for at in range(6)}
    assert len({row["_id"] for row in shown}) == 6
    assert linked[header.index("change")] == "linked"
    assert any("nobody can tell whose" in str(line) for line in made.sheet("README"))


def test_groups_stand_on_them_as_far_as_each_holds_five(village: Village) -> None:
    mixed = [group()] * 5 + [group(sex="m")] * 4
    box_of(village, *mixed)
    apart = [group(), *[group("siem_reap")] * 4]
    box_of(village, *apart)

    rows = village.store.run(_groups)

    assert rows == [(1, "kampot", None, 9), (2, None, None, 5)]


def _groups(tx: Any) -> list[Any]:
    cursor = tx.open()
    cursor.execute(
        "SELECT wave_id, province, sex, count(*) FROM ballot GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    return [tuple(row) for row in cursor.fetchall()]


def test_a_part_of_the_data_holds_the_ballots_of_its_days_and_its_province(
    village: Village,
) -> None:
    from export.bundle import make
    from storage.database import KEY

    box_of(village, *[group()] * 5)
    midnight = dt.datetime.fromisoformat("2026-11-25T00:00+07:00")
    day = dt.timedelta(days=1)
    parts = {
        "its day": Part(since=midnight, until=midnight + day),
        "the next": Part(since=midnight + day),
        "before": Part(until=midnight),
        "kampot": Part(province="kampot"),
        "elsewhere": Part(province="siem_reap"),
    }

    counts = {
        name: list(make(village.folder, village.folder / KEY, "village",
                        village.folder / "out", part=part))[-1]["rows"]
        for name, part in parts.items()
    }  # fmt: skip

    assert counts == {"its day": 5, "the next": 0, "before": 0, "kampot": 5, "elsewhere": 0}
