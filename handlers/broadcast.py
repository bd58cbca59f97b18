"""Writing to many people at once: only by day, without a sound, a few at a time."""

from typing import Any

from handlers import texts
from handlers.consent import CONSENT_VERSION
from handlers.quiet import is_night
from handlers.visit import LONGEST_TEXT
from storage import broadcasts
from storage.broadcasts import Audience, Standing
from storage.store import Transaction
from surveys.instruments import INSTRUMENTS, PROFILE
from surveys.khmer import cut, fold
from surveys.language import LANGUAGES
from surveys.reminders import WEEKLY_CAP

# More than any phone shows of a message that it announces.
NOTIFIED = 240


def size(tx: Transaction, audience: Audience) -> int:
    """Return how many people a broadcast would go to."""
    return broadcasts.audience_size(tx, audience, CONSENT_VERSION)


def begin(tx: Transaction, text_km: str, text_en: str, audience: Audience) -> Standing:
    """Begin a broadcast; the clock promises it to its people."""
    return broadcasts.begin(tx, fit(text_km), fit(text_en), audience, CONSENT_VERSION)


def fit(text: str) -> str:
    """Cut a text to what Telegram takes."""
    return cut(text, LONGEST_TEXT)


def title_in(text: str) -> str:
    """Return the title of a survey that the beginning of a text names; blank where it's neutral.

    A notification shows the beginning to whoever looks at the phone.
    """
    begins = fold(text[:NOTIFIED])
    names = (item.form_id for item in INSTRUMENTS if item.form_id != PROFILE)
    titles = (texts.say(code, f"form.{name}") for name in names for code in LANGUAGES)
    return next((title for title in titles if fold(title) in begins), "")


def feed(tx: Transaction) -> bool:
    """Promise the oldest broadcast to its next people; False where there is nothing to do now."""
    broadcasts.finish(tx)
    row = None if is_night(tx.now) else broadcasts.hungry(tx)
    if row is None:
        return False
    broadcasts.feed(tx, _body(row.text_km), _body(row.text_en), row, CONSENT_VERSION, WEEKLY_CAP)
    return True


def _body(text: str) -> dict[str, Any]:
    return {"text": text, "disable_notification": True}
