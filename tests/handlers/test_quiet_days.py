"""Nobody is reminded at night or on a public holiday, as computed and as corrected by hand."""

import datetime as dt

import pytest

from handlers import quiet_days
from handlers.quiet import PHNOM_PENH
from handlers.quiet_days import corrections, is_holiday, is_quiet


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01",
        "2026-04-14",
        "2026-04-16",
        "2026-10-11",
        "2026-11-24",
        "2027-05-20",
        "2028-11-01",
    ],
)
def test_holidays_are_known_years_ahead(day: str) -> None:
    assert is_holiday(dt.date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-11-26", "2026-12-01", "2028-02-29"])
def test_other_days_are_none(day: str) -> None:
    assert not is_holiday(dt.date.fromisoformat(day))


def test_a_correction_counts_more_than_what_is_computed(monkeypatch: pytest.MonkeyPatch, tmp_path):
    path = tmp_path / "holidays.csv"
    path.write_text("date,is_holiday,why\n2026-11-26,1,moved\n2026-11-24,0,moved\n")
    monkeypatch.setattr(quiet_days, "CORRECTIONS", path)
    corrections.cache_clear()

    assert is_holiday(dt.date(2026, 11, 26))
    assert not is_holiday(dt.date(2026, 11, 24))
    monkeypatch.undo()
    corrections.cache_clear()


def test_our_own_corrections_can_be_read() -> None:
    assert all(isinstance(day, dt.date) for day in corrections())


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        ("2026-11-26 07:59", True),
        ("2026-11-26 08:00", False),
        ("2026-11-26 19:59", False),
        ("2026-11-26 20:00", True),
        ("2026-11-24 12:00", True),
    ],
)
def test_nights_and_holidays_are_quiet(moment: str, quiet: bool) -> None:
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=PHNOM_PENH)

    assert is_quiet(at.astimezone(dt.UTC)) == quiet
