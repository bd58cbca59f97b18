"""Erasing: a person with everything they gave, one of several on a phone, or all of them."""

from dataclasses import replace

from handlers import asking, between, menus, textkeys
from handlers.consent import CONSENT_VERSION
from handlers.erasing import erase
from handlers.visit import Visit
from storage import guests, interviews, outbox


def farewell(visit: Visit, key: str) -> None:
    """Say goodbye and erase everything that is held of a person, in this transaction.

    Their vault row goes too, so the last message carries its own sealed address. The clock empties
    the write-ahead log soon after, and removes the files of voice notes that have no row any more.
    """
    if visit.is_guest:
        between.leave(visit, key)
        return
    text = visit.say(key)
    stored = interviews.active(visit.tx, visit.person.id)
    open_id = asking.live_message_id(visit, stored) if stored else None
    if asking.has_keys(visit):
        textkeys.put_away_at_farewell(visit)
    erase(visit.tx, visit.person.id)
    menus.take_at_farewell(visit)
    if visit.query:
        end = {"callback_query_id": visit.query.id}
        outbox.put_farewell(visit.tx, visit.telegram_id, "answerCallbackQuery", end)
    turns = None if visit.tapped_file else visit.tapped_message_id
    if open_id is not None and open_id != turns:
        bare = {"reply_markup": {"inline_keyboard": []}, "message_id": open_id}
        outbox.put_farewell(visit.tx, visit.telegram_id, "editMessageReplyMarkup", bare)
    if turns is not None:
        body = {"text": text, "message_id": turns}
        outbox.put_farewell(visit.tx, visit.telegram_id, "editMessageText", body)
    else:
        outbox.put_farewell(visit.tx, visit.telegram_id, "sendMessage", {"text": text})


def to_the_others(visit: Visit) -> None:
    """Erase the phone's owner; those who share it go on, and one of them is reached by it."""
    stored = interviews.active(visit.tx, visit.person.id)
    open_id = asking.live_message_id(visit, stored) if stored else None
    had_keys = asking.has_keys(visit)
    heir, *rest = guests.sharing(visit.tx, visit.owner.id, CONSENT_VERSION)
    text, alone = visit.say("forget.done"), None if not rest else heir.number
    heir = guests.pass_on(visit.tx, visit.owner, heir, visit.bot_id)
    after = replace(visit, person=heir, owner=heir).change(number=alone)
    if visit.owner.role != menus.CITIZEN:
        menus.take(after)
    if had_keys:
        textkeys.put_away(after)
    after.toast()
    if open_id is not None and open_id != visit.tapped_message_id:
        after.take_buttons(open_id, None)
    after.answer(text)


def everybody(visit: Visit) -> None:
    """Erase all who share a phone."""
    if visit.is_guest and asking.has_keys(visit):
        textkeys.put_away_at_farewell(visit)
    for person in guests.sharing(visit.tx, visit.owner.id, CONSENT_VERSION):
        erase(visit.tx, person.id)
    farewell(visit.hand_back(), "forget.all")
