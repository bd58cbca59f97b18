"""Citizens who answer a whole survey by themselves, and what they saw confirmed."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.chat import Telegram, buttons
from tests.database import Place

# What each screen is known by, and the button that answers it.
FIRST_STEPS = {
    "Please choose a language": "English",
    "do you agree to take part?": "I'm 18 or older and I agree",
    "Who are you?": "Citizen",
}
QUESTIONS = {
    "What matters most": ("/data/topics", "road"),
    "have a say": ("/data/have_say", "some"),
    "influence the decisions": ("/data/influence", "very_little"),
    "What one thing": ("/data/change", ""),
    "ask you again": ("/data/ask_again", "yes"),
}
LABELS = {"some": "Some", "very_little": "Very little", "yes": "Yes"}
PATIENCE_SECONDS = 5


@dataclass
class Citizen:
    """Somebody who answers what they see, and taps again when nothing happens."""

    telegram: Telegram
    person_id: int
    confirmed: list[tuple[str, str]] = field(default_factory=list)
    revision: int = -1
    messages: list[dict[str, Any]] = field(default_factory=list)
    gives_up: bool = False

    @property
    def words(self) -> str:
        return f"ស្ពាននៅភូមិលេខ {self.person_id}"

    async def look(self, wait: float = 0) -> None:
        """See what is new; a question that has given way to the next is a confirmed answer."""
        path = f"/sim/people/{self.person_id}/chat?after={self.revision}&wait={wait}"
        chat = await self.telegram.get(path)
        self.revision, self.messages = chat["revision"], chat["messages"]
        self.note(self.screen()[1])

    async def act(self, what: str, **body: Any) -> None:
        await self.telegram.post(f"/sim/people/{self.person_id}/{what}", **body)

    def screen(self) -> tuple[int, str, dict[str, str]]:
        """Return the newest message with buttons: its id, its text, its buttons."""
        for message in reversed(self.messages):
            if keys := buttons(message):
                labels = {key["text"]: key["callback_data"] for key in keys}
                return message["message_id"], message["text"], labels
        return 0, "", {}

    async def answer_all(self) -> None:
        await self.act("write", text="/start p17")
        while "Thank you" not in (before := await self.step()) and not self.gives_up:
            await self.until_changed(before)

    async def until_changed(self, before: str) -> None:
        """Wait for the bot, for as long as people wait."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while self.seen() == before and asyncio.get_running_loop().time() < deadline:
            await self.look(wait=1)

    def seen(self) -> str:
        return self.screen()[1] + "|".join(self.screen()[2])

    def note(self, text: str) -> None:
        """Note the answers that a screen stands behind, once, though copies may come again."""
        for path, value in behind(text):
            if (answer := (path, value or self.words)) not in self.confirmed:
                self.confirmed.append(answer)

    async def step(self) -> str:
        """Do what the screen asks for; return what was seen."""
        await self.look()
        message_id, text, keys = self.screen()
        before = self.seen()
        if question_of(text) == QUESTIONS["What one thing"]:
            if not any(message.get("text") == self.words for message in self.messages):
                await self.act("write", text=self.words)
        elif label := self.label(text, keys):
            await self.act("tap", message_id=message_id, data=keys[label])
        return before

    def label(self, text: str, keys: dict[str, str]) -> str | None:
        """Return the button that answers a screen."""
        if "Is this right?" in text:
            return "📨 Submit"
        if "What matters most" in text:
            return "☐ Road" if "☐ Road" in keys else "✅ Done (1)"
        if step := next((tap for words, tap in FIRST_STEPS.items() if words in text), None):
            return step
        asked = question_of(text)
        return LABELS.get(asked[1]) if asked else None


def question_of(text: str) -> tuple[str, str] | None:
    """Return the path and the value of the question that a screen asks."""
    if "Your answers" in text:
        return None
    return next((asked for words, asked in QUESTIONS.items() if words in text), None)


def behind(text: str) -> list[tuple[str, str]]:
    """Return the questions that were answered before a screen could be shown."""
    order = list(QUESTIONS.values())
    if shown := question_of(text):
        return order[: order.index(shown)]
    return order if "Is this right?" in text or "Thank you" in text else []


async def arrive(telegram: Telegram, number: int) -> Citizen:
    made = await telegram.post("/sim/people", name=f"ពលរដ្ឋ {number}")
    return Citizen(telegram, made["id"])


def expected(citizens: list[Citizen]) -> list[tuple[str, str, str]]:
    """Return person's words, path and value of each confirmed answer."""
    return [(c.words, path, value) for c in citizens for path, value in c.confirmed]


def stored_answers(place: Place) -> "Counter[tuple[str, str, str]]":
    """Count the stored answers, each with the words by which its person is known."""
    query = """
        SELECT words.value, answer.path, answer.value
        FROM answer JOIN answer AS words
          ON words.interview_id = answer.interview_id AND words.path = '/data/change'
    """
    return Counter(place.rows(query))


def disordered(place: Place) -> int:
    """Count the people whose answers weren't stored in the order of the questions."""
    paths = [path for path, _ in QUESTIONS.values()]
    query = "SELECT interview_id, path FROM answer WHERE path LIKE '/data/%' ORDER BY id"
    by_person: dict[str, list[str]] = {}
    for interview_id, path in place.rows(query):
        if path in paths:
            by_person.setdefault(interview_id, []).append(path)
    return sum(order != paths[: len(order)] for order in by_person.values())
