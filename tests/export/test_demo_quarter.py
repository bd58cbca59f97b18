"""The demonstration quarter holds what the newsletter published: counted from the exported rows."""

import csv
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.demonstration import quarter
from bot.demonstration.chance import Chance
from bot.demonstration.people import NOBODY
from bot.demonstration.sentences import sentences
from bot.publishing import publish_instruments
from export.bundle import make
from storage import (
    audit,
    commitments,
    dialogues,
    organisations,
    outbox,
    reports,
    slots,
    wave_people,
    waves,
)
from storage.database import KEY, open_store
from storage.store import Store
from surveys import commitment as rules
from surveys import safety, sensitive
from surveys.instruments import PROFILE, PUBLISHED
from surveys.language import detect
from tests import postgres as postgres_server

SEED = "2022-Q1"
# Of the inception, two years before.
EARLIER = {"stakeholder_consultation"}
AGREE = {"4", "5"}
Rows = list[dict[str, str]]


def told(folder: Path, url: str | None = None) -> tuple[Store, quarter.Cast]:
    clock = quarter.Turned()
    store = open_store(folder, clock, url=url)
    publish_instruments(store)
    steps: list[int] = []
    cast = quarter.tell(store, clock, 0, SEED, lambda at, of: steps.append(100 * at // of))
    assert steps[-1] == 100
    return store, cast


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Store, quarter.Cast]]:
    folder = tmp_path_factory.mktemp("demo")
    store, cast = told(folder)
    yield folder, store, cast
    store.close()


@pytest.fixture
def rows(demo: Any) -> Any:
    folder, _, _ = demo
    return lambda form_id: exported(folder, form_id)


def exported(folder: Path, form_id: str, url: str | None = None) -> Rows:
    *_, done = make(folder, folder / KEY, form_id, folder / "out", url)
    with Path(done["files"][1]).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def percent(part: int, whole: int) -> int:
    """Round half-up, as the project publishes."""
    return int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))


def agreeing(rows: Rows, question: str, sector: str | None = None) -> tuple[int, int]:
    of = [row for row in rows if row["_status"] == "complete" and row[question]]
    of = [row for row in of if sector is None or row["_sector"] == sector]
    return sum(row[question] in AGREE for row in of), len(of)


def test_83_percent_of_the_participants_find_the_relationship_improved(rows: Any) -> None:
    feedback = rows("codesign_feedback")

    assert agreeing(feedback, "rel_improved") == (25, 30)
    assert agreeing(feedback, "rel_improved", "gov") == (15, 18)
    assert agreeing(feedback, "rel_improved", "cso") == (10, 12)
    assert {percent(25, 30), percent(15, 18), percent(10, 12)} == {83}


def test_80_percent_of_the_interviewed_cso_members_feel_confident_and_trust(rows: Any) -> None:
    interviews = rows("cso_interview")

    assert agreeing(interviews, "trust") == (8, 10)
    assert {row["_sector"] for row in interviews} == {"cso"}
    assert percent(8, 10) == 80


def test_that_figure_was_released_by_an_officer_with_a_reason(demo: Any) -> None:
    _, store, cast = demo
    [entry] = [e for e in store.run(audit.latest, 500) if e.act == "release figure"]

    assert entry.actor == cast.staff.officer.id
    assert entry.object == "1.a"
    for part in ('"denominator":10', '"numerator":8', '"population":12', '"reason":"Published'):
        assert part in entry.detail
    assert store.run(audit.verify).broken_at is None


def test_half_a_percent_is_rounded_up() -> None:
    assert percent(1, 8) == 13


def test_thirty_people_took_part_and_made_eight_proposals(rows: Any) -> None:
    people = Counter(row["_sector"] for row in rows("codesign_attendance"))
    proposals = Counter((row["proposal_type"], row["state"]) for row in rows("proposal"))

    assert people == {"gov": 18, "cso": 12}
    assert proposals == {("dialogue", "developed"): 4, ("social", "developed"): 4}
    assert {row["team"] for row in rows("codesign_attendance")} == {
        "siem_reap", "ratanakiri", "kampot", "kampong_cham", "nasla",
    }  # fmt: skip


def test_hundreds_of_citizens_answered_in_both_languages_and_some_left(rows: Any) -> None:
    citizens = rows("citizen_interests")
    complete = [row for row in citizens if row["_status"] == "complete"]

    assert len(complete) >= 400
    assert 20 <= len(citizens) - len(complete) <= 80
    assert {row["_lang"] for row in complete} == {"km", "en"}
    assert {row["_province"] for row in complete} == {
        "siem_reap", "ratanakiri", "kampot", "kampong_cham",
    }  # fmt: skip
    assert sum(bool(row["change"]) for row in complete) > 250
    assert len({row["change"] for row in complete}) > 50
    assert all(row["_submission_time"].startswith("2022-0") for row in citizens)


def test_the_change_of_a_skill_is_paired_by_person_where_they_agreed(rows: Any) -> None:
    skill: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows("training_pulse"):
        if row["_person"]:
            of = skill.setdefault((row["_person"], row["module"]), {})
            of[row["stage"]] = int(row["skill"])
    changes = [of["after"] - of["before"] for of in skill.values() if len(of) == 2]

    assert len({person for person, _ in skill}) == 27
    assert len(changes) > 40
    assert sum(changes) / len(changes) > 0.5


@pytest.mark.parametrize("form_id", [item.form_id for item in PUBLISHED])
def test_every_form_of_the_quarter_has_answers(rows: Any, form_id: str) -> None:
    if form_id in {PROFILE, *EARLIER}:
        return
    assert len(rows(form_id)) >= 6


def test_each_of_eight_organisations_has_one_card_and_twelve_members(rows: Any, demo: Any) -> None:
    _, store, cast = demo

    assert len(store.run(organisations.listed)) == len(rows("cso_card")) == 8
    assert len({person.organisation for person in cast.teams.members}) == 8


def test_a_late_milestone_says_what_is_needed(rows: Any) -> None:
    [late] = [row for row in rows("grant_milestone") if row["state"] == "late"]

    assert late["need"]


def test_reminders_went_out_and_some_were_withheld_and_follow_ups_came(demo: Any) -> None:
    _, store, _ = demo
    found = {(one.status, one.reason) for one in store.run(slots.standings)}

    assert ("sent", None) in found
    assert {reason for status, reason in found if status == "withheld"} >= {
        "stopped", "blocked", "declined", "finished",
    }  # fmt: skip


def test_ten_of_the_twelve_answered_in_their_wave(demo: Any) -> None:
    _, store, _ = demo
    [one] = store.run(waves.listed)
    standing = store.run(wave_people.standing, one, 5)

    assert {name: n for name, n in standing.items() if n} == {
        "complete": 10, "refused": 1, "invited": 1,
    }  # fmt: skip


def test_nothing_waits_to_be_sent_and_nobody_has_an_id_of_telegrams(demo: Any) -> None:
    _, store, cast = demo

    assert [store.run(outbox.claim, lane) for lane in quarter.LANES] == [[], [], []]
    assert all(p.telegram_id >= NOBODY for p in (*cast.citizens, *cast.teams.everybody))
    assert NOBODY > 2**52


def test_the_same_seed_tells_the_same_quarter(demo: Any, tmp_path: Path) -> None:
    folder, _, _ = demo
    store, _ = told(tmp_path)
    store.close()

    def answers(where: Path) -> list[list[str]]:
        found = exported(where, "citizen_interests")
        return [[v for k, v in row.items() if k not in {"_id", "_person"}] for row in found]

    assert answers(tmp_path) == answers(folder)


def test_another_seed_tells_another_one() -> None:
    drawn = [Chance(seed).several(dict.fromkeys(range(20), 1), 20) for seed in ("a", "b", "a")]

    assert drawn[0] == drawn[2] != drawn[1]


def test_on_postgresql_the_figures_are_the_same(
    postgres: postgres_server.Server, tmp_path: Path
) -> None:
    url = postgres.make()
    store, _ = told(tmp_path, url)
    store.close()

    assert agreeing(exported(tmp_path, "codesign_feedback", url), "rel_improved") == (25, 30)
    assert agreeing(exported(tmp_path, "cso_interview", url), "trust") == (8, 10)


def test_what_people_write_is_in_the_language_it_says_and_harmless() -> None:
    for (about, language), texts in sentences().items():
        for text in texts:
            assert detect(text).label == language, text
            assert not safety.speaks_of_danger(text), text
            assert not sensitive.found(text), text
        assert (about, "km") in sentences()
        assert (about, "en") in sentences()


def test_four_dialogues_were_held_and_reported_by_both_sides_once_late(demo: Any) -> None:
    _, store, _ = demo
    listed = store.run(dialogues.listed)
    held = [one for one in listed if one.status == "held"]
    of_each = {one.province: store.run(reports.of_dialogue, one.id) for one in held}
    late = [
        one for of in of_each.values() for one in of
        if one.completed_at and one.completed_at > dt.datetime(2022, 4, 1, tzinfo=dt.UTC)
    ]  # fmt: skip

    assert sorted(of_each) == ["kampong_cham", "kampot", "ratanakiri", "siem_reap"]
    assert [(one.level, one.status) for one in listed if one not in held] == [
        ("national", "planned")
    ]
    assert {tuple(sorted(one.side for one in of)) for of in of_each.values()} == {("cso", "gov")}
    assert [one.counts_in for one in late] == ["2022-Q1"]


def test_promises_stand_at_every_stage(demo: Any) -> None:
    _, store, _ = demo
    known = [one for one in store.run(commitments.listed) if one.same_as is None]
    today = dt.date(2022, 4, 6)
    words = {one.id: one.words(lambda at: at.date()) for one in known}
    standing = Counter(rules.state(words[one.id]) for one in known)

    assert standing == {"kept": 4, "blocked": 1, "in_progress": 1, "open": 2}
    assert sum(rules.differ(words[one.id]) for one in known) == 1
    assert rules.share(((one.due_on, words[one.id]) for one in known), today) == rules.Share(3, 6)
    assert {said.reason for one in known for said in one.history} == {None, "budget"}
