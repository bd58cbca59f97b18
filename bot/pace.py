"""How fast messages may go: token buckets, per bot and per chat. Pure: the time is handed in."""

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
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        self.level -= 1
        return max(0.0, -self.level / self.rate)

    def block(self, now: float, seconds: float) -> None:
        """Allow nothing for a while, as Telegram asked."""
        self.at = now
        self.level = min(self.level, 1 - seconds * self.rate)


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
