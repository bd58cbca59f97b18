"""Every kind of question on a narrow phone, in Khmer, in a real browser: nothing sticks out.

People do what the transcripts say; SAMLENG_SCREENSHOTS=FOLDER keeps a picture of each step.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.simulator.server import Server, serving
from bot.simulator.watch import Watch
from bot.simulator.world import World
from tests.chat import Phone, Telegram, buttons
from tests.conftest import HandClock, House, housed
from tests.simulator.test_page import FINGER, NARROW, Screen, screen, seen
from tests.steps import AGREE, CITIZEN, NAMES, publish
from tests.test_transcripts import ACTS, FOLDER, act

# They share one browser.
pytestmark = pytest.mark.asyncio(loop_scope="session")
FORMS = ("choices", "figures", "pictures", "repeats", "sent")
PICTURES = os.environ.get("SAMLENG_SCREENSHOTS")


@pytest_asyncio.fixture(loop_scope="session")
async def watched(folder: Path, clock: HandClock) -> AsyncIterator[tuple[House, str]]:
    """The whole bot, and the address of its page."""
    world = World(unlimited=True)
    async with (
        serving(Server(world, Watch(folder))) as address,
        aiohttp.ClientSession() as session,
        housed(Telegram(address, session), world, folder, clock) as house,
    ):
        yield house, address


def acts(form: str) -> list[str]:
    """Return what is done in the first conversation of a form's Khmer transcript."""
    text = (FOLDER / f"{form}_km.txt").read_text("utf-8")
    _, first, *_ = text.split(f"asked {form} km\n")
    conversation = first.partition("\nas")[0]
    return [line for line in conversation.splitlines() if line.startswith(ACTS)]


async def looks_right(page: Screen, phone: Phone, picture: str) -> None:
    """Check that the newest message is there, with each of its buttons within the window."""
    newest = page.messages.locator(".message").last
    # A picture or a sound may stand there without words.
    first = phone.sees.partition("\n")[0]
    await expect(newest.locator(".bubble")).to_contain_text(first)
    keys = newest.locator(".keyboard button")
    await expect(keys).to_have_count(len(buttons(phone.messages[-1])))
    await expect(page.page.locator("#keys button")).to_have_count(len(phone.keys))
    if PICTURES:
        await page.page.screenshot(path=Path(PICTURES) / f"{picture}.png")
    assert await page.overflow() <= 0
    top = (
        "it => it.getBoundingClientRect().top - it.closest('.messages').getBoundingClientRect().top"
    )
    assert await newest.evaluate(top) >= 0, "the question's beginning can't be seen"
    for key in [*await seen(keys), *await seen(page.page.locator("#keys button"))]:
        words = key["words"]
        assert key["height"] > 0, words
        assert not words.isdecimal() or key["height"] <= FINGER + 4, f"{words} is broken in two"
        assert key["cut"] <= 0, words


@pytest.mark.parametrize("form", FORMS)
async def test_every_kind_of_question_fits_a_narrow_phone(
    watched: tuple[House, str],
    browser: Browser,
    form: str,
) -> None:
    house, address = watched
    await publish(house, form)
    async with screen(browser, address, NARROW) as page:
        await page.lets_join("Citizen")
        await page.sees("Please choose")
        phone = Phone(house.telegram, max(house.world.chats), house.settled)
        await phone.look()
        for label in (NAMES["km"], AGREE["km"], CITIZEN["km"]):
            await phone.taps(label)
        await looks_right(page, phone, f"{form}-00")
        for at, line in enumerate(acts(form), 1):
            await act(house, phone, line[0], line[2:], "")
            await looks_right(page, phone, f"{form}-{at:02}")


async def test_the_menu_behind_the_slash_is_that_of_the_person(
    watched: tuple[House, str],
    browser: Browser,
) -> None:
    _, address = watched
    async with screen(browser, address, NARROW) as page:
        await page.lets_join("Citizen")
        await page.taps(NAMES["km"])
        await page.sees("ស្វាគមន៍")
        await page.page.get_by_label("The bot's commands").first.click()
        if PICTURES:
            await page.page.screenshot(path=Path(PICTURES) / "menu.png")
        listed = page.page.locator("#commands button")
        await expect(listed.first).to_contain_text("/start ចាប់ផ្តើម ឬបន្ត")
        await expect(page.page.locator("#commands")).not_to_contain_text("/export")
        await page.fits_a_finger()
        await listed.get_by_text("ជំនួយ").click()
        await page.sees("ខ្ញុំជាបុត")
