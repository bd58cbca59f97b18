"""What staff should look at: answers that come too fast, or that are all alike. Pure.

Nothing here proves anything; each is a reason to ask somebody.
"""

from collections.abc import Mapping, Sequence

from surveys.form import Form

# So many answers in so many minutes, from one place and outside waves: more than a hall can give.
MANY, MINUTES = 30, 4
# So many questions with the same choices make a line; so many people, and such a share, an oddity.
LINE, PEOPLE, SHARE = 3, 5, 0.2


def busiest(by_minute: Mapping[int, int]) -> int:
    """Return how many answers came in the fullest four minutes; minutes are counted from any."""
    return max(
        (sum(by_minute.get(minute + n, 0) for n in range(MINUTES)) for minute in by_minute),
        default=0,
    )


def grids(form: Form) -> list[tuple[str, ...]]:
    """Return the paths of questions with one list of choices, where there are enough of them."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for question in form.asked:
        if question.kind == "select_one" and question.choices:
            values = tuple(choice.value for choice in question.choices)
            alike.setdefault(values, []).append(question.path)
    return [tuple(paths) for paths in alike.values() if len(paths) >= LINE]


def is_straight(answers: Mapping[str, str], paths: Sequence[str]) -> bool:
    """Tell whether all questions of a grid were answered, and all alike."""
    given = [answers.get(path, "") for path in paths]
    return all(given) and len(set(given)) == 1


def are_many(straight: int, answered: int) -> bool:
    """Tell whether so many straight lines are worth a look."""
    return straight >= PEOPLE and straight >= SHARE * answered
