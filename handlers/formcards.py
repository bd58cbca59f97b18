"""/forms: the list of forms, and the card of each that staff uploaded, with what can be done."""

from collections.abc import Callable
from dataclasses import replace

from handlers import journey, mistakes, offering, releasing, texts, uploads
from handlers.quiet import PHNOM_PENH
from handlers.visit import Button, Keyboard, Visit
from storage import attachments, drafts, forms, previews
from storage.drafts import EVERYBODY, Draft
from storage.forms import Version
from surveys.attachments import names_in
from surveys.instruments import instrument
from surveys.khmer import is_blank
from surveys.language import LANGUAGES
from surveys.minutes import minutes
from surveys.respondent import SECTORS, may

AUDIENCES = (*SECTORS, EVERYBODY)
MOST_LISTED = 30
SIGNS = {"draft": "✏", "waits": "⏳", "published": "✅", "closed": "🔒"}


def show_all(visit: Visit) -> None:
    """Show which forms are published and which are drafts, with a button for each uploaded one."""
    if not may(visit.person.role, "forms"):
        visit.send(visit.say("only_staff"))
        return
    uploaded = drafts.listed(visit.tx)[-MOST_LISTED:]
    lines = [_published(visit, one) for one in forms.published(visit.tx)]
    waiting = [_draft(visit, one) for one in uploaded if one.published_at is None]
    parts = [visit.say("forms.published"), *lines]
    if waiting:
        parts += ["", visit.say("forms.drafts"), *waiting]
    rows = [[_open(visit, one)] for one in uploaded]
    visit.send("\n".join([*parts, "", visit.say("forms.how")]), rows)


def _published(visit: Visit, version: Version) -> str:
    form = forms.by_id(visit.tx, version.id).form
    since = version.published_at.astimezone(PHNOM_PENH).date().isoformat()
    uploaded = drafts.find(visit.tx, version.id)
    line = visit.say(
        "forms.line",
        form=offering.title(visit.language, form),
        version=version.version,
        day=texts.number(visit.language, since),
        audience=audience(visit, version.form_id, uploaded),
    )
    is_closed = uploaded is not None and uploaded.closed_at is not None
    return "• " + (f"{line} {closed(visit)}" if is_closed else line)


def closed(visit: Visit) -> str:
    """Return the word for a form that nobody is offered any more."""
    return visit.say("forms.closed")


def _draft(visit: Visit, draft: Draft) -> str:
    form = forms.by_id(visit.tx, draft.id).form
    state = "draft.waits" if draft.waits else "draft.is_draft"
    return "• " + visit.say(
        "forms.draft",
        form=offering.title(visit.language, form),
        version=draft.version,
        by=releasing.called(visit, draft.uploaded_by),
        state=visit.say(state),
    )


def _open(visit: Visit, draft: Draft) -> Button:
    form = forms.by_id(visit.tx, draft.id).form
    label = f"{SIGNS[state(draft)]} {offering.title(visit.language, form)}, {draft.version}"
    return visit.button(label, "form", "card", draft.id)


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
    if not ours.sectors:
        return visit.say("audience.reporters" if ours.roles else "audience.all")
    return ", ".join(visit.say(f"audience.{one}") for one in SECTORS if one in ours.sectors)


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
        minutes=texts.number(visit.language, minutes(form)),
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
    there = frozenset(attachments.names(visit.tx, draft.id))
    lacking = [n for n in names_in(drafts.xform(visit.tx, draft.id)) if n not in there]
    others = [e for e in releasing.in_the_way(visit.tx, draft) if e.code != "release.file"]
    said = []
    if lacking:
        said.append(visit.say("draft.missing", names=uploads.listed(lacking)))
    if others:
        said.append(mistakes.pieces(others, visit.language, visit.say("draft.obstacles"))[0])
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


# Why somebody can't release a draft.
NOT_RELEASED = {"own": "release.own", "late": "release.late", "unfit": "release.unfit"}


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


def show(visit: Visit, draft: Draft) -> None:
    """Show the card of a form, in place of the tapped message."""
    visit.answer(*card(visit, drafts.find(visit.tx, draft.id) or draft))


def tapped(visit: Visit) -> None:
    """Do what a button of a card says, if this person may and the form is still there."""
    assert visit.tap is not None
    act, version_id, *more = visit.tap.arguments
    needed = "release" if act in {"release", "back"} else "forms"
    draft = drafts.find(visit.tx, int(version_id))
    is_theirs = act not in {"for", "ask", "withdraw"} or (
        draft is not None and draft.uploaded_by == visit.person.id
    )
    if not may(visit.person.role, needed) or not is_theirs:
        visit.toast(visit.say("only_staff"), alert=True)
    elif draft is None:
        visit.toast()
        visit.answer(visit.say("draft.gone"))
    elif draft.published_at is not None and act not in {"card", "close"}:
        visit.toast()
        show(visit, draft)
    else:
        if draft.refused_by == visit.person.id:
            drafts.change(visit.tx, draft.id, refused_by=None)
        ACTS[act](visit, draft, *more)


def card_tapped(visit: Visit, draft: Draft) -> None:
    """Show a card."""
    visit.toast()
    show(visit, draft)


def for_whom(visit: Visit, draft: Draft, chosen: str) -> None:
    """Note whom a form is for; who was asked to release it sees something else now."""
    visit.toast()
    if chosen in AUDIENCES and chosen != draft.audience:
        releasing.take_back(visit.tx, draft, visit.person.id)
        drafts.change(visit.tx, draft.id, audience=chosen)
    show(visit, draft)


def try_it(visit: Visit, draft: Draft, language: str) -> None:
    """Ask the first question of a draft in a language; an earlier preview is over."""
    visit.toast()
    previews.begin(visit.tx, visit.person.id, draft.id, visit.person.language)
    # Below the card, which stays as it is.
    below = replace(visit, is_closed=True).change(language=language)
    journey.begin(below, forms.by_id(visit.tx, draft.id))


def ask(visit: Visit, draft: Draft) -> None:
    """Ask the others to release a draft."""
    if draft.waits or releasing.in_the_way(visit.tx, draft):
        visit.toast()
    else:
        number = releasing.ask(visit.tx, draft, visit.person.id)
        key = "release.asking" if number else "release.nobody"
        visit.toast(visit.say(key, n=texts.number(visit.language, number)), alert=not number)
    show(visit, draft)


def release(visit: Visit, draft: Draft) -> None:
    """Publish somebody else's draft."""
    why = releasing.release(visit.tx, draft, visit.person.id)
    visit.toast(visit.say(NOT_RELEASED[why]) if why else "", alert=bool(why))
    show(visit, draft)


def send_back(visit: Visit, draft: Draft) -> None:
    """Ask for a word of why; the next text is it."""
    if not draft.waits:
        visit.toast(visit.say("release.late"), alert=True)
        show(visit, draft)
        return
    visit.toast()
    drafts.change(visit.tx, draft.id, refused_by=visit.person.id)
    visit.answer(
        visit.say("release.why"),
        [[visit.button(visit.say("button.leave"), "form", "card", draft.id)]],
    )


def is_refusing(visit: Visit) -> bool:
    """Tell whether a text says why a draft is sent back."""
    if visit.is_guest or not visit.typed or not may(visit.person.role, "release"):
        return False
    return drafts.refused_by(visit.tx, visit.person.id) is not None


def refused(visit: Visit) -> None:
    """Send a draft back with the word of why."""
    draft = drafts.refused_by(visit.tx, visit.person.id)
    assert draft is not None
    if is_blank(visit.typed):
        visit.send(visit.say("release.why"))
        return
    releasing.send_back(visit.tx, draft, visit.person.id, visit.typed)
    visit.send(visit.say("release.is_back"))


def withdraw(visit: Visit, draft: Draft) -> None:
    """Erase a draft of one's own."""
    visit.toast()
    said = visit.say(
        "draft.withdrawn", form=offering.title(visit.language, forms.by_id(visit.tx, draft.id).form)
    )
    releasing.withdraw(visit.tx, draft, visit.person.id)
    visit.answer(said)


def close(visit: Visit, draft: Draft) -> None:
    """Offer a released form to nobody any more."""
    visit.toast()
    if instrument(draft.form_id) is None:
        releasing.close(visit.tx, draft, visit.person.id)
    show(visit, draft)


ACTS: dict[str, Callable[..., None]] = {
    "card": card_tapped,
    "for": for_whom,
    "try": try_it,
    "ask": ask,
    "release": release,
    "back": send_back,
    "withdraw": withdraw,
    "close": close,
}
