"""/forms: which forms are published, which are drafts, and how to bring one."""

from handlers import offering, releasing, texts
from handlers.formcards import audience, closed, state
from handlers.quiet import PHNOM_PENH
from handlers.visit import Button, Visit
from storage import drafts, forms
from storage.drafts import Draft
from storage.forms import Version
from surveys.instruments import PUBLISHED
from surveys.respondent import may

MOST_LISTED = 30
SIGNS = {"draft": "✏", "waits": "⏳", "published": "✅", "closed": "🔒"}


def show_all(visit: Visit) -> None:
    """Show which forms are published and which are drafts, with a button for each uploaded one."""
    if not may(visit.person.role, "forms"):
        visit.send(visit.say("only_staff"))
        return
    uploaded = drafts.listed(visit.tx)[-MOST_LISTED:]
    put = {item.form_id for item in PUBLISHED if item.is_put}
    published = forms.published(visit.tx)
    lines = [_published(visit, one) for one in published if one.form_id not in put]
    for_some = [_named(visit, one) for one in published if one.form_id in put]
    waiting = [_draft(visit, one) for one in uploaded if one.published_at is None]
    parts = [visit.say("forms.published"), *lines]
    if for_some:
        parts += ["", visit.say("forms.put"), *for_some]
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


def _named(visit: Visit, version: Version) -> str:
    return "• " + offering.title(visit.language, forms.by_id(visit.tx, version.id).form)


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
