"""A form as it is compiled, and what is refused before anybody is asked."""

import dataclasses

import pytest

from surveys.errors import FormRefused
from surveys.form import Form, compile_form, load
from surveys.interview import Instance
from tests.surveys.markdown import converted, form

BILINGUAL = """
| survey |
| | type | name | label::English (en) | label::Khmer (km) | required | relevant |
| | hidden | stage | | | | |
| | select_one yn | came | Did you come? | តើអ្នកមកទេ? | yes | |
| | begin_group | who | Who | អ្នកណា | | ${came} = 'yes' |
| | integer | women | Women? | ស្រី? | | |
| | date | day | Which day? | ថ្ងៃណា? | | |
| | end_group | | | | | |
| | note | thanks | ${women} women! | ស្រី ${women} នាក់! | | ${women} > 0 |
| | select_multiple t | topics | Topics? | ប្រធានបទ? | | |
| | text | change | What else? | អ្វីទៀត? | | |
| choices |
| | list_name | name | label::English (en) | label::Khmer (km) |
| | yn | yes | Yes | បាទ/ចាស |
| | yn | no | No | ទេ |
| | t | road | Road | ផ្លូវ |
| | t | water | Water | ទឹក |
| settings |
| | form_title | form_id | version |
| | The title | the_form | 7 |
"""


def survey(*rows: str, headings: str = "type | name | label", choices: str = "") -> str:
    lines = "\n".join(f"| | {row} |" for row in (headings, *rows))
    return f"| survey |\n{lines}\n{choices}"


CHOICES = """
| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
"""


def codes(refused: FormRefused) -> set[str]:
    return {error.code for error in refused.errors}


def test_a_form_knows_its_name_version_title_and_languages():
    compiled = form(BILINGUAL)

    assert (compiled.form_id, compiled.version, compiled.title) == ("the_form", "7", "The title")
    assert compiled.languages == ("en", "km")


def test_questions_keep_the_order_of_the_form_through_its_groups():
    kinds = {question.name: question.kind for question in form(BILINGUAL).questions}

    assert kinds == {
        "came": "select_one",
        "women": "integer",
        "day": "date",
        "thanks": "note",
        "topics": "select_multiple",
        "change": "text",
    }
    assert list(kinds) == ["came", "women", "day", "thanks", "topics", "change"]


def test_a_note_is_shown_and_not_asked():
    assert [question.name for question in form(BILINGUAL).asked] == [
        "came",
        "women",
        "day",
        "topics",
        "change",
    ]


def test_a_hidden_node_is_there_but_is_no_question():
    compiled = form(BILINGUAL)

    assert "/data/stage" in compiled.nodes
    assert "stage" not in compiled.by_name


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Did you come?"), ("km", "តើអ្នកមកទេ?")], ids=["en", "km"]
)
def test_a_label_is_in_the_language_of_the_reader(language, expected, world):
    compiled = form(BILINGUAL)

    label = compiled.by_name["came"].label.text(language, Instance(compiled, {}, world))

    assert label == expected


def test_choices_and_groups_have_their_labels_in_both_languages(world):
    compiled = form(BILINGUAL)
    instance = Instance(compiled, {}, world)

    assert compiled.by_name["came"].choices[0].label.text("km", instance) == "បាទ/ចាស"
    assert [label.text("en", instance) for label in compiled.group_labels.values()] == ["Who"]


def test_hints_and_messages_are_there_in_both_languages(world):
    compiled = form(
        survey(
            "integer | n | N | ន | H | ជ | . > 0 | Too few | តិច | yes | Needed | ត្រូវការ",
            headings="type | name | label::en | label::km | hint::en | hint::km | constraint"
            " | constraint_message::en | constraint_message::km"
            " | required | required_message::en | required_message::km",
        )
    )
    question, instance = compiled.by_name["n"], Instance(compiled, {}, world)
    texts = (question.hint, question.node.constraint_message, question.node.required_message)

    assert [text.text("en", instance) for text in texts] == ["H", "Too few", "Needed"]
    assert [text.text("km", instance) for text in texts] == ["ជ", "តិច", "ត្រូវការ"]


def test_a_label_shows_the_answers_it_names(world):
    compiled = form(BILINGUAL)
    women = compiled.by_name["women"].path
    came = compiled.by_name["came"].path
    instance = Instance(compiled, {came: "yes", women: "12"}, world)

    assert compiled.by_name["thanks"].label.text("en", instance) == "12 women!"
    assert compiled.by_name["thanks"].label.text("km", instance) == "ស្រី 12 នាក់!"


@pytest.mark.parametrize(
    "heading", ["Khmer (km)", "ខ្មែរ (km)", "ខ្មែរ", "Khmer", "khmer", "kh", "km", "Cambodian"]
)
def test_khmer_is_known_under_any_heading(heading, world):
    compiled = form(
        survey("text | q | Q | ស", headings=f"type | name | label::English (en) | label::{heading}")
    )

    assert compiled.languages == ("en", "km")
    assert compiled.by_name["q"].label.text("km", Instance(compiled, {}, world)) == "ស"


@pytest.mark.parametrize("heading", ["English (en)", "English", "en", "អង់គ្លេស"])
def test_english_is_known_under_any_heading(heading):
    compiled = form(
        survey("text | q | ស | Q", headings=f"type | name | label::Khmer | label::{heading}")
    )

    assert set(compiled.languages) == {"en", "km"}


def test_one_language_under_two_headings_is_one_language(world):
    compiled = form(
        survey(
            "text | q | Q | H | ស",
            headings="type | name | label::English (en) | hint::English | label::Khmer",
        )
    )
    question, instance = compiled.by_name["q"], Instance(compiled, {}, world)

    assert set(compiled.languages) == {"en", "km"}
    assert question.label.text("en", instance) == "Q"
    assert question.hint.text("en", instance) == "H"


def test_a_missing_translation_falls_back_to_the_language_that_has_it(world):
    compiled = form(
        survey("text | q | Q | ", "text | r | | រ", headings="type | name | label::en | label::km")
    )
    instance = Instance(compiled, {}, world)

    assert compiled.by_name["q"].label.text("km", instance) == "Q"
    assert compiled.by_name["r"].label.text("en", instance) == "រ"


def test_a_form_of_one_language_without_a_name_is_read_in_any(world):
    compiled = form(survey("text | q | Q"))

    assert compiled.by_name["q"].label.text("km", Instance(compiled, {}, world)) == "Q"


@pytest.mark.parametrize("mark", ["<br>", "<br/>", "<br />"])
def test_a_line_break_in_a_cell_is_a_new_line(mark, world):
    compiled = form(survey(f"text | q | One{mark}two"))

    assert compiled.by_name["q"].label.text("en", Instance(compiled, {}, world)) == "One\ntwo"


def test_what_is_read_only_is_a_note():
    compiled = form(survey("text | q | Q | yes", headings="type | name | label | readonly"))

    assert compiled.by_name["q"].kind == "note"


def test_what_is_computed_is_shown_and_not_asked():
    text = survey("text | q | Q | 1 + 1", headings="type | name | label | calculation")

    compiled, problems = compile_form(converted(text)["xform"])

    assert compiled.by_name["q"].kind == "note"
    assert [problem.code for problem in problems] == ["warning.calculate"]


def test_a_form_computes_each_node_after_those_it_reads():
    compiled = form(
        survey(
            "calculate | c | | ${b} + 1",
            "calculate | b | | ${a} + 1",
            "integer | a | A | ",
            headings="type | name | label | calculation",
        )
    )
    names = [path.rsplit("/", 1)[-1] for path in compiled.order]

    assert names.index("a") < names.index("b") < names.index("c")
    assert set(compiled.order) == set(compiled.nodes)


def test_a_form_never_changes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        form(BILINGUAL).version = "8"  # type: ignore[misc]


REFUSED = {
    "a list in a file that isn't there": (
        survey("select_one_from_file places.csv | q | Q"),
        "attachment",
    ),
    "a list that is searched": (
        survey(
            "select_one yn | q | Q | search('places')",
            headings="type | name | label | appearance",
            choices=CHOICES,
        ),
        "choices",
    ),
    "a list that isn't there": (
        survey(
            "text | q | Q | instance('nowhere')/root/item[name = 'a']/label = 'A'",
            headings="type | name | label | relevant",
        ),
        "attachment",
    ),
    "a question for another application": (
        survey("text | q | Q | ex:org.app()", headings="type | name | label | appearance"),
        "type",
    ),
    "metadata that a question reads": (
        survey(
            "deviceid | t | | ",
            "text | q | Q | ${t} > 1",
            headings="type | name | label | relevant",
        ),
        "preload",
    ),
    "a recording in the background": (survey("background-audio | q | "), "action"),
    "a place taken silently": (survey("start-geopoint | q | "), "action"),
    "an encrypted form": (
        survey("text | q | Q")
        + "| settings |\n| | form_id | public_key |\n| | f | MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A |",
        "encryption",
    ),
    "an unknown function": (
        survey("date | q | Q | year(.) > 1", headings="type | name | label | constraint"),
        "expression",
    ),
    "a broken expression": (
        survey("text | q | Q | 3 (", headings="type | name | label | relevant"),
        "expression",
    ),
    "an unanswerable pattern": (
        survey("text | q | Q | regex(., '[')", headings="type | name | label | constraint"),
        "expression",
    ),
    "a circle": (
        survey(
            "text | a | A | ${b} = 1",
            "text | b | B | ${a} = 1",
            headings="type | name | label | relevant",
        ),
        "cycle",
    ),
    "a question that decides on itself": (
        survey("text | a | A | ${a} = 1", headings="type | name | label | relevant"),
        "cycle",
    ),
    "a group that its own question decides on": (
        survey(
            "begin_group | g | G | ${a} = 1",
            "text | a | A | ",
            "end_group | | | ",
            headings="type | name | label | relevant",
        ),
        "cycle",
    ),
    "a name that isn't there": (
        survey("text | q | Q | /data/nowhere = 1", headings="type | name | label | relevant"),
        "reference",
    ),
    "no question": (survey("hidden | q | "), "empty"),
}
# Types as an author writes them, and the kinds they are.
TYPES = {
    "decimal": "decimal",
    "time": "time",
    "dateTime": "dateTime",
    "geopoint": "geopoint",
    "image": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "barcode": "barcode",
    "acknowledge": "acknowledge",
    "range": "range",
    "rank yn": "rank",
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_a_chat_cannot_do_is_refused(text, code):
    with pytest.raises(FormRefused) as refused:
        form(text)

    assert code in codes(refused.value)


@pytest.mark.parametrize(("written", "kind"), TYPES.items())
def test_every_type_of_the_standard_is_a_kind_of_question(written, kind):
    compiled = form(survey(f"{written} | q | Q", choices=CHOICES))

    assert compiled.by_name["q"].kind == kind


@pytest.mark.parametrize("written", ["geotrace", "geoshape"])
def test_a_line_and_a_shape_are_refused_with_a_reason(written):
    with pytest.raises(FormRefused, match="can't be drawn") as refused:
        form(survey(f"{written} | q | Q"))

    assert "type" in codes(refused.value)


def xform(model: str = "", body: str = "", instance: str = "<q/>") -> str:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
        ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>'
        f'<instance><data id="t" version="1">{instance}</data></instance>{model}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )


INPUT = '<input ref="/data/q"><label>Q</label></input>'


def test_an_xform_from_elsewhere_is_read_too():
    compiled = load(xform('<bind nodeset="/data/q" type="xsd:int" required="true()"/>', INPUT))

    assert compiled.by_name["q"].kind == "integer"


def test_a_control_may_name_its_bind_or_a_path_from_the_root():
    by_bind = load(
        xform('<bind id="b" nodeset="/data/q"/>', '<input bind="b"><label>Q</label></input>')
    )
    relative = load(xform(body='<input ref="q"><label>Q</label></input>'))

    assert by_bind.by_name["q"].path == relative.by_name["q"].path == "/data/q"


def test_a_type_that_nobody_knows_is_text():
    compiled = load(xform('<bind nodeset="/data/q" type="anyURI"/>', INPUT))

    assert compiled.by_name["q"].kind == "text"


def test_choices_may_stand_in_place_or_in_a_list_with_its_own_columns(world):
    in_place = '<select1 ref="/data/q"><item><label>A</label><value>a</value></item></select1>'
    listed = (
        '<select1 ref="/data/q"><itemset nodeset=\'instance("l")/root/item\'>'
        '<value ref="code"/><label ref="label"/></itemset></select1>'
    )
    items = '<instance id="l"><root><item><code>b</code><label>B</label></item></root></instance>'

    first, second = load(xform(body=in_place)), load(xform(items, listed))

    assert [c.value for c in first.by_name["q"].choices] == ["a"]
    assert [c.value for c in second.by_name["q"].choices] == ["b"]
    assert second.by_name["q"].choices[0].label.text("km", Instance(second, {}, world)) == "B"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("hello", "xml", id="not XML"),
        pytest.param("", "xml", id="nothing"),
        pytest.param("<a>", "xml", id="cut off"),
        pytest.param("<a>\x00</a>", "xml", id="a character XML has not"),
        pytest.param("<a>\ud800</a>", "xml", id="half a character"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml", id="an entity"),
        pytest.param("<a>" * 50_000 + "</a>" * 50_000, "too_deep", id="elements without end"),
        pytest.param(
            xform(body=INPUT, instance="".join(f"<q{n}/>" for n in range(5001))),
            "too_large",
            id="too many nodes",
        ),
        pytest.param("<a/>", "instance", id="another XML"),
        pytest.param(xform(body=INPUT).replace("instance>", "instant>"), "instance", id="no data"),
        pytest.param(xform(body=INPUT, instance="<p/>"), "reference", id="no node"),
        pytest.param(
            xform(body='<input ref="/data/q"><label><output value="/data/z"/></label></input>'),
            "reference",
            id="a label of an unknown node",
        ),
        pytest.param(
            xform(body='<select1 ref="/data/q"><label>Q</label></select1>'),
            "choices",
            id="no choices",
        ),
        pytest.param(
            xform(
                body='<select ref="/data/q"><item><label/><value>a b</value></item></select>',
            ),
            "choices",
            id="a blank in a name of several",
        ),
        pytest.param(
            xform(body='<input ref="/data/q" query="instance(\'x\')/root/item[a=1]"/>'),
            "attachment",
            id="an external list",
        ),
    ],
)
def test_what_is_no_form_is_refused_and_never_raises_anything_else(text, code):
    with pytest.raises(FormRefused) as refused:
        load(text)

    assert code in codes(refused.value)


def test_all_problems_are_told_at_once():
    text = survey(
        "geotrace | a | A | | ",
        "text | b | B | year(today()) | ",
        "text | c | C | | 1 +",
        headings="type | name | label | relevant | constraint",
    )

    compiled, problems = compile_form(converted(text)["xform"])

    assert isinstance(compiled, Form)
    assert {(p.code, p.column) for p in problems} == {
        ("type", "type"),
        ("expression", "relevant"),
        ("expression", "constraint"),
    }


def test_a_problem_of_a_repeat_is_told_once():
    text = survey(
        "begin_repeat | r | R | ",
        "text | q | Q | year(.)",
        "end_repeat | | | ",
        headings="type | name | label | constraint",
    )

    _, problems = compile_form(converted(text)["xform"])

    assert len(problems) == len(set(problems))
