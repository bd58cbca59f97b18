"""The PIN: before exports, roles and erasures; good for five minutes; never left in the chat."""

import itertools

import pytest

from handlers import pin
from storage import pins
from tests.chat import Phone
from tests.conftest import HandClock, House
from tests.steps import PIN, member, with_pin


async def asked(house: House, language: str = "en") -> Phone:
    """Bring a staff member who has a PIN to where it is asked, five minutes later."""
    staff = await member(house, language=language)
    await wants(staff)
    await with_pin(staff)
    house.clock.turn(minutes=5)
    await wants(staff)
    return staff


async def wants(staff: Phone) -> None:
    """Ask for something that a PIN stands before: an invitation for a CSO member."""
    await staff.types("/invite")
    await staff.taps(staff.labels[0])


def done(house: House) -> int:
    """Count what was made of it."""
    made = "SELECT id FROM audit WHERE act = 'invite' AND actor != 'console'"
    return len(house.rows(made))


async def test_for_five_minutes_it_isnt_asked_again(house: House, clock: HandClock) -> None:
    staff = await member(house)
    await wants(staff)
    await with_pin(staff)
    clock.turn(minutes=4, seconds=59)

    await wants(staff)

    assert done(house) == 2


async def test_what_was_asked_for_is_done_once_it_is_typed(house: House) -> None:
    staff = await asked(house)
    before = done(house)

    await staff.types(PIN)

    assert (before, done(house)) == (1, 2)


async def test_khmer_digits_are_the_same_pin(house: House) -> None:
    staff = await asked(house, "km")

    await staff.types("៤៨២៩១៣")

    assert done(house) == 2


async def test_no_pin_stays_in_the_chat_or_on_the_disk(house: House) -> None:
    staff = await asked(house)
    for typed in ("111112", PIN):
        await staff.types(typed)

    assert not any(m.get("text") in {PIN, "111112"} for m in staff.messages)
    disk = b"".join(p.read_bytes() for p in house.folder.glob("samleng.db*"))
    assert PIN.encode() not in disk


async def test_five_wrong_ones_lock_for_an_hour_and_the_owners_are_told(
    house: House, clock: HandClock
) -> None:
    owner, staff = await member(house, "owner"), await asked(house)

    for _ in range(5):
        await staff.types("111112")
    locked = staff.sees
    await wants(staff)
    still = staff.sees
    await owner.look()
    clock.turn(hours=1)
    await wants(staff)
    await staff.types(PIN)

    assert "Too many wrong PINs" in locked
    assert "Too many wrong PINs" in still
    assert any("five wrong PINs as Member 2" in m.get("text", "") for m in owner.messages)
    assert done(house) == 2


async def test_the_right_one_forgives_the_wrong_ones_before(house: House, clock: HandClock) -> None:
    staff = await asked(house)
    for _ in range(2):
        for typed in ("111112", "111113", "111114", "111115", PIN):
            await staff.types(typed)
        clock.turn(minutes=6)
        await wants(staff)

    assert "Please type your PIN" in staff.sees


async def test_a_pin_that_was_reset_is_chosen_anew(house: House) -> None:
    owner, staff = await member(house, "owner"), await asked(house)
    await owner.types("/team")
    await owner.taps(next(label for label in owner.labels if label.startswith("Member 2")))
    await owner.taps("Reset the PIN")
    await with_pin(owner)

    await wants(staff)

    assert "choose a PIN" in staff.sees


async def test_a_role_that_ended_before_the_pin_was_typed_gets_nothing(house: House) -> None:
    await member(house, "owner")
    staff = await asked(house)
    house.clock.turn(days=91)

    await staff.types(PIN)

    assert done(house) == 1


async def test_nobody_erases_staff_on_their_phone_without_it(house: House) -> None:
    staff = await asked(house)

    await staff.types("/forget")
    await staff.taps("🗑 Delete my data")
    before = house.rows("SELECT role FROM respondent")
    await staff.types(PIN)

    assert before == [("staff",)]
    assert house.rows("SELECT role FROM respondent") == []


async def test_somebody_who_cant_type_a_pin_is_asked_for_none(house: House) -> None:
    citizen = await house.person()
    await citizen.types("/start")

    assert await house.store.call(pins.try_, "nobody", PIN) == "locked"


@pytest.mark.parametrize("weak", ["111111", "000000", "123456", "654321", "890123", "210987"])
def test_what_everybody_tries_first_is_refused(weak: str) -> None:
    assert pin.is_weak(weak)


def test_most_pins_are_fine() -> None:
    some = ["".join(digits) for digits in itertools.product("159", repeat=6)]

    assert sum(map(pin.is_weak, some)) == 3
