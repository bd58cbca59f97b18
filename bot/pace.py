"""How fast one chat is written to, and whose limit a refusal is. Pure: the time is handed in.

In memory: a restart forgets what a chat got in the last seconds, which its burst and Telegram's
forgive, and chats are named here by their Telegram ids, which the database holds only encrypted.
The pace of everybody together is a row (storage/pace.py).
"""

from collections import OrderedDict
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
