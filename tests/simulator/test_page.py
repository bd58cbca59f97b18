"""The page of `samleng try` in a real browser: answered by clicks, by typing, and by keys alone."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.simulator.running import temporary_folder, tried
from tests.steps import AGREE, ALL, CITIZEN, NAMES, PIN

# They share one browser.
pytestmark = pytest.mark.asyncio(loop_scope="session")
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
# The bot gives one chat a message a second once its burst is spent.
PATIENCE = 15_000
FINGER = 44
MOST_TABS = 40
ANSWER = "ផ្លូវទៅសាលារៀនប្រវែង ១២ គីឡូម៉ែត្រ ខូចនៅរដូវវស្សា"
FORM = Path(__file__).parents[1] / "transcripts" / "forms" / "brought" / "water.md"
WORKBOOK = re.compile(r"citizen_interests_.*\.xlsx")


@dataclass
class Screen:
    """The page as somebody sees and uses it; `troubles` is what the browser objects to."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note every message on the console and every request that fails."""
        page, note = self.page, self.troubles.append
        page.on("console", lambda message: note(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: note(f"error: {error}"))
        page.on("requestfailed", lambda request: note(f"failed: {request.url} {request.failure}"))
        page.on("response", lambda it: note(f"{it.status}: {it.url}") if it.status >= 400 else None)

    async def lets_join(self, kind: str) -> None:
        await self.page.get_by_role("button", name=f"+ {kind}").click()

    def key(self, label: str) -> Locator:
        """Return the newest button of the chat that reads so; ticks before it are left out."""
        # A slash would end Playwright's own expression.
        words = re.escape(label).replace("/", ".")
        reads = re.compile(rf"^[☐☑✓✅📨 ]*{words}( \([០-៩]\))?$")
        return self.messages.get_by_role("button", name=reads).last

    async def taps(self, *labels: str) -> None:
        for label in labels:
            await self.key(label).click()

    async def types(self, text: str) -> None:
        """Type as on a keyboard: into the field, then Enter."""
        await self.page.get_by_role("textbox", name="Message").click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    async def sees(self, text: str) -> None:
        await expect(self.messages).to_contain_text(text)

    async def opens_table(self, name: str) -> None:
        await self.page.get_by_role("button", name=re.compile(rf"^{name} ")).click()

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("region", name="Rows")

    async def tabs_to(self, label: str) -> None:
        """Press Tab until a button of the chat has the focus."""
        for _ in range(MOST_TABS):
            await self.page.keyboard.press("Tab")
            if (await self.focus()).lstrip("☐☑✓ ") == label:
                return
        pytest.fail(f"Tab never reached {label}")

    async def focus(self) -> str:
        """Return the text of what has the focus."""
        return str(await self.page.evaluate("document.activeElement.textContent"))

    async def overflow(self) -> int:
        """Return by how much the page is wider than the window."""
        return int(await self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth"))

    async def fits_a_finger(self) -> None:
        """Check that nothing sticks out and that every button is high enough."""
        assert await self.overflow() <= 0
        for button in await seen(self.page.get_by_role("button")):
            assert button["height"] >= FINGER, button["words"]


async def seen(buttons: Locator) -> list[Any]:
    """Return what buttons say, how high they are, and by how much their words are too wide.

    Of all in one call: the way to the browser and back costs more than what it looks at.
    """
    return list(
        await buttons.evaluate_all(
            """them => them.map(it => ({
                words: it.textContent.trim(),
                height: it.getBoundingClientRect().height,
                cut: it.scrollWidth - it.clientWidth,
            }))"""
        )
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `samleng try`, run once for all tests of the page."""
    log = tmp_path_factory.mktemp("try") / "log"
    with temporary_folder() as temporary, tried(temporary, log) as (_, address):
        yield address


@asynccontextmanager
async def screen(browser: Browser, address: str, size: dict[str, int]) -> AsyncIterator[Screen]:
    """Open the page in a window of a size; afterwards the browser must have had no objection."""
    expect.set_options(timeout=PATIENCE)
    context = await browser.new_context(viewport=size, timezone_id="Asia/Phnom_Penh")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    opened = Screen(await context.new_page())
    opened.watch()
    await opened.page.goto(address)
    yield opened
    assert not opened.troubles
    await context.close()


async def at_first_question(screen: Screen) -> None:
    """Bring a new citizen to the first question, in Khmer."""
    await screen.lets_join("Citizen")
    await screen.taps(NAMES["km"], AGREE["km"], CITIZEN["km"])
    await screen.sees("១/៥")


async def test_a_citizen_answers_in_khmer_and_staff_exports_it(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    async with screen(browser, address, WIDE) as page:
        await answers_the_survey(page)
        await page.opens_table("answer")
        await expect(page.rows).to_contain_text(ANSWER)
        await expect(page.rows).to_contain_text("road water")

        workbook = await exports(page, tmp_path)

    text = everything_in(workbook)
    assert ANSWER in text
    assert not re.search(r"\b7000000\d\d\b|Profile-Secret|secret_7|Citizen \d|ពលរដ្ឋ Citizen", text)


async def answers_the_survey(page: Screen) -> None:
    """Answer all questions, by clicks and by typing with Khmer digits, and submit."""
    await at_first_question(page)
    await page.taps("ផ្លូវ", "ទឹកស្អាត")
    await page.sees("រួចរាល់ (២)")
    await page.taps("រួចរាល់")
    await page.sees("២/៥")
    await page.types("៣")
    await page.sees("✓ ខ្លះ")
    await page.taps("តិចតួចណាស់")
    await page.sees("៤/៥")
    await page.types(ANSWER)
    await page.sees("៥/៥")
    await page.taps("បាទ/ចាស")
    await page.sees("📋")
    await page.taps("បញ្ជូន")
    await page.sees("សូមអរគុណ")


async def exports(page: Screen, folder: Path) -> Path:
    """Export as staff; return the workbook that the document's link gives."""
    await page.lets_join("Staff")
    await page.taps("English")
    await page.sees("/export")
    await page.types("/export citizen_interests")
    await page.taps(ALL["en"])
    await page.sees("First choose a PIN")
    await page.types(PIN)
    await page.sees("Once more")
    await page.types(PIN)
    async with page.page.expect_download() as download:
        await page.messages.get_by_role("link", name=WORKBOOK).click()
    path = folder / "export.xlsx"
    await (await download.value).save_as(path)
    return path


def everything_in(workbook: Path) -> str:
    """Return every cell of every sheet as one text."""
    book = CalamineWorkbook.from_path(workbook)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return "\n".join(str(cell) for sheet in sheets for row in sheet for cell in row)


async def test_on_a_narrow_phone_nothing_sticks_out_and_a_finger_hits(
    browser: Browser, address: str
) -> None:
    async with screen(browser, address, NARROW) as page:
        await page.fits_a_finger()
        await page.lets_join("Citizen")
        await page.taps(NAMES["km"])
        await page.sees("ស្វាគមន៍")
        await page.fits_a_finger()
        await page.taps(AGREE["km"], CITIZEN["km"], "ផ្លូវ")
        await expect(page.key("ផ្លូវ")).to_have_text("☑ ផ្លូវ")
        await page.fits_a_finger()

        await page.page.get_by_role("button", name="Stored").click()
        await expect(page.rows).to_contain_text("/data/sector")
        await page.fits_a_finger()
        await page.opens_table("outbox")
        await expect(page.rows).to_contain_text("editMessageText")
        assert await page.overflow() <= 0


async def test_a_long_message_is_shown_from_its_beginning(browser: Browser, address: str) -> None:
    async with screen(browser, address, NARROW) as page:
        await page.lets_join("Citizen")
        await page.taps(NAMES["km"])
        await page.sees("ស្វាគមន៍")

        consent = page.messages.get_by_text("សូមស្វាគមន៍មកកាន់").last
        await expect(consent).to_be_in_viewport()
        await expect(page.key(AGREE["km"])).not_to_be_in_viewport()
        await page.page.get_by_role("button", name="To the end").click()
        await expect(page.key(AGREE["km"])).to_be_in_viewport()


async def test_keys_alone_are_enough_and_the_focus_stays_sensible(
    browser: Browser, address: str
) -> None:
    async with screen(browser, address, WIDE) as page:
        press = page.page.keyboard.press
        await page.tabs_to("+ Citizen ពលរដ្ឋ")
        await press("Enter")
        await page.sees("Please choose")
        await press("Tab")
        assert await page.focus() == NAMES["km"]

        await press("Enter")
        await page.sees("ស្វាគមន៍")
        assert "ស្វាគមន៍" in await page.focus(), "the new question has the focus, no answer to it"
        await page.tabs_to(AGREE["km"])
        await press("Enter")
        await page.sees("តើអ្នកជានរណា?")
        await page.tabs_to(CITIZEN["km"])
        await press("Enter")
        await page.sees("១/៥")

        await page.tabs_to("ផ្លូវ")
        await press("Space")
        await expect(page.key("ផ្លូវ")).to_have_text("☑ ផ្លូវ")
        await expect(page.key("ផ្លូវ")).to_be_focused()
        await press("Space")
        await expect(page.key("ផ្លូវ")).to_have_text("☐ ផ្លូវ")


async def test_whoever_blocks_the_bot_is_told_and_unblocks_it_by_writing(
    browser: Browser, address: str
) -> None:
    async with screen(browser, address, WIDE) as page:
        await page.lets_join("Citizen")
        await page.sees("Please choose")
        await page.page.get_by_label("Send something else").first.click()
        await page.page.get_by_role("button", name="Block the bot").click()
        blocked = page.page.get_by_text("You blocked the bot.")
        await expect(blocked).to_be_visible()

        await page.types("/help")
        await expect(blocked).to_be_hidden()


async def test_staff_send_a_form_from_their_computer_and_try_it(
    browser: Browser, address: str
) -> None:
    async with screen(browser, address, NARROW) as page:
        await page.lets_join("Staff")
        await page.taps("English")
        await page.sees("/export")
        await page.page.get_by_label("Send something else").first.click()
        await page.fits_a_finger()
        async with page.page.expect_file_chooser() as chooser:
            await page.page.get_by_role("button", name="A file from this computer").click()
        await (await chooser.value).set_files(FORM)
        await page.sees("village_water, version 1")
        await expect(page.messages.get_by_role("link", name=FORM.name)).to_be_visible()

        await page.messages.get_by_role("button", name="👁 ខ្មែរ").click()
        await page.sees("តើទឹករបស់អ្នកមកពីណា?")
        await page.sees("ការសាកល្បង")
        await page.fits_a_finger()


async def test_what_people_write_is_never_markup(browser: Browser, address: str) -> None:
    async with screen(browser, address, WIDE) as page:
        await page.lets_join("Citizen")
        await page.types("<img src=x onerror=alert(1)><b>bold</b>")

        await page.sees("<img src=x onerror=alert(1)><b>bold</b>")
        assert await page.messages.locator("img, b").count() == 0
