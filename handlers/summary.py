"""What somebody answered, to read once more, change and submit. Pure."""

from handlers import kinds, repeating, texts
from handlers.layout import grid, shorten
from handlers.opened import Opened, bound
from handlers.placing import position
from handlers.visit import Button, Keyboard, Visit
from storage.interviews import Stored
from surveys.form import Form
from surveys.interview import Instance
from surveys.khmer import utf16_length
from surveys.stops import is_repeat, stops

ANSWER, QUESTION = 160, 90
MOST_ON_A_PAGE, LONGEST_PAGE = 25, 3200


def summary(visit: Visit, form: Form, stored: Stored) -> tuple[str, Keyboard]:
    """Return the answers with a button to change each, and Submit; page by page where many."""
    instance = Instance(form, stored.interview.values, visit.world(stored))
    entries = [
        _entry(at, Opened(visit, form, stored, question, instance))
        for at, question in enumerate(instance.asked())
    ]
    pages = _pages(entries)
    here = min(int((*stored.interview.view, "0")[0]), len(pages) - 1)
    shown = pages[here]
    lines = [visit.say("summary.title"), *(entries[at] for at in shown)]
    if here == len(pages) - 1:
        lines += [n.label.text(visit.language, instance) for n in instance.notes_before("")]
    lines.append(visit.say("summary.closing"))
    where = stops(instance)
    paths = [question.path for question in instance.asked()]
    edits = [_edit(visit, stored, at, where.index(paths[at])) for at in shown]
    if here == len(pages) - 1:
        edits += [
            bound(visit, stored, f"✏ {repeating.label(visit, instance, stop)}", "edit", at)
            for at, stop in enumerate(where)
            if is_repeat(form, stop)
        ]
    submit = [bound(visit, stored, visit.say("button.submit"), "submit")]
    rows = [submit, *grid(edits), _leafing(visit, stored, here, len(pages))]
    return "\n\n".join(lines), [row for row in rows if row]


def _entry(at: int, opened: Opened) -> str:
    answer = kinds.shown(opened, opened.given) or opened.say("summary.skipped")
    label = shorten(opened.text(opened.question.label), QUESTION)
    place = f"{named} — " if (named := position(opened)) else ""
    return f"{opened.number(at + 1)}. {place}{label}\n→ {shorten(answer, ANSWER)}"


def _edit(visit: Visit, stored: Stored, at: int, stop: int) -> Button:
    return bound(visit, stored, f"✏ {texts.number(visit.language, at + 1)}", "edit", stop)


def _pages(entries: list[str]) -> list[range]:
    """Split the answers so that each page fits one message and its buttons."""
    pages, first, length = [], 0, 0
    for at, entry in enumerate(entries):
        if at - first == MOST_ON_A_PAGE or (length > LONGEST_PAGE and at > first):
            pages.append(range(first, at))
            first, length = at, 0
        length += utf16_length(entry)
    return [*pages, range(first, len(entries))]


def _leafing(visit: Visit, stored: Stored, here: int, count: int) -> list[Button]:
    row = []
    if here > 0:
        label = f"◀ {texts.number(visit.language, here)}"
        row.append(bound(visit, stored, label, "leaf", here - 1))
    if here < count - 1:
        label = f"{texts.number(visit.language, here + 2)} ▶"
        row.append(bound(visit, stored, label, "leaf", here + 1))
    return row
