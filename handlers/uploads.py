"""What staff send as a file: a form, or a file that one of their drafts names. Each becomes a job.

Its name is only compared, never a path; its content is looked at elsewhere (bot/uploading.py).
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from handlers import answering, releasing
from handlers.layout import shorten
from handlers.visit import Visit
from storage import drafts, jobs
from storage.drafts import Draft, Upload
from storage.keys import Keys, random_id
from storage.store import Transaction
from surveys.attachments import LARGEST, ending
from surveys.errors import FormError
from surveys.khmer import clean
from surveys.messages import form_error
from surveys.respondent import may

KIND = "form"
FORMS = ("xlsx", "csv", "md")
MOST_NAMES, LONGEST_NAME = 12, 80
STEPS = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: Telegram's id, the name it was given, its size in bytes."""

    file_id: str
    name: str
    size: int


def is_upload(visit: Visit) -> bool:
    """Tell whether a message is a file that staff bring, and not an answer."""
    if visit.is_guest or not may(visit.person.role, "forms"):
        return False
    is_file = sent(visit) is not None or is_squeezed(visit)
    return is_file and not answering.wants_file(visit)


def is_squeezed(visit: Visit) -> bool:
    """Tell whether somebody whose draft lacks files sent a photo, which has no name."""
    is_photo = visit.message is not None and bool(visit.message.photo)
    return is_photo and bool(lacking(visit))


def lacking(visit: Visit) -> list[str]:
    """Return the names of the files that somebody's drafts still ask for."""
    mine = drafts_of(visit.tx, visit.person.id)
    return [name for one in mine for name in drafts.missing(visit.tx, one)]


def sent(visit: Visit) -> Sent | None:
    """Return the document or the sound of a message."""
    file = (visit.message.document or visit.message.audio) if visit.message else None
    return Sent(file.file_id, file.file_name or "", file.file_size or 0) if file else None


def received(visit: Visit) -> None:
    """Take a file up, or say at once why not."""
    file = sent(visit)
    if file is None:
        visit.send(visit.say("upload.as_file", names=listed(lacking(visit))))
        return
    mine = drafts_of(visit.tx, visit.person.id)
    draft = next((one for one in mine if file.name in drafts.named(visit.tx, one)), None)
    if file.size > LARGEST:
        visit.send(visit.say("upload.too_large"))
    elif draft:
        begin(visit, file, draft.form_id, {"draft": draft.id, "name": file.name})
    elif ending(file.name) in FORMS:
        begin(visit, file, ending(file.name), {})
    elif names := lacking(visit):
        visit.send(visit.say("upload.not_named", names=listed(names)))
    else:
        visit.send(visit.say("upload.no_form"))


def begin(visit: Visit, file: Sent, argument: str, options: dict[str, Any]) -> None:
    """Ask for a file to be read; one message shows how far that is."""
    outbox_id = visit.send(visit.say("upload.progress", bar=bar(1)))
    seal = random_id()
    sealed = visit.tx.keys.seal(file.file_id.encode(), _context(seal))
    told = {"seal": seal, "file": b64encode(sealed).decode(), **options}
    jobs.add(visit.tx, visit.person.id, KIND, argument, outbox_id, told)


def file_id(keys: Keys, options: dict[str, Any]) -> str:
    """Return Telegram's id of the file that a job is about."""
    return keys.unseal(b64decode(options["file"]), _context(options["seal"])).decode()


def _context(seal: str) -> str:
    return f"job|{seal}"


def bar(step: int) -> str:
    """Return a progress bar of three parts."""
    return "▰" * step + "▱" * (STEPS - step)


def drafts_of(tx: Transaction, person_id: str) -> list[Draft]:
    """Return somebody's drafts, the newest first."""
    every = reversed(drafts.listed(tx))
    return [one for one in every if one.uploaded_by == person_id and one.published_at is None]


def listed(names: list[str]) -> str:
    """Return names on one line each, the first ones of many."""
    more = ["…"] if len(names) > MOST_NAMES else []
    shown = [f"• {shorten(clean(name), LONGEST_NAME)}" for name in names[:MOST_NAMES]]
    return "\n".join([*shown, *more])


def keep(
    tx: Transaction, upload: Upload, by: str, files: dict[str, bytes] | None = None
) -> Draft | FormError:
    """Keep a form as a draft, in place of the same person's earlier one; or say why not."""
    if why := drafts.clash(tx, upload.form_id, upload.version, by):
        place = {"sheet": "settings", "column": "version"}
        return form_error(f"version:{why}", what=upload.version, **place)
    for one in drafts_of(tx, by):
        if (one.form_id, one.version) == (upload.form_id, upload.version):
            releasing.take_back(tx, one, by)
    return drafts.keep(tx, upload, files or {}, by)
