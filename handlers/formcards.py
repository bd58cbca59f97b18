"""The card of a form that staff brought: all that is to be known of it, and what can be done."""

from handlers import mistakes, offering, releasing, texts, uploads
from handlers.visit import Button, Keyboard, Visit
from storage import drafts, forms
from storage.drafts import EVERYBODY, Draft
from surveys.appraisal import appraise
from surveys.instruments import instrument
from surveys.language import LANGUAGES
from surveys.respondent import SECTORS, may

AUDIENCES = (*SECTORS, EVERYBODY)


def state(draft: Draft) -> str:
    """Return how far a form is: draft, waits, published or closed."""
    if draft.published_at is None:
        return "waits" if draft.waits else "draft"
    return "closed" if draft.closed_at else "published"


def audience(visit: Visit, form_id: str, draft: Draft | None) -> str:
    """Return whom a form is for, in words."""
    ours = instrument(form_id)
    if ours is None:
        return visit.say(f"audience.{(draft and draft.audience) or EVERYBODY}")
    if ours.is_put or ours.is_draft:
        return visit.say("audience.put")
    if not ours.sectors:
        return visit.say("audience.reporters" if ours.roles else "audience.all")
    return ", ".join(visit.say(f"audience.{one}") for one in SECTORS if one in ours.sectors)


def closed(visit: Visit) -> str:
    """Return the word for a form that nobody is offered any more."""
    return visit.say("forms.closed")


def card(visit: Visit, draft: Draft) -> tuple[str, Keyboard]:
    """Return a form with all that is to be known of it, and what this person may do with it."""
    form = forms.by_id(visit.tx, draft.id).form
    written = [texts.LANGUAGE_NAMES.get(code, code) for code in form.languages if code]
    about = visit.say(
        "draft.card",
        form=offering.title(visit.language, form),
        id=draft.form_id,
        version=draft.version,
        questions=texts.number(visit.language, len(form.asked)),
        minutes=texts.number(visit.language, appraise(form).minutes),
        languages=", ".join(written) or "—",
        audience=audience(visit, draft.form_id, draft),
    )
    parts = [about, standing(visit, draft)]
    if draft.published_at is None:
        parts += obstructions(visit, draft)
    return "\n\n".join(part for part in parts if part), buttons(visit, draft)


def standing(visit: Visit, draft: Draft) -> str:
    """Return how far a form is, in a sentence."""
    if draft.published_at is None:
        by = releasing.called(visit, draft.uploaded_by)
        return visit.say("draft.waits_from" if draft.waits else "draft.from", by=by)
    said = visit.say(
        "draft.released",
        by=releasing.called(visit, draft.released_by),
        day=texts.number(visit.language, releasing.day(draft)),
    )
    return f"{said} {closed(visit)}" if draft.closed_at else said


def obstructions(visit: Visit, draft: Draft) -> list[str]:
    """Return what keeps a draft from being released: files first, then the rest by row."""
    lacking = drafts.missing(visit.tx, draft)
    others = [e for e in releasing.in_the_way(visit.tx, draft) if e.code != "release.file"]
    said = []
    if lacking:
        said.append(visit.say("draft.missing", names=uploads.listed(lacking)))
    if others:
        said.extend(mistakes.pieces(others, visit.language, visit.say("draft.obstacles"), most=1))
    return said or [visit.say("draft.ready")]


def buttons(visit: Visit, draft: Draft) -> Keyboard:
    """Return what this person may do with a form as it stands."""
    if draft.published_at is not None:
        can_close = draft.closed_at is None and instrument(draft.form_id) is None
        return [[_act(visit, draft, "close")]] if can_close else []
    tries = [
        visit.button(f"👁 {texts.LANGUAGE_NAMES[code]}", "form", "try", draft.id, code)
        for code in LANGUAGES
    ]
    if draft.uploaded_by == visit.person.id:
        can_ask = not draft.waits and not releasing.in_the_way(visit.tx, draft)
        ask = [[_act(visit, draft, "ask")]] if can_ask else []
        return [tries, *_audiences(visit, draft), *ask, [_act(visit, draft, "withdraw")]]
    if not draft.waits or not may(visit.person.role, "release"):
        return [tries]
    return [tries, [_act(visit, draft, "release")], [_act(visit, draft, "back")]]


LABELS = {
    "ask": "button.ask_release",
    "withdraw": "button.withdraw",
    "release": "button.release",
    "back": "button.send_back",
    "close": "button.close_form",
}


def _act(visit: Visit, draft: Draft, act: str) -> Button:
    return visit.button(visit.say(LABELS[act]), "form", act, draft.id)


def _audiences(visit: Visit, draft: Draft) -> Keyboard:
    """Return the buttons of whom a form is for; the project's own forms are for whom they were."""
    if instrument(draft.form_id):
        return []
    made = [
        visit.button(_ticked(visit, draft, one), "form", "for", draft.id, one) for one in AUDIENCES
    ]
    return [made[at : at + 2] for at in range(0, len(made), 2)]


def _ticked(visit: Visit, draft: Draft, one: str) -> str:
    mark = "☑" if draft.audience == one else "☐"
    return f"{mark} {visit.say('audience.' + one)}"
