"""A draft's way to people: asked for by one, released by another, sent back or withdrawn.

Whoever acts is a person's id, or `console` for the command line, which counts as one person. All
of an act is one transaction: the row, the audit log, and what others are told.
"""

from handlers import offering, texts
from handlers.quiet import PHNOM_PENH
from handlers.visit import Visit
from storage import audit, drafts, forms, members, outbox, respondents
from storage.drafts import Draft
from storage.outbox import REMINDERS
from storage.respondents import Respondent
from storage.store import Transaction
from surveys.appraisal import appraise
from surveys.errors import FormError
from surveys.khmer import clean, cut
from surveys.releasing import in_files, placed
from surveys.respondent import may

LONGEST_WORD = 500


def in_the_way(tx: Transaction, draft: Draft) -> tuple[FormError, ...]:
    """Return what keeps a draft from being released."""
    in_its_texts = appraise(forms.by_id(tx, draft.id).form).obstacles
    return in_files(drafts.missing(tx, draft)) + placed(in_its_texts, draft.rows)


def ask(tx: Transaction, draft: Draft, by: str) -> int:
    """Ask everybody else who may release; return how many that are."""
    drafts.change(tx, draft.id, release_asked_at=tx.now)
    audit.record(tx, by, "ask release", _named(draft))
    asked = [
        (person.id, _request(tx, person, draft))
        for person in _people(tx)
        if person.id != draft.uploaded_by
    ]
    drafts.change(tx, draft.id, asked=[list(pair) for pair in asked])
    return len(asked)


def _request(tx: Transaction, person: Respondent, draft: Draft) -> int:
    visit = Visit.unprompted(tx, person, person, 0)
    rows = [[visit.button(visit.say("button.look"), "form", "card", draft.id)]]
    text = visit.say(
        "release.asked", form=_title(visit, draft), by=called(visit, draft.uploaded_by)
    )
    return visit.send_unasked(text, rows)


def release(tx: Transaction, draft: Draft, by: str) -> str:
    """Publish a draft; return nothing, or why not: "own", "unfit" or "late"."""
    if by == draft.uploaded_by:
        return "own"
    if draft.waits and in_the_way(tx, draft):
        return "unfit"
    if not drafts.publish(tx, draft, by):
        return "late"
    drafts.end_previews(tx, draft.id)
    _settle(tx, draft, by, "release.done")
    return ""


def send_back(tx: Transaction, draft: Draft, by: str, why: str) -> bool:
    """Give a draft back to its author with a word of why; False where nobody asks for it now."""
    if not draft.waits:
        return False
    _unask(tx, draft)
    audit.record(tx, by, "send back", _named(draft))
    _settle(tx, draft, by, "release.sent_back", why=cut(clean(why), LONGEST_WORD))
    return True


def take_back(tx: Transaction, draft: Draft, by: str) -> None:
    """Ask nobody any more to release a draft that its author changes."""
    if draft.waits:
        _unask(tx, draft)
        _settle(tx, draft, by, "release.taken_back")


def withdraw(tx: Transaction, draft: Draft, by: str) -> None:
    """Erase a draft."""
    _settle(tx, draft, by, "release.withdrawn")
    drafts.withdraw(tx, draft, by)


def close(tx: Transaction, draft: Draft, by: str) -> bool:
    """Offer a released form to nobody any more; False where it isn't open."""
    if draft.published_at is None or draft.closed_at is not None:
        return False
    drafts.change(tx, draft.id, closed_at=tx.now)
    audit.record(tx, by, "close", _named(draft))
    return True


def _unask(tx: Transaction, draft: Draft) -> None:
    drafts.change(tx, draft.id, release_asked_at=None, asked=None, refused_by=None)


def _settle(tx: Transaction, draft: Draft, by: str, key: str, **values: str) -> None:
    """Change the messages of those who were asked, and tell the author; but not whoever acts."""
    messages = dict(draft.asked)
    for person in _people(tx):
        if person.id == by:
            continue
        visit = Visit.unprompted(tx, person, person, 0)
        told = {"form": _title(visit, draft), "by": called(visit, by), **values}
        if person.id in messages:
            _replace(tx, person.id, messages[person.id], visit.say(key, **told))
        elif person.id == draft.uploaded_by:
            visit.send_unasked(visit.say(key, **told), [])


def _replace(tx: Transaction, person_id: str, outbox_id: int, text: str) -> None:
    """Change a message that may still wait for the morning: behind it, in the same lane."""
    body = {"text": text, "reply_markup": {"inline_keyboard": []}}
    outbox.put(
        tx,
        person_id,
        "editMessageText",
        body,
        policy="edit",
        lane=REMINDERS,
        target_outbox_id=outbox_id,
    )


def _people(tx: Transaction) -> list[Respondent]:
    """Return everybody who may release forms and can be written to."""
    found = [one for one in members.listed(tx) if may(one.role, "release")]
    people = [respondents.by_id(tx, one.respondent_id) for one in found]
    return [one for one in people if one.stopped_at is None and one.unreachable_at is None]


def called(visit: Visit, person_id: str | None) -> str:
    """Return what somebody who acted is called: a number, never a name."""
    if person_id == audit.CONSOLE:
        return visit.say("by.console")
    if person_id == visit.person.id:
        return visit.say("by.you")
    number = members.number_of(visit.tx, person_id) if person_id else None
    if number is None:
        return visit.say("by.nobody")
    return visit.say("by.member", n=texts.number(visit.language, number))


def day(draft: Draft) -> str:
    """Return on which day a draft was published."""
    assert draft.published_at is not None
    return draft.published_at.astimezone(PHNOM_PENH).date().isoformat()


def _title(visit: Visit, draft: Draft) -> str:
    return offering.title(visit.language, forms.by_id(visit.tx, draft.id).form)


def _named(draft: Draft) -> str:
    return f"{draft.form_id} {draft.version}"
