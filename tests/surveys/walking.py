"""A respondent's way through a form, stored and read again between every two steps."""

import json
from dataclasses import replace

from surveys import interview as engine
from surveys import repeats
from surveys.form import Form
from surveys.interview import SUMMARY, Answered, Event, Instance, Interview, Turn, World
from surveys.stops import is_repeat


class Walk:
    """Drives one interview by the names of questions; wants no more of a repeat, unless told."""

    def __init__(
        self, form: Form, world: World, asks_for_more: bool = False, **presets: str
    ) -> None:
        self.asks_for_more = asks_for_more
        self.form = form
        self.world = world
        self.events: tuple[Event, ...] = ()
        self.state = Interview()
        self.take(engine.begin(form, engine.by_names(form, presets), world))

    def take(self, turn: Turn) -> "Walk":
        """Take a turn, through the JSON that the database keeps."""
        stored = json.loads(json.dumps(turn.interview.as_dict(), ensure_ascii=False))
        self.state = Interview.from_dict(stored)
        assert self.state == turn.interview
        self.events = turn.events
        if is_repeat(self.form, self.state.position) and not self.asks_for_more:
            after = repeats.close(self.form, self.state, self.state.position, self.world)
            self.take(Turn(after.interview, (*turn.events[:-1], *after.events)))
        return self

    @property
    def at(self) -> str:
        """The name of the open question."""
        return self.state.position.rsplit("/", 1)[-1]

    @property
    def instance(self) -> Instance:
        return Instance(self.form, self.state.values, self.world)

    @property
    def response(self) -> dict[str, str]:
        """What the export sees, by name."""
        return {path.rsplit("/", 1)[-1]: v for path, v in self.instance.response().items()}

    @property
    def told(self) -> list[str]:
        """The events of the last turn, as words."""
        return [
            " ".join([type(e).__name__, *(str(v).rsplit("/", 1)[-1] for v in _fields(e))])
            for e in self.events
        ]

    def answers(self, *values: str) -> "Walk":
        for value in values:
            self.take(engine.answer(self.form, self.state, value, self.world))
        return self

    def ticks(self, *values: str) -> "Walk":
        for value in values:
            kept = tuple(ticked for ticked in self.state.draft if ticked != value)
            draft = kept if value in self.state.draft else (*kept, value)
            self.take(Turn(replace(self.state, draft=draft), ()))
        return self

    def done(self) -> "Walk":
        return self.take(engine.done(self.form, self.state, self.world))

    def skips(self) -> "Walk":
        return self.take(engine.skip(self.form, self.state, self.world))

    def goes_back(self) -> "Walk":
        return self.take(engine.back(self.form, self.state, self.world))

    def edits(self, name: str) -> "Walk":
        path = self.form.by_name[name].path
        return self.take(engine.edit(self.form, self.state, path, self.world))

    def misreads(self) -> "Walk":
        return self.take(engine.misread(self.state, "integer"))

    def learns(self, **values: str) -> "Walk":
        named = engine.by_names(self.form, values)
        return self.take(engine.preset(self.form, self.state, named, self.world))

    def submits(self) -> "Walk":
        return self.take(engine.submit(self.form, self.state, self.world))

    def adds(self, path: str) -> "Walk":
        return self.take(repeats.add(self.form, self.state, path, self.world))

    def closes(self) -> "Walk":
        position = self.state.position
        return self.take(repeats.close(self.form, self.state, position, self.world))

    def removes(self, path: str) -> "Walk":
        return self.take(repeats.remove(self.form, self.state, path, self.world))

    @property
    def progress(self) -> tuple[int, int]:
        return engine.progress(self.instance, self.state)

    @property
    def is_at_the_summary(self) -> bool:
        return self.state.position == SUMMARY


def _fields(event: Event) -> list[object]:
    """What an event tells beside its kind; of an answer, its path and value."""
    told = [getattr(event, name) for name in event.__dataclass_fields__]
    return told[:2] if isinstance(event, Answered) else told
