"""Figures: the same as a plain recount, with their denominators, rounded half up."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from export import summary as module
from export.codebook import Option, Variable
from export.frames import Cell
from export.summary import HEADER, TOO_FEW, Summary, percent

ROAD, WATER, JOBS = (Option(code, {"en": code.title()}) for code in ("road", "water", "jobs"))
YES, NO = (Option(code, {"en": code.title(), "km": code}) for code in ("yes please", "no"))
TOPICS = Variable(
    "topics", "/d/topics", "select_multiple", {}, (ROAD, WATER, JOBS),
    by_code={"road": ROAD, "water": WATER, "jobs": JOBS},
)  # fmt: skip
SAY = Variable("say", "/d/say", "select_one", {}, (YES, NO), by_code={"yes please": YES, "no": NO})
WORDS = Variable("words", "/d/words", "text", {})
VARIABLES = (TOPICS, SAY, WORDS)
COLUMNS = ["_id", "topics", "topics/road", "topics/water", "topics/jobs", "say", "words"]

codes_of_topics = st.lists(st.sampled_from(["road", "water", "jobs", "moon"]), unique=True)
said = st.tuples(codes_of_topics, st.sampled_from(["yes please", "no", "perhaps", None]))


def row(topics: list[str], say: str | None) -> list[Cell]:
    chosen = [int(code in topics) if topics else None for code in ("road", "water", "jobs")]
    return ["id", " ".join(topics) or None, *chosen, say, "some words"]


def counted(rows: list[list[Cell]]) -> list[list[Cell]]:
    counting = Summary(VARIABLES, COLUMNS)
    for one in rows:
        counting.add(one)
    return counting.rows()


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 7)


@settings(max_examples=40, deadline=None)
@given(st.lists(said, max_size=40))
def test_the_figures_equal_a_plain_recount(answers: list[tuple[list[str], str | None]]) -> None:
    figures = {(r[0], r[1]): (r[4], r[5]) for r in counted([row(*one) for one in answers])}

    topics = Counter(code for chosen, _ in answers for code in chosen)
    says = Counter(say for _, say in answers if say)
    with_topics, with_say = sum(bool(chosen) for chosen, _ in answers), sum(says.values())
    assert figures == {
        **{("topics", code): (topics[code], with_topics) for code in ("road", "water", "jobs")},
        **{("say", code): (says[code], with_say) for code in ("yes please", "no")},
    }


def test_a_figure_stands_with_its_numerator_and_denominator() -> None:
    rows = counted([row(["road"], "no")] * 6 + [row([], "yes please")] * 6 + [row([], None)])

    assert dict(zip(HEADER, rows[-1], strict=True)) == {
        "variable": "say",
        "code": "no",
        "label_en": "No",
        "label_km": "no",
        "n": 6,
        "answered": 12,
        "percent": Decimal("50.0"),
    }
    assert [r[4:] for r in rows[:3]] == [[6, 6, TOO_FEW], [0, 6, TOO_FEW], [0, 6, TOO_FEW]]


def test_a_choice_that_nobody_took_has_a_line() -> None:
    assert [(r[0], r[1], r[4], r[5]) for r in counted([])] == [
        ("topics", "road", 0, 0),
        ("topics", "water", 0, 0),
        ("topics", "jobs", 0, 0),
        ("say", "yes please", 0, 0),
        ("say", "no", 0, 0),
    ]


def test_open_questions_have_no_figures() -> None:
    assert "words" not in {r[0] for r in counted([row(["road"], "no")])}


def test_a_code_with_a_space_is_one_code() -> None:
    rows = counted([row([], "yes please")] * 10)

    assert rows[3][4:] == [10, 10, Decimal("100.0")]


@pytest.mark.parametrize(
    ("n", "answered", "shown"),
    [
        (1, 16, "6.3"),  # 6.25
        (3, 16, "18.8"),  # 18.75
        (1, 80, "1.3"),  # 1.25
        (0, 10, "0.0"),
        (10, 10, "100.0"),
        (2, 3_000, "0.1"),
        (1, 2_001, "0.0"),
        (333_333, 1_000_000, "33.3"),
    ],
)
def test_halves_are_rounded_up(n: int, answered: int, shown: str) -> None:
    assert percent(n, answered) == Decimal(shown)
    assert str(percent(n, answered)) == shown


@pytest.mark.parametrize("answered", range(10))
def test_of_fewer_than_ten_there_is_no_percentage(answered: int) -> None:
    assert percent(answered // 2, answered) == TOO_FEW


@given(st.integers(10, 10**9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_percentage_is_never_off_by_more_than_half_of_its_last_digit(
    pair: tuple[int, int],
) -> None:
    n, answered = pair

    shown = percent(n, answered)

    assert isinstance(shown, Decimal)
    off = Fraction(shown) - Fraction(100 * n, answered)
    assert -Fraction(1, 20) < off <= Fraction(1, 20)
