"""What staff get regularly: the card of the morning, and word that a period of a form is over."""

import datetime as dt
from typing import get_args

import pytest

from handlers import texts
from handlers.quiet_days import is_quiet
from storage import subscriptions
from surveys.language import EN, KM, LANGUAGES
from surveys.reminders import Reason
from tests.bot.test_staff_commands import command
from tests.bot.test_waves import citizen, opened, tick, to_the_end
from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_first_question, member, with_pin

FORM = "What matters in your commune"
HOUR = dt.timedelta(hours=1)


async def turn_to_a_morning(house: House, days: int) -> None:
    """Turn the clock to nine in the morning, so many days later, or on the next working day."""
    house.clock.turn(days=days)
    while is_quiet(house.clock()):
        house.clock.turn(days=1)
    await tick(house)


async def last_text(phone: Phone) -> str:
    await phone.look()
    return phone.sees


def test_whatever_became_of_a_reminder_has_its_words() -> None:
    became = {"due", "promised", "sent", "uncertain", "blocked", "dead", *get_args(Reason)}

    for language in LANGUAGES:
        assert {f"reminded.{name}" for name in became} <= texts.catalogue(language).keys()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_morning_after_staff_see_what_happened(house: House, language: str) -> None:
    staff = await member(house, language=language)
    for _ in range(2):
        await citizen(house)
    stopping = await at_first_question(house)
    await stopping.types("/stop")

    await turn_to_a_morning(house, 1)

    seen = await last_text(staff)
    assert texts.say(language, "card.started", n=texts.number(language, 3)) in seen
    assert texts.say(language, "card.finished", n=texts.number(language, 2)) in seen
    assert texts.say(language, "card.refused", n=texts.number(language, 1)) in seen
    assert texts.say(language, "card.blocked", n="")[:6] not in seen
    # No cell of fewer than five people, and no title in what a notification shows.
    assert texts.say(language, "province.siem_reap") not in seen
    assert seen.startswith("☀")


async def test_five_women_of_a_province_show_in_the_card(house: House) -> None:
    staff = await member(house)
    for _ in range(5):
        phone = await citizen(house)
        await phone.taps(next(label for label in phone.labels if "Yes" in label))
        await phone.taps("Female")

    await turn_to_a_morning(house, 1)

    assert "Finished: 5\n  Siem Reap: women 5 or more" in await last_text(staff)


async def test_reminders_and_invitations_stand_in_the_card_with_their_reasons(
    house: House,
) -> None:
    staff = await member(house)
    silent, declines = await citizen(house), await citizen(house)
    await opened(house)
    for phone in (silent, declines):
        await phone.look()
    await declines.taps("Not this time")
    invited = await command(house, "card", "--day", "2026-11-24")
    await turn_to_a_morning(house, 3)
    reminded = await command(house, "card", "--day", "2026-11-26")

    assert "Invited: 2" in invited.stdout
    assert "Said no or stop: 1" in invited.stdout
    assert "  sent: 1\n" in reminded.stdout
    assert "  withheld: said “not this time”: 1" in reminded.stdout
    assert (await last_text(staff)).startswith("☀")


async def test_each_card_comes_once_and_what_was_missed_collapses_to_the_last(
    house: House,
) -> None:
    staff = await member(house)
    await at_first_question(house)
    await turn_to_a_morning(house, 1)
    for _ in range(3):
        await tick(house)
    await at_first_question(house)
    before = house.rows("SELECT count(*) FROM slot WHERE schedule LIKE 'subscription:%'")

    house.clock.turn(days=9)
    await turn_to_a_morning(house, 1)
    await staff.look()

    cards = [m["text"] for m in staff.messages if m.get("text", "").startswith("☀")]
    assert before == [(1,)]
    assert len(cards) == 2
    assert house.rows("SELECT DISTINCT status FROM slot WHERE schedule LIKE 'subscription:%'") == [
        ("sent",)
    ]


async def test_no_card_comes_of_days_on_which_nothing_happened(house: House) -> None:
    staff = await member(house)
    await turn_to_a_morning(house, 1)
    quiet = await last_text(staff)
    await at_first_question(house)
    await turn_to_a_morning(house, 1)

    assert not quiet.startswith("☀")
    assert "24/11/2026" in await last_text(staff)
    assert ("empty",) in house.rows("SELECT reason FROM slot")


async def test_the_card_is_switched_off_and_on_again(house: House) -> None:
    staff = await member(house)
    await at_first_question(house)
    await turn_to_a_morning(house, 1)
    await staff.look()
    await staff.taps("No more morning cards")
    off = house.rows("SELECT count(*) FROM subscription")
    await turn_to_a_morning(house, 1)
    said = await last_text(staff)
    await staff.types("/status")
    await staff.taps("☀ A card every morning")

    assert off == [(0,)]
    assert said == texts.say(EN, "card.off")
    assert house.rows("SELECT kind, every FROM subscription") == [("card", "day")]


async def test_when_a_week_is_over_its_export_takes_a_tap_and_the_pin(house: House) -> None:
    staff = await member(house)
    await command(house, "subscription", "end", "1")
    await citizen(house)
    await staff.types("/export citizen_interests")
    for label in ("Tell me when a period is over", "Every week"):
        await staff.taps(next(one for one in staff.labels if label in one))
    said = staff.sees
    await turn_to_a_morning(house, 7)
    await staff.look()
    [notice] = [m for m in staff.messages if m.get("text", "").startswith("A week is over")]
    await staff.taps("⬇ " + FORM)
    await with_pin(staff)
    await house.settled()

    assert said == texts.say(EN, "subscription.on_week", form=FORM)
    assert FORM not in notice["text"]
    assert "23/11/2026 – 29/11/2026" in notice["text"]
    options = house.rows("SELECT options FROM job ORDER BY id DESC LIMIT 1")
    assert '"since":"2026-11-23T00:00:00+07:00"' in str(options[0][0]).replace(" ", "")
    await staff.look()
    assert sum("document" in m for m in staff.messages) == 2


async def test_a_period_can_be_exported_again_by_a_command(house: House, tmp_path: object) -> None:
    phone = await at_first_question(house)
    await phone.taps(next(label for label in phone.labels if "Road" in label))
    await phone.taps(next(label for label in phone.labels if "Done" in label))
    await to_the_end(phone)
    for period, rows in (("2026-W48", 1), ("2026-11", 1), ("2026-Q3", 0)):
        done = await command(
            house, "export", "citizen_interests", "--to", f"{tmp_path}/{period}", "--period", period
        )
        csv = next(line for line in done.stdout.split() if line.endswith(".csv"))
        with open(csv, encoding="utf-8-sig") as file:  # noqa: PTH123
            assert len(file.read().splitlines()) == 1 + rows, period
    wrong = await command(house, "export", "citizen_interests", "--to", "x", "--period", "2026-Q5")
    assert wrong.returncode == 2
    assert "2026-Q5 is no day" in wrong.stderr


async def test_whoever_is_no_staff_any_more_gets_nothing(house: House) -> None:
    staff = await member(house)
    await command(house, "team", "end", "1")

    await turn_to_a_morning(house, 1)

    assert house.rows("SELECT status, reason FROM slot") == [("withheld", "closed")]
    assert not (await last_text(staff)).startswith("☀")


async def test_what_members_get_is_listed_and_ended_by_a_command(house: House) -> None:
    await member(house)
    listed = await command(house, "subscription", "list", "--json")
    ended = await command(house, "subscription", "end", "1")
    gone = await command(house, "subscription", "end", "1")

    assert '"what": "card"' in listed.stdout
    assert ended.returncode == 0
    assert gone.stderr == "samleng: there is no subscription 1.\n"
    assert house.store.run(subscriptions.listed) == []


async def test_the_card_reads_in_khmer_on_the_command_line_too(house: House) -> None:
    done = await command(house, "card", "--lang", KM, "--day", "2026-11-24")

    assert done.stdout.startswith("☀ ថ្ងៃទី ២៤/១១/២០២៦")
