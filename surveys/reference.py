"""What forms may use, as a Markdown page made from the registries: docs/forms.md."""

from collections.abc import Iterable, Iterator, Sequence

from surveys.actions import EVENTS
from surveys.attachments import READERS, SHOWN
from surveys.messages import MESSAGES, Message
from surveys.spoken import SPOKEN
from surveys.xpath.functions import FUNCTIONS, Function

SPECIFICATION = "https://getodk.github.io/xforms-spec/"
# Kind of question → its types in an XLSForm, and what is stored.
KINDS: dict[str, tuple[str, str]] = {
    "text": ("text", "the text"),
    "integer": ("integer", "a whole number, 35"),
    "decimal": ("decimal", "a number, 3.5"),
    "date": ("date", "2026-11-25"),
    "time": ("time", "10:20:30.000+07:00"),
    "dateTime": ("dateTime", "2026-11-25T10:20:30.000+07:00"),
    "select_one": ("select_one, select_one_from_file, select_one_external", "a choice's name"),
    "select_multiple": ("select_multiple", "names with a space between, in the order of the form"),
    "rank": ("rank", "all names with a space between, in the order given"),
    "range": ("range", "a number of its steps"),
    "geopoint": ("geopoint", "latitude longitude altitude accuracy, in degrees and metres"),
    "image": ("image", "the name of a file"),
    "audio": ("audio", "the name of a file"),
    "video": ("video", "the name of a file"),
    "file": ("file", "the name of a file"),
    "barcode": ("barcode", "the code as typed"),
    "acknowledge": ("acknowledge", "OK"),
    "note": ("note, and whatever is read-only or computed", "nothing"),
}
# What a chat makes of an appearance; any other is a hint for tablets and has no effect.
APPEARANCES: dict[str, str] = {
    "likert": "one row of numbers, both ends named above it",
    "rating": "a range in stars",
    "month-year": "only the month; its first day is stored",
    "year": "only the year; its first day is stored",
    "search()": "refused: its choices are outside the form",
    "ex:": "refused: it opens another application",
}


def page() -> str:
    """Return the whole page."""
    parts = (
        "# What a form may use",
        "Made from the registries of the engine by `SAMLENG_GOLDEN=1 .venv/bin/python -m pytest"
        " tests/surveys/test_reference.py`; change those, not this page.",
        "## Types of question\n\n" + "\n".join(types()),
        "Calculations, hidden values, groups, repeats (nested, with and without a count) and"
        " metadata (start, end, today) are run too. All of it is asked in the chat.",
        "Pictures (media::image) and sounds (media::audio) of questions, notes and choices are"
        " shown and played in the language of the person. Files lie beside the form in the folder"
        f" FORM-media, 5 MB each at most: pictures as {', '.join(SHOWN['image'])}, sounds as"
        f" {', '.join(SHOWN['audio'])}, lists as {', '.join(READERS)}.",
        "A question with files is sent by two calls at most: the question, with its sound or its"
        " only picture, and above it an album of pictures, or one of mp3 and m4a, or one voice note"
        " (ogg, oga). “🔊” plays what has no room. So who listens hears up to five choices together"
        " with the question where all are mp3 or m4a, and by a tap where they are ogg.",
        "Languages that are spoken and seldom written are heard only: in FORM-media/audio/LANGUAGE"
        " lie sounds named after questions, `why.ogg`, and after lists and choices, `yn.yes.ogg`."
        f" LANGUAGE is {', '.join(f'{code} ({names[1]})' for code, names in SPOKEN.items())};"
        " km and en may lie so too, where the form names no sounds. The consent lies beside the"
        " profile, by the version of its text: `consent-2026-11.ogg`. `samleng form audio` lists"
        " them.",
        "## Appearances\n\n" + "\n".join(appearances()),
        "## Functions\n\n" + "\n".join(functions()),
        f"## Events of a setvalue\n\n{', '.join(f'`{name}`' for name in sorted(EVENTS))}.",
        "## What `form check` says\n\n" + "\n".join(messages()),
    )
    return "\n\n".join(parts) + "\n"


def types() -> Iterator[str]:
    """Yield the table of the kinds of question."""
    return _table(("Type", "What is stored"), KINDS.values())


def appearances() -> Iterator[str]:
    """Yield the table of the appearances that matter."""
    rows = ((f"`{name}`", effect) for name, effect in APPEARANCES.items())
    return _table(("Appearance", "Effect"), (*rows, ("any other", "none")))


def functions() -> Iterator[str]:
    """Yield the table of the functions, each with its heading in the specification."""
    rows = ((_linked(name, FUNCTIONS[name]), _counted(FUNCTIONS[name])) for name in FUNCTIONS)
    return _table(("Function", "Arguments"), rows)


def messages() -> Iterator[str]:
    """Yield the table of what authors are told."""
    rows = ((f"`{k}`", f"{m.en} {m.way_out}", f"{m.km} {m.way_out_km}") for k, m in _known())
    return _table(("Code", "English", "ខ្មែរ"), rows)


def _known() -> list[tuple[str, Message]]:
    return sorted(MESSAGES.items())


def _linked(name: str, function: Function) -> str:
    return f"[`{name}`]({SPECIFICATION}#{function.heading})"


def _counted(function: Function) -> str:
    if function.most is None:
        return f"{function.least} or more"
    most = f" to {function.most}" if function.most > function.least else ""
    return f"{function.least}{most}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(cell.strip() for cell in row)} |"
