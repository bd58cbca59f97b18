"""What the engine runs and the chat can't ask yet, refused before anybody answers.

Each line goes when handlers can render and read it.
"""

from collections.abc import Iterator

from surveys.controls import REFUSED
from surveys.definition import Form, Question
from surveys.errors import FormError
from surveys.messages import form_error

# The kinds of question that handlers ask; all have a line in handlers/kinds too.
ASKABLE = frozenset(
    {
        "text", "barcode", "integer", "decimal", "range", "date", "time", "dateTime", "select_one",
        "select_multiple", "rank", "acknowledge", "note",
    }
)  # fmt: skip


def unaskable(form: Form) -> tuple[FormError, ...]:
    """Return what keeps a form from being asked in a chat, as errors for its author."""
    errors = [error for question in form.questions for error in _question(question)]
    repeats = [form_error("chat.repeat", path) for path in form.repeats]
    return (*repeats, *errors)


def _question(question: Question) -> Iterator[FormError]:
    path = question.node.path
    if question.kind not in ASKABLE | REFUSED:
        yield form_error("chat.type", path, column="type", what=question.kind)
    readonly = question.node.readonly
    if readonly and readonly.source not in {"true()", "false()"}:
        yield form_error("chat.readonly", path, column="readonly")
