"""One question of one interview as a person has it before them: all that asking it needs."""

from dataclasses import dataclass
from functools import cached_property

from handlers import texts
from handlers.visit import Button, Visit
from storage.interviews import Stored
from surveys.form import Choice, Form, Label, Question
from surveys.interview import Instance
from surveys.spoken import recorded, stem_of
from surveys.xpath import Context


# No slots: what is looked at many times while a question is drawn is found once.
@dataclass(frozen=True)
class Opened:
    """A question with its interview, the form as filled in so far, and who is asked."""

    visit: Visit
    form: Form
    stored: Stored
    question: Question
    instance: Instance

    @classmethod
    def of(cls, visit: Visit, form: Form, stored: Stored, path: str = "") -> "Opened":
        """Return the open question of an interview, or another one of it."""
        instance = Instance(form, stored.interview.values, visit.world(stored))
        question = form.question(path or stored.interview.position)
        return cls(visit, form, stored, question, instance)

    @property
    def given(self) -> str:
        """The value the question has, blank where it has none."""
        return self.instance.value(self.question.path)

    @property
    def view(self) -> tuple[str, ...]:
        """How far the person has come within the question."""
        return self.stored.interview.view

    @property
    def draft(self) -> tuple[str, ...]:
        """What is ticked so far."""
        return self.stored.interview.draft

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """What is offered now."""
        return self.instance.choices(self.question)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What is offered now, as it reads."""
        return tuple(map(self.label, self.choices))

    @cached_property
    def has_files(self) -> bool:
        """Whether the form has pictures or sounds at all."""
        return bool(self.form.attached)

    @property
    def is_required(self) -> bool:
        """Whether the question must be answered."""
        return self.instance.required(self.question)

    def text(self, label: Label | None) -> str:
        """Return a text of the form in the person's language, with the answers it shows."""
        return label.text(self.visit.language, self._context) if label else ""

    @cached_property
    def _context(self) -> Context:
        path = self.question.path
        return self.instance.at(path) if self.instance.has(path) else self.instance

    def file(self, label: Label | None, kind: str) -> str:
        """Return the name of a text's picture or sound; blank where it has none that is there."""
        name = label.file(kind, self.visit.language) if label else ""
        return name if name in self.form.attached else ""

    def sound(self, label: Label | None, stem: str) -> str:
        """Return the sound of a text: in the language the person hears, or else the form's own."""
        if not self.has_files:
            return ""
        codes = filter(None, (self.visit.person.spoken, self.visit.language))
        heard = (recorded(self.form.attached, code, stem) for code in codes)
        return next(filter(None, heard), "") or self.file(label, "audio")

    def spoken_choice(self, choice: Choice) -> str:
        """Return the sound of a choice."""
        return self.sound(choice.label, stem_of(self.question, choice))

    def label(self, choice: Choice) -> str:
        """Return a choice as it reads; its value where it has no label."""
        return self.text(choice.label) or choice.value

    def say(self, key: str, /, **values: object) -> str:
        """Return a text of ours in the person's language."""
        return self.visit.say(key, **values)

    def number(self, value: object) -> str:
        """Return a number in the person's digits."""
        return texts.number(self.visit.language, value)

    def button(self, label: str, act: str, *arguments: object) -> Button:
        """Return a button of the interview, bound to its turn."""
        return bound(self.visit, self.stored, label, act, *arguments)


def bound(visit: Visit, stored: Stored, label: str, act: str, *arguments: object) -> Button:
    """Return a button of an interview, bound to its turn."""
    return visit.button(label, "a", stored.id[:8], stored.interview.turn, act, *arguments)
