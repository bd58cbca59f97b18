"""Who polls, sends and ticks: the only process of a folder, or one of several on PostgreSQL."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
SIGN_SECONDS = 5.0
Parts = Callable[[], Coroutine[Any, Any, None]]


class Leadership(Protocol):
    """The lock that decides (storage/leadership.py)."""

    def try_to_lead(self) -> bool:
        """Take the lead if it can be had."""

    def still_leads(self) -> bool:
        """Say whether the lead is still ours."""

    def resign(self) -> None:
        """Give the lead up."""


async def lead(leadership: Leadership | None, parts: Parts) -> None:
    """Run what only a leader runs, whenever this process leads; without a lock it always does."""
    if leadership is None:
        await parts()
        return
    try:
        while True:
            await _gain(leadership)
            logger.info("leading")
            if await _while_leading(leadership, parts):
                return
            logger.warning("leading no more")
    finally:
        await asyncio.to_thread(leadership.resign)


async def _gain(leadership: Leadership) -> None:
    while True:
        if await asyncio.to_thread(leadership.try_to_lead):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def _while_leading(leadership: Leadership, parts: Parts) -> bool:
    """Run until the parts end, or, False, the lead is lost: then at once, for somebody goes on."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(parts())
        while not running.done() and await asyncio.to_thread(leadership.still_leads):
            await asyncio.wait({running}, timeout=SIGN_SECONDS)
        ended = running.done()
        running.cancel()
    return ended
