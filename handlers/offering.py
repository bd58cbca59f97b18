"""Which surveys there are and for whom: the project's own, and those that staff have released."""

from handlers import texts
from handlers.layout import shorten
from storage import forms
from storage.drafts import EVERYBODY
from storage.forms import Published
from storage.store import Transaction
from surveys.definition import Form
from surveys.instruments import INSTRUMENTS, PROFILE, PUBLISHED, Instrument, instrument
from surveys.khmer import clean
from surveys.respondent import SECTORS, Sector

LONGEST_TITLE = 60


def released(tx: Transaction, *, closed_too: bool = False) -> list[Instrument]:
    """Return the surveys that staff have released, but for new versions of the project's own."""
    return [
        Instrument(one.form_id, sectors=_sectors(one.audience))
        for one in forms.released(tx)
        if instrument(one.form_id) is None and (closed_too or not one.is_closed)
    ]


def _sectors(audience: str) -> frozenset[Sector]:
    return frozenset(sector for sector in SECTORS if audience in {sector, EVERYBODY})


def put(tx: Transaction) -> list[Instrument]:
    """Return what staff can put to people by a link: all surveys, and what nobody is offered."""
    return [*surveys(tx), *(item for item in PUBLISHED if item.is_put)]


def surveys(tx: Transaction) -> list[Instrument]:
    """Return all surveys that are asked of somebody, the project's own first."""
    return [*(item for item in INSTRUMENTS if item.sectors), *released(tx)]


def for_sector(tx: Transaction, sector: str) -> list[Instrument]:
    """Return the surveys that a person of a sector is offered, the main one first."""
    return [item for item in surveys(tx) if sector in item.sectors]


def named(tx: Transaction, form_id: str) -> Instrument | None:
    """Return a form by its id; None where there is none, or it isn't offered any more."""
    ours = instrument(form_id)
    return ours or next((item for item in released(tx) if item.form_id == form_id), None)


def exported(tx: Transaction) -> list[Instrument]:
    """Return the forms whose answers are exported: all but the profile, which goes with each."""
    ours = (item for item in INSTRUMENTS if item.form_id != PROFILE)
    return [*ours, *released(tx, closed_too=True)]


def title(language: str | None, form: Form) -> str:
    """Return what people read of a form: our name for it, or an uploaded form's own title."""
    if instrument(form.form_id):
        return texts.say(language, "form." + form.form_id)
    on_one_line = " ".join(clean(form.title).split())
    return shorten(on_one_line, LONGEST_TITLE) or form.form_id


def title_of(tx: Transaction, language: str | None, form_id: str) -> str:
    """Return what people read of a form that is known by its id."""
    published = forms.newest(tx, form_id)
    return title(language, published.form) if published else form_id


def newest(tx: Transaction, items: list[Instrument]) -> list[Published]:
    """Return the newest versions of forms, as far as they were published."""
    found = (forms.newest(tx, item.form_id) for item in items)
    return [one for one in found if one]
