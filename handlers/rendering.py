"""The open question as a chat message: what it says, and its buttons in rows. Pure."""

import re
from dataclasses import dataclass, replace

from handlers import kinds, placing, repeating, texts
from handlers.buttons import Tap
from handlers.enclosed import NOTHING, Enclosed, Shown, choices_spoken, enclosed
from handlers.kinds import places, several
from handlers.opened import Opened, bound
from handlers.summary import summary
from handlers.visit import Button, Keyboard, Visit
from storage.interviews import Stored
from surveys.definition import plain
from surveys.form import Form, Question
from surveys.interview import SUMMARY, Answered, progress
from surveys.khmer import fold
from surveys.stops import is_repeat, stops

LONGEST_BAR = 10
SIGNS = re.compile(r"\(.*\)|[^\w\s]+ | [^\w\s]+")
# The ways through an interview can be written without their signs, but where any text answers.
WAYS = frozenset({"back", "skip", "later", "submit", "keep", "done", "undo", "enough"})
FREE = frozenset({"text", "barcode"})
# A box that was tapped twice before the first tick was shown: it is as it was wanted.
BOXES = frozenset({several.TICKED, several.UNTICKED})
SEEN = Tap("a", ("", "", "show"))
# The view in which a value that was probably meant waits for a yes.
SURE = "sure"


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: a text and its buttons, with pictures and sounds."""

    text: str
    keyboard: Keyboard
    files: Enclosed = NOTHING


def screen(visit: Visit, form: Form, stored: Stored) -> Screen:
    """Return the open question, or the summary when there is none, and for whom it is."""
    shown = _screen(visit, form, stored)
    return replace(shown, text=visit.marked(shown.text))


def _screen(visit: Visit, form: Form, stored: Stored) -> Screen:
    if stored.interview.position == SUMMARY:
        text, keyboard = summary(visit, form, stored)
        return Screen(text, [*keyboard, always(visit, stored)])
    if is_repeat(form, stored.interview.position):
        text, keyboard = repeating.screen(visit, form, stored)
        return Screen(text, [*keyboard, always(visit, stored)])
    opened = Opened.of(visit, form, stored)
    keyboard = [*sure(opened), *kinds.of(opened).buttons(opened), *keep(opened)]
    return Screen(question_text(opened), [*keyboard, *navigation(opened)], enclosed(opened))


def named_button(visit: Visit, form: Form, stored: Stored) -> Tap | None:
    """Return what the button of the open question means that a text names, if there is one.

    The signs on it may be left out where no answer could read so.
    """
    if not visit.typed:
        return None
    question = form.by_path.get(plain(stored.interview.position))
    is_free = question is not None and question.kind in FREE
    text = visit.typed.strip()
    buttons = [button for row in screen(visit, form, stored).keyboard for button in row]
    for button in buttons:
        tap = visit.meaning(button["callback_data"])
        is_bare = tap is not None and tap.arguments[2] in WAYS and not is_free
        if text == button["text"] or (is_bare and fold(text) == fold(bare(button["text"]))):
            return tap
    return SEEN if text[:2] in BOXES and text[2:] in {b["text"][2:] for b in buttons} else None


def bare(label: str) -> str:
    """Return a button's words without its signs.

    >>> bare("⬅ Back"), bare("✅ Done (2)")
    ('Back', 'Done')
    """
    return SIGNS.sub("", label).strip()


def question_text(opened: Opened) -> str:
    """Return progress, notes, group, question, hint and how to answer, as far as there are any."""
    question, shown = opened.question, kinds.shown(opened, opened.given)
    is_listed = bool(question.choices or question.itemset)
    parts = (
        progress_line(opened),
        *(note(opened, shown) for shown in opened.instance.notes_before(question.path)),
        *placing.groups(opened),
        placing.position(opened),
        opened.text(question.label),
        opened.text(question.hint),
        kinds.of(opened).lines(opened),
        opened.say("current_answer", answer=shown) if shown and not is_listed else "",
    )
    return "\n\n".join(part for part in parts if part)


def progress_line(opened: Opened) -> str:
    """Return which question of how many is open, in figures and as a bar."""
    at, total = progress(opened.instance, opened.stored.interview)
    width = min(total, LONGEST_BAR)
    full = -(-at * width // total)
    return f"{opened.number(f'{at}/{total}')}  {'▰' * full}{'▱' * (width - full)}"


def note(opened: Opened, question: Question) -> str:
    """Return a note; and the value of what is only shown, below its label."""
    shown = replace(opened, question=question)
    label = shown.text(question.label)
    kind = kinds.KINDS.get(opened.form.question(question.path).kind)
    value = kind.show(shown, shown.given) if kind and shown.given else ""
    return f"{label}\n{value}".strip()


def sure(opened: Opened) -> Keyboard:
    """Return the button that confirms what was probably meant."""
    if opened.view[:1] != (SURE,):
        return []
    answer = kinds.shown(opened, opened.view[1])
    label = opened.say("button.sure", answer=answer)
    return [[opened.button(label, "sure", opened.stored.interview.tries)]]


def keep(opened: Opened) -> Keyboard:
    """Return the button that leaves an answer as it is, where it isn't a choice with a tick."""
    is_marked = opened.question.kind in {"select_one", "select_multiple", "rank", "acknowledge"}
    if not opened.given or is_marked:
        return []
    return [[opened.button(opened.say("button.keep"), "keep")]]


def navigation(opened: Opened) -> Keyboard:
    """Return the buttons that are always there: Back, Skip where allowed, Later, language.

    And one to hear the choices, where they were spoken, or what had no room above.
    """
    key = "button.hear" if choices_spoken(opened) else "button.listen"
    hear = [opened.button(opened.say(key), "hear")] if to_hear(opened) else []
    move = []
    if stops(opened.instance)[:1] != [opened.question.path]:
        move.append(opened.button(opened.say("button.back"), "back"))
    if not opened.is_required:
        move.append(opened.button(opened.say("button.skip"), "skip"))
    return [row for row in (hear, move, always(opened.visit, opened.stored)) if row]


def to_hear(opened: Opened) -> tuple[Shown, ...]:
    """Return the sounds that are played by a tap: what wasn't heard yet, and the choices."""
    if not opened.form.attached:
        return ()
    text = opened.visit.marked(question_text(opened))
    return (*enclosed(opened).left_out(text), *choices_spoken(opened))


def always(visit: Visit, stored: Stored) -> list[Button]:
    """Return the buttons below every screen of an interview: Later, language."""
    other = texts.LANGUAGE_NAMES[texts.other_language(visit.language)]
    return [
        bound(visit, stored, visit.say("button.later"), "later"),
        bound(visit, stored, f"🌐 {other}", "language"),
    ]


def answered(opened: Opened, event: Answered) -> str:
    """Return a question that was answered: whose it is, its label, and the answer with a tick."""
    named = places.named(opened, event.place) if event.place else kinds.shown(opened, event.value)
    return opened.visit.marked(f"{opened.text(opened.question.label)}\n\n✓ {named}")
