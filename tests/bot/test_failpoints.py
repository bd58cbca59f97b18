"""A crash at every point where one can matter: each commit, each call, under each policy.

The process is killed once at each point of a conversation, by itself and as by kill -9, and started
again; the person does nothing about it. tests/crashing.py knows the points.
"""

import datetime as dt
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.simulator.ledger import key_of
from bot.simulator.world import World
from storage import forms, waves
from storage.database import DATABASE, open_store
from storage.store import Transaction
from surveys.wave import Audience, Reminding
from tests.chat import Phone, Telegram, until
from tests.citizens import QUESTIONS
from tests.conftest import HandClock, simulator
from tests.crashing import REMINDER, Points
from tests.processes import environment, process
from tests.steps import brought

PATIENCE = 40
WORDS = "ស្ពាននៅភូមិយើងបាក់"
INTRODUCTION = ("English", "I'm 18 or older and I agree", "Citizen")
Answers = list[tuple[str, str]]
Introduction = Callable[[Phone], Awaitable[None]]
Script = Callable[["Place", Phone], Awaitable[Answers]]


@dataclass
class Place:
    """A bot that crashes on demand, the Telegram it talks to, and its database."""

    telegram: Telegram
    world: World
    folder: Path
    points: Points

    async def person(self) -> Phone:
        made = await self.telegram.post("/sim/people", name="ពលរដ្ឋ")
        return Phone(self.telegram, made["id"], self.settled)

    async def settled(self) -> None:
        """Wait until the bot has handled and said all there is, however often it dies."""
        await until(self._is_settled)

    async def _is_settled(self) -> bool:
        if self.world.waiting or not self.points.is_between:
            return False
        query = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')"
        try:
            return self.rows(query) == [(0,)]
        except sqlite3.OperationalError:  # it has just died, and left its log as it was
            return False

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder / DATABASE}?mode=ro", uri=True)) as one:
            return one.execute(query).fetchall()

    def answers(self) -> list[tuple[object, ...]]:
        """Return the answers of the newest interview about interests, as they were stored."""
        newest = """
            SELECT max(interview.seq) FROM interview JOIN form_version
            ON form_version.id = interview.form_version_id AND form_id = 'citizen_interests'
        """
        return self.rows(
            "SELECT path, value FROM answer JOIN interview ON interview.id = interview_id"
            f" WHERE seq = ({newest}) ORDER BY answer.id"
        )

    def arrived(self, phone: Phone, text: str) -> int:
        """Count how often a text arrived at a person."""
        entries = self.world.ledger.entries
        return sum(e.chat_id == phone.person_id and e.key == key_of(text) for e in entries)


@pytest.fixture
async def place(folder: Path, tmp_path: Path) -> AsyncIterator[Place]:
    async with placed(folder, tmp_path) as made:
        yield made


@asynccontextmanager
async def placed(folder: Path, tmp_path: Path) -> AsyncIterator[Place]:
    world, points = World(unlimited=True), Points.create(tmp_path / "page")
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(simulator(world))
        variables = environment(
            telegram.address, folder, SAMLENG_CHAT_RATE="1000", SAMLENG_CHAT_BURST="1000"
        )
        await stack.enter_async_context(
            process(
                str(tmp_path / "page"), module="tests.crashing", log=tmp_path / "log", **variables
            )
        )
        yield Place(telegram, world, folder, points)


async def taps(place: Place, phone: Phone) -> Answers:
    """Answer by taps: each edits the question's message into the next (policy edit)."""
    for label in ("Road", "✅ Done (1)"):
        await phone.taps(label)
    assert "have a say" in phone.sees
    assert sum(message["from"]["is_bot"] for message in phone.messages) == 1
    return [("/data/topics", "road")]


async def types(place: Place, phone: Phone) -> Answers:
    """Answer in words: the next question is a message of its own (policy reply)."""
    await phone.types(WORDS)
    assert "ask you again" in phone.sees
    assert place.arrived(phone, phone.sees) >= 1
    return [("/data/change", WORDS)]


async def is_reminded(place: Place, phone: Phone) -> Answers:
    """Get a message that is sent once at most (policy once), and tap a tick after it."""
    await phone.types("/remind")
    await phone.taps("Road")
    assert "✅ Done (1)" in phone.labels
    return []


async def at_first_question(phone: Phone) -> None:
    await phone.types("/start p17")
    for label in INTRODUCTION:
        await phone.taps(label)


async def at_text_question(phone: Phone) -> None:
    await at_first_question(phone)
    for _ in range(3):
        await phone.taps("Skip ⏭")


async def crash_everywhere(place: Place, introduction: Introduction, script: Script) -> list[str]:
    """Let people live through a crash, each at the next of all points. Returns their names.

    Whether two units of work share a commit is chance. So a clean life counts if its trace
    came twice, and a life whose trace up to the crash was another one is lived again.
    """

    async def live(crash_at: int) -> list[str]:
        phone = await place.person()
        await introduction(phone)
        place.points.arm(crash_at)
        check(place, phone, await script(place, phone))
        return place.points.trace

    clean = [await live(0)]
    while clean.count(points := await live(0)) == 0:
        clean.append(points)
        assert len(clean) < PATIENCE, clean
    for number in range(1, len(points) + 1):
        lived = [await live(number)]
        while lived[-1] != points[:number]:
            lived.append(await live(number))
            assert len(lived) < PATIENCE, (points, lived)
    return points


def check(place: Place, phone: Phone, expected: Answers) -> None:
    """Hold what was promised: answers once and in order, messages as their policy says."""
    where = place.points.trace
    assert place.answers() == expected, where
    assert place.rows("SELECT update_id FROM inbox WHERE status != 'done'") == [], where
    assert place.rows("SELECT id FROM outbox WHERE status = 'dead'") == [], where
    assert place.rows("PRAGMA integrity_check") == [("ok",)], where
    reminders = "SELECT count(*) FROM outbox WHERE policy = 'once'"
    [(promised,)] = place.rows(reminders)
    [(uncertain,)] = place.rows(f"{reminders} AND status = 'uncertain'")
    [(sent,)] = place.rows(f"{reminders} AND status = 'sent'")
    assert sent + uncertain == promised, where
    assert place.arrived(phone, REMINDER) <= 1, where
    everybody = sum(entry.key == key_of(REMINDER) for entry in place.world.ledger.entries)
    assert sent <= everybody <= promised, where


# For each policy: how far people are before, what they do, and the call that it is about.
POLICIES: dict[str, tuple[Introduction, Script, str]] = {
    "edit": (at_first_question, taps, "editMessageText"),
    "reply": (at_text_question, types, "sendMessage"),
    "once": (at_first_question, is_reminded, "sendMessage"),
}


@pytest.mark.parametrize("policy", POLICIES)
async def test_no_crash_at_any_point_loses_doubles_or_disorders_anything(
    place: Place, policy: str, figure: Callable[[str], None]
) -> None:
    introduction, script, call = POLICIES[policy]

    points = await crash_everywhere(place, introduction, script)

    figure(f"failpoints of policy {policy}: {len(points)} of {len(points)}")
    around = {f"{when} {what}" for when in ("before", "after") for what in ("commit", call)}
    assert around <= set(points)


@pytest.fixture
def pictured(folder: Path) -> None:
    """Have citizens asked a form with pictures."""
    xform, files = brought("pictures")
    store = open_store(folder, clock=HandClock())
    store.run(forms.publish, xform, "pictures", files)
    store.close()


async def sees(place: Place, phone: Phone) -> Answers:
    """Answer below a picture; the next question comes with an album above it."""
    await phone.types("water")
    pictured = [message.get("caption") for message in phone.messages if "photo" in message]
    assert {"1. By river", "2. By road"} <= set(pictured)
    assert "Which way" in phone.sees
    return [("/data/needs", "water")]


@pytest.mark.usefixtures("pictured")
async def test_no_crash_at_any_point_loses_a_picture(
    folder: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    async with placed(folder, tmp_path) as place:
        points = await crash_everywhere(place, at_first_question, sees)

    figure(f"failpoints of pictures: {len(points)} of {len(points)}")
    assert {"before sendMediaGroup", "after sendMediaGroup"} <= set(points)


@pytest.fixture
def boxed(folder: Path) -> None:
    """Have citizens asked for their ballots."""
    store = open_store(folder, clock=HandClock())
    store.run(open_box)
    store.close()


def open_box(tx: Transaction) -> None:
    published = forms.newest(tx, "citizen_interests")
    assert published is not None
    span = (tx.now, dt.datetime.max.replace(tzinfo=dt.UTC) - dt.timedelta(days=1))
    wants = (Audience(), *span, Reminding(), "maker")
    number = waves.create(tx, published.id, *wants, is_ballot=True)
    waves.release(tx, number, "another")
    one = waves.find(tx, number)
    assert one is not None
    waves.set_status(tx, one, "open")


async def at_summary(phone: Phone) -> None:
    await at_first_question(phone)
    for label in ("Skip ⏭", "Some", "Very little"):
        await phone.taps(label)
    await phone.types(WORDS)
    await phone.taps("Yes")


async def casts(place: Place, phone: Phone) -> Answers:
    """Submit a ballot: it is in the box once, as somebody is marked once, and nothing else is."""
    await phone.taps("📨 Submit")
    [(marked,)] = place.rows("SELECT count(*) FROM wave_person WHERE ballot = 'cast'")
    [(waiting,)] = place.rows("SELECT count(*) FROM ballot_pending")
    [(counted,)] = place.rows("SELECT count(*) FROM ballot")
    [(lives,)] = place.rows("SELECT count(*) FROM respondent")
    assert waiting + counted == marked == lives
    assert place.rows("SELECT * FROM interview WHERE sealed_state IS NOT NULL") == []
    return []


@pytest.mark.usefixtures("boxed")
async def test_no_crash_at_any_point_loses_or_doubles_a_ballot(
    folder: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    async with placed(folder, tmp_path) as place:
        points = await crash_everywhere(place, at_summary, casts)

    figure(f"failpoints of a ballot: {len(points)} of {len(points)}")
    assert {"before commit", "after commit"} <= set(points)


# A whole conversation: what the person types or taps, and the value they have answered with it.
STEPS: tuple[tuple[str, str | None], ...] = (
    ("/start p17", None),
    *((label, None) for label in INTRODUCTION),
    ("Road", None),
    ("✅ Done (1)", "road"),
    ("Some", "some"),
    ("Very little", "very_little"),
    ("/remind", None),
    (WORDS, WORDS),
    ("Yes", "yes"),
    ("📨 Submit", None),
)


@pytest.mark.skipif("SAMLENG_FAILPOINTS" not in os.environ, reason="long: make failpoints")
@pytest.mark.parametrize("step", range(len(STEPS)), ids=lambda step: STEPS[step][0])
async def test_nor_does_any_crash_in_any_step_of_a_whole_conversation(
    place: Place, step: int, figure: Callable[[str], None]
) -> None:
    values = [value for _, value in STEPS[: step + 1] if value]
    expected = [(path, value) for (path, _), value in zip(QUESTIONS.values(), values, strict=False)]

    async def introduction(phone: Phone) -> None:
        # The first poll after a start is noted, which is a commit of its own.
        await (await place.person()).types("/help")
        for act, _ in STEPS[:step]:
            await does(phone, act)

    async def script(_: Place, phone: Phone) -> Answers:
        await does(phone, STEPS[step][0])
        return expected

    points = await crash_everywhere(place, introduction, script)

    figure(f"failpoints of “{STEPS[step][0]}”: {len(points)} of {len(points)}")


async def does(phone: Phone, act: str) -> None:
    await (phone.types if act.startswith("/") or act == WORDS else phone.taps)(act)
