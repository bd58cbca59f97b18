"""What the engine runs and the chat can't ask yet, refused before anybody answers.

Each line goes when handlers can render and read it.
"""

from collections.abc import Iterator

from surveys.definition import Form, Question
from surveys.errors import FormError
from surveys.messages import form_error

# The kinds of question that handlers ask.
ASKABLE = frozenset({"text", "integer", "date", "select_one", "select_multiple", "note"})
# What needs a seed that differs from person to person.
RANDOM = frozenset({"random", "uuid", "randomize"})


def unaskable(form: Form) -> tuple[FormError, ...]:
    """Return what keeps a form from being asked in a chat, as errors for its author."""
    errors = [error for question in form.questions for error in _question(question)]
    repeats = [form_error("chat.repeat", path) for path in form.repeats]
    drawn = [form_error("chat.random", name) for name in sorted(form.calls & RANDOM)]
    return (*repeats, *errors, *drawn)


def _question(question: Question) -> Iterator[FormError]:
    path = question.node.path
    if question.kind not in ASKABLE:
        yield form_error("chat.type", path, column="type", what=question.kind)
    if question.itemset:
        yield form_error("chat.choice_filter", path, column="choice_filter")
    readonly = question.node.readonly
    if readonly and readonly.source not in {"true()", "false()"}:
        yield form_error("chat.readonly", path, column="readonly")
