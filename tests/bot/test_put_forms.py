"""Forms that nobody is offered by itself: answered by whom staff put them to, and found again."""

from tests.chat import Phone
from tests.conftest import House
from tests.steps import AGREE, member

HEARD = "“I felt heard in the meeting.”".replace("“", '"').replace("”", '"')


async def official(house: House) -> Phone:
    """Bring somebody who works for the government to the first question of a meeting's rating."""
    phone = await house.person()
    await phone.types("/start p16-facilitation_rating")
    for label in ("English", AGREE["en"], "Government official"):
        await phone.taps(label)
    return phone


async def test_whoever_has_its_link_is_asked_it_and_nobody_finds_it_in_the_menu(
    house: House,
) -> None:
    phone = await official(house)
    assert HEARD in phone.sees

    other = await house.person()
    await other.types("/start p16")
    for label in ("English", AGREE["en"], "Government official"):
        await other.taps(label)
    await other.types("/survey")
    assert HEARD not in other.sees
    assert "How a meeting was facilitated" not in other.labels


async def test_what_was_left_stands_among_the_surveys_until_it_is_finished(house: House) -> None:
    phone = await official(house)
    await phone.taps("⏸ Later")
    await phone.types("/survey")

    await phone.taps("How a meeting was facilitated")
    assert HEARD in phone.sees
    for _ in range(5):
        await phone.taps("Skip ⏭")
    await phone.taps("📨 Submit")
    await phone.types("/survey")

    assert "How a meeting was facilitated" not in phone.labels


async def test_a_form_that_is_answered_once_isnt_asked_again(house: House) -> None:
    phone = await house.person()
    await phone.types("/start p16-codesign_attendance")
    for label in ("English", AGREE["en"], "Government official", *5 * ["Skip ⏭"], "📨 Submit"):
        await phone.taps(label)

    await phone.types("/start p16-codesign_attendance")

    assert "Which team are you in?" not in phone.sees


async def test_a_draft_is_asked_of_nobody(house: House) -> None:
    phone = await house.person()
    await phone.types("/start p16-washington_short")
    for label in ("English", AGREE["en"], "Citizen"):
        await phone.taps(label)

    assert "What matters most in your commune?" in phone.sees


async def test_staff_help_a_cso_member_through_an_interview(house: House) -> None:
    staff = await member(house)
    await staff.types("/assist")
    assert "Interview with a CSO member" in staff.labels
    assert "Six short questions (draft)" not in staff.labels

    reporter = await member(house, "reporter")
    await reporter.types("/assist")
    assert "Interview with a CSO member" not in reporter.labels


async def test_staff_can_make_a_wave_of_it(house: House) -> None:
    staff = await member(house)
    await staff.types("/waves")
    await staff.taps("New wave")

    assert "Interview with a CSO member" in staff.labels
    assert "Six short questions (draft)" not in staff.labels
