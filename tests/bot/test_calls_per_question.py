"""What a question costs: at most two calls of the Bot API beside the end of a tap's spinner.

One more where pictures or sounds stand above it.
"""

from collections.abc import Callable

import pytest

from handlers import kinds
from surveys.form import load
from tests.conftest import House
from tests.steps import at_first_question, brought, publish

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


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_question_of_any_kind_costs_at_most_two_calls(
    house: House, figure: Callable[[str], None], name: str
) -> None:
    await publish(house, name)
    phone = await at_first_question(house)
    form = load(*brought(name))
    costs: dict[str, int] = {}

    for answer in ANSWERS[name]:
        kind = form.by_path[asked(house)].kind
        before = dict(house.world.calls)
        sign, what = answer[0], answer[2:]
        do = {"*": phone.taps, ">": phone.types, "&": phone.sends}
        await (phone.speaks() if what == "voice" else do[sign](what))
        costs[kind] = max(costs.get(kind, 0), spent(before, house.world.calls))

    assert asked(house) == "summary"
    assert max(costs.values()) <= (MOST_WITH_FILES if form.files else MOST), costs
    listed = ", ".join(f"{kind} {cost}" for kind, cost in sorted(costs.items()))
    figure(f"calls of the Bot API for an answer and the next question: {listed}")


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
