"""Repeats: added, removed, counted, nested, and read from elsewhere."""

import pytest

from surveys.interview import Answered, World
from surveys.repeats import addable
from tests.surveys.markdown import engine_form
from tests.surveys.walking import Walk

HEADINGS = "type | name | label | relevant | constraint | calculation | repeat_count | default"


def survey(*rows: str) -> str:
    lines = "\n".join(f"| | {row} |" for row in (HEADINGS, *rows))
    return f"| survey |\n{lines}\n"


FAMILY = survey(
    "text | village | Village? | | | | | ",
    "begin_repeat | member | Member | | | | | ",
    "text | name | Name? | | | | | ",
    "integer | age | Age of ${name}? | | . < 120 | | | ",
    "text | school | School? | ${age} < 18 | | | | ",
    "calculate | position | | | | position(..) | | ",
    "end_repeat | | | | | | | ",
    "calculate | ages | | | | sum(${age}) | | ",
    "calculate | how_many | | | | count(${member}) | | ",
    "calculate | second | | | | indexed-repeat(${name}, ${member}, 2) | | ",
    "calculate | any | | | | count(/data/member/*[. = '12']) | | ",
    "calculate | children | | | | count(/data/member[age < 18]) | | ",
)
NESTED = survey(
    "begin_repeat | house | House | | | | | ",
    "text | owner | Owner? | | | | | ",
    "begin_repeat | person | Person | | | | | ",
    "text | name | Name? | | | | | ",
    "calculate | both | | | | concat(${owner}, '/', ${name}) | | ",
    "end_repeat | | | | | | | ",
    "calculate | persons | | | | count(${person}) | | ",
    "end_repeat | | | | | | | ",
    "calculate | all | | | | count(${person}) | | ",
)
COUNTED = survey(
    "integer | n | How many? | | | | | ",
    "begin_repeat | item | Item | | | | ${n} | ",
    "text | what | What? | | | | | ",
    "end_repeat | | | | | | | ",
    "text | last | Last? | | | | | ",
)


@pytest.fixture
def family(world: World) -> Walk:
    return Walk(engine_form(FAMILY), world)


def test_a_repeat_is_there_once_in_the_beginning(family):
    family.answers("Kampot")

    assert family.state.position == "/data/member[1]/name"
    assert family.answers("Sokha", "30").is_at_the_summary


def test_one_more_is_asked_where_the_form_has_it(family):
    family.answers("Kampot", "Sokha", "30").adds("/data/member")

    assert family.told == ["Added member[2]", "Asked name"]
    assert family.state.position == "/data/member[2]/name"
    family.answers("Dara", "12", "Primary")
    assert family.instance.response() == {
        "/data/village": "Kampot",
        "/data/member[1]/name": "Sokha",
        "/data/member[1]/age": "30",
        "/data/member[1]/position": "1",
        "/data/member[2]/name": "Dara",
        "/data/member[2]/age": "12",
        "/data/member[2]/school": "Primary",
        "/data/member[2]/position": "2",
        "/data/ages": "42",
        "/data/how_many": "2",
        "/data/second": "Dara",
        "/data/children": "1",
        "/data/any": "1",
    }


def test_a_label_in_a_repeat_shows_the_answers_beside_it(family):
    family.answers("Kampot", "Sokha", "30").adds("/data/member").answers("Dara")
    question = family.form.question(family.state.position)

    label = question.label.text("en", family.instance.at(question.path))

    assert label == "Age of Dara?"


def test_a_constraint_in_a_repeat_is_of_its_own_instance(family):
    family.answers("Kampot", "Sokha", "30").adds("/data/member").answers("Dara", "121")

    assert family.told == ["Rejected age constraint"]


def test_what_is_removed_is_gone_and_the_next_moves_up(family):
    family.answers("Kampot", "Sokha", "30").adds("/data/member").answers("Dara", "12", "Primary")

    family.removes("/data/member[1]")

    assert family.told[0] == "Removed member[1]"
    assert family.instance.value("/data/member[1]/name") == "Dara"
    assert family.instance.value("/data/how_many") == "1"
    assert not family.instance.has("/data/member[2]/name")


def test_adding_then_removing_is_as_before(family):
    family.answers("Kampot", "Sokha", "30")
    before = family.instance.response()

    family.adds("/data/member").removes("/data/member[2]")

    assert family.instance.response() == before


def test_all_can_be_removed_and_one_added_again(family):
    family.answers("Kampot").removes("/data/member[1]")
    assert family.is_at_the_summary
    assert family.instance.value("/data/how_many") == "0"

    assert family.adds("/data/member").state.position == "/data/member[1]/name"


@pytest.mark.parametrize("path", ["/data/nothing", "/data/member[1]", "/data/member[7]/x"])
def test_what_is_no_repeat_is_not_added_to(family, path):
    before = family.state

    assert family.adds(path).state == before
    assert family.removes("/data/member[9]").state == before


def test_back_goes_through_the_instances(family):
    family.answers("Kampot", "Sokha", "30").adds("/data/member")

    assert family.goes_back().state.position == "/data/member[1]/age"


def test_nested_repeats_know_the_instance_they_stand_in(world):
    walk = Walk(engine_form(NESTED), world)
    walk.answers("A", "a1").adds("/data/house[1]/person").answers("a2")
    walk.adds("/data/house").answers("B", "b1")
    instance = walk.instance

    assert addable(instance) == [
        "/data/house",
        "/data/house[1]/person",
        "/data/house[2]/person",
    ]
    assert instance.value("/data/house[1]/person[2]/both") == "A/a2"
    assert instance.value("/data/house[2]/person[1]/both") == "B/b1"
    assert instance.value("/data/house[1]/persons") == "2"
    assert instance.value("/data/house[2]/persons") == "1"
    assert instance.value("/data/all") == "3"
    assert walk.removes("/data/house[1]").instance.value("/data/house[1]/person[1]/both") == "B/b1"


def test_a_count_makes_the_instances_and_nobody_else(world):
    walk = Walk(engine_form(COUNTED), world)

    walk.answers("2")
    assert walk.state.position == "/data/item[1]/what"
    assert addable(walk.instance) == []
    walk.answers("x", "y")
    assert walk.at == "last"

    walk.edits("n").answers("1")
    assert not walk.instance.has("/data/item[2]/what")
    walk.edits("n").answers("2")
    assert walk.instance.value("/data/item[2]/what") == "y"


def test_a_count_that_is_blank_again_changes_nothing(world):
    walk = Walk(engine_form(COUNTED), world).answers("2").edits("n").skips()

    assert walk.instance.has("/data/item[2]/what")


def test_a_count_without_end_has_one(world):
    walk = Walk(engine_form(COUNTED), world).answers("1000000")

    assert walk.instance.has("/data/item[100]/what")
    assert not walk.instance.has("/data/item[101]/what")


def test_a_default_of_a_repeat_is_computed_for_each_instance(world):
    text = survey(
        "begin_repeat | visit | Visit | | | | | ",
        "date | day | Day? | | | | | today()",
        "text | place | Place? | | | | | market",
        "end_repeat | | | | | | | ",
    )
    walk = Walk(engine_form(text), world)
    assert walk.at == "day"
    walk.answers("2026-01-01", "port").adds("/data/visit")

    assert walk.instance.value("/data/visit[2]/day") == "2026-11-24"
    assert walk.instance.value("/data/visit[2]/place") == "market"
    assert walk.instance.value("/data/visit[1]/day") == "2026-01-01"


def test_choices_can_come_from_a_repeat(world):
    text = survey(
        "begin_repeat | member | Member | | | | | ",
        "text | name | Name? | | | | | ",
        "end_repeat | | | | | | | ",
        "select_one ${name} | head | Head? | | | | | ",
    )
    walk = Walk(engine_form(text), world).answers("Sokha").adds("/data/member").answers("Dara")

    offered = walk.instance.choices(walk.form.by_name["head"])

    assert [choice.value for choice in offered] == ["Sokha", "Dara"]


@pytest.fixture
def asking(world: World) -> Walk:
    return Walk(engine_form(NESTED), world, asks_for_more=True)


def test_behind_each_repeat_one_more_is_offered_inner_ones_first(asking):
    asking.answers("Sok", "Dara")
    assert asking.state.position == "/data/house[1]/person"

    asking.closes()
    assert asking.state.position == "/data/house"

    assert asking.closes().is_at_the_summary


def test_back_goes_across_instances_and_to_what_was_offered(asking):
    asking.answers("Sok", "Dara").adds("/data/house[1]/person").answers("Chan").closes()

    seen = [asking.goes_back().state.position for _ in range(4)]

    assert seen == [
        "/data/house[1]/person",
        "/data/house[1]/person[2]/name",
        "/data/house[1]/person[1]/name",
        "/data/house[1]/owner",
    ]


def test_one_more_from_the_summary_offers_one_more_again(asking):
    asking.answers("Sok", "Dara").closes().closes().adds("/data/house")

    assert asking.state.position == "/data/house[2]/owner"
    asking.answers("Bopha", "Rith")
    assert asking.state.position == "/data/house[2]/person"
    assert asking.closes().state.position == "/data/house"


def test_what_moves_up_is_an_answer_again(asking):
    asking.answers("Sok", "Dara").closes().adds("/data/house").answers("Bopha", "Rith")

    asking.removes("/data/house[1]")

    assert asking.response == {"owner": "Bopha", "name": "Rith", "both": "Bopha/Rith"} | {
        "persons": "1",
        "all": "1",
    }
    assert "Answered owner Bopha" in asking.told
    assert asking.state.closed == frozenset()
    moved = {e.path: e.moved_from for e in asking.events if isinstance(e, Answered)}
    assert moved["/data/house[1]/owner"] == "/data/house[2]/owner"
    assert moved["/data/house[2]/owner"] == ""


def test_of_many_that_move_up_the_first_are_told_first(asking):
    asking.answers("Sok", "Dara").closes()
    for at in range(2, 12):
        asking.adds("/data/house").answers(f"Owner {at}", f"Name {at}").closes()

    asking.removes("/data/house[1]")

    owners = [e.path for e in asking.events if isinstance(e, Answered) and "owner" in e.path]
    assert owners == [f"/data/house[{at}]/owner" for at in range(1, 12)]


def test_a_question_that_answers_make_read_only_is_shown_and_not_asked(world):
    walk = Walk(
        engine_form(
            "| survey |\n| | type | name | label | readonly |\n"
            "| | text | p | P | |\n| | text | q | Q | ${p} = 'x' |\n"
        ),
        world,
    )

    assert walk.answers("y").at == "q"
    walk.goes_back().answers("x")

    assert walk.is_at_the_summary
    assert [question.name for question in walk.instance.notes_before("")] == ["q"]
