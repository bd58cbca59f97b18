"""The menus at Telegram: set at the first start, and again only where they changed."""

from pathlib import Path

from bot.simulator.world import World
from handlers import menus
from storage import facts
from surveys.language import EN
from tests.chat import until
from tests.conftest import BOT_ID, HandClock, House, housed, simulator
from tests.steps import publish


def calls(house: House) -> int:
    return house.world.calls.get("setMyCommands", 0)


async def noted(house: House) -> None:
    """Wait until this bot's menus are noted as set."""

    async def is_noted() -> bool:
        return not await house.store.call(menus.are_new, BOT_ID)

    await until(is_noted)
    await house.settled()


async def test_a_start_sets_them_only_where_they_changed(folder: Path, clock: HandClock) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            # Two scopes, two languages.
            assert calls(house) == 4
            staff, citizen = await house.person(), await house.person()
            await staff.types(f"/start {await house.invitation('staff')}")
            await citizen.types("/start")
            assert calls(house) == 6

        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            await citizen.types("/start")
            assert calls(house) == 6
            await house.store.call(facts.write, "menus", "those of an earlier version")

        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            assert calls(house) == 4 + 6 + 2

            for phone, role in ((staff, "staff"), (citizen, "respondent")):
                menu = await house.store.call(menus.commands, role, EN)
                assert world.menu_of(phone.person_id, "") == menu


async def test_a_call_that_fails_is_tried_again(folder: Path, clock: HandClock) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        fault = {"method": "setMyCommands", "code": 500, "description": "Internal", "times": 1}
        await telegram.post("/sim/faults", **fault)
        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            menu = await house.store.call(menus.commands, menus.CITIZEN, EN)

    assert world.menu_of(0, "en") == menu


async def test_hearing_questions_stands_there_from_the_start_on_that_knows_a_recorded_form(
    folder: Path, clock: HandClock
) -> None:
    world = World(unlimited=True)
    async with simulator(world) as telegram:
        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            assert "listen" not in names(world)
            await publish(house, "spoken")

        async with housed(telegram, world, folder, clock) as house:
            await noted(house)
            assert "listen" in names(world)


def names(world: World) -> set[str]:
    """Return the commands in the menu of everybody."""
    return {command["command"] for command in world.menu_of(0, "km")}
