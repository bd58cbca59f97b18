"""A form answered by a made-up person: the real engine, and the storage as in a conversation."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count

from bot.demonstration.people import Person
from handlers import filing, following, joining
from handlers.quiet import PHNOM_PENH
from handlers.visit import Visit
from storage import answers, forms, interviews, respondents
from storage.answers import Source
from storage.dialogues import Dialogue
from storage.interviews import Stored
from storage.store import Transaction
from surveys import interview as engine
from surveys import language
from surveys.form import Form
from surveys.instruments import DIALOGUE_REPORT, PROFILE
from surveys.interview import SUMMARY, Answered, Instance, Rejected, Turn, World

# What is said to each question by its name; of a question that is repeated, each time.
Given = Mapping[str, str | tuple[str, ...]]
NOTHING: Given = {}
# How long somebody takes for a question.
PACE = dt.timedelta(seconds=23)


@dataclass(frozen=True, slots=True)
class Updates:
    """Where answers come from: updates of one bot, numbered as Telegram does."""

    bot_id: int
    numbers: Iterator[int]

    def next(self) -> Source:
        """Return where the next answer comes from."""
        return Source(self.bot_id, next(self.numbers))


def updates(bot_id: int) -> Updates:
    """Return the updates of a bot, from the first."""
    return Updates(bot_id, count(1))


def fill(
    tx: Transaction, source: Updates, person: Person, form_id: str, given: Given, *,
    most: int | None = None, event: str | None = None,
) -> None:  # fmt: skip
    """Answer a form by the names of its questions, or go on with it; what isn't given is skipped.

    Whoever gives `most` answers leaves it there; nobody submits then.
    """
    published = forms.newest(tx, form_id)
    assert published is not None, form_id
    form, stored = published.form, interviews.latest(tx, person.id, form_id)
    if stored and stored.status != "complete":
        stored = interviews.resume(tx, stored)
        turn = Turn(stored.interview, ())
    else:
        joined = _joined(tx, source, person, published.id)
        stored = interviews.start(
            tx, person.id, published.id, form_id, person.language, wave_id=joined, event=event
        )
        turn = engine.begin(form, {}, _world(tx, person, stored))
    stored, turn, tx = _walk(tx, source, person, form, stored, turn, given, most)
    if turn.interview.position == SUMMARY and most is None:
        turn = engine.submit(form, turn.interview, _world(tx, person, stored))
        following.plan(tx, stored, turn.interview.values)
        _save(tx, person, form, replace(stored, interview=turn.interview, status="complete"))


def report(tx: Transaction, source: Updates, person: Person, about: Dialogue, given: Given) -> None:
    """Report on a dialogue that is known, as `/report` does."""
    published = forms.newest(tx, DIALOGUE_REPORT)
    assert published is not None
    stored = interviews.start(
        tx, person.id, published.id, DIALOGUE_REPORT, person.language, dialogue_id=about.id
    )
    known = {"known": str(about.id), "place": about.place, "held_on": about.day.isoformat()}
    form = published.form
    turn = engine.begin(form, engine.by_names(form, known), _world(tx, person, stored))
    stored, turn, tx = _walk(tx, source, person, form, stored, turn, given, None)
    turn = engine.submit(form, turn.interview, _world(tx, person, stored))
    _save(tx, person, form, replace(stored, interview=turn.interview, status="complete"))
    filing.file(_visit(tx, source, person), stored.id)


def _joined(tx: Transaction, source: Updates, person: Person, version_id: int) -> int | None:
    """Return the wave whose form somebody begins."""
    found = joining.wave_of(_visit(tx, source, person), version_id)
    return found.wave_id if found else None


def _visit(tx: Transaction, source: Updates, person: Person) -> Visit:
    known = respondents.by_id(tx, person.id)
    return Visit.unprompted(tx, known, known, source.bot_id)


def introduce(tx: Transaction, source: Updates, person: Person) -> None:
    """Answer the first part of the profile: sector and province, where nobody knows them yet."""
    published = forms.newest(tx, PROFILE)
    assert published is not None
    invited_as = person.sector if person.role != "respondent" else None
    known = {"known_sector": invited_as or "", "known_province": "", "stage": "before"}
    form = published.form
    stored = interviews.start(tx, person.id, published.id, PROFILE, person.language)
    turn = engine.begin(form, engine.by_names(form, known), _world(tx, person, stored))
    given = {"sector": person.sector or "", "province": person.province or ""}
    stored, turn, tx = _walk(tx, source, person, form, stored, turn, given, None)
    _save(tx, person, form, replace(stored, interview=turn.interview, status="paused"))
    respondents.change(tx, person.id, sector=person.sector, province=person.province)


def tell_more(tx: Transaction, source: Updates, person: Person) -> None:
    """Answer the rest of the profile, after the survey."""
    stored = interviews.latest(tx, person.id, PROFILE)
    assert stored is not None
    form, stored = forms.by_id(tx, stored.form_version_id).form, interviews.resume(tx, stored)
    world = _world(tx, person, stored)
    turn = engine.preset(form, stored.interview, engine.by_names(form, {"stage": "after"}), world)
    stored, turn, tx = _walk(tx, source, person, form, stored, turn, person.about, None)
    turn = engine.submit(form, turn.interview, _world(tx, person, stored))
    _save(tx, person, form, replace(stored, interview=turn.interview, status="complete"))


def _walk(
    tx: Transaction, source: Updates, person: Person, form: Form, stored: Stored, turn: Turn,
    given: Given, most: int | None,
) -> tuple[Stored, Turn, Transaction]:  # fmt: skip
    """Answer one question after the other, each a little later than the one before."""
    asked: Counter[str] = Counter()
    for _ in count() if most is None else range(most):
        if turn.interview.position == SUMMARY:
            break
        name = form.question(turn.interview.position).name
        said = given.get(name, "")
        value = said if isinstance(said, str) else said[asked[name]]
        asked[name] += 1
        turn = engine.answer(form, turn.interview, value, _world(tx, person, stored))
        assert not any(isinstance(event, Rejected) for event in turn.events), (form.form_id, value)
        new = [(event, _guess(form, event)) for event in engine.answered_paths(turn.events)]
        answers.add(tx, stored.id, new, source.next())
        tx = replace(tx, now=tx.now + PACE)
    stored = replace(stored, interview=turn.interview)
    _save(tx, person, form, stored)
    return stored, turn, tx


def _guess(form: Form, event: Answered) -> language.Guess | None:
    is_text = form.question(event.path).kind == "text"
    return language.detect(event.value) if is_text and event.value else None


def _save(tx: Transaction, person: Person, form: Form, stored: Stored) -> None:
    response = Instance(form, stored.interview.values, _world(tx, person, stored)).response()
    interviews.save(tx, replace(stored, response=response))


def _world(tx: Transaction, person: Person, stored: Stored) -> World:
    return World(tx.now.astimezone(PHNOM_PENH), person.language, stored.seed)
