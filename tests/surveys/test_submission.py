"""A submission: what a server gets, and that nothing is lost on the way and back."""

from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.errors import NotASubmission
from surveys.form import compile_form
from surveys.interview import Instance, World
from surveys.khmer import clean
from surveys.submission import parse, serialise
from tests.surveys.conftest import NOW
from tests.surveys.markdown import engine_form
from tests.surveys.test_repeats import FAMILY, NESTED
from tests.surveys.walking import Walk

WORLD = World(NOW, "en")
ID = "uuid:00000000-0000-4000-8000-000000000000"
FORM = FAMILY + "| settings |\n| | form_id | version |\n| | family | 7 |\n"


def test_a_submission_has_the_id_and_version_of_its_form_and_an_id_of_its_own():
    walk = Walk(engine_form(FORM), WORLD).answers("Kampot", "Sokha", "12", "Primary")

    root = fromstring(serialise(walk.instance, ID))

    assert (root.tag, root.get("id"), root.get("version")) == ("data", "family", "7")
    assert root.findtext("meta/instanceID") == ID
    assert root.findtext("village") == "Kampot"
    assert root.findtext("member/school") == "Primary"
    assert root.findtext("ages") == "12"


def test_what_is_not_relevant_is_left_out():
    walk = Walk(engine_form(FORM), WORLD).answers("Kampot", "Sokha", "30")

    assert fromstring(serialise(walk.instance, ID)).find("member/school") is None


def test_a_form_without_a_place_for_the_id_gets_one():
    xform = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<h:head><model><instance><r xmlns="urn:x" id="t"><q/></r></instance></model></h:head>'
        '<h:body><input ref="/r/q"><label>Q</label></input></h:body></h:html>'
    )
    form, _ = compile_form(xform)

    root = fromstring(serialise(Instance(form, {"/r/q": "a<b"}, WORLD), ID))

    assert root.tag == "{urn:x}r"
    assert root.findtext("{urn:x}q") == "a<b"
    orx = "{http://openrosa.org/xforms}"
    assert root.findtext(f"{orx}meta/{orx}instanceID") == ID


@pytest.mark.parametrize(
    "xml", ["", "<data>", "<data/>", '<data id="other"/>', '<other id="family"/>', "\x00"]
)
def test_what_is_no_submission_of_the_form_is_refused(xml):
    with pytest.raises(NotASubmission):
        parse(engine_form(FORM), xml)


def test_what_the_form_does_not_know_is_left_out():
    xml = '<data id="family"><village>K</village><moon>x</moon><ages>99</ages></data>'

    values = parse(engine_form(FORM), xml)

    assert values["/data/village"] == "K"
    assert "/data/moon" not in values
    assert "/data/ages" not in values


TEXTS = st.text(max_size=20).map(clean)
MEMBERS = st.lists(st.tuples(TEXTS, st.integers(0, 119).map(str), TEXTS), max_size=4)


@settings(max_examples=100, deadline=None)
@given(TEXTS, MEMBERS)
def test_what_is_serialised_and_parsed_is_the_same(village, members):
    form = engine_form(FORM)
    values = {"/data/village": village, "/data/member": str(len(members))}
    for n, (name, age, school) in enumerate(members, 1):
        at = f"/data/member[{n}]"
        values |= {f"{at}/name": name, f"{at}/age": age, f"{at}/school": school}
    before = Instance(form, values, WORLD)

    after = Instance(form, parse(form, serialise(before, ID)), WORLD)

    assert after.response() == before.response()
    assert after.instances() == before.instances()


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, max_size=3), max_size=3))
def test_nested_repeats_come_back_as_they_were(houses):
    form = engine_form(NESTED)
    values = {"/data/house": str(len(houses))}
    for n, persons in enumerate(houses, 1):
        values[f"/data/house[{n}]/person"] = str(len(persons))
        names = {f"/data/house[{n}]/person[{k}]/name": p for k, p in enumerate(persons, 1)}
        values |= names
    before = Instance(form, values, WORLD)

    after = Instance(form, parse(form, serialise(before, ID)), WORLD)

    assert after.response() == before.response()
    assert after.instances() == before.instances()
