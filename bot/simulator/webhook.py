"""Posts waiting updates to the bot's webhook: each queue in order, the queues beside each other.

As at Telegram a person's messages and their taps are different queues, so they can overtake each
other. What isn't answered with 2xx comes again, later each time, until it expires.
"""

import asyncio
from typing import Any

import aiohttp

from bot.simulator.waiting import first_of
from bot.simulator.world import Webhook, World

SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
ANSWER_SECONDS = 60.0
LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
Queue = tuple[str, int]


class Postman:
    """Posts the updates of one world for as long as it is served."""

    def __init__(self, world: World, first_pause: float = 1.0) -> None:
        self.world = world
        self.first_pause = first_pause
        self._busy: dict[Queue, float] = {}

    async def run(self) -> None:
        """Post for ever, beyond loopback never: redirects aren't followed."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as group:
            while True:
                arrived = self.world.arrived
                for queue, update in self._ready():
                    self._busy[queue] = self.first_pause
                    group.create_task(self._deliver(session, queue, update))
                await first_of(None, arrived)

    def _ready(self) -> list[tuple[Queue, dict[str, Any]]]:
        """Return the first update of each queue that rests, as many as may go at once."""
        if self.world.webhook is None:
            return []
        heads: dict[Queue, dict[str, Any]] = {}
        for update in self.world.pending(len(self.world.waiting)):
            if (queue := queue_of(update))[0] not in self.world.held:
                heads.setdefault(queue, update)
        resting = [head for head in heads.items() if head[0] not in self._busy]
        return resting[: self.world.webhook.connections - len(self._busy)]

    async def _deliver(
        self, session: aiohttp.ClientSession, queue: Queue, update: dict[str, Any]
    ) -> None:
        """Post one update until it is taken or expires, or there is no webhook any more."""
        while self._is_waiting(update) and (webhook := self.world.webhook):
            asked = await self._post(session, webhook, update)
            if asked is None:
                self.world.posted(update)
                break
            await asyncio.sleep(asked or self._busy[queue])
            self._busy[queue] = min(LONGEST_PAUSE, self._busy[queue] * 2)
        del self._busy[queue]
        self.world.wake()

    def _is_waiting(self, update: dict[str, Any]) -> bool:
        return any(one is update for one in self.world.pending(len(self.world.waiting)))

    async def _post(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: dict[str, Any]
    ) -> float | None:
        """Post an update; return None once it is taken, else the seconds the bot asked for."""
        headers = {SECRET: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(
                webhook.url, json=update, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status // 100 == 2:
                    return None
                webhook.failure = f"Wrong response from the webhook: {answer.status}"
                asked = answer.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError) as error:
            webhook.failure, asked = type(error).__name__, ""
        webhook.failed_at = int(self.world.clock())
        return min(LONGEST_RETRY_AFTER, float(asked)) if asked.isdecimal() else 0.0


def queue_of(update: dict[str, Any]) -> Queue:
    """Return the queue an update goes through: its kind, and the person it is from."""
    kind = next((name for name in update if name != "update_id"), "")
    event = update.get(kind)
    sender = event.get("from") if isinstance(event, dict) else None
    person = sender.get("id") if isinstance(sender, dict) else 0
    return kind, person if isinstance(person, int) else 0
