"""Organisations: members are invited as theirs, and a wave is put to the people of one."""

import asyncio
from typing import Any

from handlers import texts
from storage import organisations, waves
from tests.bot.test_cli import samleng, says_one_sentence
from tests.bot.test_members import invited
from tests.bot.test_waves import invitations, tick
from tests.chat import Phone
from tests.conftest import House
from tests.steps import AGREE, member, with_pin


async def command(house: House, *words: object) -> Any:
    folder = str(house.folder)
    return await asyncio.to_thread(samleng, *words, SAMLENG_DATA_DIR=folder)


async def added(house: House, code: str = "star") -> None:
    done = await command(
        house, "organisation", "add", code, "--en", "Star Kampuchea", "--km", "ផ្កាយ"
    )
    assert done.returncode == 0, done.stderr


async def reporter(house: House, payload: str) -> Phone:
    phone = await house.person()
    await phone.types(f"/start {payload}")
    for label in ("English", AGREE["en"], "Kampot"):
        await phone.taps(label)
    return phone


async def test_a_member_is_invited_as_one_of_an_organisation(house: House) -> None:
    owner = await member(house, "owner")
    await added(house)
    payload = await invited(owner, "CSO member (reports on dialogues)", "Star Kampuchea")
    assert "CSO member (reports on dialogues) · Star Kampuchea" in str(owner.messages[-1])

    phone = await reporter(house, payload)

    assert house.rows("SELECT organisation FROM respondent WHERE role = 'reporter'") == [("star",)]
    await phone.types("/mydata")
    assert "Organisation: Star Kampuchea" in phone.sees


async def test_where_there_is_none_nobody_is_asked_of_which_they_are(house: House) -> None:
    owner = await member(house, "owner")
    payload = await invited(owner, "CSO member (reports on dialogues)")

    await reporter(house, payload)

    assert house.rows("SELECT organisation FROM respondent WHERE role = 'reporter'") == [(None,)]


async def test_a_wave_is_put_to_the_people_of_one(house: House) -> None:
    owner, other = await member(house, "owner"), await member(house, "owner")
    await added(house)
    link = await command(house, "invite", "reporter", "--sector", "cso", "--organisation", "star")
    theirs = await reporter(house, link.stdout.strip().rpartition("=")[2])
    plain = await command(house, "invite", "reporter", "--sector", "cso")
    another = await reporter(house, plain.stdout.strip().rpartition("=")[2])
    await owner.types("/waves")
    for label in (
        "New wave",
        texts.say("en", "form.dialogue_experience"),
        "All provinces",
        "Everybody",
        "Now",
        "Weeks: 2",
        texts.say("en", "button.wave_linked"),
        texts.say("en", "button.wave_narrow"),
        texts.say("en", "button.narrow_organisation"),
        "Star Kampuchea",
        texts.say("en", "button.wave_narrow"),
        texts.say("en", "button.narrow_language"),
        "English",
    ):
        await owner.taps(label)
    assert "Star Kampuchea" in owner.sees
    assert "English" in owner.sees
    await owner.taps("Make it and ask for release")

    await other.types("/waves")
    await other.taps(other.labels[0])
    await other.taps("Release")
    await with_pin(other)
    await tick(house)

    assert (await invitations(theirs), await invitations(another)) == (1, 0)
    [one] = house.store.run(waves.listed)
    assert (one.audience.organisation, one.audience.language) == ("star", "en")


async def test_the_command_line_adds_and_lists_them_and_knows_no_others(house: House) -> None:
    await added(house)

    listed = await command(house, "organisation", "list")
    again = await command(house, "organisation", "add", "star", "--en", "x", "--km", "y")
    odd = await command(house, "organisation", "add", "A b", "--en", "x", "--km", "y")
    unknown = await command(house, "invite", "reporter", "--organisation", "moon")
    nobody = await command(house, "wave", "plan", "dialogue_experience", "--organisation", "moon")
    known = await command(house, "wave", "create", "citizen_interests", "--organisation", "star")

    assert "Star Kampuchea" in listed.stdout
    assert says_one_sentence(again, "star already")
    assert says_one_sentence(odd, "code")
    assert says_one_sentence(unknown, "no such organisation")
    assert says_one_sentence(nobody, "no such organisation")
    assert known.returncode == 0, known.stderr
    assert [one.code for one in house.store.run(organisations.listed)] == ["star"]
