"""What the engine runs and the chat can't ask yet, refused before anybody answers.

Each line goes when handlers can render and read it.
"""

from surveys.controls import REFUSED
from surveys.definition import Form
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
    return tuple(
        form_error("chat.type", question.node.path, column="type", what=question.kind)
        for question in form.questions
        if question.kind not in ASKABLE | REFUSED
    )
