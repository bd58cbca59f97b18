"""Answers of several times are put side by side only for who agreed, and until they change it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from export.bundle import make
from handlers import texts
from storage import forms, waves
from storage.database import KEY
from surveys.wave import Audience, Reminding
from tests.bot.test_waves import citizen, tick, to_the_end
from tests.chat import Phone
from tests.conftest import House
from tests.steps import AGREE

ASKED = texts.say("en", "linkage.ask")
YES, NO = (texts.say("en", "button.linkage_" + said) for said in ("yes", "no"))


def opened(tx: Any, form_id: str, is_ballot: bool = False) -> int:
    """Open a wave for everybody."""
    published = forms.newest(tx, form_id)
    assert published is not None
    wants = (Audience(), tx.now, tx.now.replace(year=2027), Reminding(), "maker")
    number = waves.create(tx, published.id, *wants, is_ballot=is_ballot)
    waves.release(tx, number, "another")
    return number


async def answers(house: House, phone: Phone, form_id: str, *, is_ballot: bool = False) -> None:
    """Answer in a wave of its own."""
    number = await house.store.call(opened, form_id, is_ballot)
    await tick(house)
    await phone.look()
    await phone.taps("Begin")
    await phone.taps("Agree")
    await to_the_end(phone)
    one = await house.store.call(waves.find, number)
    assert one is not None
    await house.store.call(waves.set_status, one, "closed")
    house.clock.turn(days=8)


async def again(house: House, name: str) -> str:
    """Publish the same short questions under another name."""
    published = await house.store.call(forms.newest, "dialogue_experience")
    assert published is not None
    [(xform,)] = house.rows("SELECT xform FROM form_version WHERE id = ?", published.id)
    renamed = str(xform).replace("dialogue_experience", name)
    await house.store.call(forms.publish, renamed, name)
    return name


def people(house: House, form_id: str) -> Sequence[Any]:
    """Return what the export's column `_person` holds."""
    target = house.folder / "out"
    *_, done = make(house.folder, house.folder / KEY, form_id, target)
    header, *rows = Path(done["files"][1]).read_text("utf-8-sig").splitlines()
    at = header.split(",").index("_person")
    return [row.split(",")[at] for row in rows]


async def test_who_answers_a_second_time_is_asked_once_and_joined_after_a_yes(house: House) -> None:
    phone, other = await citizen(house), await citizen(house)
    second, third = await again(house, "second"), await again(house, "third")
    await answers(house, phone, "dialogue_experience")
    assert ASKED not in phone.sees
    assert people(house, "dialogue_experience") == [""]

    await answers(house, phone, second)
    assert phone.sees == ASKED
    await phone.taps(YES)
    assert texts.say("en", "thanks.more") in phone.sees

    await answers(house, phone, third)
    assert phone.sees != ASKED
    [first], [then] = people(house, "dialogue_experience"), people(house, second)
    assert first == then != ""
    assert other.sees


async def test_it_is_changed_in_mydata(house: House) -> None:
    phone = await citizen(house)
    second = await again(house, "second")
    await phone.types("/mydata")
    assert NO not in phone.labels
    await answers(house, phone, "dialogue_experience")
    await answers(house, phone, second)
    await phone.taps(NO)
    assert people(house, second) == [""]

    await phone.types("/mydata")
    assert texts.say("en", "linkage.is_no") in phone.sees
    await phone.taps(YES)

    assert phone.sees == texts.say("en", "linkage.is_yes")
    assert people(house, second) != [""]


async def test_a_ballot_is_joined_with_nothing_and_nobody_is_asked_after_one(house: House) -> None:
    phone = await citizen(house)
    second = await again(house, "second")
    await answers(house, phone, "dialogue_experience")

    await answers(house, phone, second, is_ballot=True)

    assert ASKED not in phone.sees


async def test_who_answers_a_form_again_that_is_compared_over_time_is_asked_after_it(
    house: House,
) -> None:
    phone = await house.person()
    await phone.types("/start p16-cso_card")
    for label in ("English", AGREE["en"], "Civil society organisation", *5 * ["Skip ⏭"]):
        await phone.taps(label)
    await phone.taps("📨 Submit")
    assert ASKED not in phone.sees

    await phone.types("/start p16-cso_card")
    for label in (*5 * ["Skip ⏭"], "📨 Submit"):
        await phone.taps(label)
    assert phone.sees == ASKED

    await phone.taps(YES)
    await phone.types("/start p16-cso_card")
    for label in (*5 * ["Skip ⏭"], "📨 Submit"):
        await phone.taps(label)
    assert ASKED not in phone.sees
