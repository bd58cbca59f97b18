"""Reports of dialogues in the chat: what may be reported, how short it is, who sees what of it."""

import datetime as dt
from collections.abc import Callable

import pytest

from handlers.days import of as day_of
from handlers.numbers import EVER
from storage import audit, dialogues, members, morning, numbers, readings, respondents
from storage.dialogues import Dialogue
from storage.store import Transaction
from surveys.respondent import Sector
from tests.chat import Phone
from tests.conftest import House
from tests.steps import AGREE, NAMES, member, with_pin

MOST_INTERACTIONS = 30
KAMPOT = "📝 Kampot · 24/11/2026"
REPORTED = "✓ Reported: Kampot · 24/11/2026"
SUBMIT = "📨 Submit"
UNTIL, READER = " · until 22/02/2027", "🔒 Let them read sensitive reports"
# A full report of a dialogue that staff planned: what the reporter types and taps.
FULL = (
    "> /report", f"* {KAMPOT}", "* 📋 All of it", "> 45", "> 20", "> 12", "> 5", "> 12 4 1",
    "> 3 1 0", "* A facilitator", "* 1", "* Clean water", "* Agreed", "* Citizens", "* 1",
    "* Department of Water Resources", "> Repair the pump", "> 31/12/2026", "& voice", "& photo",
    "* The project's staff", f"* {SUBMIT}",
)  # fmt: skip
SHORT = (
    "> /report", f"* {KAMPOT}", "* ⚡ Short, complete it later", "* Clean water", "* Agreed",
    "& voice", "* The project's staff", f"* {SUBMIT}",
)  # fmt: skip
SECRET = tuple(step.replace("* The project's staff", "* 🔒 Sensitive: two named staff")
               for step in FULL)  # fmt: skip
# Of a dialogue that isn't in the list.
ELSEWHERE = (
    "> /report",
    "* Another dialogue",
    FULL[2],
    "* Kampot",
    "> District hall",
    "* Yesterday",
)


async def planned(house: House, province: str | None = "kampot", days: int = 0) -> Dialogue:
    """Plan a dialogue so many days from today."""
    day = day_of(house.clock()) + dt.timedelta(days=days)
    level = "national" if province is None else "provincial"
    return await house.store.call(dialogues.create, level, province, "Hall", day, "maker")


async def reporter(house: House, sector: Sector = "cso", bound_to: str | None = None) -> Phone:
    """Bring a reporter who lives in Kampot to where they can report."""
    phone = await house.person()
    await phone.types(f"/start {await house.invitation('reporter', sector)}")
    for label in (NAMES["en"], AGREE["en"], "Kampot"):
        await phone.taps(label)
    if bound_to:
        who = house.store.run(members.listed)[-1].respondent_id
        await house.store.call(respondents.change, who, bound_to=bound_to)
    return phone


async def does(phone: Phone, *steps: str) -> int:
    """Do what a reporter does, step by step; return how many steps it took."""
    for step in steps:
        sign, what = step[0], step[2:]
        if sign == ">":
            await phone.types(what)
        elif sign == "*":
            await phone.taps(what)
        elif what == "voice":
            await phone.speaks()
        else:
            await phone.sends(what)
    return len(steps)


async def test_a_full_report_takes_at_most_thirty_interactions(
    house: House, figure: Callable[[str], None]
) -> None:
    await planned(house)
    phone = await reporter(house)

    took = await does(phone, *FULL)

    figure(f"taps and texts of a full report, one issue and one commitment: {took}")
    assert "Your report is stored" in phone.sees
    assert took <= MOST_INTERACTIONS
    assert house.rows("SELECT office, what FROM commitment") == [("d_water", "Repair the pump")]
    assert house.rows("SELECT status FROM dialogue") == [("held",)]


async def test_of_a_dialogue_nobody_planned_it_takes_at_most_thirty_too(
    house: House, figure: Callable[[str], None]
) -> None:
    phone = await reporter(house)

    took = await does(phone, *ELSEWHERE, *FULL[3:])

    figure(f"taps and texts of a full report of a dialogue that nobody planned: {took}")
    assert took <= MOST_INTERACTIONS
    assert house.rows("SELECT province, place, status FROM dialogue") == [
        ("kampot", "District hall", "held")
    ]


async def test_a_short_report_is_six_taps_and_a_voice_message(
    house: House, figure: Callable[[str], None]
) -> None:
    await planned(house)
    phone = await reporter(house)

    await does(phone, *SHORT)

    taps = sum(step.startswith("*") for step in SHORT)
    figure(f"taps of a short report, beside /report and a voice message: {taps}")
    assert "Your report is stored" in phone.sees
    assert taps == 6
    await phone.types("/report")
    assert phone.labels[0] == "⚡ Short, complete it: Kampot · 24/11/2026"


async def test_what_can_be_reported_is_over_not_cancelled_and_theirs(house: House) -> None:
    here, elsewhere = await planned(house), await planned(house, "siem_reap", -1)
    await planned(house, "kampot", 1)
    await planned(house, None, -2)
    gone = await planned(house, "kampot", -3)
    await house.store.call(dialogues.change, gone.id, status="cancelled")
    bound, free = await reporter(house, bound_to="kampot"), await reporter(house)

    for phone in (bound, free):
        await phone.types("/report")

    assert here.id != elsewhere.id
    forum, other = "📝 Partnership Forum · 22/11/2026", "📝 Siem Reap · 23/11/2026"
    assert bound.labels == [KAMPOT, forum, "➕ Another dialogue"]
    assert free.labels == [KAMPOT, forum, other, "➕ Another dialogue"]


async def test_both_sides_meet_in_one_dialogue_though_nobody_planned_it(house: House) -> None:
    cso, gov = await reporter(house), await reporter(house, "gov")

    for phone in (cso, gov):
        await does(phone, *ELSEWHERE, *FULL[3:])
    await does(gov, "> /report", "* ✓ Reported: Kampot · 23/11/2026")

    assert house.rows("SELECT count(*) FROM dialogue") == [(1,)]
    assert "Nothing that both sides say differs." in gov.sees
    # The same office by the same day: promised once, as both say.
    assert house.rows("SELECT side, same_as FROM commitment ORDER BY id") == [
        ("cso", None), ("gov", 1),
    ]  # fmt: skip


async def test_what_both_sides_named_is_changed_by_either_wherever_they_live(
    house: House,
) -> None:
    cso, gov = await reporter(house), await reporter(house, "gov")
    for phone in (cso, gov):
        await does(phone, *ELSEWHERE, *FULL[3:])
    await house.store.call(live_in_siem_reap)

    await does(gov, "> /commitments", "* 1 ✅")

    assert house.rows("SELECT commitment_id, side, state FROM commitment_update") == [
        (1, "gov", "kept")
    ]


def live_in_siem_reap(tx: Transaction) -> None:
    """Let everybody have said that they live elsewhere."""
    for one in members.listed(tx):
        respondents.change(tx, one.respondent_id, province="siem_reap")


async def test_a_report_can_be_withdrawn_until_its_quarter_closes(house: House) -> None:
    await planned(house)
    phone, late = await reporter(house), await reporter(house, "gov")
    for each in (phone, late):
        await does(each, *FULL)
    await does(phone, "> /report", f"* {REPORTED}", "* 🗑 Withdraw this report")
    await phone.taps("Yes, withdraw it")
    await does(late, "> /report", f"* {REPORTED}", "* 🗑 Withdraw this report")

    house.clock.turn(days=60)
    await late.taps("Yes, withdraw it")

    assert "can't be withdrawn any more" in late.sees
    assert house.rows("SELECT count(*) FROM interview WHERE withdrawn_at IS NOT NULL") == [(1,)]
    assert house.rows("SELECT side, same_as FROM commitment WHERE withdrawn_at IS NULL") == [
        ("gov", None)
    ]
    assert house.rows("SELECT count(*) FROM answer WHERE value = 'Repair the pump'") == [(1,)]
    await late.types("/report")
    assert late.labels == ["➕ Another dialogue"]


async def test_a_report_of_a_closed_quarter_counts_in_the_next_and_says_so(house: House) -> None:
    phone = await reporter(house)
    house.clock.turn(days=60)

    await does(phone, *ELSEWHERE[:5], "> 20/12/2026", *FULL[3:17], "> 31/01/2027", *FULL[18:])
    await does(phone, "> /report", "* ✓ Reported: Kampot · 20/12/2026")

    assert "it counts in quarter 1 of 2027" in phone.sees
    assert house.rows("SELECT counts_in FROM interview WHERE counts_in IS NOT NULL") == [
        ("2027-Q1",)
    ]


async def test_a_sensitive_report_is_read_by_two_named_staff_and_nobody_else(house: House) -> None:
    owner, staff = await member(house, "owner"), await member(house)
    await planned(house)
    phone = await reporter(house)
    await does(phone, *SECRET)

    await staff.types("/dialogues")
    assert not any("🔒" in label for label in staff.labels)
    await does(
        owner,
        "> /team",
        f"* Member 2 · staff{UNTIL}",
        f"* {READER}",
    )
    await with_pin(owner)
    await staff.types("/dialogues")
    await staff.taps("🔒 Sensitive reports (1)")
    await staff.taps("🔒 Kampot · 24/11/2026")
    await with_pin(staff)

    assert "Repair the pump" in "\n".join(m.get("text", "") for m in staff.messages)
    acts = [entry.act for entry in await house.store.call(audit.latest, 5)]
    assert acts[0] == "read sensitive report"
    assert "name reader" in acts
    assert house.rows("SELECT count(*) FROM commitment") == [(0,)]
    assert house.rows("SELECT status FROM dialogue") == [("planned",)]


async def test_of_a_sensitive_report_nothing_waits_in_the_review(house: House) -> None:
    staff = await member(house)
    await planned(house)
    phone = await reporter(house)

    await does(phone, *SECRET[:-1])
    await staff.types("/review")
    before = staff.sees
    await phone.taps(SUBMIT)
    await staff.types("/review")

    assert before == staff.sees
    assert "Repair" not in staff.sees


@pytest.mark.parametrize("role", ["staff", "reporter"])
async def test_who_isnt_a_reader_cant_tap_their_way_to_a_sensitive_report(
    house: House, role: str
) -> None:
    owner, other = await member(house, "owner"), await member(house, role)  # type: ignore[arg-type]
    await planned(house)
    phone = await reporter(house)
    await does(phone, *SECRET)
    await does(
        owner,
        "> /team",
        f"* Member 1 · owner{UNTIL}",
        f"* {READER}",
    )
    await with_pin(owner)
    await owner.types("/dialogues")
    message_id, data = owner.button("🔒 Sensitive reports (1)")

    await other.taps_data(message_id, data)

    assert "Kampot · 24/11/2026" not in other.labels
    assert not house.failures()


async def test_words_of_another_report_are_shown_once_staff_have_read_them(house: House) -> None:
    await planned(house)
    cso, gov = await reporter(house), await reporter(house, "gov")
    await does(cso, *FULL)

    await gov.types("/commitments")
    unread = gov.sees
    await house.store.call(read_all)
    await gov.types("/commitments")

    assert "Repair the pump" not in unread
    assert "not shown until staff have read it" in unread
    assert "Repair the pump" in gov.sees


def read_all(tx: Transaction) -> None:
    """Let staff find that no text names anybody."""
    while text := readings.oldest(tx):
        readings.mark(tx, text.id, hidden=False)


async def test_a_report_that_is_completed_stays_in_the_register_with_what_changed(
    house: House,
) -> None:
    await planned(house)
    phone = await reporter(house)
    await does(phone, *SHORT)
    await does(phone, "> /report", "* ⚡ Short, complete it: Kampot · 24/11/2026")

    await does(phone, *FULL[3:11], "* Citizens", "* 1", *FULL[15:18], "& photo", f"* {SUBMIT}")

    assert house.rows("SELECT office, due_on FROM commitment") == [("d_water", "2026-12-31")]
    assert house.rows("SELECT count(*) FROM interview WHERE dialogue_id IS NOT NULL") == [(1,)]
    await phone.types("/report")
    assert phone.labels[0] == REPORTED


async def test_what_is_withdrawn_or_sensitive_is_in_no_number_that_staff_see(house: House) -> None:
    await planned(house)
    secret, gone = await reporter(house), await reporter(house, "gov")
    await does(secret, *SECRET)
    await does(gone, *FULL)
    await does(gone, "> /report", f"* {REPORTED}", "* 🗑 Withdraw this report")
    await gone.taps("Yes, withdraw it")

    counted = house.store.run(numbers.standing, EVER)
    span = morning.Span(EVER, house.clock() + dt.timedelta(days=1))
    shown = house.store.run(lambda tx: list(morning.responses(tx, span)))

    assert "dialogue_report" not in {one.form_id for one in counted}
    assert shown == []
