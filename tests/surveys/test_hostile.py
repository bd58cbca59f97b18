"""Forms and expressions broken at random: refused with reasons or run, never anything else."""

import copy
import os
import random  # noqa: TID251 - seeded, so that a failure comes again
import time
from xml.etree.ElementTree import fromstring, tostring

import pytest

from surveys import interview as engine
from surveys import repeats
from surveys.errors import ExpressionError, NotASubmission
from surveys.form import compile_form
from surveys.instruments import INSTRUMENTS
from surveys.interview import SUMMARY, Instance, World
from surveys.stops import is_repeat
from surveys.submission import parse, serialise
from surveys.xpath import Model, compile_expression
from surveys.xpath.functions import FUNCTIONS
from tests.surveys.conftest import NOW
from tests.surveys.markdown import converted
from tests.surveys.test_form import BILINGUAL
from tests.surveys.test_forms_from_elsewhere import CASCADE
from tests.surveys.test_interview import FAIR
from tests.surveys.test_repeats import COUNTED, FAMILY, NESTED
from tests.surveys.test_xpath import EXAMPLES, PATHS, Answers

MUTATIONS = int(os.environ.get("SAMLENG_MUTATIONS", "600"))
SECONDS = 2
NOT_IN_XML = {0: None, 0xD800: None}
FORMS = (BILINGUAL, CASCADE, FAIR, COUNTED, FAMILY, NESTED)
WORDS = [
    *"()[]{}<>/.,*'\"&;=!-+|@$ \x00\ud800\u17d2\u200b១",
    *("//", "..", "::", "jr:count", "/data/", "instance('x')", "current()/", "[position()=1]"),
    *("1e999", "9" * 400, "not(", "regex(., '", "randomize(", "<repeat nodeset='/data'>"),
    *("calculate", "<output value='.'/>", "ref=", "</group>", "type='int'", "true()", "''"),
]
VALUES = ["", "yes", "kp chhuk", "3", "-1", "99999999999999999999", "2026-11-24", "x" * 5000, "😀"]


def broken(text: str, chance: random.Random) -> str:
    """Return a text with a few changes at random places."""
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        at, length = chance.randrange(len(text) + 1), chance.choice([0, 1, 1, 5, 30, 200])
        piece = text[at : at + length]
        match chance.randrange(5):
            case 0:
                text = text[:at] + text[at + length :]
            case 1:
                text = text[:at] + piece * 2 + text[at + length :]
            case 2:
                text = text[:at] + chance.choice(WORDS) + text[at:]
            case 3:
                other = chance.randrange(len(text) + 1)
                text = text[:other] + piece + text[other:]
            case _:
                text = text[:at] + chance.choice(WORDS) + text[at + length :]
    return text


def twisted(xform: str, chance: random.Random) -> str:
    """Return an XForm that is still XML, with elements moved and attributes broken."""
    root = fromstring(xform)
    for _ in range(chance.choice([1, 2, 3, 8])):
        elements = list(root.iter())
        here, there = chance.choice(elements), chance.choice(elements)
        match chance.randrange(5):
            case 0 if len(there):
                there.remove(there[chance.randrange(len(there))])
            case 1 if here is not root:
                there.append(copy.deepcopy(here))
            case 2:
                here.text = broken(here.text or " ", chance).translate(NOT_IN_XML)
            case _ if here.attrib:
                name = chance.choice(list(here.attrib))
                value = chance.choice([broken(here.attrib[name], chance), *there.attrib.values()])
                here.set(name, value.translate(NOT_IN_XML))
    return tostring(root, encoding="unicode")


def run(xform: str, chance: random.Random) -> None:
    """Compile a form, and where it has no error, answer it to its end and submit it."""
    form, problems = compile_form(xform)
    assert form is not None or problems
    if form is None or any(not p.code.startswith("warning.") for p in problems):
        return
    world = World(NOW, chance.choice(["km", "en"]), chance.randrange(9))
    state = engine.begin(form, {}, world).interview
    for _ in range(12):
        if state.position == SUMMARY:
            break
        if is_repeat(form, state.position):
            more = chance.choice([repeats.add, repeats.close])
            state = more(form, state, state.position, world).interview
            continue
        question = form.question(state.position)
        instance = Instance(form, state.values, world)
        question.label.text(world.language, instance.at(question.path))
        offered = [choice.value for choice in instance.choices(question)]
        value = chance.choice([*VALUES, *offered])
        state = engine.answer(form, state, value, world).interview
    engine.submit(form, state, world)
    parse(form, serialise(Instance(form, state.values, world), "uuid:1"))


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_form_is_refused_or_runs(seed):
    chance = random.Random(seed)
    whole = [converted(text)["xform"] for text in FORMS]
    whole += [converted(item.path.read_text("utf-8"))["xform"] for item in INSTRUMENTS]
    for _ in range(MUTATIONS // 8):
        change = chance.choice([broken, twisted, twisted, twisted])
        xform = change(chance.choice(whole), chance)
        before = time.monotonic()

        run(xform, chance)

        assert time.monotonic() - before < SECONDS, xform


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_expression_is_refused_or_runs(seed):
    chance = random.Random(seed)
    whole = [source for source, _ in (*EXAMPLES, *PATHS)]
    context = Answers({"a": "1", "b": "x y"}).context("/data/a")
    for _ in range(MUTATIONS // 8):
        source = broken(" ".join(chance.sample(whole, chance.choice([1, 2, 3]))), chance)
        before = time.monotonic()

        try:
            compiled = compile_expression(source, "/data/a", Model())
            assert isinstance(compiled.string(context), str)
        except ExpressionError:
            pass

        assert time.monotonic() - before < SECONDS, source


def test_a_broken_submission_is_refused_or_read():
    chance = random.Random(0)
    form, _ = compile_form(converted(FAMILY)["xform"])
    whole = serialise(Instance(form, {"/data/member": "3", "/data/village": "K"}, World(NOW)), "u")
    for _ in range(MUTATIONS // 8):
        try:
            values = parse(form, broken(whole, chance))
        except NotASubmission:
            continue
        assert Instance(form, values, World(NOW)).response() is not None


ARGUMENTS = [
    *("''", "'x'", "'2026-1-2T10:00'", "'2026-11-24'", "'9999-12-31T23:59:59Z'", "'24:00'"),
    *("0", "-1", "1e", "0.5", "99999999999999999999999", "1 div 0", "-1 div 0", "0 div 0"),
    *("true()", ".", "/data/nowhere", "/data/*", "'0 0;0 1;1 1'", "'91 0;0 181'", "'%Y%'"),
]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_takes_any_value(name):
    chance = random.Random(name)
    context = Answers({"a": "1", "b": "x y"}).context("/data/a")
    for _ in range(60):
        most = FUNCTIONS[name].most
        count = chance.randint(FUNCTIONS[name].least, 4 if most is None else most)
        source = f"{name}({', '.join(chance.choices(ARGUMENTS, k=count))})"

        try:
            compiled = compile_expression(source, "/data/a", Model())
        except ExpressionError:
            continue
        assert isinstance(compiled.string(context), str), source
