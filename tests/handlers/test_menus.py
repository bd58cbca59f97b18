"""Menus: every command stands in those of the people who may use it, and in no other."""

import pytest

from handlers import DOES, counting, helping, menus, people, rights, texts
from surveys.khmer import fold
from surveys.language import EN, KM
from surveys.respondent import ROLES, Role, may
from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_first_question, member, publish

INVITED: tuple[Role, ...] = ("reporter", "staff", "owner")
ONLY = ("reporters", "staff", "facilitators", "owners")
REFUSALS = [texts.say(EN, f"only_{who}") for who in ONLY]
# Those that nobody has by right.
GRANTED = (
    "report",
    "assist",
    "count",
    "export",
    "status",
    "invite",
    "team",
    "inbox",
    "audit",
    "waves",
)


def test_every_command_that_has_a_route_is_in_the_menus_and_none_without() -> None:
    assert set(menus.COMMANDS) == {"start", *DOES, *rights.WORDS}


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_has_exactly_what_it_may_do_within_telegrams_limits(
    house: House, role: Role
) -> None:
    allowed = [
        name
        for name, act in menus.COMMANDS.items()
        if may(role, act) or may(role, menus.INSTEAD.get(name, ("",))[0])
    ]
    assert await names(house, role) == [name for name in allowed if name != "listen"]
    await publish(house, "spoken")
    assert await names(house, role) == allowed

    assert len(allowed) <= 100
    for language in (EN, KM):
        for command in await commands(house, role, language):
            assert 1 <= len(command["description"]) <= 256
            assert command["command"].islower()
            assert len(command["command"]) <= 32


def test_the_words_for_commands_are_written_as_they_are_compared() -> None:
    for module in (helping, people, counting):
        assert {fold(word) for word in module.WORDS} == module.WORDS


async def anybody(house: House, role: Role) -> Phone:
    return await (at_first_question(house) if role == "respondent" else member(house, role))


async def names(house: House, role: Role) -> list[str]:
    return await house.store.call(menus.of, role)


async def commands(house: House, role: Role, language: str) -> list[dict[str, str]]:
    return await house.store.call(menus.commands, role, language)


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_not_in_the_menu_is_refused_and_what_is_in_it_is_not(
    house: House, role: Role
) -> None:
    phone = await anybody(house, role)
    allowed = await names(house, role)

    for name in GRANTED:
        await phone.types(f"/{name}")
        assert (phone.sees in REFUSALS) == (name not in allowed), name
    for name in DOES:
        await phone.types("/help")
        assert (f"/{name} " in phone.sees) == (name in allowed), name


@pytest.mark.parametrize("role", ROLES)
async def test_at_telegram_everybody_finds_the_menu_of_their_role(house: House, role: Role) -> None:
    phone = await anybody(house, role)

    assert house.world.menu_of(phone.person_id, "km") == await commands(house, role, KM)
    assert house.world.menu_of(phone.person_id, "fr") == await commands(house, role, EN)


async def test_who_leaves_finds_the_menu_of_everybody_again(house: House) -> None:
    phone = await member(house, "staff")

    await phone.types("/forget")
    await phone.taps("🗑 Delete my data")

    assert house.world.menu_of(phone.person_id, "km") == await commands(house, "respondent", KM)
