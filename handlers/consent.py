"""The consent text before the first question: shown to who reads it, or given to be read out."""

from handlers.visit import Visit

# The version of the consent text; a new text asks everybody again.
CONSENT_VERSION = "2026-11"


def ask(visit: Visit) -> None:
    """Show the consent text; to a facilitator, what is to be read out."""
    if visit.is_helped:
        text = visit.marked(visit.say("assist.consent"))
        keys = ("button.they_agree", "button.they_refuse", "button.they_are_under_18")
    else:
        text = visit.say("consent")
        keys = ("button.consent_yes", "button.consent_no", "button.under_18")
    answers = zip(keys, ("yes", "no", "under_18"), strict=True)
    visit.answer(text, [[visit.button(visit.say(key), "consent", said)] for key, said in answers])
