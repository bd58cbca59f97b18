"""A count of hands in a meeting: one question, for each choice how many women and how many men.

What is counted so far is a draft in the database; it is shown as a table before it is saved.
"""

from collections.abc import Callable
from itertools import product

from handlers import asking, offering, texts
from handlers.layout import grid, shorten
from handlers.visit import Button, Keyboard, Visit
from storage import counts, forms
from storage.counts import Count, Line
from surveys.form import Form, Question
from surveys.reading import Unread, Unsure
from surveys.reading.numbers import integer
from surveys.respondent import may

WORDS = {"count hands", "hand count", "រាប់ដៃ", "រាប់ការលើកដៃ"}
SEXES = ("women", "men")
# More hands than these are asked back, and no meeting has more than those.
MANY, MOST = 1_000, 100_000
LONGEST_LABEL = 60


def count(visit: Visit) -> None:
    """Go on with a count, or ask for which survey one is made."""
    if not may(visit.person.role, "count"):
        visit.send(visit.say("only_facilitators"))
        return
    asking.set_aside(visit)
    if counts.draft(visit.tx, visit.owner.id):
        show(visit)
        return
    rows = []
    for published in offering.newest(visit.tx, offering.surveys(visit.tx)):
        name = offering.title(visit.language, published.form)
        rows.append([visit.button(name, "count_form", published.id)])
    visit.send(visit.say("count.which_form"), rows)


def form_chosen(visit: Visit) -> None:
    """Ask which question is counted."""
    assert visit.tap is not None
    visit.toast()
    published = forms.by_id(visit.tx, int(visit.tap.arguments[0]))
    rows = [
        [visit.button(label(visit, question), "count_on", published.id, at)]
        for at, question in enumerate(countable(published.form))
    ]
    visit.answer(visit.say("count.which_question"), rows)


def countable(form: Form) -> list[Question]:
    """Return the questions of which one choice is raised a hand for, in the order of the form."""
    return [
        question
        for question in form.asked
        if question.kind == "select_one"
        and question.itemset is None
        and not form.model.repeat_of(question.path)
    ]


def label(visit: Visit, question: Question) -> str:
    """Return a question on one line of a button."""
    return shorten(question.label.outline(visit.language), LONGEST_LABEL)


def begin(visit: Visit) -> None:
    """Begin to count one question; what was begun before is given up."""
    assert visit.tap is not None
    version_id, at = map(int, visit.tap.arguments)
    if not may(visit.person.role, "count"):
        visit.toast(visit.say("only_facilitators"), alert=True)
        return
    visit.toast()
    asking.set_aside(visit)
    question = countable(forms.by_id(visit.tx, version_id).form)[at]
    choices = [choice.value for choice in question.choices]
    counts.begin(visit.tx, visit.owner.id, version_id, question.path, choices)
    show(visit)


def is_counting(visit: Visit) -> bool:
    """Tell whether a message is a number of hands."""
    can = not visit.is_guest and may(visit.person.role, "count")
    return can and visit.message is not None and counts.draft(visit.tx, visit.owner.id) is not None


def show(visit: Visit, remark: str = "", doubtful: int | None = None) -> None:
    """Ask for the next number, or show all of them to be saved."""
    draft = counts.draft(visit.tx, visit.owner.id)
    assert draft is not None
    place = at(draft)
    if place == len(cells(draft)):
        head, rows = table(visit, draft), endings(visit, draft)
    else:
        head, rows = asked(visit, draft, place), ways(visit, draft, place)
    if doubtful is not None:
        text = visit.say("button.sure", answer=texts.number(visit.language, doubtful))
        rows.insert(0, [button(visit, draft, text, "sure", place, doubtful)])
    visit.answer(f"⚠️ {remark}\n\n{head}" if remark else head, rows)


def cells(draft: Count) -> list[tuple[Line, str]]:
    """Return the numbers of a count in the order in which they are asked."""
    return list(product(draft.lines, SEXES))


def at(draft: Count) -> int:
    """Return which number is asked; one past the last where all are there."""
    missing = (i for i, (line, sex) in enumerate(cells(draft)) if getattr(line, sex) is None)
    return next(missing, 2 * len(draft.lines))


def asked(visit: Visit, draft: Count, place: int) -> str:
    """Return the question with a choice, and whose hands are counted."""
    line, sex = cells(draft)[place]
    step = texts.number(visit.language, f"{place // 2 + 1}/{len(draft.lines)}")
    how = visit.say("count.women" if sex == "women" else "count.men")
    return "\n\n".join((f"✋ {step}", title(visit, draft), f"▸ {named(visit, draft, line)}", how))


def ways(visit: Visit, draft: Count, place: int) -> Keyboard:
    """Return the buttons below a number that is asked."""
    back = [button(visit, draft, visit.say("button.back"), "back", place)] if place else []
    return [[*back, button(visit, draft, visit.say("button.discard"), "discard", place)]]


def title(visit: Visit, draft: Count) -> str:
    """Return the question that is counted."""
    return _question(visit, draft).label.outline(visit.language)


def named(visit: Visit, draft: Count, line: Line) -> str:
    """Return a choice as it reads."""
    labels = {c.value: c.label.outline(visit.language) for c in _question(visit, draft).choices}
    return labels.get(line.choice) or line.choice


def _question(visit: Visit, draft: Count) -> Question:
    return forms.by_id(visit.tx, draft.form_version_id).form.by_path[draft.path]


def table(visit: Visit, draft: Count) -> str:
    """Return all numbers, line by line, with their sums."""
    lines = [
        f"{texts.number(visit.language, n)}. {named(visit, draft, line)}\n"
        f"{_numbers(visit, line.women or 0, line.men or 0)}"
        for n, line in enumerate(draft.lines, 1)
    ]
    women, men = (sum(getattr(line, sex) or 0 for line in draft.lines) for sex in SEXES)
    total = f"Σ {_numbers(visit, women, men)}"
    return "\n\n".join(("✋ " + title(visit, draft), *lines, total))


def _numbers(visit: Visit, women: int, men: int) -> str:
    shown = {"women": women, "men": men, "total": women + men}
    figures = {name: texts.number(visit.language, number) for name, number in shown.items()}
    return visit.say("count.numbers", **figures)


def endings(visit: Visit, draft: Count) -> Keyboard:
    """Return the buttons below the table: save, change a line, give up."""
    place = at(draft)
    edits = [
        button(visit, draft, f"✏ {texts.number(visit.language, n)}", "edit", place, n - 1)
        for n in range(1, len(draft.lines) + 1)
    ]
    save = button(visit, draft, visit.say("button.save_count"), "save", place)
    discard = button(visit, draft, visit.say("button.discard"), "discard", place)
    return [[save], *grid(edits), [discard]]


def button(visit: Visit, draft: Count, text: str, act: str, *arguments: int) -> Button:
    """Return a button of a count, bound to the number that is asked."""
    return visit.button(text, "count", draft.id[:8], act, *arguments)


def typed(visit: Visit) -> None:
    """Take a message as the number that is asked."""
    draft = counts.draft(visit.tx, visit.owner.id)
    assert draft is not None
    number = integer(visit.typed)
    if at(draft) == len(cells(draft)):
        show(visit, visit.say("count.tap"))
    elif isinstance(number, Unread) or not 0 <= _value(number) <= MOST:
        show(visit, visit.say("reject.integer"))
    elif isinstance(number, Unsure) or _value(number) > MANY:
        shown = texts.number(visit.language, _value(number))
        show(visit, visit.say("unsure", answer=shown), _value(number))
    else:
        write(visit, draft, _value(number))


def _value(number: str | Unsure) -> int:
    return int(number if isinstance(number, str) else number.value)


def write(visit: Visit, draft: Count, number: int) -> None:
    """Write the number that is asked, and go on."""
    line, sex = cells(draft)[at(draft)]
    counts.write(visit.tx, line.id, **{sex: number})
    show(visit)


def tapped(visit: Visit) -> None:
    """Do what a button of the open count says, if it is of the number that is asked now."""
    assert visit.tap is not None
    prefix, act, place, *arguments = visit.tap.arguments
    draft = counts.draft(visit.tx, visit.owner.id)
    if draft is None or draft.id[:8] != prefix or at(draft) != int(place):
        visit.toast(visit.say("stale_button"))
        return
    visit.toast()
    ACTS[act](visit, draft, *map(int, arguments))


def back(visit: Visit, draft: Count) -> None:
    """Ask for the number before."""
    line, sex = cells(draft)[at(draft) - 1]
    counts.write(visit.tx, line.id, **{sex: None})
    show(visit)


def edit(visit: Visit, draft: Count, line: int) -> None:
    """Ask for the numbers of a line again."""
    counts.write(visit.tx, draft.lines[line].id, women=None, men=None)
    show(visit)


def save(visit: Visit, draft: Count) -> None:
    """Save the count; nothing of it changes any more."""
    counts.save(visit.tx, draft.id, visit.person.province)
    again = visit.button(visit.say("button.count_another"), "count_form", draft.form_version_id)
    said = visit.say("count.saved")
    visit.answer(f"{said}\n\n{table(visit, draft)}", [[again]])


def discard(visit: Visit, _: Count) -> None:
    """Give the count up."""
    counts.discard(visit.tx, visit.owner.id)
    visit.answer(visit.say("count.discarded"))


ACTS: dict[str, Callable[..., None]] = {
    "sure": write,
    "back": back,
    "edit": edit,
    "save": save,
    "discard": discard,
}
