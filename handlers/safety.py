"""A card for who writes of violence or a threat: kind words, and who can help. Nobody is told.

The text is handled as any other, and nothing is kept beside it: not even that the card was shown.
So it's shown once for what is answered in one interview, as its answers tell.
"""

from handlers.visit import Visit
from storage import forms, interviews
from surveys.definition import plain
from surveys.safety import hotlines, speaks_of_danger

STAFF = {"staff", "owner"}


def is_needed(visit: Visit) -> bool:
    """Tell whether what somebody wrote asks for the card; staff write down what others say."""
    is_free = not visit.typed.startswith("/") and visit.person.role not in STAFF
    return is_free and speaks_of_danger(visit.typed) and not _was_shown(visit)


def _was_shown(visit: Visit) -> bool:
    """Tell whether an answer of the open interview spoke of it before."""
    stored = interviews.active(visit.tx, visit.person.id)
    if stored is None:
        return False
    form = forms.by_id(visit.tx, stored.form_version_id).form
    texts = [
        value
        for path, value in stored.interview.values.items()
        if (question := form.by_path.get(plain(path))) and question.kind == "text"
    ]
    return any(map(speaks_of_danger, texts))


def refer(visit: Visit) -> None:
    """Show the card, below whatever the text led to."""
    known = hotlines()
    lines = "\n".join(f"• {line.names[visit.language]}: {line.number}" for line in known)
    call = "\n\n" + visit.say("referral.call", lines=lines) if known else ""
    visit.send(visit.say("referral.card") + call)
