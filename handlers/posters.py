"""What stands on a poster: a link's survey in words, in both languages. Pure but for the form."""

from handlers import links, texts
from storage import facts, forms
from storage.store import Transaction
from surveys.language import EN, KM
from surveys.minutes import minutes

POSTER = "poster"
# The part of a poster, and its text.
PARTS = {"title": "poster.title", "how": "poster.how", "safe": "poster.safe"}


def link(tx: Transaction, payload: str) -> str:
    """Return the link a poster shows."""
    return links.to(facts.read(tx, "username") or links.NAMELESS, payload)


def words(tx: Transaction, payload: str) -> dict[str, str]:
    """Return the words of a poster by part and language; the place in both."""
    said = links.parse(payload)
    published = forms.newest(tx, said.form_id or "")
    form = published.form if published else None
    questions, takes = (len(form.asked), minutes(form)) if form else (5, 2)
    written = {
        f"{part}_{code}": texts.say(
            code, key, n=texts.number(code, questions), minutes=texts.number(code, takes)
        )
        for part, key in PARTS.items()
        for code in (KM, EN)
    }
    return {**written, "place": _place(said.province)}


def _place(province: str | None) -> str:
    if province is None:
        return ""
    return " · ".join(texts.say(code, "province." + province) for code in (KM, EN))
