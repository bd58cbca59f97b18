"""What forms of Kobo and ODK use beyond plain questions: lists, files, defaults, triggers."""

import datetime as dt

import pytest

from surveys.check import check
from surveys.definition import Question
from surveys.form import compile_form
from surveys.interview import Instance, World
from tests.surveys.conftest import NOW
from tests.surveys.markdown import converted, engine_form
from tests.surveys.walking import Walk


def survey(headings: str, *rows: str, choices: str = "") -> str:
    lines = "\n".join(f"| | {row} |" for row in (headings, *rows))
    return f"| survey |\n{lines}\n{choices}"


PLACES = """
| choices |
| | list_name | name | label::English (en) | label::Khmer (km) | province |
| | province | kp | Kampot | កំពត | |
| | province | sr | Siem Reap | សៀមរាប | |
| | district | chhuk | Chhuk | ឈូក | kp |
| | district | chumkiri | Chum Kiri | ជុំគិរី | kp |
| | district | bakong | Bakong | បាគង | sr |
"""
CASCADE = survey(
    "type | name | label::English (en) | label::Khmer (km) | choice_filter",
    "select_one province | p | Province? | ខេត្ត? | ",
    "select_one district | d | District? | ស្រុក? | province = ${p}",
    "select_multiple district | ds | Districts? | ស្រុក? | province = ${p}",
    "calculate | named | | | ",
    choices=PLACES,
).replace("calculate | named | | | ", "note | named | ${d} | ${d} | ")


def offered(walk: Walk, name: str) -> list[str]:
    return [c.value for c in walk.instance.choices(walk.form.by_name[name])]


@pytest.fixture
def cascade(world: World) -> Walk:
    return Walk(engine_form(CASCADE), world)


def test_a_list_is_filtered_by_an_earlier_answer(cascade):
    assert offered(cascade, "d") == []

    cascade.answers("kp")

    assert offered(cascade, "d") == ["chhuk", "chumkiri"]
    assert [c.value for c in cascade.form.by_name["d"].choices] == ["chhuk", "chumkiri", "bakong"]


def test_choices_of_a_filtered_list_are_labelled_in_both_languages(cascade):
    cascade.answers("sr")
    (choice,) = cascade.instance.choices(cascade.form.by_name["d"])

    assert choice.label.text("km", cascade.instance) == "បាគង"
    assert choice.label.text("en", cascade.instance) == "Bakong"


def test_an_answer_that_is_offered_no_more_is_asked_again(cascade):
    cascade.answers("kp", "chhuk", "chhuk chumkiri").edits("p").answers("sr")

    assert cascade.told == ["Answered p sr", "Cleared d", "Cleared ds", "Asked d"]
    assert cascade.response == {"p": "sr"}


def test_skipping_a_filtered_question_clears_nothing_else(cascade):
    cascade.answers("kp", "chhuk", "chhuk").edits("d").skips()

    assert cascade.told == ["Answered d ", "Summarised"]


def test_ticks_of_a_filtered_list_are_of_what_is_offered(cascade):
    cascade.answers("kp", "chhuk").ticks("bakong", "chumkiri").done()

    assert cascade.response["ds"] == "chumkiri"


def test_a_computed_value_that_is_no_choice_is_blank(world):
    text = survey(
        "type | name | label | calculation",
        "integer | n | N | ",
        "select_one yn | s | S | if(${n} > 5, 'yes', 'perhaps')",
        choices="| choices |\n| | list_name | name | label |\n| | yn | yes | Yes |\n",
    )
    walk = Walk(engine_form(text), world).answers("6")
    assert walk.response == {"n": "6", "s": "yes"}

    assert walk.edits("n").answers("5").response == {"n": "5"}


CSV = "name,label,zone\nkp,Kampot,south\nsr,Siem Reap,north\n"


def test_choices_come_from_a_csv_file(world):
    text = survey(
        "type | name | label | choice_filter",
        "text | zone | Zone? | ",
        "select_one_from_file places.csv | p | Place? | zone = ${zone}",
    )
    walk = Walk(engine_form(text, places_csv=CSV), world).answers("north")
    (choice,) = walk.instance.choices(walk.form.by_name["p"])

    assert (choice.value, choice.label.text("en", walk.instance)) == ("sr", "Siem Reap")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("p.csv", "\ufeffname;label\nsr;Siem Reap\n"),
        ("p.xml", "<root><item><name>sr</name><label>Siem Reap</label></item></root>"),
        (
            "p.geojson",
            '{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "sr",'
            ' "geometry": {"type": "Point", "coordinates": [103.8, 13.3]},'
            ' "properties": {"title": "Siem Reap"}}]}',
        ),
    ],
)
def test_choices_come_from_files_of_each_kind(name, data, world):
    text = survey("type | name | label", f"select_one_from_file {name} | p | Place?")
    form = engine_form(text, **{name.replace(".", "_"): data})
    (choice,) = Instance(form, {}, world).choices(form.by_name["p"])

    assert (choice.value, choice.label.text("en", Instance(form, {}, world))) == ("sr", "Siem Reap")


def test_a_place_of_a_file_is_written_as_a_geopoint(world):
    data = (
        '{"type": "FeatureCollection", "features": [{"id": "a", "properties": {"title": "A"},'
        ' "geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}]}'
    )
    text = survey("type | name | label", "select_one_from_file p.geojson | p | Place?")
    form = engine_form(text, p_geojson=data)

    (item,) = form.lists["p"].children[0].children
    assert item.child("geometry").text == "2 1 0 0; 4 3 0 0"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("p.csv", b"\xff\xfe", "decode"),
        ("p.geojson", b"[]", "FeatureCollection"),
        ("p.geojson", b"{", "Expecting"),
        ("p.xml", b"<root>", "no element"),
        ("p.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "Entit"),
        ("p.csv", b"name,label\n" + b"a,b\n" * 50_001, "more than 50000"),
    ],
    ids=["not text", "no features", "cut off", "no XML", "an entity", "too many rows"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(name, data, reason):
    text = survey("type | name | label", f"select_one_from_file {name} | p | Place?")

    _, problems = compile_form(converted(text)["xform"], {name: data})

    refused = [p for p in problems if p.code == "attachment"]
    assert refused
    assert reason in refused[0].problem


EXTERNAL = """
| survey |
| | type | name | label | choice_filter |
| | text | zone | Zone? | |
| | select_one_external place | p | Place? | zone=${zone} |
| external_choices |
| | list_name | name | label | zone |
| | place | kp | Kampot | south |
| | place | sr | Siem Reap | north |
"""


def test_choices_come_from_the_external_choices_of_older_forms(world):
    data = '"list_name","name","label","zone"\n"place","kp","Kampot","south"\n'
    walk = Walk(engine_form(EXTERNAL, itemsets_csv=data), world).answers("south")

    assert offered(walk, "p") == ["kp"]


def test_external_choices_that_cannot_be_read_are_refused():
    _, problems = compile_form(converted(EXTERNAL)["xform"], {"itemsets.csv": b"\xff\xfe"})

    assert "attachment" in {p.code for p in problems}


def test_pulldata_reads_a_cell_of_a_file(world):
    text = survey(
        "type | name | label | calculation",
        "text | p | Place? | ",
        "calculate | zone | | pulldata('places', 'zone', 'name', ${p})",
    )
    walk = Walk(engine_form(text, places_csv=CSV), world).answers("kp")

    assert walk.response == {"p": "kp", "zone": "south"}


def test_a_dynamic_default_is_proposed_and_asked(world):
    text = survey(
        "type | name | label | default",
        "date | day | Day? | today()",
        "date | due | Due? | date(today() + 7)",
    )
    walk = Walk(engine_form(text), world)
    assert walk.at == "day"
    assert walk.response == {"day": "2026-11-24", "due": "2026-12-01"}

    walk.answers("2026-11-20")

    assert walk.at == "due"
    assert walk.answers("2026-12-01").is_at_the_summary


def test_a_trigger_sets_a_value_when_its_question_changes_and_not_before(world):
    text = survey(
        "type | name | label | calculation | trigger",
        "text | a | A | | ",
        "calculate | when | | now() | ${a}",
        "text | b | B | | ",
    )
    walk = Walk(engine_form(text), world).answers("x")
    first = walk.response["when"]
    walk.world = World(NOW + dt.timedelta(hours=1), "en")

    assert walk.answers("y").response["when"] == first == "2026-11-24T03:00:00.000+07:00"
    assert walk.edits("a").answers("z").response["when"] == "2026-11-24T04:00:00.000+07:00"


def test_a_trigger_can_propose_an_answer(world):
    text = survey(
        "type | name | label | calculation | trigger",
        "text | a | A | | ",
        "text | b | B | concat(${a}, '!') | ${a}",
    )
    walk = Walk(engine_form(text), world).answers("x")

    assert walk.at == "b"
    assert walk.response == {"a": "x", "b": "x!"}


def test_a_trigger_opens_a_skipped_question_again(world):
    text = survey(
        "type | name | label | calculation | trigger",
        "text | a | A | | ",
        "text | b | B | concat(${a}, '!') | ${a}",
    )
    walk = Walk(engine_form(text), world).answers("x").skips()
    assert walk.is_at_the_summary

    assert walk.edits("a").answers("y").at == "b"
    assert walk.response == {"a": "y", "b": "y!"}


def test_once_keeps_what_it_computed_first(world):
    text = survey(
        "type | name | label | calculation",
        "text | a | A | ",
        "calculate | first | | once(${a})",
        "calculate | lot | | once(random())",
    )
    walk = Walk(engine_form(text), world).answers("x")
    lot = walk.response["lot"]

    walk.edits("a").answers("y")

    assert (walk.response["first"], walk.response["lot"]) == ("x", lot)


def test_chance_is_of_the_seed_and_the_question(world):
    text = survey(
        "type | name | label | calculation",
        "text | a | A | ",
        "calculate | x | | random()",
        "calculate | y | | random()",
    )
    form = engine_form(text)
    drawn = [Instance(form, {}, World(NOW, "en", seed)) for seed in (1, 1, 2)]
    lots = [[i.value(form.nodes[f"/data/{name}"].path) for name in "xy"] for i in drawn]

    assert lots[0] == lots[1] != lots[2]
    assert lots[0][0] != lots[0][1]


def test_a_list_is_shuffled_the_same_way_each_time(world):
    rows = "".join(f"| | n | v{n} | V{n} |\n" for n in range(20))
    text = survey(
        "type | name | label | parameters",
        "select_one n | a | A | randomize=true",
        "select_one n | b | B | randomize=true, seed=42",
        choices="| choices |\n| | list_name | name | label |\n" + rows,
    )
    form = engine_form(text)
    mine, again = Instance(form, {}, world), Instance(form, {}, world)
    other = Instance(form, {}, World(NOW, "en", 7))
    a, b = form.by_name["a"], form.by_name["b"]

    def order(instance: Instance, question: Question) -> list[str]:
        return [choice.value for choice in instance.choices(question)]

    assert order(mine, a) == order(again, a) != order(other, a)
    assert order(mine, b) == order(other, b)
    assert sorted(order(mine, a)) == sorted(choice.value for choice in a.choices)


def test_the_times_of_an_interview_are_recorded(world):
    text = survey(
        "type | name | label",
        "start | start | ",
        "end | end | ",
        "today | today | ",
        "text | a | A",
    )
    walk = Walk(engine_form(text), world)
    assert walk.response == {"start": "2026-11-24T03:00:00.000+07:00", "today": "2026-11-24"}

    walk.answers("x")
    walk.world = World(NOW + dt.timedelta(hours=2), "en")
    walk.submits()

    assert walk.response["end"] == "2026-11-24T05:00:00.000+07:00"
    assert walk.response["start"] == "2026-11-24T03:00:00.000+07:00"


def test_a_rank_keeps_the_order_of_its_ticks(world):
    text = survey(
        "type | name | label",
        "rank t | r | Rank",
        choices="| choices |\n| | list_name | name | label |\n| | t | a | A |\n| | t | b | B |\n",
    )
    walk = Walk(engine_form(text), world).ticks("b", "a").done()

    assert walk.response == {"r": "b a"}


def test_a_range_knows_its_bounds():
    text = survey("type | name | label | parameters", "range | r | R | start=1 end=5 step=0.5")
    bounds = engine_form(text).by_name["r"].bounds

    assert (bounds.start, bounds.end, bounds.step) == ("1", "5", "0.5")


def test_another_choice_asks_which(world):
    text = survey(
        "type | name | label",
        "select_one t or_other | q | Q",
        choices="| choices |\n| | list_name | name | label |\n| | t | a | A |\n",
    )
    walk = Walk(engine_form(text), world).answers("other")

    assert walk.at == "q_other"


def test_pictures_sounds_and_longer_hints_are_kept_by_language(world):
    text = survey(
        "type | name | label::English (en) | label::Khmer (km) | media::audio::English (en)"
        " | media::audio::Khmer (km) | hint::English (en) | hint::Khmer (km)"
        " | guidance_hint::English (en) | guidance_hint::Khmer (km)",
        "text | q | Q | ស | q.mp3 | q-km.mp3 | H | ជ | Longer | វែង",
    )
    form = engine_form(text)
    question, instance = form.by_name["q"], Instance(form, {}, world)

    assert question.label.file("audio", "km") == "q-km.mp3"
    assert question.label.file("audio", "en") == "q.mp3"
    assert question.hint.text("km", instance) == "ជ"
    assert question.guidance.text("en", instance) == "Longer"


def test_entities_are_left_out_with_a_warning():
    text = survey("type | name | label | save_to", "text | q | Q | owner") + (
        "\n| entities |\n| | dataset | label |\n| | trees | ${q} |\n"
    )

    form, problems = check(converted(text))

    assert form is not None
    assert not [p for p in problems if not p.code.startswith("warning.")]
    assert "warning.entities" in {p.code for p in problems}


def test_a_group_that_is_not_relevant_hides_all_below(world):
    text = survey(
        "type | name | label | relevant | default",
        "text | a | A | | ",
        "begin_group | g | G | ${a} = 'x' | ",
        "text | b | B | | 5",
        "end_group | | | | ",
    )
    walk = Walk(engine_form(text), world)
    assert walk.response == {}

    assert walk.answers("x").response == {"a": "x", "b": "5"}


def test_a_label_can_show_a_label_of_a_list(cascade):
    text = survey(
        "type | name | label | calculation",
        "select_one t | q | Q | ",
        "note | n | You chose ${named} | ",
        "calculate | named | | jr:choice-name(${q}, '${q}')",
        choices="| choices |\n| | list_name | name | label |\n| | t | a | Apple |\n",
    )
    walk = Walk(engine_form(text), World(NOW, "en")).answers("a")

    note = walk.form.by_name["n"]
    assert note.label.text("en", walk.instance) == "You chose Apple"
