"""How long one answer takes: constraint, recomputation, and the list of what is asked.

`make bench`. Written once for a citizens' survey of two languages, and once for a very long form.
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from surveys import interview as engine
from surveys.definition import Form, Question
from surveys.form import compile_form
from surveys.interview import Instance, Interview, World
from surveys.xlsform import convert

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
WORLD = World(NOW, "km")
GIVEN = {
    "select_one": "yes",
    "integer": "7",
    "select_multiple": "a b",
    "text": "ហេតុ",
    "date": "2026-11-01",
}
HEADINGS = (
    "type | name | label::English (en) | label::Khmer (km) | relevant | constraint | calculation"
)
BATCHES = 10
ROUNDS = 300
LONG_ROUNDS = 20
QUESTIONS, COMPUTED = 485, 462


def bilingual() -> list[str]:
    """Return a survey of 20 questions and 16 computed expressions, as rows."""
    rows = ["select_one yn | came | Came? | មកទេ? | | | "]
    for n in range(12):
        relevant = "${came} = 'yes'" if n % 3 == 0 else f"${{n{n - 1}}} > 0 or ${{came}} = 'no'"
        rows.append(f"integer | n{n} | Number {n}? | លេខ {n}? | {relevant} | . >= 0 and . < 500 | ")
    rows += [f"select_multiple t | t{n} | Topics {n}? | ប្រធានបទ {n}? | | | " for n in range(4)]
    rows += ["date | day | Day? | ថ្ងៃ? | | . <= today() | ", "text | why | Why? | ហេតុអ្វី? | | | "]
    rows.append("text | change | What of ${s0}? | ${s0}? | selected(${t0}, 'a') | | ")
    rows += [f"calculate | s{n} | | | | | ${{n{n}}} + ${{n{n + 1}}} * 2" for n in range(8)]
    rows += [
        f"calculate | c{n} | | | | | if(selected(${{t{n}}}, 'a'), count-selected(${{t{n}}}), 0)"
        for n in range(4)
    ]
    rows += [
        "calculate | all | | | | | ${s0} + ${s1} + ${s2}",
        "calculate | share | | | | | round(${n0} div ${all} * 100, 1)",
        "calculate | old | | | | | int((today() - ${day}) div 365.25)",
        "calculate | both | | | | | concat(${came}, '-', ${why})",
    ]
    return rows


def long() -> list[str]:
    """Return a form of 485 questions with 462 computed expressions, as rows."""
    rows = ["select_one yn | came | Came? | មកទេ? | | | "]
    for n in range(1, QUESTIONS):
        relevant = (
            "${came} = 'yes'" if n < 20 else f"${{q{n - 7}}} = 'yes' or ${{q{n - 3}}} != 'no'"
        )
        rows.append(f"select_one yn | q{n} | Question {n}? | សំណួរ {n}? | {relevant} | | ")
    for n in range(COMPUTED):
        rule = f"if(${{q{n + 1}}} = 'yes' and ${{q{n + 2}}} != 'no', 1, 0)"
        if n > 5 and n % 3 == 0:
            rule = f"${{k{n - 1}}} + ${{k{n - 2}}} + ${{k{n - 4}}}"
        rows.append(f"calculate | k{n} | | | | | {rule}")
    return rows


def compiled(rows: list[str]) -> Form:
    lines = "\n".join(f"| | {row} |" for row in (HEADINGS, *rows))
    choices = "| | list_name | name | label::English (en) | label::Khmer (km) |\n" + "\n".join(
        f"| | {name} | {value} | {value} | {value} |"
        for name, values in (("yn", ("yes", "no")), ("t", "abcdefgh"))
        for value in values
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.md"
        path.write_text(f"| survey |\n{lines}\n| choices |\n{choices}\n", "utf-8")
        form, problems = compile_form(convert(path)["xform"])
    assert form is not None, problems
    return form


def half_full(form: Form) -> Interview:
    """Return an interview whose first half is answered."""
    state = engine.begin(form, {}, WORLD).interview
    values = {q.path: GIVEN[q.kind] for q in form.asked[: len(form.asked) // 2]}
    return engine.preset(form, state, values, WORLD).interview


def median(act: Callable[[], object], rounds: int) -> float:
    """Return the median in µs of the quietest of ten batches: what else runs only ever adds."""
    medians = []
    for _ in range(BATCHES):
        took = []
        for _ in range(rounds):
            before = time.perf_counter()
            act()
            took.append(time.perf_counter() - before)
        medians.append(statistics.median(took))
    return min(medians) * 1e6


def answer(form: Form, question: Question, values: Mapping[str, str]) -> list[Question]:
    """Do what one answer asks of the engine: constraint, recomputation, the list of questions."""
    instance = Instance(form, values, WORLD)
    instance.satisfied(question)
    return instance.asked()


def main() -> None:
    for form, rounds in ((compiled(bilingual()), ROUNDS), (compiled(long()), LONG_ROUNDS)):
        state = half_full(form)
        question = form.by_path[state.position]
        value = GIVEN[question.kind]
        values = {**state.values, question.path: value}
        computed = sum(1 for node in form.nodes.values() if node.calculate)
        alone = median(partial(answer, form, question, values), rounds)
        turn = median(partial(engine.answer, form, state, value, WORLD), rounds)
        sys.stdout.write(
            f"answer: {len(form.asked)} questions, {computed} computed: median {alone:.0f} µs;"
            f" with the whole turn {turn:.0f} µs\n"
        )


if __name__ == "__main__":
    main()
