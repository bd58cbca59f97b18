"""What a question costs: at most two calls of the Bot API beside the end of a tap's spinner.

One more where pictures or sounds stand above it. Each kind of question is asked plain, with sounds,
with pictures, with all of it and a note before it, of somebody who reads and of one who listens.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from handlers import kinds
from storage import forms, respondents
from surveys.form import load
from tests.chat import SIGNS, Phone
from tests.conftest import House
from tests.steps import FORMS, at_first_question, brought, publish
from tests.surveys.markdown import converted

# For each form beside the transcripts, the answers to its questions: a text, a tap, or a thing.
ANSWERS = {
    "choices": ("* I agree", "* Yes", "* 4", "* 2", "* Kampot", "* Champei", "> water, road",
                "> 2 1 3", "* 7", "* 4★"),
    "figures": ("> 35", "> 2.5", "> 150", "* Today", "* June", "* 2024", "> 8:30", "* Now",
                "> 8850", "* Keep this answer"),
    "sent": ("* 📍 Send location", "& venue", "& photo", "& voice", "& video", "& document"),
    "pictures": ("> water", "* 2", "> It is shorter.", "* Phsar Leu · ផ្សារលើ", "* Yes", "> 7"),
}  # fmt: skip
# Pictures and sounds above a question cost one more.
MOST, MOST_WITH_FILES = 2, 3
SPINNER = "answerCallbackQuery"


PNG = (FORMS / "pictures-media" / "sign.png").read_bytes()
OGG = (FORMS / "pictures-media" / "why-km.ogg").read_bytes()
MP3 = (FORMS / "pictures-media" / "why.mp3").read_bytes()
# Of notes, questions and choices.
FILES = {
    f"{of}.{ending}": content + of.encode()
    for of in "nqc"
    for ending, content in {"png": PNG, "ogg": OGG, "mp3": MP3}.items()
}


@dataclass(frozen=True)
class Dress:
    """What stands with each question: sounds, pictures, and a note with the same before it."""

    sound: str = ""
    picture: str = ""
    note: bool = False

    def form(self, name: str) -> str:
        """Return one of the forms beside the transcripts with all that."""
        text = (FORMS / f"{name}.md").read_text("utf-8")
        survey, rest = text.partition("| choices |")[::2] if "| choices |" in text else (text, "")
        if not rest:
            survey, rest = text.partition("| settings |")[::2]
            return self._survey(survey) + "| settings |" + rest
        choices, settings = rest.partition("| settings |")[::2]
        return f"{self._survey(survey)}| choices |{self._lines(choices, 'c')}| settings |{settings}"

    def _survey(self, sheet: str) -> str:
        first, head, *questions = sheet.splitlines()
        width = head.count("|") - 5
        note = "| | note | {} | Please mind this. | សូមចំណាំ។ |" + " |" * (width - 1)
        lines = [head]
        for at, question in enumerate(questions):
            lines += [self._dressed(note.format(f"n{at}"), "n")] if self.note else []
            lines.append(self._dressed(question, "q"))
        return "\n".join([first, self._head(lines[0]), *lines[1:], ""])

    def _lines(self, sheet: str, of: str) -> str:
        _, head, *lines = sheet.splitlines()
        return "\n".join(["", self._head(head), *(self._dressed(line, of) for line in lines), ""])

    def _head(self, line: str) -> str:
        return f"{line} media::audio | media::image |"

    def _dressed(self, line: str, of: str) -> str:
        names = (f"{of}.{ending}" if ending else "" for ending in (self.sound, self.picture))
        return line + "".join(f" {name} |" for name in names)


DRESSES = {
    "plain": Dress(),
    "voices": Dress("ogg"),
    "songs": Dress("mp3"),
    "pictures": Dress("", "png"),
    "voices, pictures, notes": Dress("ogg", "png", note=True),
    "songs and notes": Dress("mp3", note=True),
}


@pytest.mark.parametrize("listens", [False, True], ids=["reads", "listens"])
@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", ["choices", "figures", "sent"])
async def test_a_question_of_any_kind_costs_at_most_two_calls_and_one_for_its_files(
    house: House, figure: Callable[[str], None], name: str, dress: str, listens: bool
) -> None:
    xform = converted(DRESSES[dress].form(name))["xform"]
    named = {file: content for file, content in FILES.items() if file in xform}
    assert bool(named) == (dress != "plain")
    await house.store.call(forms.publish, xform, dress, named)
    phone = await at_the_form(house, listens)

    costs = await costs_of(house, phone, name, xform, named)

    most = MOST_WITH_FILES if named else MOST
    assert max(costs.values()) <= most, costs
    figure(f"calls for an answer and the next question, {dress}: at most {max(costs.values())}")


async def at_the_form(house: House, listens: bool) -> Phone:
    """Bring somebody who reads or listens to the first question."""
    phone = await at_first_question(house)
    [(person,)] = house.rows("SELECT id FROM respondent")
    await house.store.call(respondents.change, str(person), listens=listens)
    return phone


async def costs_of(
    house: House, phone: Phone, name: str, xform: str, files: dict[str, bytes]
) -> dict[str, int]:
    """Answer all of a form; return what each kind of question cost at most."""
    form, costs = load(xform, files), dict[str, int]()
    for answer in ANSWERS[name]:
        kind = form.by_path[asked(house)].kind
        before = dict(house.world.calls)
        await does(phone, answer[0], answer[2:])
        costs[kind] = max(costs.get(kind, 0), spent(before, house.world.calls))
    assert asked(house) == "summary"
    assert house.rows("SELECT count(*) FROM outbox WHERE status = 'dead'") == [(0,)]
    return costs


async def does(phone: Phone, sign: str, what: str) -> None:
    """Tap, type or send; a choice that has only a number on its button is typed by its name."""
    shown = [*phone.labels, *(key["text"] for key in phone.keys)]
    if what == "voice":
        await phone.speaks()
    elif sign == "&":
        await phone.sends(what)
    elif sign == "*" and what in {text.lstrip(SIGNS) for text in shown}:
        await phone.taps(what)
    else:
        await phone.types(what)


async def test_pictures_that_only_some_questions_have_cost_no_more(house: House) -> None:
    await publish(house, "pictures")
    phone = await at_first_question(house)

    costs = await costs_of(house, phone, "pictures", *brought("pictures"))

    assert max(costs.values()) <= MOST_WITH_FILES, costs


def test_every_kind_is_counted() -> None:
    forms = (load(*brought(n)) for n in ANSWERS)

    assert {question.kind for form in forms for question in form.asked} == set(kinds.KINDS)


def spent(before: dict[str, int], after: dict[str, int]) -> int:
    """Count the calls that show a person something."""
    names = [name for name in after if name.startswith(("send", "edit")) and name != SPINNER]
    return sum(after[name] - before.get(name, 0) for name in names)


def asked(house: House) -> str:
    """Return the path of the open question."""
    ((position,),) = house.rows(
        "SELECT json_extract(state, '$.position') FROM interview WHERE status = 'active'"
    )
    return str(position)
