"""How fast one chat is written to, how fast everybody, and whose limit a refusal is.

In memory: a restart forgets what a chat got in the last seconds, which its burst and Telegram's
forgive, and chats are named here by their Telegram ids, which the database holds only encrypted.
The pace of everybody together is a row too (storage/pace.py), which spreads messages evenly; the
window here is what no hold-up can make them exceed.
"""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Fills with `rate` tokens a second up to `burst`; a message takes one."""

    rate: float
    burst: float
    level: float
    at: float = 0.0

    def take(self, now: float) -> float:
        """Take a token; return how many seconds to wait before using it."""
        self.fill(now)
        self.level -= 1
        return max(0.0, -self.level / self.rate)

    def allow(self, now: float) -> bool:
        """Take a token if there is one."""
        self.fill(now)
        there = self.level >= 1
        self.level -= there
        return there

    def fill(self, now: float) -> None:
        """Add what flowed in since the last time."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now

    def block(self, now: float, seconds: float) -> None:
        """Allow nothing for a while, as Telegram asked."""
        self.at = now
        self.level = min(self.level, 1 - seconds * self.rate)


class Window:
    """Lets no more than `rate` messages arrive at Telegram in a second, whichever one looks at.

    When a message arrives is known only to lie between its call and the answer. So it holds its
    place from the call until a second after the answer, less the shortest way there and back that
    was seen lately: a message whose place was given away has arrived more than a second before.
    """

    # Of so many ways lately the shortest counts, less what they vary by and a little more: a busy
    # machine may be late with the message at one time, with the answer at another. Until some were
    # seen it may be any.
    LATELY, SOME, LATE = 400, 20, 0.03

    def __init__(self, rate: float) -> None:
        places = math.ceil(rate)
        self._places = asyncio.Semaphore(places)
        self._seconds = places / rate
        self._ways = deque[float](maxlen=self.LATELY)

    @property
    def is_full(self) -> bool:
        """Tell whether a message would have to wait."""
        return self._places.locked()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and hold it for a second at Telegram."""
        loop = asyncio.get_running_loop()
        await self._places.acquire()
        begun = loop.time()
        try:
            yield
        finally:
            self._ways.append(loop.time() - begun)
            loop.call_later(self._seconds - self._shortest(), self._places.release)

    def _shortest(self) -> float:
        """Return the seconds that every message surely took there and back."""
        if len(self._ways) < self.SOME:
            return 0.0
        shortest = min(self._ways)
        varying = sum(self._ways) / len(self._ways) - shortest
        return max(0.0, shortest - varying - self.LATE)


class Refusals:
    """Tells the limit of one chat from that of the bot: several chats refused in a few seconds."""

    CHATS, SECONDS = 3, 5.0

    def __init__(self) -> None:
        self._at: dict[int, float] = {}
        self._deaf_until = 0.0

    def concern_all(self, chat_id: int, now: float, seconds: float) -> bool:
        """Note that a chat was refused; tell whether everybody must wait so many seconds.

        What was on its way just then is refused too, and means nothing new.
        """
        if now < self._deaf_until:
            return False
        self._at = {chat: at for chat, at in self._at.items() if now - at < self.SECONDS}
        self._at[chat_id] = now
        if len(self._at) < self.CHATS:
            return False
        self._at.clear()
        self._deaf_until = now + seconds
        return True


class ChatPace:
    """A bucket for each chat that was written to lately."""

    REMEMBERED = 10_000

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()

    def of(self, chat_id: int, now: float) -> Bucket:
        """Return the bucket of a chat; a full one for a chat not written to lately."""
        bucket = self._buckets.pop(chat_id, None)
        if bucket is None:
            bucket = Bucket(self._rate, self._burst, self._burst, now)
            if len(self._buckets) >= self.REMEMBERED:
                self._buckets.popitem(last=False)
        self._buckets[chat_id] = bucket
        return bucket
