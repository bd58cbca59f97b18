"""What the tests of the engine share: a still clock, and forms of a few lines."""

import datetime as dt

import pytest

from surveys.interview import World

PHNOM_PENH = dt.timezone(dt.timedelta(hours=7))
# Early in the morning, while it is still yesterday in UTC.
NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=PHNOM_PENH)


@pytest.fixture
def world() -> World:
    return World(NOW, "en")
