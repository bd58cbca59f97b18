"""What a person typed → the value that is stored, one reader per kind of question. Pure.

What is sent instead of typed (photos, voice, files) has no reader.
"""

from collections.abc import Callable

from surveys.form import Question
from surveys.instance import Instance
from surveys.khmer import clean, is_blank
from surveys.reading.choices import read_consent, read_many, read_one, read_order
from surveys.reading.moments import MONTHS, read_date, read_date_time, read_time
from surveys.reading.numbers import read_decimal, read_integer, read_range
from surveys.reading.places import read_point
from surveys.reading.results import Read, Unread, Unsure

__all__ = ["MONTHS", "READERS", "Read", "Unread", "Unsure", "read"]

Reader = Callable[[Question, str, Instance], Read]


def read(question: Question, typed: str, instance: Instance) -> Read:
    """Read a typed answer to a question."""
    text = clean(typed)
    if is_blank(text):
        return Unread("empty")
    return READERS[question.kind](question, text, instance)


def read_text(_: Question, text: str, __: Instance) -> Read:
    """Take a text as it is."""
    return text


def read_code(_: Question, text: str, __: Instance) -> Read:
    """Take what stands under a barcode, as one line."""
    return " ".join(text.split())


READERS: dict[str, Reader] = {
    "text": read_text,
    "barcode": read_code,
    "integer": read_integer,
    "decimal": read_decimal,
    "range": read_range,
    "date": read_date,
    "time": read_time,
    "dateTime": read_date_time,
    "geopoint": read_point,
    "select_one": read_one,
    "select_multiple": read_many,
    "rank": read_order,
    "acknowledge": read_consent,
}
