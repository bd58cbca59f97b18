"""Whoever takes part in another way, on a narrow phone, in Khmer, in a real browser.

By ear, through a facilitator, on a shared phone, by raised hands; and staff who write down what was
said. SAMLENG_SCREENSHOTS=FOLDER keeps a picture of each step.
"""

import pytest
from playwright.async_api import Browser

from tests.chat import Phone, until
from tests.conftest import House
from tests.simulator.test_page import NARROW, Screen, screen
from tests.simulator.test_page_questions import looks_right, watched
from tests.steps import at_text_question, publish
from tests.test_transcripts import ACTS, FOLDER, act, fetched

__all__ = ["watched"]
# They share one browser.
pytestmark = pytest.mark.asyncio(loop_scope="session")
# Whose conversation stands first in the transcript, as the page calls them.
KINDS = {"assist": "Reporter", "people": "Citizen", "count": "Staff", "spoken": "Citizen"}
WRITES_DOWN = (
    "* ខ្មែរ",
    "> /review",
    "> សូមជួសជុលផ្លូវទៅសាលារៀន",
    "* វាយម្តងទៀត",
    "> សូមជួសជុលផ្លូវទៅសាលារៀន និងស្ពាន ព្រោះក្មេងៗពិបាកធ្វើដំណើរនៅរដូវវស្សា",
    "* រក្សាទុក",
    "> /help",
)


def conversation(name: str) -> list[str]:
    """Return what the first person of a Khmer transcript does after they opened the bot."""
    text = (FOLDER / f"{name}_km.txt").read_text("utf-8")
    first = text.partition("\nas ")[2].partition("\nas ")[0]
    return [line for line in first.splitlines() if line.startswith(ACTS)][1:]


async def joins(page: Screen, house: House, kind: str) -> Phone:
    """Let somebody join on the page; return their phone."""
    await page.lets_join(kind)
    await page.sees("Please choose")
    phone = Phone(house.telegram, max(house.world.chats), house.settled)
    await phone.look()
    return phone


async def goes(page: Screen, house: House, phone: Phone, lines: list[str], name: str) -> None:
    """Do one thing after the other, and look at each step."""
    for at, line in enumerate(lines, 1):
        await act(house, phone, line[0], line[2:], "")
        await looks_right(page, phone, f"{name}-{at:02}")


@pytest.mark.parametrize("name", KINDS)
async def test_every_way_of_taking_part_fits_a_narrow_phone(
    watched: tuple[House, str], browser: Browser, name: str
) -> None:
    house, address = watched
    if name == "spoken":
        await publish(house, name)
    async with screen(browser, address, NARROW) as page:
        phone = await joins(page, house, KINDS[name])
        await goes(page, house, phone, conversation(name), name)


async def test_staff_write_down_what_was_said_and_nothing_of_it_stays_on_their_screen(
    watched: tuple[House, str], browser: Browser
) -> None:
    house, address = watched
    citizen = await at_text_question(house, "km")
    await citizen.speaks()
    await until(fetched(house))
    async with screen(browser, address, NARROW) as page:
        phone = await joins(page, house, "Staff")
        await goes(page, house, phone, list(WRITES_DOWN), "review")
        assert await page.messages.locator("audio").count() == 0
        assert "ស្ពាន" not in (await page.messages.text_content() or "")
