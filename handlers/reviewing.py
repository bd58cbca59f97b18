"""Staff write down what a voice note says: hear it, type it, confirm; then the sound is erased.

Nothing of it stays in their chat: the sound, what they typed and what was shown back are deleted.
The person who spoke is told nothing, and what they changed meanwhile stays as it is.
"""

import datetime as dt
from collections.abc import Callable, Iterable

from handlers import texts
from handlers.visit import LONGEST_TEXT, Keyboard, Visit
from storage import audit, forms, outbox, reviews
from storage.reviews import Review
from storage.store import Transaction
from surveys.khmer import clean, is_blank, utf16_length
from surveys.language import detect
from surveys.respondent import may

LABELS = {
    "save": "button.review_save",
    "again": "button.review_again",
    "unclear": "button.review_unclear",
    "skip": "button.review_skip",
    "next": "button.review_next",
}
ASIDE = dt.timedelta(minutes=15)
LONGEST_LABEL = 600
# Room for what stands around the words when they are shown back.
LONGEST_WORDS = LONGEST_TEXT - 200


def review(visit: Visit) -> None:
    """Give a staff member the oldest voice note that waits, or again the one they have in hand."""
    if not may(visit.person.role, "review"):
        visit.send(visit.say("only_staff"))
        return
    let_go(visit.tx, visit.person.id)
    give_next(visit)


def let_go(tx: Transaction, respondent_id: str) -> None:
    """Put back the voice note that a staff member has in hand."""
    if in_hand := reviews.held(tx, respondent_id):
        delete_shown(tx, in_hand)
        reviews.put_back(tx, in_hand.id)


def give_next(visit: Visit) -> None:
    """Send the oldest sound that waits, under its question; or say that none does."""
    put_back_expired(visit.tx)
    found = reviews.take(visit.tx, visit.person.id)
    if found is None:
        visit.send(visit.say("review.none"))
        return
    label = question(visit.tx, found, visit.language)
    caption = visit.say("review.type", question=label)
    sent = visit.send_sound(found.id, caption, buttons(visit, found, "unclear", "skip"))
    reviews.sound_sent(visit.tx, found.id, sent)


def question(tx: Transaction, found: Review, language: str) -> str:
    """Return the question that a voice note answers, in a language."""
    form = forms.by_id(tx, found.form_version_id).form
    label = form.question(found.path).label.outline(language) if found.path else ""
    return label[:LONGEST_LABEL]


def buttons(visit: Visit, found: Review, *acts: str) -> Keyboard:
    """Return a button for each act, two in a row."""
    made = [visit.button(visit.say(LABELS[act]), "review", act, found.id[:8]) for act in acts]
    return [made[at : at + 2] for at in range(0, len(made), 2)]


def is_writing(visit: Visit) -> bool:
    """Tell whether a staff member types what the sound in their hands says."""
    is_staff = visit.message is not None and may(visit.person.role, "review")
    return is_staff and reviews.held(visit.tx, visit.person.id) is not None


def typed(visit: Visit) -> None:
    """Show the words back and ask whether they are right; the sound above keeps its buttons."""
    found = reviews.held(visit.tx, visit.person.id)
    assert found is not None
    assert visit.message is not None
    words = clean(visit.typed)
    if is_blank(words) or utf16_length(words) > LONGEST_WORDS:
        visit.send(visit.say("review.not_words"))
        return
    delete(visit.tx, visit.person.id, found.words_outbox_id)
    remove = {"message_id": visit.message.message_id}
    outbox.put(visit.tx, visit.person.id, "deleteMessage", remove, policy="edit")
    text = visit.say("review.right", words=words)
    sent = visit.send(text, buttons(visit, found, "save", "again"))
    reviews.words_shown(visit.tx, found.id, words, sent)


def tapped(visit: Visit) -> None:
    """Do what a button says, if it is of the voice note that is in this person's hands."""
    assert visit.tap is not None
    act, start = visit.tap.arguments
    found = reviews.held(visit.tx, visit.person.id) if may(visit.person.role, "review") else None
    if act == "next" and found is None:
        visit.toast()
        review(visit)
    elif found is None or found.id[:8] != start or act not in ACTS:
        visit.toast(visit.say("stale_button"))
    else:
        visit.toast()
        ACTS[act](visit, found)


def save(visit: Visit, found: Review) -> None:
    """Let the words be the answer, where the sound still is; then nothing of it is kept."""
    if not found.draft:
        return
    is_saved = reviews.save(visit.tx, found, found.draft, detect(found.draft))
    audit.record(visit.tx, visit.owner.id, "write down", found.id)
    end(visit, found, "review.saved" if is_saved else "review.changed")


def again(visit: Visit, found: Review) -> None:
    """Let the words be typed anew; the old ones stay in sight for it."""
    text = visit.say("review.again", words=found.draft)
    visit.edit(text, message_id=visit.tapped_message_id)


def unclear(visit: Visit, found: Review) -> None:
    """Take a voice note that can't be understood out of the queue; its sound is kept."""
    reviews.settle(visit.tx, found, erase=False)
    audit.record(visit.tx, visit.owner.id, "set aside", found.id)
    end(visit, found, "review.unclear")


def skip(visit: Visit, found: Review) -> None:
    """Leave a voice note to somebody else, or to later."""
    reviews.put_back(visit.tx, found.id, ASIDE)
    end(visit, found, "review.skipped")


def end(visit: Visit, found: Review, key: str) -> None:
    """Delete what was shown of a voice note; say what became of it and how many wait."""
    delete_shown(visit.tx, found)
    waiting = reviews.counts(visit.tx).waiting
    rows = buttons(visit, found, "next") if waiting else []
    visit.send(visit.say(key, n=texts.number(visit.language, waiting)), rows)


def delete_shown(tx: Transaction, found: Review) -> None:
    """Promise to delete the messages that show a voice note or its words."""
    if found.reviewer and found.reviewer != reviews.CONSOLE:
        for outbox_id in (found.sound_outbox_id, found.words_outbox_id):
            delete(tx, found.reviewer, outbox_id)


def delete(tx: Transaction, respondent_id: str, outbox_id: int | None) -> None:
    """Promise to delete a message, named by its promise in the outbox."""
    if outbox_id is not None:
        outbox.put(
            tx, respondent_id, "deleteMessage", {}, policy="edit", target_outbox_id=outbox_id
        )


def put_back_expired(tx: Transaction) -> int:
    """Let the voice notes wait again that somebody had in hand for too long; return how many."""
    return _let_go(tx, reviews.expired(tx))


def withdraw(tx: Transaction, respondent_id: str) -> None:
    """Take a person's voice notes out of the hands of staff, as the person is being forgotten."""
    _let_go(tx, reviews.held_of(tx, respondent_id))


def _let_go(tx: Transaction, in_hands: Iterable[Review]) -> int:
    found = list(in_hands)
    for one in found:
        delete_shown(tx, one)
        reviews.put_back(tx, one.id)
    return len(found)


ACTS: dict[str, Callable[[Visit, Review], None]] = {
    "save": save,
    "again": again,
    "unclear": unclear,
    "skip": skip,
}
