"""Waiting for one of several events."""

import asyncio


async def first_of(seconds: float | None, *events: asyncio.Event) -> None:
    """Wait until one of the events happens, at most so long."""
    tasks = [asyncio.get_running_loop().create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
