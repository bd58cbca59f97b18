"""About how long a form takes to answer: reading it, and what each kind of question takes. Pure.

The rule: everything that is read goes at the speed of a slow reader, by Latin words and by Khmer
clusters, in whichever of the form's languages takes longer; to it come seconds for each kind of
question, to think and to tap or type. What only some people are asked counts half; of choices,
as many are read as a person looks through. Calibrated by citizen_interests, whose five questions
take about two minutes.
"""

import regex

from surveys.definition import Form, Question
from surveys.khmer import CLUSTER

WORDS_A_MINUTE = 150
CLUSTERS_A_MINUTE = 360
# To think, and to tap or type.
SECONDS = {
    "text": 25, "integer": 10, "decimal": 10, "range": 8, "date": 12, "time": 12, "dateTime": 20,
    "select_one": 6, "select_multiple": 12, "rank": 20, "acknowledge": 4, "geopoint": 25,
    "image": 30, "audio": 30, "video": 40, "file": 40, "barcode": 15, "note": 0,
}  # fmt: skip
OTHERWISE = 15
MOST_READ = 12
KHMER = regex.compile(r"[\u1780-\u17d3\u17dd]")
LATIN_WORD = regex.compile(r"[^\s\u1780-\u17ff]+")
ASKED_OF_SOME = 0.5


def minutes(form: Form) -> int:
    """Return about how many minutes a form takes, one at least."""
    seconds = sum(_weight(form, question) * _seconds(form, question) for question in form.questions)
    return max(1, round(seconds / 60))


def _weight(form: Form, question: Question) -> float:
    """Return which share of the people is asked, as far as one can tell."""
    path = question.node.path
    steps = path.split("/")
    around = ("/".join(steps[:end]) for end in range(2, len(steps) + 1))
    is_for_all = all(form.nodes[at].relevant is None for at in around if at in form.nodes)
    return 1.0 if is_for_all else ASKED_OF_SOME


def _seconds(form: Form, question: Question) -> float:
    read = max((_reading(question, code) for code in form.languages or ("",)), default=0.0)
    return read + SECONDS.get(question.kind, OTHERWISE)


def _reading(question: Question, language: str) -> float:
    labels = [question.label, question.hint, *(c.label for c in question.choices[:MOST_READ])]
    return sum(reading_seconds(label.outline(language)) for label in labels if label)


def reading_seconds(text: str) -> float:
    """Return how long a slow reader needs for a text.

    >>> round(reading_seconds("What should change in your commune?"), 1)
    2.4
    """
    clusters = sum(1 for cluster in CLUSTER.findall(text) if KHMER.search(cluster))
    words = len(LATIN_WORD.findall(text))
    return 60 * (clusters / CLUSTERS_A_MINUTE + words / WORDS_A_MINUTE)
