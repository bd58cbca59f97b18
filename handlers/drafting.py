"""What staff do with a form by the buttons of its card; handlers/releasing.py does it."""

from collections.abc import Callable
from dataclasses import replace

from handlers import journey, offering, releasing, texts
from handlers.formcards import AUDIENCES, card
from handlers.visit import Visit
from storage import drafts, forms, previews
from storage.drafts import Draft
from surveys.instruments import instrument
from surveys.khmer import is_blank
from surveys.respondent import may

# Why somebody can't release a draft.
NOT_RELEASED = {"own": "release.own", "late": "release.late", "unfit": "release.unfit"}


def show(visit: Visit, draft: Draft) -> None:
    """Show the card of a form, in place of the tapped message."""
    visit.answer(*card(visit, drafts.find(visit.tx, draft.id) or draft))


def tapped(visit: Visit) -> None:
    """Do what a button of a card says, if this person may and the form is still there."""
    assert visit.tap is not None
    act, version_id, *more = visit.tap.arguments
    draft = drafts.find(visit.tx, int(version_id))
    if not may(visit.person.role, "release" if act in {"release", "back"} else "forms"):
        visit.toast(visit.say("only_staff"), alert=True)
    elif draft is None:
        visit.toast()
        visit.answer(visit.say("draft.gone"))
    elif act not in _open_to(visit, draft):
        visit.toast()
        show(visit, draft)
    else:
        ACTS[act](visit, draft, *more)


def _open_to(visit: Visit, draft: Draft) -> set[str]:
    """Return what a person may do with a form as it stands; its author alone changes a draft."""
    if draft.published_at is not None:
        return {"card", "close", "release"}
    is_author = draft.uploaded_by == visit.person.id
    return {"card", "try", "release", "back"} | ({"for", "ask", "withdraw"} if is_author else set())


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
