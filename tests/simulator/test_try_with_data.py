"""`samleng try --with-data`: the page's first people have a past, and staff see the quarter."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from handlers import texts
from tests.chat import Phone, Telegram, until
from tests.simulator.running import temporary_folder, tried
from tests.steps import with_pin


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[Telegram]:
    with (
        temporary_folder() as folder,
        tried(folder, tmp_path / "log", "--with-data") as (_, address),
    ):
        async with aiohttp.ClientSession() as session:
            yield Telegram(address, session)
        assert "warning" not in (tmp_path / "log").read_text()


async def comes(telegram: Telegram, kind: str) -> Phone:
    """Let somebody of the page come."""
    made = await telegram.post("/watch/people", kind=kind)
    phone = Phone(telegram, made["id"], lambda: until(_moved(phone)))
    await phone.settled()
    return phone


def _moved(phone: Phone) -> Callable[[], Awaitable[bool]]:
    """Return whether the bot has said something since the phone was looked at last."""
    before = phone.sees if phone.messages else ""

    async def holds() -> bool:
        await phone.look()
        newest = phone.messages[-1:]
        return bool(newest) and bool(newest[0]["from"]["is_bot"]) and phone.sees != before

    return holds


async def test_they_come_back_to_what_they_said_and_staff_to_the_quarter(
    telegram: Telegram,
) -> None:
    citizen, reporter, staff = [
        await comes(telegram, kind) for kind in ("citizen", "reporter", "staff")
    ]

    await citizen.types("/mydata")
    assert "តើអ្វីសំខាន់ជាងគេនៅក្នុងឃុំ/សង្កាត់របស់អ្នក?" in "".join(
        message.get("text", "") for message in citizen.messages
    )
    await reporter.types("/report")
    assert reporter.sees == texts.say("km", "report.head")
    assert any(label.startswith("✓") for label in reporter.labels)
    await staff.types("/commitments")
    assert texts.say("km", "commitment.head", n="៨", kept="៣", due="៦") in staff.sees
    await staff.types("/waves")
    assert any("កិច្ចសម្ភាសន៍" in label for label in staff.labels)
    await staff.types("/export codesign_feedback")
    await staff.taps("ទាំងអស់")
    await with_pin(staff)
    await until(lambda: _has_document(staff))


async def _has_document(phone: Phone) -> bool:
    await phone.look()
    return any("document" in message for message in phone.messages)
