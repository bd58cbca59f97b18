"""What `samleng` commands do in the database, each in one transaction.

The running bot does them for whoever asks on its socket; where none runs, the command takes the
folder and does them itself. Two processes never write one database.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import control, dialogue_acts, form_acts, staff_acts, wave_acts
from bot.staff_acts import Answer, Request, as_text
from handlers import broadcast, links, offering, posters, quiet, reminding, reviewing
from storage import (
    audit,
    broadcasts,
    facts,
    inbox,
    invitations,
    organisations,
    readings,
    reviews,
    slots,
    upkeep,
)
from storage.broadcasts import Audience
from storage.database import lock, open_store
from storage.store import Transaction
from surveys.khmer import clean, is_blank
from surveys.language import detect


def invite(tx: Transaction, request: Request) -> Answer:
    """Make an invitation; return its token, which is kept nowhere, and the bot's name."""
    bound_to, code = request.get("province"), request.get("organisation")
    if code and organisations.by_code(tx, code) is None:
        return {"unknown": code}
    token = invitations.create(
        tx, request["role"], request.get("sector"), bound_to, organisation=code
    )
    name = facts.read(tx, "username")
    return {"token": token, **({"username": name} if name else {})}


def poster(tx: Transaction, request: Request) -> Answer:
    """Return the link and the words of a poster, and whether its form is offered."""
    payload = request["payload"]
    is_offered = offering.named(tx, links.parse(payload).form_id or "") is not None
    return {
        "offered": is_offered,
        "link": posters.link(tx, payload),
        "words": posters.words(tx, payload),
    }


def status(tx: Transaction, _: Request) -> Answer:
    """Count the updates that are done, pending and dead."""
    return {"inbox": inbox.counts(tx)}


def unhandled(tx: Transaction, _: Request) -> Answer:
    """List the updates that wait for another try or were given up."""
    return {"updates": [as_text(asdict(update)) for update in inbox.unhandled(tx)]}


def received(tx: Transaction, request: Request) -> Answer:
    """Show what is known of one update, but not what it says."""
    update = inbox.received(tx, int(request["update_id"]))
    return {"update": as_text(asdict(update)) if update else None}


def outbox(tx: Transaction, _: Request) -> Answer:
    """Count the messages of each lane by what became of them."""
    return {"lanes": [_as_json(asdict(lane)) for lane in upkeep.standing(tx)]}


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, dt.datetime) else v for name, v in row.items()}


def broadcast_plan(tx: Transaction, request: Request) -> Answer:
    """Count whom a broadcast would go to, and say when the last would have it at a rate."""
    people = broadcast.size(tx, Audience(**request["audience"]))
    last_at = quiet.after(tx.now, people / request["rate"])
    return {"people": people, "last_at": last_at.strftime("%Y-%m-%d %H:%M")}


def broadcast_begin(tx: Transaction, request: Request) -> Answer:
    """Begin a broadcast."""
    audience = Audience(**request["audience"])
    begun = broadcast.begin(tx, request["km"], request["en"], audience)
    _note(tx, "broadcast", begun.id, **request["audience"])
    return _as_json(asdict(begun))


def broadcast_list(tx: Transaction, _: Request) -> Answer:
    """List the broadcasts and how far they are."""
    return {"broadcasts": [_as_json(asdict(one)) for one in broadcasts.standings(tx)]}


def broadcast_pause(tx: Transaction, request: Request) -> Answer:
    """Pause a broadcast."""
    _note(tx, "pause broadcast", request["id"])
    return {"found": broadcasts.pause(tx, int(request["id"]))}


def broadcast_resume(tx: Transaction, request: Request) -> Answer:
    """Go on with a paused broadcast."""
    _note(tx, "resume broadcast", request["id"])
    return {"found": broadcasts.resume(tx, int(request["id"]))}


def review_counts(tx: Transaction, _: Request) -> Answer:
    """Count the voice notes that wait to be written down."""
    return asdict(reviews.counts(tx))


def review_next(tx: Transaction, request: Request) -> Answer:
    """Take the oldest voice note that waits, or the one the command line has; not its sound."""
    reviewing.put_back_expired(tx)
    found = reviews.held(tx, reviews.CONSOLE) or reviews.take(tx, reviews.CONSOLE)
    if found is None:
        return {"id": None}
    return {"id": found.id, "question": reviewing.question(tx, found, request["lang"])}


def review_save(tx: Transaction, request: Request) -> Answer:
    """Let words be the answer; `saved` is False where the person changed it meanwhile."""
    found, words = _in_hand(tx, request), clean(request["words"])
    if found is None or is_blank(words):
        return {"id": None}
    _note(tx, "write down", found.id)
    return {"id": found.id, "saved": reviews.save(tx, found, words, detect(words))}


def review_unclear(tx: Transaction, request: Request) -> Answer:
    """Take a voice note that can't be understood out of the queue."""
    if found := _in_hand(tx, request):
        reviews.settle(tx, found, erase=False)
        _note(tx, "set aside", found.id)
    return {"id": found.id if found else None}


def review_skip(tx: Transaction, request: Request) -> Answer:
    """Leave a voice note to somebody else, or to later."""
    if found := _in_hand(tx, request):
        reviews.put_back(tx, found.id, reviewing.ASIDE)
    return {"id": found.id if found else None}


def _in_hand(tx: Transaction, request: Request) -> reviews.Review | None:
    found = reviews.held(tx, reviews.CONSOLE)
    return found if found and found.id.startswith(request["number"]) else None


def review_again(tx: Transaction, _: Request) -> Answer:
    """Let the voice notes wait again that nobody understood."""
    _note(tx, "hear again")
    return {"number": reviews.queue_again(tx)}


def text_next(tx: Transaction, _: Request) -> Answer:
    """Return the oldest free text that nobody has read."""
    found = readings.oldest(tx)
    return {"id": found.id, "text": found.value, "left": readings.count(tx)} if found else {}


def text_mark(tx: Transaction, request: Request) -> Answer:
    """Note that a free text was read, and whether it names somebody."""
    hidden, number = bool(request["hidden"]), int(request["number"])
    _note(tx, "hide text" if hidden else "read text", number)
    return {"found": readings.mark(tx, number, hidden=hidden)}


def try_again(tx: Transaction, request: Request) -> Answer:
    """Have an update tried again at once."""
    _note(tx, "retry update", request["update_id"])
    return {"found": inbox.try_again(tx, int(request["update_id"]))}


def give_up(tx: Transaction, request: Request) -> Answer:
    """Erase an update that wasn't handled."""
    _note(tx, "erase update", request["update_id"])
    return {"found": inbox.give_up(tx, int(request["update_id"]))}


def _note(tx: Transaction, act: str, object_: object = "", **detail: Any) -> None:
    audit.record(tx, audit.CONSOLE, act, str(object_), **detail)


def reminder_list(tx: Transaction, _: Request) -> Answer:
    """Count the reminders by what became of them, and say whether they are paused."""
    slots.settle(tx)
    rows = [asdict(one) for one in slots.standings(tx)]
    return {"reminders": rows, "paused": reminding.is_paused(tx)}


def reminder_pause(tx: Transaction, _: Request) -> Answer:
    """Pause all reminders."""
    _note(tx, "pause reminders")
    reminding.pause(tx, paused=True)
    return {}


def reminder_resume(tx: Transaction, _: Request) -> Answer:
    """Go on with reminders."""
    _note(tx, "resume reminders")
    reminding.pause(tx, paused=False)
    return {}


# What only reads; everything else writes down in the audit log that it was done.
READING = frozenset({
    "status", "poster", "unhandled", "received", "outbox", "broadcast_plan", "broadcast_list",
    "reminder_list", "review_counts", "review_next", "review_skip", "text_next",
    "numbers_standing", "numbers_people", "card", "subscription_list", "form_list", "team_list",
    "audit_list", "audit_verify", "organisation_list", "province_list", *wave_acts.READING,
    *dialogue_acts.READING,
})  # fmt: skip
ACTS: dict[str, Callable[[Transaction, Request], Answer]] = {
    **staff_acts.ACTS,
    **wave_acts.ACTS,
    **dialogue_acts.ACTS,
    "invite": invite,
    "poster": poster,
    "status": status,
    "unhandled": unhandled,
    "received": received,
    "outbox": outbox,
    "broadcast_plan": broadcast_plan,
    "broadcast_begin": broadcast_begin,
    "broadcast_list": broadcast_list,
    "broadcast_pause": broadcast_pause,
    "broadcast_resume": broadcast_resume,
    "review_counts": review_counts,
    "review_next": review_next,
    "review_save": review_save,
    "review_unclear": review_unclear,
    "review_skip": review_skip,
    "review_again": review_again,
    "text_next": text_next,
    "text_mark": text_mark,
    "reminder_list": reminder_list,
    "reminder_pause": reminder_pause,
    "reminder_resume": reminder_resume,
    "try_again": try_again,
    "give_up": give_up,
    **form_acts.ACTS,
}


def perform(folder: Path, key_file: Path | None, url: str | None, request: Request) -> Answer:
    """Have the running bot do an act; do it ourselves where none runs."""
    answer = control.ask(folder, request)
    if answer is not None:
        return answer
    with nullcontext() if url else lock(folder):
        store = open_store(folder, key_file=key_file, url=url)
        try:
            return store.run(ACTS[request["command"]], request)
        finally:
            store.close()
