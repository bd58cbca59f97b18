"""Whatever happens, in any order: people act, the bot dies, calls fail, the clock jumps.

Hypothesis makes up the stories. Beside the real store, worker and sender and the simulated Telegram
runs a small model: what each person saw confirmed, and what was promised once at most. Timers run
twenty times as fast as they should, so that a pause that Telegram asks for costs no time here.
"""

import asyncio
import os
import selectors
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import pytest
from aiohttp.test_utils import unused_port
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, sampled_from

from bot.app import Application
from bot.simulator.ledger import key_of
from bot.simulator.server import Server, serving
from bot.simulator.world import World
from handlers import texts
from storage import outbox, respondents
from storage.database import DATABASE, open_store
from storage.outbox import REMINDERS
from storage.store import Transaction
from tests.chat import Telegram, buttons, until
from tests.citizens import QUESTIONS, Citizen, arrive
from tests.conftest import HandClock, settings_for
from tests.database import Place

STORIES, STEPS = int(os.environ.get("SAMLENG_STORIES", "15")), 25
HASTE = 20
PEOPLE, LONGEST_WAIT = 2, 900
METHODS = ("sendMessage", "editMessageText", "answerCallbackQuery", "getUpdates")
FAULTS: dict[str, dict[str, Any]] = {
    "429": {"code": 429, "description": "Too Many Requests: retry after 1", "retry_after": 1},
    "5xx": {"code": 502, "description": "Bad Gateway"},
    "cut before": {"cut": "before"},
    "cut after": {"cut": "after"},
}
PATHS = [path for path, _ in QUESTIONS.values()]
persons = integers(0, PEOPLE - 1)


class HastySelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> Any:
        return super().select(timeout / HASTE if timeout else timeout)


class HastyLoop(asyncio.SelectorEventLoop):
    """An event loop whose time runs faster."""

    def __init__(self) -> None:
        super().__init__(HastySelector())

    def time(self) -> float:
        return super().time() * HASTE


class Story(RuleBasedStateMachine):
    """One bot, some people, and what should be true of them."""

    published: Path
    told: ClassVar[Counter[str]] = Counter()

    @initialize(posted=booleans())
    def begin(self, posted: bool) -> None:
        self.folder = Path(tempfile.mkdtemp())
        for name in (DATABASE, "secret.key"):
            shutil.copy(self.published / name, self.folder)
        port = unused_port()
        url = f"http://127.0.0.1:{port}/telegram"
        self.webhook = {"webhook_url": url, "webhook_port": port} if posted else {}
        self.runner = asyncio.Runner(loop_factory=HastyLoop)
        self.stack, self.clock, self.world = AsyncExitStack(), HandClock(), World(unlimited=True)
        self.once: dict[int, tuple[Citizen, str]] = {}
        self.gone: dict[int, tuple[Citizen, str]] = {}
        self.blocked: set[int] = set()
        self.life: asyncio.Task[None] | None = None
        self.run(self._begin())

    def run(self, story: Coroutine[Any, Any, None]) -> None:
        self.runner.run(asyncio.wait_for(story, 30 * HASTE))

    async def _begin(self) -> None:
        server = Server(self.world, webhook_pause=0.1)
        address = await self.stack.enter_async_context(serving(server))
        session = await self.stack.enter_async_context(aiohttp.ClientSession())
        self.telegram = Telegram(address, session)
        self.people = [await arrive(self.telegram, number) for number in range(PEOPLE)]
        await self._start()
        for citizen in self.people:
            await citizen.act("write", text="/start p17")
        for _ in range(4):
            await self._settle()
            for citizen in self.people:
                await citizen.step()

    async def _start(self) -> None:
        self.store = open_store(self.folder, clock=self.clock)
        given = settings_for(self.telegram, self.folder, **self.webhook)
        self.application = Application(given, self.store)
        begun = asyncio.Event()

        async def live() -> None:
            async with self.application.running():
                begun.set()
                await asyncio.Event().wait()

        self.life = asyncio.get_running_loop().create_task(live())
        await begun.wait()

    async def _die(self) -> None:
        """Drop the parts where they stand; what they had handed to the database is written."""
        assert self.life
        self.told["crashes"] += 1
        self.life.cancel()
        with suppress(asyncio.CancelledError):
            await self.life
        self.life = None
        self.store.close()

    async def _settle(self) -> None:
        """End all trouble and wait until all is said; by the clock that takes minutes at most."""
        self.world.faults.asked.clear()
        for kind in list(self.world.held):
            self.world.hold(kind, held=False)
        if self.life is None:
            await self._start()
        await self.application.worker.polled()
        began = self.clock.now
        await until(self._is_settled_a_second_later, seconds=10 * HASTE)
        assert (self.clock.now - began).total_seconds() < LONGEST_WAIT
        for citizen in self.people:
            await citizen.look()

    async def _is_settled_a_second_later(self) -> bool:
        assert self.life
        if self.life.done():
            self.life.result()
        self.clock.turn(seconds=1)
        await self.application.clock.retry()
        waiting = """
            SELECT (SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending'))
                 + (SELECT count(*) FROM inbox WHERE status = 'pending')
        """
        return not self.world.waiting and self.rows(waiting) == [(0,)]

    def rows(self, query: str) -> list[Any]:
        return Place(self.folder).rows(query)

    @rule(person=persons)
    def somebody_acts(self, person: int) -> None:
        """They do what they see, once more where nothing has happened since."""
        citizen = self.people[person]
        if person in self.gone:
            return
        if person in self.blocked:
            self.blocked.discard(person)
            self.run(citizen.act("write", text="/start"))
        else:
            self.run(_step(citizen))

    @rule(person=persons, times=integers(1, 4))
    def somebody_acts_and_is_answered(self, person: int, times: int) -> None:
        for _ in range(times):
            self.somebody_acts(person)
            self.run(self._settle())

    @rule(times=integers(1, 3))
    def updates_will_come_twice(self, times: int) -> None:
        self.world.duplicates += times

    @rule(kind=sampled_from(("message", "callback_query")))
    def one_queue_overtakes_the_other(self, kind: str) -> None:
        self.world.hold(kind, held=True)

    @rule(kind=sampled_from(sorted(FAULTS)), method=sampled_from(METHODS), times=integers(1, 3))
    def calls_will_fail(self, kind: str, method: str, times: int) -> None:
        fault = {"method": method, "times": times, **FAULTS[kind]}
        self.run(self.telegram.post("/sim/faults", **fault))

    @rule(person=persons)
    def somebody_blocks_the_bot(self, person: int) -> None:
        if person not in self.gone:
            self.blocked.add(person)
            self.run(self.people[person].act("block", blocked=True))

    @rule(days=sampled_from((-1, 1)))
    def the_clock_jumps(self, days: int) -> None:
        self.clock.turn(days=days)

    @precondition(lambda self: self.life)
    @rule()
    def everybody_is_promised_a_message_once(self) -> None:
        for person in range(PEOPLE):
            self.run(self._promise(person))

    async def _promise(self, person: int) -> None:
        citizen, text = self.people[person], f"Reminder {len(self.once)}"

        def promise(tx: Transaction) -> int | None:
            to = respondents.find(tx, 424242, citizen.person_id, "")
            body = {"text": text}
            return to and outbox.put(tx, to.id, "sendMessage", body, policy="once", lane=REMINDERS)

        if promised := await self.store.call(promise):
            self.once[promised] = citizen, text
            self.application.sender.wake()

    async def _respondent(self, person: int) -> str | None:
        telegram_id = self.people[person].person_id
        found = await self.store.call(respondents.find, 424242, telegram_id, "")
        return found.id if found else None

    @precondition(lambda self: self.life)
    @rule(entries=integers(0, 3))
    def it_crashes(self, entries: int) -> None:
        """In the midst of it: so many calls more take effect, and maybe it never hears of them."""
        self.run(self._crash(entries))

    async def _crash(self, entries: int) -> None:
        ledger = self.world.ledger.entries
        goal = len(ledger) + entries

        async def is_there() -> bool:
            return len(ledger) >= goal or not self.world.waiting

        await until(is_there, seconds=10 * HASTE)
        await self._die()

    @precondition(lambda self: not self.life)
    @rule()
    def it_starts_again(self) -> None:
        self.run(self._start())

    @precondition(lambda self: not self.gone)
    @rule(person=persons)
    def somebody_withdraws(self, person: int) -> None:
        self.run(self._withdraw(person))

    async def _withdraw(self, person: int) -> None:
        citizen = self.people[person]
        await citizen.act("write", text="/forget")
        self.blocked.discard(person)
        await self._settle()
        known = await self._respondent(person)
        message_id, data = yes(citizen)
        await citizen.act("tap", message_id=message_id, data=data)
        self.gone[person] = citizen, str(known)

    @rule()
    def all_is_as_it_should_be(self) -> None:
        self.run(self._check())

    async def _check(self) -> None:
        await self._settle()
        for person, citizen in enumerate(self.people):
            if person in self.gone:
                self._check_gone(person)
            else:
                await self._check_answers(person, citizen)
        for promised, (citizen, text) in self.once.items():
            self._check_once(promised, citizen, text)
        assert self.rows("SELECT * FROM inbox WHERE status != 'done'") == []

    async def _check_answers(self, person: int, citizen: Citizen) -> None:
        """What was seen confirmed is stored once and in order; who blocked us sees less."""
        stored = self.rows(
            "SELECT path, value FROM answer JOIN interview ON interview.id = interview_id"
            f" WHERE respondent_id = '{await self._respondent(person)}'"
            f" AND path IN {tuple(PATHS)} ORDER BY answer.id"
        )
        assert [path for path, _ in stored] == PATHS[: len(stored)]
        assert set(citizen.confirmed) <= set(stored)
        assert person in self.blocked or len(citizen.confirmed) == len(stored)

    def _check_gone(self, person: int) -> None:
        _, known = self.gone[person]
        for table in ("interview", "contact_vault", "outbox"):
            query = f"SELECT count(*) FROM {table} WHERE respondent_id = '{known}'"
            assert self.rows(query) == [(0,)]

    def _check_once(self, promised: int, citizen: Citizen, text: str) -> None:
        arrived = sum(entry.key == key_of(text) for entry in self.world.ledger.entries)
        status = [row[0] for row in self.rows(f"SELECT status FROM outbox WHERE id = {promised}")]
        assert arrived <= 1
        assert status in ([], ["sent"], ["uncertain"], ["dead"], ["blocked"])
        assert status != ["sent"] or arrived == 1
        assert status not in (["dead"], ["blocked"]) or arrived == 0

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.run(self._end())
            self.runner.close()
            shutil.rmtree(self.folder)

    async def _end(self) -> None:
        self.told["stories"] += 1
        try:
            await self._check()
            self.told["answers confirmed"] += sum(len(one.confirmed) for one in self.people)
            self.told["messages promised once"] += len(self.once)
            assert self.rows("PRAGMA integrity_check") == [("ok",)]
        finally:
            if self.life:
                await self._die()
            await self.stack.aclose()


def yes(citizen: Citizen) -> tuple[int, str]:
    """Return the button that deletes everything, which may not be on the newest message."""
    [*_, found] = (
        (message["message_id"], button["callback_data"])
        for message in citizen.messages
        for button in buttons(message)
        if button["text"] == texts.say("en", "button.forget_yes")
    )
    return found


async def _step(citizen: Citizen) -> None:
    await citizen.step()


def test_nothing_is_lost_or_doubled_in_any_order_of_events(
    published: Path, monkeypatch: pytest.MonkeyPatch, figure: Callable[[str], None]
) -> None:
    """A failing story is not shortened, which would take minutes."""
    monkeypatch.setattr(Story, "published", published, raising=False)
    monkeypatch.setattr(Story, "told", Counter())
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        ),
    )
    figure(f"in any order: {dict(Story.told)}")
