"""The page's clock can be turned: a reminder comes when its time has come, not before."""

import pytest
from playwright.async_api import Browser, expect

from tests.simulator.test_page import NARROW, PATIENCE, WIDE, address, screen
from tests.steps import AGREE, CITIZEN, NAMES

__all__ = ["address"]
pytestmark = pytest.mark.asyncio(loop_scope="session")
REMINDER = "អ្នកបានចាប់ផ្តើម"
MORNINGS = 6


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_whoever_left_a_survey_is_reminded_once_the_clock_is_turned(
    browser: Browser, address: str, size: dict[str, int]
) -> None:
    async with screen(browser, address, size) as seen:
        clock = seen.page.get_by_role("group", name="Turn the clock")
        await clock.get_by_role("button", name="9:00").click()
        await expect(clock.locator("time")).to_contain_text("09:0")
        await seen.lets_join("Citizen")
        await seen.taps(NAMES["km"], AGREE["km"], CITIZEN["km"])
        reminder = seen.messages.get_by_text(REMINDER)
        await clock.get_by_role("button", name="+1 h").click()
        await expect(clock.locator("time")).to_contain_text("10:0")
        assert await reminder.count() == 0

        await clock.get_by_role("button", name="+2 days").click()
        # It may be a holiday: then it comes on the next morning.
        for _ in range(MORNINGS):
            try:
                await expect(reminder).to_have_count(1, timeout=PATIENCE / 3)
                break
            except AssertionError:
                await clock.get_by_role("button", name="9:00").click()

        await expect(reminder).to_have_count(1)
        await expect(seen.key("លើកនេះទេ")).to_have_count(1)
        assert await seen.overflow() <= 0
