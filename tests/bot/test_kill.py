"""kill -9 in the middle of everything: what a person saw confirmed is stored, exactly once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bot.simulator.world import World
from tests.chat import until
from tests.citizens import QUESTIONS, Citizen, arrive, disordered, expected, stored_answers
from tests.conftest import simulator
from tests.database import Place
from tests.processes import environment, kill, process

PEOPLE, KILLS = 60, 5


async def test_every_confirmed_answer_is_stored_exactly_once_through_five_kills(
    folder: Path, tmp_path_factory: Any, figure: Callable[[str], None]
) -> None:
    log = tmp_path_factory.mktemp("logs") / "log"
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(simulator(World()))
        citizens = [await arrive(telegram, n) for n in range(PEOPLE)]
        variables = environment(telegram.address, folder)

        async with asyncio.TaskGroup() as group, asyncio.timeout(110):
            for citizen in citizens:
                group.create_task(citizen.answer_all())
            for round_ in range(KILLS):
                async with process("run", log=log, **variables) as bot:
                    await until(reached(citizens, (round_ + 1) * 40), seconds=60)
                    await kill(bot)
            async with process("run", log=log, **variables):
                await until(everybody_is_done(citizens), seconds=90)

    confirmed = sum(len(citizen.confirmed) for citizen in citizens)
    stored = stored_answers(Place(folder))
    figure(f"{KILLS} kills, {confirmed} answers confirmed, {sum(stored.values())} stored")
    assert confirmed == PEOPLE * len(QUESTIONS)
    assert stored == Counter(dict.fromkeys(expected(citizens), 1))
    assert disordered(Place(folder)) == 0


def reached(citizens: list[Citizen], answers: int) -> Any:
    async def holds() -> bool:
        return sum(len(citizen.confirmed) for citizen in citizens) >= answers

    return holds


def everybody_is_done(citizens: list[Citizen]) -> Any:
    async def holds() -> bool:
        return all("Thank you" in citizen.screen()[1] for citizen in citizens)

    return holds
