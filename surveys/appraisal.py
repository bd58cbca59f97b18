"""What is worked out of a draft once: how long it takes, and what in its texts keeps it back. Pure.

A form has thousands of texts at most, and whoever looks at its card must hold nobody up.
"""

from dataclasses import dataclass

from surveys.definition import Form
from surveys.errors import FormError
from surveys.minutes import minutes
from surveys.releasing import in_texts

MOST_KNOWN = 64
_known: dict[int, "Appraisal"] = {}


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A form, about how many minutes it takes, and what in its texts keeps it from release."""

    form: Form
    minutes: int
    obstacles: tuple[FormError, ...]


def appraise(form: Form) -> Appraisal:
    """Return what is worked out of a form; a second time it costs nothing."""
    known = _known.get(id(form))
    if known is None or known.form is not form:
        known = _known[id(form)] = Appraisal(form, minutes(form), in_texts(form))
        if len(_known) > MOST_KNOWN:
            _known.pop(next(iter(_known)), None)
    return known
