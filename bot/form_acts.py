"""What `samleng form` commands do in the database; the command line counts as one person."""

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from handlers import formcards, releasing, uploads
from handlers.offering import title
from storage import audit, drafts, forms, members
from storage.drafts import Draft, Upload
from storage.store import Transaction
from surveys.appraisal import appraise
from surveys.errors import FormError
from surveys.instruments import instrument
from surveys.language import EN

Request = dict[str, Any]
Answer = dict[str, Any]
# Why an act wasn't done.
WHY = {
    "gone": "there is no such draft.",
    "own": "whoever brought a form can't release it; a staff member must, by /forms.",
    "unfit": "it can't be released as it is; `samleng form upload` says why.",
    "late": "it doesn't wait for release.",
    "ours": "it isn't an uploaded form that is open.",
}


def upload(tx: Transaction, request: Request) -> Answer:
    """Keep a form as a draft; where nothing stands in the way, others are asked to release it."""
    files = {name: b64decode(content) for name, content in request["files"].items()}
    kept = uploads.keep(tx, Upload(**request["upload"]), audit.CONSOLE, files)
    if isinstance(kept, FormError):
        return {"errors": [kept.as_dict()]}
    if instrument(kept.form_id) is None:
        drafts.change(tx, kept.id, audience=request["audience"])
    obstacles = [error.as_dict() for error in releasing.in_the_way(tx, kept)]
    asked = releasing.ask(tx, kept, audit.CONSOLE) if not obstacles else 0
    return {"id": kept.id, "obstacles": obstacles, "asked": asked}


def list_(tx: Transaction, _: Request) -> Answer:
    """List the forms that were uploaded, and how far each is."""
    return {"forms": [_row(tx, draft) for draft in drafts.listed(tx)]}


def _row(tx: Transaction, draft: Draft) -> dict[str, Any]:
    form = forms.by_id(tx, draft.id).form
    return {
        "id": draft.id,
        "form": draft.form_id,
        "version": draft.version,
        "title": title(EN, form),
        "state": formcards.state(draft),
        "audience": draft.audience,
        "questions": len(form.asked),
        "minutes": appraise(form).minutes,
        "uploaded_by": _called(tx, draft.uploaded_by),
        "released_by": _called(tx, draft.released_by),
    }


def _called(tx: Transaction, person_id: str | None) -> str:
    if person_id in {None, audit.CONSOLE}:
        return person_id or ""
    number = members.number_of(tx, str(person_id))
    return f"member {number}" if number else "somebody who left"


def release(tx: Transaction, request: Request) -> Answer:
    """Release a draft that waits for it."""
    draft = drafts.find(tx, request["id"])
    return {"why": releasing.release(tx, draft, audit.CONSOLE) if draft else "gone"}


def back(tx: Transaction, request: Request) -> Answer:
    """Send a draft back with a word of why."""
    draft = drafts.find(tx, request["id"])
    if draft is None:
        return {"why": "gone"}
    is_back = releasing.send_back(tx, draft, audit.CONSOLE, request["reason"])
    return {"why": "" if is_back else "late"}


def withdraw(tx: Transaction, request: Request) -> Answer:
    """Erase a draft, whoever brought it."""
    draft = drafts.find(tx, request["id"])
    if draft is None or draft.published_at is not None:
        return {"why": "gone"}
    releasing.withdraw(tx, draft, audit.CONSOLE)
    return {"why": ""}


def close(tx: Transaction, request: Request) -> Answer:
    """Offer a released form to nobody any more."""
    found = [one for one in drafts.listed(tx) if one.form_id == request["form"]]
    is_ours = instrument(request["form"]) is not None
    newest = forms.newest(tx, request["form"])
    draft = next((one for one in found if newest and one.id == newest.id), None)
    is_closed = draft is not None and not is_ours and releasing.close(tx, draft, audit.CONSOLE)
    return {"why": "" if is_closed else "ours"}


ACTS: dict[str, Callable[[Transaction, Request], Answer]] = {
    "form_upload": upload,
    "form_list": list_,
    "form_release": release,
    "form_back": back,
    "form_withdraw": withdraw,
    "form_close": close,
}
