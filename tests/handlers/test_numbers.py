"""Counts for staff: nobody can be picked out of them, whatever is put side by side."""

import datetime as dt
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from export.rounding import STEP, rounded
from handlers import numbers, texts
from handlers.periods import moments
from handlers.quiet import PHNOM_PENH
from surveys.language import EN
from surveys.periods import EVERY, Every, of_day
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


@given(st.sampled_from(EVERY), st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31)))
def test_a_period_begins_at_midnight_and_ends_where_the_next_begins(
    every: Every, day: dt.date
) -> None:
    begin, end = moments(of_day(every, day))

    assert begin == dt.datetime.combine(begin.date(), dt.time(), PHNOM_PENH)
    assert begin.date() <= day < end.date()
    assert moments(of_day(every, end.date()))[0] == end


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
