"""Counts for staff: nobody can be picked out of them, whatever is put side by side."""

import datetime as dt
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from export.rounding import STEP, rounded
from handlers import numbers, texts
from handlers.periods import last_quarter, this_quarter
from handlers.quiet import PHNOM_PENH
from surveys.language import EN
from tests.chat import Phone
from tests.conftest import House
from tests.steps import at_first_question, member

COUNTS = st.dictionaries(st.text(max_size=3), st.integers(0, 10_000), max_size=8)


@given(COUNTS)
def test_a_cell_hides_which_of_five_numbers_it_is(counts: Mapping[str, int]) -> None:
    for value, floor in rounded(counts).items():
        assert floor <= counts[value] < floor + STEP
        assert floor % STEP == 0


@given(COUNTS, st.data())
def test_one_person_more_changes_nothing_but_at_a_boundary(
    counts: Mapping[str, int], data: st.DataObject
) -> None:
    if counts:
        value = data.draw(st.sampled_from(sorted(counts)))
        more = {**counts, value: counts[value] + 1}
        assert (rounded(more) == rounded(counts)) == (more[value] % STEP != 0)


def test_a_day_begins_at_midnight_in_cambodia() -> None:
    evening = dt.datetime(2026, 11, 25, 17, 30, tzinfo=dt.UTC)

    assert numbers.midnight(evening) == dt.datetime(2026, 11, 25, 17, tzinfo=dt.UTC)


def test_quarters_follow_each_other_without_a_gap() -> None:
    moment = dt.datetime(2026, 2, 28, 23, tzinfo=PHNOM_PENH)
    first = dt.datetime(2026, 1, 1, tzinfo=PHNOM_PENH)

    assert this_quarter(moment) == (first, dt.datetime(2026, 4, 1, tzinfo=PHNOM_PENH))
    assert last_quarter(moment) == (dt.datetime(2025, 10, 1, tzinfo=PHNOM_PENH), first)


@given(st.datetimes(timezones=st.just(dt.UTC)).filter(lambda at: 1900 < at.year < 2100))
def test_every_moment_is_in_its_quarter(at: dt.datetime) -> None:
    begin, end = this_quarter(at)

    assert begin <= at < end
    assert last_quarter(at)[1] == begin
    assert this_quarter(begin) == (begin, end)


async def finished(house: House, sex: str = "Female") -> Phone:
    """Bring somebody to the end of a survey and let them say their sex."""
    phone = await at_first_question(house)
    for _ in range(5):
        await phone.taps("Skip ⏭")
    await phone.taps(next(label for label in phone.labels if "Submit" in label))
    await phone.taps(next(label for label in phone.labels if "Yes" in label))
    await phone.taps(sex)
    return phone


async def test_who_answered_is_counted_by_form_exactly_and_by_person_in_fives(house: House) -> None:
    for _ in range(6):
        await finished(house)
    await finished(house, "Male")
    staff = await member(house)

    await staff.types("/status")
    today = staff.sees
    await staff.types("/people")
    before_midnight = staff.sees
    house.clock.turn(days=1)
    await staff.types("/people")

    assert "What matters in your commune: 7 begun, 7 finished" in today
    assert "or more" not in before_midnight
    assert "Female: 5 or more" in staff.sees
    assert "Male:" not in staff.sees
    assert "each of the others: under 5" in staff.sees


async def test_for_citizens_people_means_who_answers_here(house: House) -> None:
    phone = await finished(house)

    await phone.types("/people")

    assert phone.sees == texts.say(EN, "who.ask")
    assert "up to last midnight" not in phone.sees
