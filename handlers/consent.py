"""The consent text before the first question: shown, heard first by who listens, or read out."""

from handlers.enclosed import AUDIO, Shown, calls
from handlers.visit import Visit
from storage import forms
from surveys.instruments import PROFILE
from surveys.spoken import consent_stem, recorded

# The version of the consent text; a new text asks everybody again.
CONSENT_VERSION = "2026-11"


def ask(visit: Visit) -> None:
    """Show the consent text; to a facilitator, what is to be read out."""
    if visit.is_helped:
        text = visit.marked(visit.say("assist.consent"))
        keys = ("button.they_agree", "button.they_refuse", "button.they_are_under_18")
    else:
        visit = _heard(visit)
        text = visit.say("consent")
        keys = ("button.consent_yes", "button.consent_no", "button.under_18")
    answers = zip(keys, ("yes", "no", "under_18"), strict=True)
    visit.answer(text, [[visit.button(visit.say(key), "consent", said)] for key, said in answers])


def _heard(visit: Visit) -> Visit:
    """Let somebody who listens hear it first, where it was recorded; it lies with the profile."""
    published = forms.newest(visit.tx, PROFILE) if visit.person.listens else None
    if published is None:
        return visit
    stem, attached = consent_stem(CONSENT_VERSION), published.form.attached
    codes = filter(None, (visit.person.spoken, visit.language))
    name = next(filter(None, (recorded(attached, code, stem) for code in codes)), "")
    if not name:
        return visit
    if visit.tapped_message_id is not None:
        visit = visit.leave()
    for method, body in calls(published.id, [Shown(AUDIO, name)]):
        visit.call(method, body)
    return visit
