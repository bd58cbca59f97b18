"""Taking part by ear: who hears each question before they read it, and in which language."""

from handlers import offering, texts
from handlers.visit import Button, Keyboard, Visit
from storage.store import Transaction
from surveys.form import Form
from surveys.instruments import PUBLISHED
from surveys.language import KM, LANGUAGES
from surveys.spoken import SPOKEN, has_sound, languages

OFF, ON = "off", "on"


def is_recorded(tx: Transaction) -> bool:
    """Tell whether anything of our forms can be heard."""
    return any(has_sound(form) for form in _newest(tx))


def ask(visit: Visit) -> None:
    """Ask how the person wants to take part; or say kindly that nothing was recorded yet."""
    if not is_recorded(visit.tx):
        visit.send(visit.say("listen.none"))
        return
    rows = [
        [visit.button(visit.say("button.read"), "listen", OFF)],
        [visit.button(visit.say("button.listen"), "listen", ON)],
        *([_spoken(visit, code, KM)] for code in _packs(visit)),
    ]
    visit.answer(visit.say("listen.ask"), rows)


def beside_languages(visit: Visit) -> Keyboard:
    """Return the buttons of people who'd rather listen, beside those of the languages.

    There are none where nothing was recorded: nobody has one step more.
    """
    if not is_recorded(visit.tx):
        return []
    names = {code: f"🔊 {name}" for code, name in texts.LANGUAGE_NAMES.items()}
    heard = [visit.button(names[code], "listen", ON, code) for code in LANGUAGES]
    return [heard, *([_spoken(visit, code, KM)] for code in _packs(visit))]


def _spoken(visit: Visit, code: str, language: str) -> Button:
    """Return the button of a spoken language; who has chosen none yet reads Khmer beside it."""
    khmer, english = SPOKEN[code]
    known = visit.person.language
    name = {None: f"{khmer} · {english}", KM: khmer}.get(known, english)
    return visit.button(f"🔊 {name}", "listen", code, known or language)


def chosen(visit: Visit) -> Visit:
    """Note how a person takes part; return the visit with them as they are now."""
    assert visit.tap is not None
    how, *language = visit.tap.arguments
    read_in = {"language": language[0]} if language else {}
    return visit.change(listens=how != OFF, spoken=how if how in SPOKEN else None, **read_in)


def said(visit: Visit) -> str:
    """Return what follows from it for the person."""
    return visit.say("listen.on" if visit.person.listens else "listen.off")


def held(visit: Visit) -> str:
    """Return what is kept of it."""
    if not visit.person.listens:
        return ""
    khmer, english = SPOKEN.get(visit.person.spoken or "", ("", ""))
    name = khmer if visit.language == KM else english
    return visit.say("mydata.listens", language=name or texts.LANGUAGE_NAMES[visit.language])


def _packs(visit: Visit) -> list[str]:
    """Return the spoken languages in which a form of ours can be heard."""
    found = {code for form in _newest(visit.tx) for code in languages(form.attached)}
    return [code for code in SPOKEN if code in found]


def _newest(tx: Transaction) -> list[Form]:
    # What staff put to some people is left out: it would be read for everybody who says hello.
    every = [*(item for item in PUBLISHED if not item.is_put), *offering.released(tx)]
    return [one.form for one in offering.newest(tx, every)]
